"""A price series laid out by delivery day and wall-clock slot, and what of it is known at a gate.

Days of 23 hours lack slots, which then hold the mean of their neighbours for those who look back on them; the two hours
of the same name in autumn are averaged. Nothing is filled across days here.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from types import MappingProxyType

import numpy as np

from battuta.domain.errors import UsageError
from battuta.domain.prices import PRICE, History
from battuta.domain.time import ClockKind, local_instant_ns
from battuta.forecast.week import EPOCH, weekdays
from battuta.numerics.arrays import FloatArray, IntArray

HOURS_PER_DAY = 24
_MINUTES_PER_DAY = 1440


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class KnownDays:
    """What is known at the gate of one delivery day; later rows are not there at all.

    Attributes
    ----------
    day : int
        Number of the delivery day to forecast.
    dates : tuple of date
        Local dates of days 0 to `day`.
    price_per_mwh : ndarray, shape (n_price_days, n_slots)
        Prices of the leading days that are known, NaN where missing. [currency/MWh]
    columns : mapping of str to ndarray, shape (n_known_days, n_slots)
        Leading days of each exogenous series, up to and with `day` where it is published before the gate. [unit]
    holidays : frozenset of date
        Public holidays, those to come among them, as they stand in the calendar.
    """

    day: int
    dates: tuple[date, ...]
    price_per_mwh: FloatArray
    columns: Mapping[str, FloatArray]
    holidays: frozenset[date] = frozenset()

    @property
    def weekday(self) -> IntArray:
        """Days of the week of `dates` from Monday, 0, holidays as Sundays, shape (day + 1,)."""
        number = np.array([day.toordinal() for day in self.dates], dtype=np.int64) - EPOCH.toordinal()
        return weekdays(number, self.holidays)

    @property
    def late_days(self) -> int:
        """Days by which prices come later than a day-ahead auction's: 0 where those of the day before are known. [d]"""
        return self.day - self.price_per_mwh.shape[0]

    @property
    def n_slots(self) -> int:
        """Number of wall-clock slots of a day."""
        return int(self.price_per_mwh.shape[1])


Trust = Callable[[KnownDays], KnownDays]
"""Leaves out of what is known what is not to be trusted."""


class DayTable:
    """The days of a price history, cut into rows.

    Parameters
    ----------
    history : History
        Prices with their publication rules.
    trust : callable or None
        Leaves out at each gate what is not to be trusted.
    """

    __slots__ = ("_columns", "_history", "_holidays", "_price_per_mwh", "_trust", "n_slots", "slot")

    def __init__(self, history: History, trust: Trust | None = None) -> None:
        self._history = history
        self._trust = trust
        self.n_slots = history.steps_per_day
        if self.n_slots % HOURS_PER_DAY:
            message = f"intervals of {history.series.step} do not divide hours; forecasts need an hour or a part of one"
            raise UsageError(message)
        self.slot: IntArray = history.minutes * self.n_slots // _MINUTES_PER_DAY
        named = history.series.holidays
        self._holidays = frozenset[date]() if named is None else named.days
        self._price_per_mwh = self._rows(history.series.price_per_mwh)
        self._columns = {name: self._rows(column.values) for name, column in history.series.columns.items()}

    @property
    def dates(self) -> tuple[date, ...]:
        """Local dates of all days."""
        return self._history.days.dates

    @property
    def zone(self) -> str:
        """Zone of the delivery day."""
        return self._history.series.zone

    @property
    def clock(self) -> ClockKind:
        """Real time, or the benchmark clock of days that all have 24 hours."""
        return self._history.series.clock

    def gate_ns(self, day: int) -> int:
        """Instant of the day-ahead gate of a delivery day. [ns]"""
        series = self._history.series
        return local_instant_ns(self.dates[day] - timedelta(days=1), series.gate, series.zone)

    def at_gate(self, day: int) -> KnownDays:
        """Return what is known when the gate of a delivery day closes.

        Parameters
        ----------
        day : int
            Number of the delivery day.

        Returns
        -------
        KnownDays
            Views of the leading rows, read-only.
        """
        view = self._history.view(self.gate_ns(day))
        start_index = self._history.days.start_index
        rows = {
            name: min(int(np.searchsorted(start_index, view.n_known(name), side="right")) - 1, day + 1)
            for name in (PRICE, *self._columns)
        }
        known = KnownDays(
            day=day,
            dates=self.dates[: day + 1],
            price_per_mwh=self._price_per_mwh[: min(rows[PRICE], day)],
            columns=MappingProxyType({name: values[: rows[name]] for name, values in self._columns.items()}),
            holidays=self._holidays,
        )
        return known if self._trust is None else self._trust(known)

    def trusting(self, trust: Trust) -> DayTable:
        """Return the same days, seen at each gate through somebody who leaves out what is not to be trusted."""
        return DayTable(self._history, trust)

    def prices_per_mwh(self, first: int, stop: int) -> FloatArray:
        """Realised prices of days ``[first, stop)`` by slot, for those who score afterwards. [currency/MWh]"""
        return self._price_per_mwh[first:stop]

    def on_steps(self, day: int, values: FloatArray) -> FloatArray:
        """Lay values by slot on the real intervals of a day: 23, 24 or 25 hours.

        Parameters
        ----------
        day : int
            Number of the delivery day.
        values : ndarray, shape (n_slots, ...)
            A value, or a row of them, per slot.

        Returns
        -------
        ndarray, shape (n_steps, ...)
            The same per interval; an hour that stands twice has its value twice.
        """
        return values[self.slot[self._history.days.steps(day)]]

    def _rows(self, values: FloatArray) -> FloatArray:
        days = self._history.days
        n_days = len(days.dates)
        place = np.repeat(np.arange(n_days), np.diff(days.start_index)) * self.n_slots + self.slot
        is_there = np.isfinite(values)
        total = np.bincount(place[is_there], weights=values[is_there], minlength=n_days * self.n_slots)
        count = np.bincount(place[is_there], minlength=n_days * self.n_slots)
        with np.errstate(invalid="ignore"):
            rows = (total / count).reshape(n_days, self.n_slots)
        expected = np.bincount(place, minlength=n_days * self.n_slots).reshape(n_days, self.n_slots)
        for day in np.flatnonzero(np.any(expected == 0, axis=1)):
            is_whole = days.start_ns[day + 1] - days.start_ns[day] != _MINUTES_PER_DAY * 60_000_000_000
            if is_whole and 0 < day < n_days - 1:
                rows[day] = _bridged(rows[day - 1 : day + 1], expected[day] == 0)
        rows.flags.writeable = False
        return rows


def _bridged(two_days: FloatArray, is_skipped: np.ndarray[tuple[int], np.dtype[np.bool_]]) -> FloatArray:
    """Give slots that the clock skipped on the second day the mean of the neighbours on either side."""
    skipped = np.flatnonzero(is_skipped)
    bridged = two_days[1].copy()
    before = two_days[0, -1] if skipped[0] == 0 else bridged[skipped[0] - 1]
    after = bridged[min(skipped[-1] + 1, bridged.shape[0] - 1)]
    bridged[skipped] = (before + after) / 2.0
    return bridged
