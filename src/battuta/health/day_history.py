"""The last days of a string, one row a day, and how each cell changed in them against its own past and its string."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from battuta.health.comparison_kernels import leave_common, score_cells
from battuta.numerics.arrays import BoolArray, FloatArray, IntArray

HISTORY_DAYS = 128


@dataclass(slots=True)
class DayHistory:
    """One value of each cell on each of the last days; plain arrays, so that it survives a restart.

    Attributes
    ----------
    days : ndarray, shape (n_days,)
        Days since 1970-01-01, ascending, at most 128.
    values : ndarray, shape (n_days, n_cells)
        The value. [unit]
    variance : ndarray, shape (n_days,)
        How unsure it was. [unit squared]
    """

    days: IntArray
    values: FloatArray
    variance: FloatArray

    @classmethod
    def empty(cls, n_cells: int) -> DayHistory:
        """Begin without days."""
        return cls(days=np.empty(0, dtype=np.int64), values=np.empty((0, n_cells)), variance=np.empty(0))

    def append(self, day: int, values: FloatArray, variance: float) -> None:
        """Add a day, and forget the one that is too old."""
        keep = slice(max(self.days.size + 1 - HISTORY_DAYS, 0), None)
        self.days = np.append(self.days[keep], day)
        self.values = np.vstack([self.values[keep], values])
        self.variance = np.append(self.variance[keep], variance)

    def restart(self, cells: BoolArray) -> None:
        """Forget the past of some cells: they always were what they are today."""
        self.values = np.where(cells[None, :], self.values[-1], self.values)

    def slope_per_day(self, first: int, stop: int) -> FloatArray | None:
        """Straight line through the rows ``[first, stop)``, better days counting more, shape (n_cells,). [unit/day]

        None with fewer than three rows.
        """
        if stop - first < 3:
            return None
        weight = 1.0 / self.variance[first:stop]
        weight /= weight.sum()
        days = self.days[first:stop].astype(np.float64)
        centred = days - weight @ days
        spread = weight @ centred**2
        return ((weight * centred) @ self.values[first:stop]) / spread

    def level(self, first: int, stop: int) -> FloatArray | None:
        """Mean of the rows ``[first, stop)``, better days counting more, shape (n_cells,). [unit]

        None without rows.
        """
        if stop <= first:
            return None
        weight = 1.0 / self.variance[first:stop]
        weighted: FloatArray = weight[:, None] * self.values[first:stop]
        return weighted.sum(axis=0) / weight.sum()

    def rows_since(self, n_days: int) -> int:
        """Row with which the last `n_days` begin."""
        if not self.days.size:
            return 0
        return int(np.count_nonzero(self.days <= int(self.days[-1]) - n_days))


def beside_others(values: FloatArray, floor: float) -> FloatArray:
    """Distance from the middle of all cells in units of their usual distance, which is at least `floor`.

    Parameters
    ----------
    values : ndarray, shape (n_cells,)
        A value of each cell. [unit]
    floor : float
        Smallest usual distance. [unit]

    Returns
    -------
    ndarray, shape (n_cells,)
        Standard deviations. [-]

    Examples
    --------
    >>> beside_others(np.array([1.0, 2.0, 3.0, 9.0]), 1.0).round(2).tolist()
    [-1.01, -0.34, 0.34, 4.38]
    """
    return score_cells(values, floor)


def without_common(values: FloatArray, explained_by: FloatArray) -> FloatArray:
    """Take off what all cells share, in proportion to what each of them is.

    A string that goes to another part of its range shows all differences of charge a little larger or smaller, and so
    moves each cell in proportion to its own difference. That is no news of any cell.

    Parameters
    ----------
    values : ndarray, shape (n_cells,)
        A change of each cell. [unit]
    explained_by : ndarray, shape (n_kinds, n_cells)
        What each cell is, before the change; each kind in one unit.

    Returns
    -------
    ndarray, shape (n_cells,)
        What is left by a regression in which cells far off count little. [unit]
    """
    return leave_common(values, explained_by)
