"""A series of market prices with its clock, its currency and, for every column, when each value became known."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import time, timedelta
from types import MappingProxyType

import numpy as np

from battuta.domain.errors import ClockError, DataError, LookAheadError, UsageError
from battuta.domain.holidays import PublicHolidays
from battuta.domain.publication import DAY_AHEAD_AUCTION, DAY_AHEAD_GATE, PublicationRule, known_at_ns
from battuta.domain.time import ClockKind, DeliveryDays, delivery_days, duration_ns, from_ns, local_minutes
from battuta.numerics.arrays import FloatArray, IntArray

PRICE = "price_per_mwh"
"""Name of the column that is traded."""
BENCHMARK_LABEL = "benchmark on days of 24 h (local_24h): not settled, not revenue"
"""Stands beside money that was counted on the benchmark clock."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """One series of values beside the price.

    Attributes
    ----------
    values : ndarray, shape (n_times,)
        Values, NaN where missing. [unit]
    unit : str
        Unit of the values.
    rule : PublicationRule
        When a value becomes known.
    """

    values: FloatArray
    unit: str
    rule: PublicationRule


@dataclass(frozen=True, slots=True, kw_only=True, eq=False, repr=False)
class PriceSeries:
    """Prices on a regular grid of interval starts.

    Attributes
    ----------
    time_ns : ndarray, shape (n_times,)
        Interval starts: UTC instants, or labels kept as if UTC when `clock` is ``local_24h``. [ns]
    price_per_mwh : ndarray, shape (n_times,)
        Price of energy, NaN where missing. [currency/MWh]
    step : timedelta
        Length of every interval.
    currency : str
        ISO 4217 code.
    zone : str
        IANA zone (or fixed offset) of the delivery day.
    clock : ClockKind
        ``utc`` for real time, ``local_24h`` for benchmark labels.
    rule : PublicationRule
        When a price becomes known.
    gate : time
        When day-ahead orders close, wall clock of the market on the day before delivery; forecasts are made then.
    columns : mapping of str to Column
        Exogenous series on the same grid.
    holidays : PublicHolidays or None
        Public holidays of the market, known beforehand; None where nobody named them.
    source : str
        Where the values came from, shown in reports.
    is_synthetic : bool
        True for generated prices; shown wherever the series is shown.
    """

    time_ns: IntArray
    price_per_mwh: FloatArray
    step: timedelta
    currency: str
    zone: str
    clock: ClockKind = ClockKind.UTC
    rule: PublicationRule = DAY_AHEAD_AUCTION
    gate: time = DAY_AHEAD_GATE
    columns: Mapping[str, Column] = field(default_factory=lambda: MappingProxyType({}))
    holidays: PublicHolidays | None = None
    source: str = ""
    is_synthetic: bool = False

    def __repr__(self) -> str:
        """Say in a line what it holds; a notebook shows it for the bare name."""
        label = "SYNTHETIC, not market data" if self.is_synthetic else "prices"
        start = from_ns(int(self.time_ns[0])).isoformat()
        return (
            f"<PriceSeries: {label}; {self.n_times:,} steps of {self.step} from {start}"
            f", {self.currency}/MWh, {self.zone}, clock {self.clock}; {self.source or 'no source named'}>"
        )

    def __post_init__(self) -> None:
        """Check shape, regularity and currency."""
        n_times = self.time_ns.shape[0]
        if n_times == 0:
            message = "a price series needs at least one interval"
            raise DataError(message)
        if self.price_per_mwh.shape != (n_times,):
            message = f"price_per_mwh has shape {self.price_per_mwh.shape}, time_ns has {(n_times,)}"
            raise DataError(message)
        irregular = np.flatnonzero(np.diff(self.time_ns) != duration_ns(self.step))
        if irregular.size:
            at = from_ns(int(self.time_ns[irregular[0]])).isoformat()
            message = f"time_ns is not a regular grid of {self.step}: the step after {at} differs"
            raise DataError(message)
        if self.clock not in {ClockKind.UTC, ClockKind.LOCAL_24H}:
            message = f"a series keeps the clock utc or local_24h, not {self.clock}"
            raise ClockError(message)
        if len(self.currency) != 3 or not self.currency.isupper():
            message = f"currency {self.currency!r} is not an ISO 4217 code such as EUR"
            raise UsageError(message)
        for name, column in self.columns.items():
            if column.values.shape != (n_times,):
                message = f"column {name} has shape {column.values.shape}, time_ns has {(n_times,)}"
                raise DataError(message)

    @property
    def n_times(self) -> int:
        """Number of intervals."""
        return int(self.time_ns.shape[0])

    @property
    def step_h(self) -> float:
        """Length of an interval. [h]"""
        return self.step.total_seconds() / 3600.0

    @property
    def is_benchmark(self) -> bool:
        """True when the clock is ``local_24h``: never settled, never shown as revenue."""
        return self.clock is ClockKind.LOCAL_24H

    @property
    def money_label(self) -> str:
        """What must stand beside any money of this series; empty for real prices in real time."""
        parts = [f"SYNTHETIC: {self.source}, not market data"] if self.is_synthetic else []
        return "; ".join([*parts, *([BENCHMARK_LABEL] if self.is_benchmark else [])])

    def days(self) -> DeliveryDays:
        """Delivery days of the series in the market's zone."""
        return delivery_days(self.time_ns, self.zone)

    def values(self, name: str) -> FloatArray:
        """Values of the price or of a named column.

        Raises
        ------
        UsageError
            If there is no such column; the message lists those there are.
        """
        if name == PRICE:
            return self.price_per_mwh
        if name not in self.columns:
            names = ", ".join((PRICE, *self.columns))
            message = f"there is no column {name!r}; the series has {names}"
            raise UsageError(message)
        return self.columns[name].values

    def known_at_ns(self, name: str = PRICE) -> IntArray:
        """Publication instant of each value of a column, shape (n_times,). [ns]"""
        rule = self.rule if name == PRICE else self.columns[name].rule
        return known_at_ns(rule, self.time_ns, self.step, self.zone)

    def slice(self, steps: slice) -> PriceSeries:
        """Return the same series restricted to a range of steps."""
        columns = {
            name: Column(values=column.values[steps], unit=column.unit, rule=column.rule)
            for name, column in self.columns.items()
        }
        return PriceSeries(
            time_ns=self.time_ns[steps],
            price_per_mwh=self.price_per_mwh[steps],
            step=self.step,
            currency=self.currency,
            zone=self.zone,
            clock=self.clock,
            rule=self.rule,
            gate=self.gate,
            columns=MappingProxyType(columns),
            holidays=self.holidays,
            source=self.source,
            is_synthetic=self.is_synthetic,
        )


