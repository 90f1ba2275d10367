"""Steps of a few days, in each of which the health of a life is held: a week changes it by one in ten thousand.

What the days of a step do is summed once for all lives. A year is cut into steps of nearly equal length, so that years
share them and no step reaches over the end of a year.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from battuta.domain.errors import InvalidQuantityError
from battuta.numerics.arrays import FloatArray, IntArray

if TYPE_CHECKING:
    from collections.abc import Sequence

    from battuta.twin.lives_days import LifeDays

DAYS_PER_STEP = 7
"""Days of a step, at most. [d]"""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class LifeSteps:
    """Which step each step of a life is, and which days of the tables it holds.

    Attributes
    ----------
    table_day : ndarray of int, shape (n_days,)
        Days of the tables that the steps that differ hold, one step after the other.
    first : ndarray of int, shape (n_different,)
        Where each of them begins there.
    n_days : ndarray, shape (n_different,)
        Their lengths. [d]
    step : ndarray of int, shape (n_steps,)
        Number, among those that differ, of each step of a life.
    year_start : ndarray of int, shape (n_years + 1,)
        First step of each year of life, and the end of the last.
    """

    table_day: IntArray
    first: IntArray
    n_days: FloatArray
    step: IntArray
    year_start: IntArray

    def staged(self, n_days: Sequence[int]) -> LifeSteps:
        """Steps of several stages, one after the other, whose tables of so many days follow each other."""
        begins = np.concatenate(([0], np.cumsum(n_days)[:-1]))
        return LifeSteps(
            table_day=np.concatenate([self.table_day + each for each in begins]),
            first=np.concatenate([self.first + each * self.table_day.size for each in range(len(n_days))]),
            n_days=np.tile(self.n_days, len(n_days)),
            step=self.step,
            year_start=self.year_start,
        )

    def summed(self, days: FloatArray) -> FloatArray:
        """Sum the days of each step.

        Parameters
        ----------
        days : ndarray, shape (..., n_days, n_columns)
            What each day of the tables adds.

        Returns
        -------
        ndarray, shape (..., n_different, n_columns)
            What each step adds.
        """
        return np.ascontiguousarray(np.add.reduceat(days[..., self.table_day, :], self.first, axis=-2))


def life_steps(days: LifeDays, days_per_step: int) -> LifeSteps:
    """Cut the years of a life into steps.

    Parameters
    ----------
    days : LifeDays
        Days of a life.
    days_per_step : int
        Days of a step, at most; 1 steps day by day. [d]

    Returns
    -------
    LifeSteps
        The steps.

    Raises
    ------
    InvalidQuantityError
        If a step is shorter than a day, or longer than a year.

    Examples
    --------
    >>> import datetime as dt
    >>> from battuta.twin.lives_days import life_days
    >>> steps = life_steps(life_days(dt.date(2027, 1, 1), 2, [365]), 7)
    >>> steps.year_start.tolist(), steps.first.size, float(steps.n_days.max())
    ([0, 53, 106], 93, 7.0)
    """
    if not 1 <= days_per_step <= 366:
        raise InvalidQuantityError("days_per_step", days_per_step, 1, 366, "d", where="steps of a life")
    known: dict[bytes, int] = {}
    different: list[IntArray] = []
    step: list[int] = []
    year_start = [0]
    for first, last in zip(days.year_start[:-1], days.year_start[1:], strict=True):
        year = days.table_day[first:last]
        for own in np.array_split(year, -(-year.size // days_per_step)):
            key = own.tobytes()
            if key not in known:
                known[key] = len(different)
                different.append(own)
            step.append(known[key])
        year_start.append(len(step))
    length = np.array([each.size for each in different], dtype=np.int64)
    return LifeSteps(
        table_day=np.concatenate(different),
        first=np.cumsum(length) - length,
        n_days=length.astype(np.float64),
        step=np.array(step, dtype=np.int64),
        year_start=np.array(year_start, dtype=np.int64),
    )
