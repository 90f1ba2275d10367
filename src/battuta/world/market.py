"""A day-ahead market that never was: seeded prices of a European-like zone with sun, wind and weekends.

The price is a supply curve read at the residual load (load minus sun minus wind), times a slowly wandering
fuel level, plus what no model explains. Each random quantity is drawn by calendar day, so any window of days
shows the same market. The numbers are invented; only their statistics imitate a zone with much sun and wind.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, time, timedelta
from functools import lru_cache
from math import erf

import numpy as np

from battuta.domain.errors import InvalidQuantityError, UsageError
from battuta.domain.holidays import PublicHolidays
from battuta.domain.time import (
    NS_PER_DAY,
    NS_PER_HOUR,
    duration_ns,
    from_ns,
    local_instant_ns,
    zone_of,
)
from battuta.numerics.arrays import FloatArray, IntArray
from battuta.numerics.sampling import generator, standard_normal_blocks

QUARTER_NS = NS_PER_HOUR // 4
_STEPS = (timedelta(minutes=15), timedelta(hours=1))
_SEED_MAX = 2**64 - 1
_DAYS_MAX = 40_000
_YEARS = (1971, 9000)
_LOAD_PU_MEAN = 0.91
_EPOCH_ORDINAL = date(1970, 1, 1).toordinal()
_HOLIDAYS = ((1, 1), (5, 1), (12, 25), (12, 26))


@dataclass(frozen=True, slots=True, kw_only=True)
class MarketCharacter:
    """What kind of zone it is; the defaults imitate a central European zone of the middle 2020s.

    Attributes
    ----------
    load_mw_mean : float
        Mean load. [MW]
    solar_share : float
        Installed sun over the load of a workday noon. [-]
    wind_share : float
        Installed wind over the same. [-]
    latitude_deg, longitude_deg : float
        Where the sun is seen from. [deg]
    fuel_price_per_mwh : float
        Price at the usual residual load, about which the fuel level wanders. [currency/MWh]
    fuel_spread : float
        Standard deviation of the logarithm of the fuel level. [-]
    spike_share : float
        Share of winter days with a scarcity spike in the evening. [-]
    price_per_mwh_min, price_per_mwh_max : float
        Limits of the auction. [currency/MWh]
    """

    load_mw_mean: float = 10_000.0
    solar_share: float = 1.05
    wind_share: float = 0.80
    latitude_deg: float = 50.0
    longitude_deg: float = 10.0
    fuel_price_per_mwh: float = 78.0
    fuel_spread: float = 0.22
    spike_share: float = 0.12
    price_per_mwh_min: float = -500.0
    price_per_mwh_max: float = 4000.0


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class MarketDays:
    """Prices and what drove them, on a grid of interval starts.

    Attributes
    ----------
    time_ns : ndarray, shape (n_times,)
        Interval starts. [ns]
    price_per_mwh : ndarray, shape (n_times,)
        Day-ahead price, rounded to 0.01. [currency/MWh]
    load_mw, solar_mw, wind_mw : ndarray, shape (n_times,)
        Day-ahead forecasts on which the market cleared, rounded to 1. [MW]
    """

    time_ns: IntArray
    price_per_mwh: FloatArray
    load_mw: FloatArray
    solar_mw: FloatArray
    wind_mw: FloatArray


@dataclass(frozen=True, slots=True, kw_only=True)
class MarketCalendar:
    """Wall clock of every quarter of an hour.

    Attributes
    ----------
    time_ns : ndarray, shape (n_times,)
        Starts of the quarters. [ns]
    day : ndarray, shape (n_times,)
        Local days since 1970-01-01. [day]
    hour : ndarray, shape (n_times,)
        Local hour of the day. [h]
    season : ndarray, shape (n_times,)
        1 in the middle of January, -1 half a year away. [-]
    is_saturday, is_sunday : ndarray, shape (n_times,)
        1 on such days, else 0; a holiday is a Sunday. [-]
    """

    time_ns: IntArray
    day: IntArray
    hour: FloatArray
    season: FloatArray
    is_saturday: FloatArray
    is_sunday: FloatArray


def market_days(
    seed: int,
    start: date,
    n_days: int,
    *,
    step: timedelta = timedelta(hours=1),
    zone: str = "Europe/Berlin",
    character: MarketCharacter | None = None,
) -> MarketDays:
    """Imitate the day-ahead market of a zone.

    Parameters
    ----------
    seed : int
        Same seed, same bytes. [-]
    start : date
        First local delivery day.
    n_days : int
        Number of local delivery days; those in spring have 23 hours, those in autumn 25.
    step : timedelta
        Market time unit, 15 minutes or one hour; an hour is the mean of its four quarters.
    zone : str
        IANA zone of the wall clock; another zone is another market.
    character : MarketCharacter, optional
        Kind of zone.

    Returns
    -------
    MarketDays
        Prices, load, sun and wind.

    Raises
    ------
    UsageError
        If the step or the zone is not known.
    InvalidQuantityError
        If the seed, the number of days or the year cannot be.

    Examples
    --------
    >>> days = market_days(1, date(2026, 3, 29), 1)
    >>> days.price_per_mwh.shape
    (23,)
    """
    if step not in _STEPS:
        message = f"step = {step} is not a market time unit of the synthetic market; use 15 minutes or one hour"
        raise UsageError(message)
    for name, value, low, high in (
        ("seed", seed, 0, _SEED_MAX),
        ("n_days", n_days, 1, _DAYS_MAX),
        ("start year", start.year, *_YEARS),
    ):
        if not low <= value <= high:
            raise InvalidQuantityError(name, value, low, high, "-", where="synthetic market")
    kind = character or MarketCharacter()
    calendar = market_calendar(start, n_days, zone)
    load_pu = _load_pu(seed, zone, calendar)
    solar_pu = kind.solar_share * _sun(seed, zone, calendar, kind)
    wind_pu = kind.wind_share * _wind(seed, zone, calendar)
    price_per_mwh = clearing_price_per_mwh(seed, zone, calendar, kind, load_pu - solar_pu - wind_pu)
    n_per_step = duration_ns(step) // QUARTER_NS
    scale_mw = kind.load_mw_mean / _LOAD_PU_MEAN

    def clear(values: FloatArray) -> FloatArray:
        return values.reshape(-1, n_per_step).mean(axis=1)

    return MarketDays(
        time_ns=calendar.time_ns[::n_per_step].copy(),
        price_per_mwh=np.round(clear(price_per_mwh), 2) + 0.0,
        load_mw=np.round(clear(load_pu) * scale_mw),
        solar_mw=np.round(clear(solar_pu) * scale_mw),
        wind_mw=np.round(clear(wind_pu) * scale_mw),
    )


def market_calendar(start: date, n_days: int, zone: str) -> MarketCalendar:
    """Return the wall clock of whole local days, from `start` on in `zone`."""
    tz = zone_of(zone)
    first_ns = local_instant_ns(start, time(0), zone)
    end_ns = local_instant_ns(start + timedelta(days=n_days), time(0), zone)
    time_ns = np.arange(first_ns, end_ns, QUARTER_NS, dtype=np.int64)
    offsets = [from_ns(int(at)).astimezone(tz).utcoffset() for at in time_ns[::4]]
    offset_ns = np.repeat([0 if each is None else duration_ns(each) for each in offsets], 4)[: time_ns.size]
    local_ns = time_ns + offset_ns
    day = local_ns // NS_PER_DAY
    holiday = _holidays(day)
    weekday = (day + 3) % 7
    year_days = day - day.astype("M8[D]").astype("M8[Y]").astype("M8[D]").astype(np.int64)
    return MarketCalendar(
        time_ns=time_ns,
        day=day,
        hour=(local_ns % NS_PER_DAY) / NS_PER_HOUR,
        season=np.cos(2.0 * np.pi * (year_days - 15.0) / 365.25),
        is_saturday=((weekday == 5) & ~holiday).astype(np.float64),
        is_sunday=((weekday == 6) | holiday).astype(np.float64),
    )


def holidays_of(first_year: int, last_year: int) -> PublicHolidays:
    """Public holidays of the synthetic market. Both years are included."""
    years = range(first_year, last_year + 1)
    return PublicHolidays(
        place="the synthetic market",
        first_year=first_year,
        last_year=last_year,
        days=frozenset(date(year, month, day) for year in years for month, day in _HOLIDAYS),
    )


def _holidays(day: IntArray) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    dates = day.astype("M8[D]")
    month = dates.astype("M8[M]").astype(np.int64) % 12 + 1
    day_of_month = (dates - dates.astype("M8[M]")).astype(np.int64) + 1
    return np.any([(month == m) & (day_of_month == d) for m, d in _HOLIDAYS], axis=0)


def _wander(seed: int, stream: str, day: IntArray, memory_days: float, n_per_day: int) -> FloatArray:
    """Mean-reverting noise of unit variance on the quarters of the given UTC days, n_per_day draws a day.

    A finite filter over noise drawn by day, not a recursion: an instant does not depend on the window.
    """
    n_memory = int(np.ceil(5.0 * memory_days * n_per_day))
    weight = np.exp(-np.arange(n_memory, -1.0, -1.0) / (memory_days * n_per_day))
    weight /= np.sqrt(np.sum(weight**2))
    n_before = -(-n_memory // n_per_day)
    first, last = int(day[0]), int(day[-1])
    noise = standard_normal_blocks(
        seed, stream, first - n_before + _EPOCH_ORDINAL, last - first + 1 + n_before, n_per_day
    ).ravel()
    start = n_before * n_per_day - n_memory
    n_values = noise.size - n_before * n_per_day
    values = np.zeros(n_values)
    for index, each in enumerate(weight):
        values += each * noise[start + index : start + index + n_values]
    return values


def _at_quarters(seed: int, stream: str, time_ns: IntArray, memory_days: float, n_per_day: int) -> FloatArray:
    day = time_ns // NS_PER_DAY
    values = _wander(seed, stream, day, memory_days, n_per_day)
    position = (time_ns - int(day[0]) * NS_PER_DAY) * n_per_day // NS_PER_DAY
    return values[position]


def _bump(hour: FloatArray, centre: float, width: float) -> FloatArray:
    away = (hour - centre + 12.0) % 24.0 - 12.0
    return np.exp(-((away / width) ** 2))


def habit_load_pu(calendar: MarketCalendar) -> FloatArray:
    """Load of that hour on that kind of day, before any weather, per unit of a workday noon. [-]"""
    hour = calendar.hour
    workday = 0.76 + 0.34 * _bump(hour, 10.3, 4.6) + 0.34 * _bump(hour, 19.0, 2.8)
    weekend = 0.66 + 0.19 * _bump(hour, 12.0, 4.2) + 0.29 * _bump(hour, 19.3, 2.8)
    free = 0.75 * calendar.is_saturday + calendar.is_sunday
    return workday + free * (weekend - workday)


def _load_pu(seed: int, zone: str, calendar: MarketCalendar) -> FloatArray:
    weather = 0.035 * _at_quarters(seed, f"market.{zone}.load", calendar.time_ns, 3.0, 24)
    return habit_load_pu(calendar) * (1.0 + 0.10 * calendar.season) + weather


def _sun(seed: int, zone: str, calendar: MarketCalendar, kind: MarketCharacter) -> FloatArray:
    declination = np.radians(-23.44) * calendar.season
    solar_hour = (calendar.time_ns % NS_PER_DAY) / NS_PER_HOUR + kind.longitude_deg / 15.0
    latitude = np.radians(kind.latitude_deg)
    height = np.sin(latitude) * np.sin(declination) + np.cos(latitude) * np.cos(declination) * np.cos(
        np.radians(15.0 * (solar_hour - 12.0))
    )
    sky = _normal_share(_at_quarters(seed, f"market.{zone}.sky", calendar.time_ns, 1.2, 4))
    clouds = 0.06 * _at_quarters(seed, f"market.{zone}.clouds", calendar.time_ns, 0.1, 96)
    return np.maximum(height, 0.0) ** 1.2 * np.clip(0.35 + 0.65 * sky + clouds, 0.05, 1.0)


def _wind(seed: int, zone: str, calendar: MarketCalendar) -> FloatArray:
    weather = _at_quarters(seed, f"market.{zone}.wind", calendar.time_ns, 2.5, 24)
    gusts = 0.04 * _at_quarters(seed, f"market.{zone}.gusts", calendar.time_ns, 0.1, 96)
    return 0.9 / (1.0 + np.exp(1.25 - 0.35 * calendar.season - 0.95 * weather - gusts))


def clearing_price_per_mwh(
    seed: int, zone: str, calendar: MarketCalendar, kind: MarketCharacter, residual_pu: FloatArray
) -> FloatArray:
    """Read the supply curve at a residual load: convex above, falling steeply into surplus below.

    Parameters
    ----------
    seed : int
        Seed of the market. [-]
    zone : str
        IANA zone of the wall clock.
    calendar : MarketCalendar
        Quarters of an hour.
    kind : MarketCharacter
        Kind of zone.
    residual_pu : ndarray, shape (n_times,)
        Load minus sun minus wind, per unit of a workday noon. [-]

    Returns
    -------
    ndarray, shape (n_times,)
        Price, with the fuel level, outages, spikes and noise of that seed in it. [currency/MWh]
    """
    outage_pu = 0.04 * _at_quarters(seed, f"market.{zone}.outages", calendar.time_ns, 4.0, 24)
    mood = 0.03 * _at_quarters(seed, f"market.{zone}.mood", calendar.time_ns, 0.25, 24)
    residual_pu = residual_pu + outage_pu + mood
    fuel = np.exp(kind.fuel_spread * _at_quarters(seed, f"market.{zone}.fuel", calendar.time_ns, 45.0, 1))
    thermal = kind.fuel_price_per_mwh * fuel * (1.0 + 1.15 * (residual_pu - 0.70))
    surplus = 11.0 * _softplus((0.24 - residual_pu) / 0.06)
    scarcity = 11.0 * _softplus((residual_pu - 1.10) / 0.05)
    spikes = _spikes(seed, zone, calendar, kind) / (1.0 + np.exp((0.85 - residual_pu) / 0.06))
    noise = 2.6 * _at_quarters(seed, f"market.{zone}.noise", calendar.time_ns, 0.08, 24)
    return np.clip(thermal - surplus + scarcity + spikes + noise, kind.price_per_mwh_min, kind.price_per_mwh_max)


def _spikes(seed: int, zone: str, calendar: MarketCalendar, kind: MarketCharacter) -> FloatArray:
    """Scarcity on some winter evenings, drawn by local day."""
    first, last = int(calendar.day[0]), int(calendar.day[-1])
    height_per_mwh = np.zeros(last - first + 1)
    for index in range(last - first + 1):
        draws = generator(seed, f"market.{zone}.spikes", cell=first + index + _EPOCH_ORDINAL)
        chance, size = draws.random(), draws.standard_normal()
        height_per_mwh[index] = np.exp(4.6 + 0.7 * size) if chance < kind.spike_share else 0.0
    winter = np.clip(0.2 + 1.2 * calendar.season, 0.0, 1.0)
    return height_per_mwh[calendar.day - first] * winter * _bump(calendar.hour, 18.0, 1.3)


def _softplus(x: FloatArray) -> FloatArray:
    return np.logaddexp(0.0, x)


@lru_cache(maxsize=1)
def _normal_table() -> tuple[FloatArray, FloatArray]:
    at = np.linspace(-5.0, 5.0, 1001)
    return at, np.array([0.5 * (1.0 + erf(x / np.sqrt(2.0))) for x in at])


def _normal_share(x: FloatArray) -> FloatArray:
    """Map standard normal numbers to shares, uniform on [0, 1]."""
    return np.interp(x, *_normal_table())
