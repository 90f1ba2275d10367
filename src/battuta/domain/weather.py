"""Weather as it was forecast: each value with the time it is for and the instant at which it was published.

A time may stand several times, once for every forecast of it (a vintage). Which of them a decision may see is
settled here: the latest one that was known at the instant of the decision, and none that came later.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from types import MappingProxyType

import numpy as np

from battuta.domain.errors import DataError, InvalidQuantityError
from battuta.domain.imports import ImportFinding
from battuta.domain.time import duration_ns, from_ns
from battuta.domain.weather_units import suspected_unit, weather_unit
from battuta.numerics.arrays import FloatArray, IntArray

STEPS = tuple(timedelta(minutes=minutes) for minutes in (10, 15, 30, 60, 180, 360))
"""Spacings that weather services use."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where the weather is.

    Attributes
    ----------
    latitude_deg, longitude_deg : float
        North and east positive. [deg]
    name : str
        What people call it, empty where nobody said.
    """

    latitude_deg: float
    longitude_deg: float
    name: str = ""

    def __post_init__(self) -> None:
        """Check that it is on the globe."""
        for name, value, limit in (
            ("latitude_deg", self.latitude_deg, 90.0),
            ("longitude_deg", self.longitude_deg, 180.0),
        ):
            if not -limit <= value <= limit:
                raise InvalidQuantityError(name, value, -limit, limit, "deg", where="Place")

    def __str__(self) -> str:
        """Say it in a few letters.

        Examples
        --------
        >>> print(Place(latitude_deg=52.52, longitude_deg=13.41, name="Berlin"))
        Berlin (52.520 N, 13.410 E)
        """
        north = f"{abs(self.latitude_deg):.3f} {'N' if self.latitude_deg >= 0 else 'S'}"
        east = f"{abs(self.longitude_deg):.3f} {'E' if self.longitude_deg >= 0 else 'W'}"
        return f"{self.name} ({north}, {east})" if self.name else f"{north}, {east}"


@dataclass(frozen=True, slots=True, kw_only=True, eq=False, repr=False)
class WeatherForecast:
    """Forecast values of one place, sorted by time and, within a time, by when they became known.

    Attributes
    ----------
    time_ns : ndarray, shape (n_times,)
        Starts of the intervals; a time stands once for each of its vintages. [ns]
    known_at_ns : ndarray, shape (n_times,)
        Instant at which each row was published. [ns]
    columns : mapping of str to ndarray, shape (n_times,)
        Values by name, NaN where missing; the name ends in the unit. Temperatures hold at the start of the
        interval, all others stand for the whole of it. [by name]
    step : timedelta
        Length of an interval.
    place : Place
        Where.
    source : str
        Where the values came from, shown in reports.
    attribution : str
        Whom the licence wants named, empty where nobody.
    is_synthetic : bool
        True for invented weather; shown wherever it is shown.
    """

    time_ns: IntArray
    known_at_ns: IntArray
    columns: Mapping[str, FloatArray] = field(default_factory=lambda: MappingProxyType({}))
    step: timedelta
    place: Place
    source: str = ""
    attribution: str = ""
    is_synthetic: bool = False

    def __post_init__(self) -> None:
        """Check shape, order, spacing and the range of every value."""
        _require_shape(self)
        _require_order(self)
        for name, values in self.columns.items():
            unit = weather_unit(name)
            outside = np.flatnonzero((values < unit.low) | (values > unit.high))
            hint = suspected_unit(name, values, self.n_per_week)
            if hint:
                message = f"{name}: {hint}"
                raise DataError(message)
            if outside.size:
                at = from_ns(int(self.time_ns[outside[0]]))
                where = f"weather of {at:%Y-%m-%dT%H:%MZ} ({outside.size} of {self.n_times} values)"
                value = float(values[outside[0]])
                raise InvalidQuantityError(name, value, unit.low, unit.high, unit.unit, where=where)

    def __repr__(self) -> str:
        """Say in a line what it holds."""
        label = "SYNTHETIC, not a forecast of anything" if self.is_synthetic else "forecasts"
        first, last = (f"{from_ns(int(self.time_ns[at])):%Y-%m-%dT%H:%MZ}" for at in (0, -1))
        return (
            f"<WeatherForecast: {label}; {self.n_times:,} rows for {self.n_distinct_times:,} times of {self.step} from "
            f"{first} to {last}, {self.place}; {', '.join(self.columns)}; {self.source or 'no source named'}>"
        )

    @property
    def n_times(self) -> int:
        """Number of rows, every vintage counted."""
        return int(self.time_ns.shape[0])

    @property
    def n_distinct_times(self) -> int:
        """Number of times, vintages not counted."""
        return 1 + int(np.count_nonzero(np.diff(self.time_ns)))

    @property
    def n_per_week(self) -> int:
        """Number of rows that make a week, every vintage counted."""
        return max(1, round(timedelta(days=7) / self.step * self.n_times / self.n_distinct_times))

    def known_values(self, name: str, time_ns: IntArray, by_ns: IntArray) -> FloatArray:
        """Return the latest value of each time that was known by an instant.

        Parameters
        ----------
        name : str
            Column.
        time_ns : ndarray, shape (n_queries,)
            Starts of the intervals asked for. [ns]
        by_ns : ndarray, shape (n_queries,)
            Instants of the decisions; a vintage published exactly then is known. [ns]

        Returns
        -------
        ndarray, shape (n_queries,)
            Values, NaN where nothing was known; a vintage without this value hides no older one. [by name]

        Examples
        --------
        >>> hour = 3_600 * 10**9
        >>> weather = WeatherForecast(
        ...     time_ns=np.array([9 * hour, 9 * hour]),
        ...     known_at_ns=np.array([1 * hour, 5 * hour]),
        ...     columns={"temperature_c": np.array([20.0, 24.0])},
        ...     step=timedelta(hours=1),
        ...     place=Place(latitude_deg=50.0, longitude_deg=10.0),
        ... )
        >>> weather.known_values("temperature_c", np.full(3, 9 * hour), np.array([0, 4, 5]) * hour)
        array([nan, 20., 24.])
        """
        there = np.isfinite(self.columns[name])
        stamps, values = self.time_ns[there], self.columns[name][there]
        published, rank = np.unique(self.known_at_ns[there], return_inverse=True)
        distinct, place = np.unique(stamps, return_inverse=True)
        answer = np.full(time_ns.shape, np.nan)
        if not distinct.size:
            return answer
        key = place * (published.size + 1) + rank
        asked = np.minimum(np.searchsorted(distinct, time_ns), distinct.size - 1)
        n_known = np.searchsorted(published, by_ns, side="right")
        row = np.searchsorted(key, asked * (published.size + 1) + n_known, side="left") - 1
        is_known = (row >= 0) & (distinct[asked] == time_ns)
        is_known &= stamps[np.maximum(row, 0)] == time_ns
        answer[is_known] = values[row[is_known]]
        return answer


@dataclass(frozen=True, slots=True, kw_only=True)
class WeatherImport:
    """Weather and what was seen while it was read.

    Attributes
    ----------
    forecast : WeatherForecast
        The weather; NaN where a value is missing, never a filled value.
    findings : tuple of ImportFinding
        Everything seen, in the order of the checks; none of them is refused any more.
    """

    forecast: WeatherForecast
    findings: tuple[ImportFinding, ...]


def _require_shape(weather: WeatherForecast) -> None:
    if not weather.n_times or not weather.columns:
        message = "weather needs at least one time and one column such as temperature_c"
        raise DataError(message)
    if weather.step not in STEPS:
        message = f"weather has intervals of {weather.step}; 10, 15 or 30 minutes, 1, 3 or 6 hours are read"
        raise DataError(message)
    for name, values in (("known_at_ns", weather.known_at_ns), *weather.columns.items()):
        if values.shape != (weather.n_times,):
            message = f"{name} has shape {values.shape}, time_ns has {(weather.n_times,)}"
            raise DataError(message)


def _require_order(weather: WeatherForecast) -> None:
    later = np.diff(weather.time_ns)
    is_wrong = (later < 0) | ((later == 0) & (np.diff(weather.known_at_ns) <= 0))
    wrong = np.flatnonzero(is_wrong)
    if wrong.size:
        at = from_ns(int(weather.time_ns[wrong[0] + 1]))
        message = (
            f"weather of {at:%Y-%m-%dT%H:%MZ} is out of order or stands twice with the same known_at; sort by time, "
            "then by known_at, and keep one row of each pair"
        )
        raise DataError(message)
    off = np.flatnonzero((weather.time_ns - weather.time_ns[0]) % duration_ns(weather.step))
    if off.size:
        at = from_ns(int(weather.time_ns[off[0]]))
        message = f"weather of {at:%Y-%m-%dT%H:%M:%SZ} is off the grid of {weather.step} that the first time begins"
        raise DataError(message)