class History:
    """A price series whose publication instants were computed once, from which views are cut cheaply.

    Parameters
    ----------
    series : PriceSeries
        All values, past and future.
    """

    __slots__ = ("_known_at_ns", "days", "minutes", "series")

    def __init__(self, series: PriceSeries) -> None:
        self.series = series
        self.days = series.days()
        self.minutes = local_minutes(series.time_ns, series.zone)
        self._known_at_ns = {name: series.known_at_ns(name) for name in (PRICE, *series.columns)}

    @property
    def steps_per_day(self) -> int:
        """Number of intervals of a day of 24 hours."""
        return round(24.0 / self.series.step_h)

    def is_complete(self, day: int) -> bool:
        """True when the series covers a day and no price of it is missing."""
        steps = self.days.steps(day)
        expected = (self.days.start_ns[day + 1] - self.days.start_ns[day]) // duration_ns(self.series.step)
        is_covered = steps.stop - steps.start == expected
        return bool(is_covered and np.all(np.isfinite(self.series.price_per_mwh[steps])))

    def view(self, at_ns: int) -> PriceView:
        """Return what was known at an instant; anything later raises."""
        known = {name: int(np.searchsorted(stamps, at_ns, side="right")) for name, stamps in self._known_at_ns.items()}
        return PriceView(self, at_ns, known)


class PriceView:
    """What was known at one instant.

    Parameters
    ----------
    history : History
        The whole series.
    at_ns : int
        The instant. [ns]
    n_known : mapping of str to int
        Number of leading intervals known per column.
    """

    __slots__ = ("_history", "_n_known", "at_ns")

    def __init__(self, history: History, at_ns: int, n_known: Mapping[str, int]) -> None:
        self._history = history
        self._n_known = n_known
        self.at_ns = at_ns

    @property
    def days(self) -> DeliveryDays:
        """Delivery days of the whole series: calendars are known in advance, prices are not."""
        return self._history.days

    @property
    def step(self) -> timedelta:
        """Length of an interval."""
        return self._history.series.step

    @property
    def steps_per_day(self) -> int:
        """Number of intervals of a day of 24 hours."""
        return self._history.steps_per_day

    def minutes(self, steps: slice) -> IntArray:
        """Wall-clock minute of the day at which each interval of a range starts."""
        return self._history.minutes[steps]

    def is_complete(self, day: int) -> bool:
        """True when every price of a known day is there.

        Raises
        ------
        LookAheadError
            If the day is not known in full.
        """
        steps = self.days.steps(day)
        self.values(steps.start, steps.stop)
        return self._history.is_complete(day)

    def n_known(self, name: str = PRICE) -> int:
        """Number of leading intervals whose value is known."""
        return self._n_known[name]

    def values(self, start: int, stop: int, name: str = PRICE) -> FloatArray:
        """Values of steps ``[start, stop)``.

        Raises
        ------
        LookAheadError
            If any of them is not known yet.
        """
        if stop > self._n_known[name]:
            series = self._history.series
            first = from_ns(int(series.time_ns[max(self._n_known[name], start)])).isoformat()
            message = f"{name} of {first} is not known at {from_ns(self.at_ns).isoformat()}"
            raise LookAheadError(message)
        return self._history.series.values(name)[max(start, 0) : stop]

    def known(self, name: str = PRICE) -> FloatArray:
        """All known values of a column, shape (n_known,)."""
        return self._history.series.values(name)[: self._n_known[name]]

    def n_known_days(self) -> int:
        """Number of leading delivery days whose prices are all known."""
        return int(np.searchsorted(self.days.start_index, self._n_known[PRICE], side="right")) - 1
