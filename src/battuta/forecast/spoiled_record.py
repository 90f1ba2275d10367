"""What a column has looked like so far: its days, which of them are sound, and those a new day is held against."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from battuta.domain.input_finding import InputFault, Severity
from battuta.numerics.arrays import BoolArray, FloatArray, IntArray

RECENT_DAYS = 28
"""A new day is held against so many sound days before it."""
YEAR_DAYS, YEAR_REACH_DAYS = 364, 10
"""And against the days around the same weekday a year ago, which know the season and the change of clocks."""
_LEVEL_SHARE = 0.8
_POWERS = 10.0 ** np.arange(3, -4, -1)
_QUANTUM_SHARE = 0.999


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What is wrong with one day of one column.

    Attributes
    ----------
    kind : InputFault
        What it is.
    severity : Severity
        Whether the day is treated as missing.
    detail, mend : str
        What was seen, and what to do about it.
    n_days_back : int
        Number of days before this one that the verdict also concerns. [d]
    """

    kind: InputFault
    severity: Severity
    detail: str
    mend: str
    n_days_back: int = 0


class DayRecord:
    """The days of one column, growing; a day that was refused is no reference for later ones.

    Parameters
    ----------
    n_slots : int
        Values of a day. [-]
    is_price : bool
        True for a column that may be negative, zero and spiky.
    """

    __slots__ = ("_clock_days", "_days", "_is_sound", "_level", "is_price", "n_days", "n_slots", "quantum")

    def __init__(self, n_slots: int, *, is_price: bool) -> None:
        self.n_slots = n_slots
        self.is_price = is_price
        self.n_days = 0
        self.quantum = 0.0
        self._days = np.empty((0, n_slots))
        self._clock_days = np.empty((0, n_slots))
        self._is_sound = np.empty(0, dtype=np.bool_)
        self._level = np.empty(0)

    @property
    def days(self) -> FloatArray:
        """All days, shape (n_days, n_slots). [unit of the column]"""
        return self._days[: self.n_days]

    @property
    def clock_days(self) -> FloatArray:
        """All days on the clock that their shapes keep, shape (n_days, n_slots). [unit of the column]"""
        return self._clock_days[: self.n_days]

    @property
    def is_sound(self) -> BoolArray:
        """Days that nothing was held against, shape (n_days,)."""
        return self._is_sound[: self.n_days]

    @property
    def level(self) -> FloatArray:
        """High level of each day's magnitudes, shape (n_days,); see `level_of`. [unit of the column]"""
        return self._level[: self.n_days]

    def append(self, day: FloatArray, offset_h: int = 0) -> None:
        """Take a day as sound; `refuse` takes that back.

        Parameters
        ----------
        day : ndarray, shape (n_slots,)
            Values, NaN where missing. [unit of the column]
        offset_h : int
            Hours by which the wall clock is ahead of the one that the shape keeps. [h]
        """
        if self.n_days == self._days.shape[0]:
            room = max(64, self.n_days)
            self._days = np.concatenate([self._days, np.full((room, self.n_slots), np.nan)])
            self._clock_days = np.concatenate([self._clock_days, np.full((room, self.n_slots), np.nan)])
            self._is_sound = np.concatenate([self._is_sound, np.zeros(room, dtype=np.bool_)])
            self._level = np.concatenate([self._level, np.full(room, np.nan)])
        self._days[self.n_days] = day
        self._clock_days[self.n_days] = np.roll(day, -offset_h * self.n_slots // 24) if offset_h else day
        self._level[self.n_days] = level_of(day)
        self._is_sound[self.n_days] = True
        self.n_days += 1

    def refuse(self, first: int, stop: int) -> None:
        """Take a range of days from the references."""
        self._is_sound[first:stop] = False

    def restore(self, rows: list[int]) -> None:
        """Take days back among the references."""
        self._is_sound[rows] = True

    def references(self, before: int) -> IntArray:
        """Sound days that a day is held against, ascending: the latest before it and those of a year ago.

        Parameters
        ----------
        before : int
            The day, as a row.

        Returns
        -------
        ndarray, shape (n_references,)
            Rows. [-]
        """
        start = max(before - YEAR_DAYS - YEAR_REACH_DAYS, 0)
        stop = max(before - YEAR_DAYS + YEAR_REACH_DAYS + 1, 0)
        year_ago = start + np.flatnonzero(self._is_sound[start:stop])
        reach = RECENT_DAYS
        while True:  # the latest sound days, however far back a run of refused ones pushes them
            low = max(before - reach, stop)
            recent = low + np.flatnonzero(self._is_sound[low:before])
            if recent.size >= RECENT_DAYS or low == stop:
                return np.concatenate([year_ago, recent[-RECENT_DAYS:]])
            reach *= 2


def level_of(day: FloatArray) -> float:
    """Magnitude that a fifth of a day's values reach: above night and single spikes alike.

    Parameters
    ----------
    day : ndarray, shape (n_slots,)
        Values, NaN where missing. [unit of the column]

    Returns
    -------
    float
        Level, NaN where less than half of the day is there. [unit of the column]

    Examples
    --------
    >>> level_of(np.array([0.0, 0.0, 3.0, 5.0, 900.0]))
    5.0
    """
    magnitude = np.sort(np.abs(day))  # NaN last
    n_finite = int(np.isfinite(magnitude).sum())
    if 2 * n_finite < day.size:
        return float("nan")
    return float(magnitude[int(_LEVEL_SHARE * (n_finite - 1))])


def quantum_of(values: FloatArray) -> float:
    """Largest power of ten, from 1000 to 0.001, of which nearly all values are multiples; 0 where there is none.

    Parameters
    ----------
    values : ndarray
        Values, NaN where missing. [unit of the column]

    Returns
    -------
    float
        How finely the column is written. [unit of the column]

    Examples
    --------
    >>> quantum_of(np.array([120.0, 90.0, 41350.0]))
    10.0
    """
    finite = np.abs(values[np.isfinite(values) & (values != 0.0)])
    if finite.size == 0:
        return 0.0
    for power in _POWERS:
        off = np.abs(finite / power - np.rint(finite / power))
        if np.mean(off < 1e-6 + 1e-12 * finite / power) >= _QUANTUM_SHARE:
            return float(power)
    return 0.0
