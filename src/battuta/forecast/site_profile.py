"""What a site usually does at that time of such a day: means that forget, for kinds of days that it is seen to have."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from battuta.forecast.site_series import SiteSeries, steps_per_day, wall_clock
from battuta.numerics.arrays import FloatArray, IntArray

_TRIAL_HALF_LIFE_DAYS = 3.0
_NEEDED_GAIN = 0.01

KINDS: dict[str, tuple[int, ...]] = {
    "all days alike": (0, 0, 0, 0, 0, 0, 0),
    "Monday to Saturday, Sunday": (0, 0, 0, 0, 0, 0, 1),
    "Monday to Friday, weekend": (0, 0, 0, 0, 0, 1, 1),
    "Monday to Friday, Saturday, Sunday": (0, 0, 0, 0, 0, 1, 2),
    "Monday to Thursday, Friday, Saturday, Sunday": (0, 0, 0, 0, 1, 2, 3),
    "Monday, Tuesday to Thursday, Friday, Saturday, Sunday": (0, 1, 1, 1, 2, 3, 4),
    "every day of the week its own": (0, 1, 2, 3, 4, 5, 6),
}
"""Ways to sort the days of the week, Monday first, the simplest first."""


@dataclass(frozen=True, slots=True, eq=False)
class DayGrid:
    """A series laid out by local day and wall-clock slot.

    Attributes
    ----------
    first_day : int
        Local date of row 0, in days since 1970-01-01.
    day, slot : ndarray, shape (n_times,)
        Row and column of each interval.
    last_index : ndarray, shape (n_days, n_slots)
        Number of the last interval at or before each slot of a day: what must have ended for it to be known.
    """

    first_day: int
    day: IntArray
    slot: IntArray
    last_index: IntArray

    @classmethod
    def of(cls, series: SiteSeries) -> DayGrid:
        """Lay out the intervals of a series."""
        n_slots = steps_per_day(series.step)
        day, slot = wall_clock(series.time_ns, series.zone, series.step)
        first = int(day[0])
        n_days = int(day[-1]) - first + 1
        last = np.full(n_days * n_slots, -1, dtype=np.int64)
        np.maximum.at(last, (day - first) * n_slots + slot, np.arange(day.size))
        last = np.maximum.accumulate(last).reshape(n_days, n_slots)
        return cls(first, day - first, slot, last)

    def laid(self, values: FloatArray) -> FloatArray:
        """Values by day and slot, NaN where none, the mean where the clock shows a slot twice.

        Parameters
        ----------
        values : ndarray, shape (n_times,)
            Values of the intervals. [any]

        Returns
        -------
        ndarray, shape (n_days, n_slots)
            The same, by the wall clock. [any]
        """
        n_days, n_slots = self.last_index.shape
        known = np.isfinite(values)
        flat = self.day[known] * n_slots + self.slot[known]
        total = np.bincount(flat, weights=values[known], minlength=n_days * n_slots)
        count = np.bincount(flat, minlength=n_days * n_slots)
        with np.errstate(invalid="ignore"):
            return np.where(count > 0, total / count, np.nan).reshape(n_days, n_slots)


class FadingMeans:
    """Means of the days of each kind, several half-lives at once; old days fade, missing values change nothing.

    Parameters
    ----------
    half_life_days : sequence of float
        Days of the same kind after which a day counts half; 0 keeps the last alone. [d]
    n_kinds, n_slots : int
        Number of kinds, and of slots of a day.

    Examples
    --------
    >>> means = FadingMeans((0.0, 1e9), 1, 1)
    >>> means.walk(np.array([[1.0], [3.0]]), np.array([0, 0]))[-1].ravel()
    array([3., 2.])
    """

    def __init__(self, half_life_days: Sequence[float], n_kinds: int, n_slots: int) -> None:
        self._keep = np.array([[0.5 ** (1.0 / each) if each > 0.0 else 0.0] for each in half_life_days])
        self._total = np.zeros((len(half_life_days), n_kinds, n_slots))
        self._count = np.zeros_like(self._total)

    def advance(self, values: FloatArray, kind: int) -> None:
        """Take one more day.

        Parameters
        ----------
        values : ndarray, shape (n_slots,)
            Its values, NaN where missing. [any]
        kind : int
            Its kind.
        """
        known = np.isfinite(values)
        total, count = self._total[:, kind], self._count[:, kind]
        self._total[:, kind] = np.where(known, self._keep * total + values, total)
        self._count[:, kind] = np.where(known, self._keep * count + 1.0, count)

    def means(self) -> FloatArray:
        """Means as they stand, NaN where no such day was seen, shape (n_half_lives, n_kinds, n_slots). [any]"""
        with np.errstate(invalid="ignore"):
            return np.where(self._count > 0.0, self._total / self._count, np.nan)

    def walk(self, values: FloatArray, kind: IntArray) -> FloatArray:
        """Take days one after the other, and say what the means were after each.

        Parameters
        ----------
        values : ndarray, shape (n_days, n_slots)
            Values by day and slot. [any]
        kind : ndarray, shape (n_days,)
            Kind of each day.

        Returns
        -------
        ndarray, shape (n_days, n_half_lives, n_kinds, n_slots)
            Means after each day. [any]
        """
        after = np.empty((values.shape[0], *self._total.shape))
        for day in range(values.shape[0]):
            self.advance(values[day], int(kind[day]))
            after[day] = self.means()
        return after

    def copy(self) -> FadingMeans:
        """Return the same means, to be moved on alone."""
        twin = FadingMeans((), 0, 0)
        twin._keep, twin._total, twin._count = self._keep, self._total.copy(), self._count.copy()
        return twin


def learned_kinds(values: FloatArray, weekday: IntArray) -> tuple[str, IntArray]:
    """The simplest way to sort days by which each is foretold best from those of its kind before it.

    Parameters
    ----------
    values : ndarray, shape (n_days, n_slots)
        Load by day and slot. [kW]
    weekday : ndarray, shape (n_days,)
        Day of the week, holidays as Sundays.

    Returns
    -------
    name : str
        One of `KINDS`.
    kind_of_weekday : ndarray, shape (7,)
        Kind of each day of the week.
    """
    best, best_error = "Monday to Friday, weekend", np.inf
    for name, groups in KINDS.items():
        if values.shape[0] < 4 * 7 and max(groups) > 1:
            continue
        kind = np.array(groups)[weekday]
        means = FadingMeans((_TRIAL_HALF_LIFE_DAYS,), max(groups) + 1, values.shape[1]).walk(values, kind)
        told = means[np.arange(6, values.shape[0] - 1), 0, kind[7:]]
        told = np.where(np.isfinite(told), told, np.nanmean(values))
        missed = np.abs(told - values[7:])
        error = float(np.nanmean(missed)) if np.isfinite(missed).any() else np.inf
        if error < best_error * (1.0 - _NEEDED_GAIN):
            best, best_error = name, error
    return best, np.array(KINDS[best], dtype=np.int64)


def smoothed(values: FloatArray, n_beside: int) -> FloatArray:
    """Mean over neighbouring slots, round the clock, shape kept; NaN counts as nothing.

    Examples
    --------
    >>> smoothed(np.array([[0.0, 3.0, 0.0, 0.0]]), 1)
    array([[1., 1., 1., 0.]])
    """
    known = np.isfinite(values)
    filled = np.where(known, values, 0.0)
    total, count = np.zeros(values.shape), np.zeros(values.shape)
    for shift in range(-n_beside, n_beside + 1):
        total += np.roll(filled, shift, axis=-1)
        count += np.roll(known, shift, axis=-1)
    return np.where(count > 0.0, total / np.maximum(count, 1.0), np.nan)
