"""Weather for whoever asks: a file or a public service, and its values laid beside prices as known at the gate."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from types import MappingProxyType

import numpy as np

from battuta.adapters.markets.answer_cache import AnswerCache
from battuta.adapters.markets.http_fetch import HttpSource
from battuta.adapters.weather.file import read_weather
from battuta.adapters.weather.open_meteo.client import OpenMeteoClient, OpenMeteoHosts
from battuta.adapters.weather.open_meteo.fetched import FetchedWeather
from battuta.adapters.weather.simulated import HeatWave, planted_market
from battuta.adapters.weather.writer import require_ending, write_weather
from battuta.app.clock import utc_now
from battuta.domain.errors import ClockError, DataError, UsageError
from battuta.domain.prices import Column, PriceSeries
from battuta.domain.publication import LocalTimeRule
from battuta.domain.time import duration_ns, from_ns, local_instant_ns
from battuta.domain.weather import Place, WeatherForecast, WeatherImport
from battuta.domain.weather_units import mean_of, weather_unit
from battuta.numerics.arrays import FloatArray, IntArray

__all__ = [
    "HeatWave",
    "WeatherRequest",
    "WeatherWish",
    "fetch_weather",
    "load_weather",
    "planted_market",
    "with_weather",
]

"""Gate of the European day-ahead auction, wall clock of the market, on the day before delivery."""
_MINUTE = timedelta(minutes=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class WeatherRequest:
    """A weather file and what its user stated about it; see `battuta.adapters.weather.file.read_weather`.

    Attributes
    ----------
    path : Path
        The file.
    place : Place
        Where the weather is.
    known_at : str or None
        When values became known, such as ``D-1 06:00 Europe/Berlin``, for a file that does not say.
    """

    path: Path
    place: Place
    known_at: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class WeatherWish:
    """Which weather is wanted from Open-Meteo.

    Attributes
    ----------
    place : Place
        Where.
    first_day, last_day : date or None
        Past UTC days, both included; left out, the forecast of the days to come.
    n_days : int
        Days to come.
    hosts : OpenMeteoHosts
        Other addresses of the service.
    cache_folder : Path or None
        Where answers about the past are kept.
    is_offline : bool
        True to use kept answers only.
    """

    place: Place
    first_day: date | None = None
    last_day: date | None = None
    n_days: int = 3
    hosts: OpenMeteoHosts = field(default_factory=OpenMeteoHosts)
    cache_folder: Path | None = None
    is_offline: bool = False


def load_weather(request: WeatherRequest) -> WeatherImport:
    """Read a weather file; nothing is guessed."""
    return read_weather(request.path, place=request.place, known_at=request.known_at)


def fetch_weather(wish: WeatherWish, path: Path, *, now: Callable[[], datetime] = utc_now) -> FetchedWeather:
    """Fetch weather from Open-Meteo and write it as a weather file.

    Days to come are one vintage, known from the moment of the answer, and never taken from the cache. Past days are
    the vintages of one and two days before, with the time at which they were published.

    Parameters
    ----------
    wish : WeatherWish
        Which weather.
    path : Path
        Ends in ``.csv`` or ``.parquet``.
    now : callable
        Gives the present.

    Returns
    -------
    FetchedWeather
        What was written, with whom to thank.

    Raises
    ------
    UsageError
        If only one of the days is given, or the ending does not exist.
    SourceUnavailableError
        If the service does not answer as documented.
    """
    require_ending(path)
    cache = None if wish.cache_folder is None else AnswerCache(wish.cache_folder)
    if wish.first_day is None and wish.last_day is None:
        source = HttpSource(name="open_meteo", now=now, offline=wish.is_offline)
        client = OpenMeteoClient(source=source, now=now, hosts=wish.hosts)
        fetched = client.forecast(wish.place, n_days=wish.n_days)
    elif wish.first_day is not None and wish.last_day is not None:
        source = HttpSource(name="open_meteo", now=now, cache=cache, offline=wish.is_offline)
        client = OpenMeteoClient(source=source, now=now, hosts=wish.hosts)
        fetched = client.previous_runs(wish.place, wish.first_day, wish.last_day)
    else:
        message = "first_day and last_day come together: both for past days, neither for the forecast"
        raise UsageError(message)
    write_weather(fetched.forecast, path)
    return fetched


def with_weather(prices: PriceSeries, weather: WeatherForecast, *, label: str = "") -> PriceSeries:
    """Lay weather beside prices, each value the latest one published before the gate of the prices.

    What is published at the gate or in the minute before it comes too late.

    Weather coarser than the prices is repeated within its interval, temperatures are drawn straight from one value
    to the next; finer weather is averaged over the interval of the price. Where nothing was known it stays missing.

    Parameters
    ----------
    prices : PriceSeries
        Prices in real time.
    weather : WeatherForecast
        Weather of a place within the market.
    label : str
        Put before the names of the columns, for weather of several places.

    Returns
    -------
    PriceSeries
        The same prices with one more column for each of the weather.

    Raises
    ------
    ClockError
        If the prices keep the benchmark clock, which no weather can be joined to.
    UsageError
        If a column is there already, or invented weather meets recorded prices.
    DataError
        If the intervals do not fit, or nothing was known of any of them.
    """
    _require_joinable(prices, weather)
    by_ns, rule = _gates(prices, prices.gate)
    columns = dict(prices.columns)
    for name in weather.columns:
        full_name = f"{label}_{name}" if label else name
        if full_name in columns:
            message = f"there is a column {full_name} already; give this weather a label"
            raise UsageError(message)
        values = _on_grid(weather, name, prices, by_ns)
        columns[full_name] = Column(values=values, unit=weather_unit(name).unit, rule=rule)
    added = [columns[name] for name in columns if name not in prices.columns]
    if not any(np.isfinite(column.values).any() for column in added):
        raise _nothing_known(prices, weather, by_ns)
    source = "; weather: ".join(part for part in (prices.source, weather.source or weather.attribution) if part)
    return replace(prices, columns=MappingProxyType(columns), source=source)


def _require_joinable(prices: PriceSeries, weather: WeatherForecast) -> None:
    if prices.is_benchmark:
        message = (
            "the prices keep the clock local_24h, whose labels are no instants: weather cannot be joined to them; "
            "use prices in real time"
        )
        raise ClockError(message)
    if weather.is_synthetic and not prices.is_synthetic:
        message = (
            f"{weather.source or 'this weather'} is synthetic, the prices are recorded; invented weather explains none"
        )
        raise UsageError(message)
    wide, narrow = sorted((duration_ns(prices.step), duration_ns(weather.step)), reverse=True)
    if wide % narrow or (int(weather.time_ns[0]) - int(prices.time_ns[0])) % narrow:
        message = (
            f"weather in intervals of {weather.step} from {from_ns(int(weather.time_ns[0])):%H:%MZ} does not fit "
            f"prices in intervals of {prices.step} from {from_ns(int(prices.time_ns[0])):%H:%MZ}"
        )
        raise DataError(message)


def _gates(prices: PriceSeries, gate: time) -> tuple[IntArray, LocalTimeRule]:
    """Last minute before the gate of each interval's delivery day, and the rule that says so."""
    before = datetime.combine(date(2000, 1, 2), gate, tzinfo=UTC) - _MINUTE
    rule = LocalTimeRule(day_offset=before.day - 3, at=before.time())
    days = prices.days()
    gates_ns = [local_instant_ns(day + timedelta(days=rule.day_offset), rule.at, prices.zone) for day in days.dates]
    return np.repeat(np.array(gates_ns, dtype=np.int64), np.diff(days.start_index)), rule


