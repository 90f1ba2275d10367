"""A market that the weather drives: cold and heat make load, sun and wind take it away, the rest sets the price.

Nobody publishes load, sun or wind here. All that is known beforehand is a weather forecast, wrong as forecasts
are: the more, the further ahead. So what a price forecast gains from weather can be measured against a truth that
was planted. The numbers are invented; load habits and the supply curve are those of the synthetic market.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, time, timedelta

import numpy as np

from battuta.domain.errors import InvalidQuantityError, UsageError
from battuta.domain.time import NS_PER_DAY, NS_PER_HOUR, duration_ns, local_instant_ns
from battuta.numerics.arrays import FloatArray, IntArray
from battuta.numerics.sampling import generator
from battuta.world.market import (
    QUARTER_NS,
    MarketCalendar,
    MarketCharacter,
    clearing_price_per_mwh,
    habit_load_pu,
    market_calendar,
)
from battuta.world.mean_reversion import DAY_ORIGIN, mean_reverting
from battuta.world.weather import Spell, Weather

N_SITES = 3
"""Sites whose mean is the weather of the zone. [-]"""
HEATING_BELOW_C, COOLING_ABOVE_C = 15.0, 22.0
RUN_HOURS = (0, 12)
"""UTC hours at which a weather model starts."""
RUN_TAKES = timedelta(hours=5)
"""From the start of a run to its publication."""
RUN_REACH_HOURS = 60
"""How far ahead a run is published. [h]"""
_STEPS = (timedelta(minutes=15), timedelta(hours=1))
_DAYS_MAX = 40_000
_YEARS = (1971, 9000)
_HEATING_PU_PER_K, _COOLING_PU_PER_K = 0.010, 0.030
_HUB_FACTOR = 1.7
_LOAD_PU_MEAN = 0.91
# error of a forecast: at once, per hour ahead, memory of the part that all runs share
_ERRORS = {
    "temperature_c": (0.4, 0.030, 0.5),
    "wind_speed_m_per_s": (0.3, 0.014, 0.25),
    "radiation_w_per_m2": (0.06, 0.004, 0.25),
    "cloud_cover": (0.05, 0.004, 0.25),
}
_SHARED_BY_RUNS = 0.8


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class WeatherMarketDays:
    """Prices and what drove them, on a grid of interval starts.

    Attributes
    ----------
    time_ns : ndarray, shape (n_times,)
        Interval starts. [ns]
    price_per_mwh : ndarray, shape (n_times,)
        Day-ahead price, rounded to 0.01. [currency/MWh]
    load_mw, solar_mw, wind_mw : ndarray, shape (n_times,)
        What the market cleared on; told to nobody who forecasts. [MW]
    temperature_c : ndarray, shape (n_times,)
        Mean temperature of the zone. [degC]
    """

    time_ns: IntArray
    price_per_mwh: FloatArray
    load_mw: FloatArray
    solar_mw: FloatArray
    wind_mw: FloatArray
    temperature_c: FloatArray


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class WeatherRuns:
    """Forecasts of the zone's weather, run after run, sorted by time and then by publication.

    Attributes
    ----------
    time_ns : ndarray, shape (n_times,)
        Starts of the hours. [ns]
    known_at_ns : ndarray, shape (n_times,)
        Publication of the run. [ns]
    temperature_c : ndarray, shape (n_times,)
        Temperature at the start of the hour. [degC]
    wind_speed_m_per_s : ndarray, shape (n_times,)
        Wind ten metres above ground. [m/s]
    radiation_w_per_m2 : ndarray, shape (n_times,)
        Radiation on level ground. [W/m2]
    cloud_cover : ndarray, shape (n_times,)
        Share of the sky under cloud. [-]
    """

    time_ns: IntArray
    known_at_ns: IntArray
    temperature_c: FloatArray
    wind_speed_m_per_s: FloatArray
    radiation_w_per_m2: FloatArray
    cloud_cover: FloatArray


class ZoneWeather:
    """Mean weather of some sites that share a region: a zone knows no single cloud.

    Parameters
    ----------
    seed : int
        Seed of the world.
    character : MarketCharacter
        Where the zone is.
    spells : tuple of Spell
        Heat waves and cold spells.
    """

    def __init__(self, seed: int, character: MarketCharacter, spells: tuple[Spell, ...] = ()) -> None:
        self._sites = tuple(
            Weather(seed, site, character.latitude_deg, character.longitude_deg, spells=spells)
            for site in range(N_SITES)
        )

    def temperature_c(self, time_ns: IntArray) -> FloatArray:
        """Temperature of the air. [degC]"""
        return np.mean([site.ambient_temperature_c(time_ns) for site in self._sites], axis=0)

    def wind_speed_m_per_s(self, time_ns: IntArray) -> FloatArray:
        """Wind ten metres above ground. [m/s]"""
        return np.mean([site.wind_speed_m_per_s(time_ns) for site in self._sites], axis=0)

    def radiation_w_per_m2(self, time_ns: IntArray) -> FloatArray:
        """Radiation on level ground. [W/m2]"""
        return np.mean([site.irradiance_w_per_m2(time_ns) for site in self._sites], axis=0)

    def cloud_cover(self, time_ns: IntArray) -> FloatArray:
        """Share of the sky under cloud. [-]"""
        return np.mean([site.cloud_fraction(time_ns) for site in self._sites], axis=0)


def weather_market_days(
    seed: int,
    start: date,
    n_days: int,
    *,
    step: timedelta = timedelta(hours=1),
    zone: str = "Europe/Berlin",
    spells: tuple[Spell, ...] = (),
    character: MarketCharacter | None = None,
) -> WeatherMarketDays:
    """Clear the day-ahead market of a zone whose weather makes its prices.

    Parameters
    ----------
    seed : int
        Same seed, same bytes. [-]
    start : date
        First local delivery day.
    n_days : int
        Number of local delivery days; any window of days shows the same market.
    step : timedelta
        Market time unit, 15 minutes or one hour.
    zone : str
        IANA zone of the wall clock.
    spells : tuple of Spell
        Heat waves and cold spells.
    character : MarketCharacter, optional
        Kind of zone.

    Returns
    -------
    WeatherMarketDays
        Prices, and the load, sun, wind and temperature behind them.

    Raises
    ------
    UsageError
        If the step or the zone is not known.
    InvalidQuantityError
        If the number of days or the year cannot be.

    Examples
    --------
    >>> weather_market_days(1, date(2026, 3, 29), 1).price_per_mwh.shape
    (23,)
    """
    _require(start, n_days)
    if step not in _STEPS:
        message = f"step = {step} is not a market time unit of the weather market; use 15 minutes or one hour"
        raise UsageError(message)
    kind = character or MarketCharacter()
    calendar = market_calendar(start, n_days, zone)
    weather = ZoneWeather(seed, kind, spells)
    temperature_c = weather.temperature_c(calendar.time_ns)
    load_pu = _load_pu(seed, calendar, temperature_c)
    solar_pu = kind.solar_share * weather.radiation_w_per_m2(calendar.time_ns) / 1000.0
    wind_pu = kind.wind_share * _wind_power_pu(weather.wind_speed_m_per_s(calendar.time_ns))
    price_per_mwh = clearing_price_per_mwh(seed, zone, calendar, kind, load_pu - solar_pu - wind_pu)
    n_per_step = duration_ns(step) // QUARTER_NS
    scale_mw = kind.load_mw_mean / _LOAD_PU_MEAN

    def clear(values: FloatArray) -> FloatArray:
        return values.reshape(-1, n_per_step).mean(axis=1)

    return WeatherMarketDays(
        time_ns=calendar.time_ns[::n_per_step].copy(),
        price_per_mwh=np.round(clear(price_per_mwh), 2) + 0.0,
        load_mw=np.round(clear(load_pu) * scale_mw),
        solar_mw=np.round(clear(solar_pu) * scale_mw),
        wind_mw=np.round(clear(wind_pu) * scale_mw),
        temperature_c=clear(temperature_c),
    )


def weather_runs(
    seed: int,
    start: date,
    n_days: int,
    *,
    zone: str = "Europe/Berlin",
    spells: tuple[Spell, ...] = (),
    character: MarketCharacter | None = None,
) -> WeatherRuns:
    """Forecast the weather of the same zone: two runs a day, each published five hours after it starts.

    Parameters
    ----------
    seed, start, n_days, zone, spells, character
        As of `weather_market_days`.

    Returns
    -------
    WeatherRuns
        Every run that says something about these days.
    """
    _require(start, n_days)
    first_ns = local_instant_ns(start, time(0), zone)
    end_ns = local_instant_ns(start + timedelta(days=n_days), time(0), zone)
    reach_ns = RUN_REACH_HOURS * NS_PER_HOUR
    days = np.arange((first_ns - reach_ns) // NS_PER_DAY, end_ns // NS_PER_DAY + 1)
    runs_ns = (days[:, None] * NS_PER_DAY + np.array(RUN_HOURS) * NS_PER_HOUR).ravel()
    ahead = np.arange(RUN_REACH_HOURS, dtype=np.int64)
    time_ns = (runs_ns[:, None] + ahead * NS_PER_HOUR).ravel()
    run_ns, lead_hours = np.repeat(runs_ns, ahead.size), np.tile(ahead, runs_ns.size)
    is_asked = (time_ns >= first_ns) & (time_ns < end_ns)
    order = np.lexsort((run_ns[is_asked], time_ns[is_asked]))
    time_ns, run_ns, lead_hours = (each[is_asked][order] for each in (time_ns, run_ns, lead_hours))
    weather = ZoneWeather(seed, character or MarketCharacter(), spells)
    hours, place = np.unique(time_ns, return_inverse=True)

    def wrong_by(name: str) -> FloatArray:
        return _error(seed, name, hours, place, run_ns, lead_hours)

    quarters = (hours[:, None] + np.arange(4) * QUARTER_NS).ravel()

    def mean_of_hour(values: FloatArray) -> FloatArray:
        by_hour: FloatArray = np.mean(values.reshape(-1, 4), axis=1)
        return by_hour[place]

    wind_m_per_s = mean_of_hour(weather.wind_speed_m_per_s(quarters))
    clouds = mean_of_hour(weather.cloud_cover(quarters))
    radiation_w_per_m2 = mean_of_hour(weather.radiation_w_per_m2(quarters))
    dimmed = np.clip(1.0 + wrong_by("radiation_w_per_m2"), 0.3, 1.5)
    return WeatherRuns(
        time_ns=time_ns,
        known_at_ns=run_ns + duration_ns(RUN_TAKES),
        temperature_c=np.round(weather.temperature_c(hours)[place] + wrong_by("temperature_c"), 1) + 0.0,
        wind_speed_m_per_s=np.round(np.clip(wind_m_per_s + wrong_by("wind_speed_m_per_s"), 0.0, 60.0), 2),
        radiation_w_per_m2=np.round(np.clip(radiation_w_per_m2 * dimmed, 0.0, 1400.0)),
        cloud_cover=np.round(np.clip(clouds + wrong_by("cloud_cover"), 0.0, 1.0), 2),
    )


def _require(start: date, n_days: int) -> None:
    for name, value, low, high in (("n_days", n_days, 1, _DAYS_MAX), ("start year", start.year, *_YEARS)):
        if not low <= value <= high:
            raise InvalidQuantityError(name, value, low, high, "-", where="weather market")


def _load_pu(seed: int, calendar: MarketCalendar, temperature_c: FloatArray) -> FloatArray:
    """Habit, heating below 15 degC, cooling above 22 degC, and a little that nothing explains."""
    heating = _HEATING_PU_PER_K * np.maximum(HEATING_BELOW_C - temperature_c, 0.0)
    cooling = _COOLING_PU_PER_K * np.maximum(temperature_c - COOLING_ABOVE_C, 0.0)
    rest = 0.01 * mean_reverting(seed, "weather_market.load", calendar.time_ns, memory_days=1.0, n_per_day=24)
    return habit_load_pu(calendar) + heating + cooling + rest


def _wind_power_pu(wind_speed_m_per_s: FloatArray) -> FloatArray:
    """Power of many turbines spread over a zone: the cube below, flat above, no sharp edge. [-]"""
    hub_m_per_s = _HUB_FACTOR * wind_speed_m_per_s
    return 0.92 / (1.0 + np.exp((8.5 - hub_m_per_s) / 1.7))


def _error(
    seed: int, name: str, hours: IntArray, place: IntArray, run_ns: IntArray, lead_hours: IntArray
) -> FloatArray:
    """Error of each value: it grows with the lead; a part is the run's own, the rest all runs share."""
    at_once, per_hour, memory_days = _ERRORS[name]
    stream = f"weather_market.error.{name}"
    shared = mean_reverting(seed, stream, hours, memory_days=memory_days, n_per_day=24)[place]
    runs, which = np.unique(run_ns, return_inverse=True)
    own = np.array([_own(seed, stream, int(run)) for run in runs])[which]
    spread = at_once + per_hour * lead_hours
    return spread * (_SHARED_BY_RUNS * shared + np.sqrt(1.0 - _SHARED_BY_RUNS**2) * own)


def _own(seed: int, stream: str, run_ns: int) -> float:
    half_days = run_ns // (NS_PER_DAY // 2) + 2 * DAY_ORIGIN
    return float(generator(seed, f"{stream}.run", cell=half_days).standard_normal())
