"""The days of a life: real calendar years, leap days among them, mapped on the days of a duty that was walked once."""

from __future__ import annotations

import datetime as dt
from calendar import isleap
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from battuta.domain.errors import InvalidQuantityError
from battuta.numerics.arrays import IntArray

if TYPE_CHECKING:
    from collections.abc import Sequence

_LEAP_DAY = 59
"""Number of the leap day in its year, from 0."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class LifeDays:
    """Which day of the tables each day of a life is.

    Attributes
    ----------
    table_day : ndarray of int, shape (n_days,)
        Row of the tables, the duties one after the other.
    year_start : ndarray of int, shape (n_years + 1,)
        First day of each year of life, and the end of the last.
    """

    table_day: IntArray
    year_start: IntArray

    @property
    def n_years(self) -> int:
        """Years of life."""
        return self.year_start.size - 1

    def with_again(self, n_days: int, n_again: int) -> LifeDays:
        """Go to other rows where a life comes to the first days of its duties again.

        Parameters
        ----------
        n_days : int
            Days of all duties; the other rows follow them. [d]
        n_again : int
            How many there are. [d]

        Returns
        -------
        LifeDays
            The days.

        Examples
        --------
        >>> life_days(dt.date(2026, 1, 1), 1, [4]).with_again(4, 2).table_day[:9].tolist()
        [0, 1, 2, 3, 4, 5, 2, 3, 4]
        """
        is_later = np.arange(self.table_day.size) >= n_again
        return LifeDays(
            table_day=np.where(is_later & (self.table_day < n_again), n_days + self.table_day, self.table_day),
            year_start=self.year_start,
        )


def life_days(start: dt.date, n_years: int, days_of_duty: Sequence[int]) -> LifeDays:
    """Lay years of duty over the calendar, one after the other and again from the first.

    A duty of 365 days is a common year from the first of January: its 28th of February stands for a leap day as well.
    One of 366 days is a leap year, whose 29th of February is left out in common years. One of another length has no
    seasons that could be placed: it begins with each calendar year and is repeated until the next.

    Parameters
    ----------
    start : date
        First day of the life; years of life end on its anniversaries.
    n_years : int
        Years of life. [a]
    days_of_duty : sequence of int
        Length of each year of duty, in the order in which they follow. [d]

    Returns
    -------
    LifeDays
        The days.

    Examples
    --------
    >>> days = life_days(dt.date(2027, 1, 1), 2, [365])
    >>> days.year_start.tolist(), days.table_day[365 + 58 : 365 + 61].tolist()
    ([0, 365, 731], [58, 58, 59])
    """
    for name, value in (("n_years", n_years), *(("days_of_duty", each) for each in days_of_duty or (0,))):
        if not 1 <= value <= 10_000:
            raise InvalidQuantityError(name, value, 1, 10_000, "-", where="days of a life")
    first_row = np.concatenate(([0], np.cumsum(days_of_duty)))
    marks = [_anniversary(start, each) for each in range(n_years + 1)]
    rows: list[IntArray] = []
    for year in range(start.year, marks[-1].year + 1):
        duty = (year - start.year) % len(days_of_duty)
        first = dt.date(year, 1, 1)
        own = first_row[duty] + _rows_of_year(year, days_of_duty[duty])
        low = max((start - first).days, 0)
        rows.append(own[low : max((marks[-1] - first).days, 0)])
    return LifeDays(
        table_day=np.concatenate(rows).astype(np.int64),
        year_start=np.array([(each - start).days for each in marks], dtype=np.int64),
    )


def _anniversary(start: dt.date, years: int) -> dt.date:
    """Same day so many years later; that of a 29th of February is the first of March in common years."""
    year = start.year + years
    if start.month == 2 and start.day == 29 and not isleap(year):
        return dt.date(year, 3, 1)
    return start.replace(year=year)


def _rows_of_year(year: int, n_duty: int) -> IntArray:
    """Day of the duty for each day of a calendar year."""
    n_days = 366 if isleap(year) else 365
    day = np.arange(n_days)
    if n_duty == 365 and n_days == 366:
        return np.where(day >= _LEAP_DAY, day - 1, day)
    if n_duty == 366 and n_days == 365:
        return np.where(day >= _LEAP_DAY, day + 1, day)
    return day % n_duty