def _on_grid(weather: WeatherForecast, name: str, prices: PriceSeries, by_ns: IntArray) -> FloatArray:
    step_ns, weather_step_ns = duration_ns(prices.step), duration_ns(weather.step)
    if weather_step_ns <= step_ns:
        parts = [
            weather.known_values(name, prices.time_ns + offset_ns, by_ns)
            for offset_ns in range(0, step_ns, weather_step_ns)
        ]
        return mean_of(name, np.stack(parts))
    into_ns = (prices.time_ns - int(weather.time_ns[0])) % weather_step_ns
    start_ns = prices.time_ns - into_ns
    values = weather.known_values(name, start_ns, by_ns)
    if weather_unit(name).suffix != "c":
        return values
    following = weather.known_values(name, start_ns + weather_step_ns, by_ns)
    return np.where(into_ns == 0, values, values + into_ns / weather_step_ns * (following - values))


def _nothing_known(prices: PriceSeries, weather: WeatherForecast, by_ns: IntArray) -> DataError:
    if not any(np.isfinite(values).any() for values in weather.columns.values()):
        message = (
            f"{weather.source or 'the weather'}: {', '.join(weather.columns)} hold no value at all; export it again, "
            "or leave the weather out"
        )
        return DataError(message)
    first, last = (f"{from_ns(int(weather.time_ns[at])):%Y-%m-%d}" for at in (0, -1))
    begin, end = (f"{from_ns(int(prices.time_ns[at])):%Y-%m-%d}" for at in (0, -1))
    message = f"the weather covers {first} to {last}, the prices {begin} to {end}, and no value was known at the gate"
    inside = np.isin(weather.time_ns, prices.time_ns)
    if inside.any():
        at = int(np.flatnonzero(inside)[0])
        gate = int(by_ns[np.searchsorted(prices.time_ns, weather.time_ns[at])])
        message += (
            f": that of {from_ns(int(weather.time_ns[at])):%Y-%m-%dT%H:%MZ} was published at "
            f"{from_ns(int(weather.known_at_ns[at])):%Y-%m-%dT%H:%MZ}, the gate closed at "
            f"{from_ns(gate):%Y-%m-%dT%H:%MZ}; use forecasts of an earlier run"
        )
    return DataError(message)
