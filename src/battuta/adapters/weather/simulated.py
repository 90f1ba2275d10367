"""A market that the weather drives, as prices and weather forecasts: labelled synthetic wherever they show."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from types import MappingProxyType

from battuta.domain.prices import PriceSeries
from battuta.domain.publication import DAY_AHEAD_AUCTION
from battuta.domain.weather import Place, WeatherForecast
from battuta.world.market import MarketCharacter, holidays_of
from battuta.world.weather import Spell, SpellKind
from battuta.world.weather_market import weather_market_days, weather_runs

START = date(2025, 1, 1)


@dataclass(frozen=True, slots=True, kw_only=True)
class HeatWave:
    """Days of heat that are planted.

    Attributes
    ----------
    first_day : date
        First day.
    n_days : int
        Number of days; twelve hours lead in and out.
    temperature_c : float
        Highest temperature of each day. [degC]
    """

    first_day: date
    n_days: int = 7
    temperature_c: float = 38.0


def planted_market(
    seed: int,
    n_days: int,
    *,
    start: date = START,
    heat_waves: tuple[HeatWave, ...] = (),
    step: timedelta = timedelta(hours=1),
    zone: str = "Europe/Berlin",
    currency: str = "EUR",
) -> tuple[PriceSeries, WeatherForecast]:
    """Make prices whose cause is the weather, and forecasts of that weather; no load, sun or wind is published.

    Parameters
    ----------
    seed : int
        Same seed, same bytes. [-]
    n_days : int
        Number of local delivery days.
    start : date
        First local delivery day.
    heat_waves : tuple of HeatWave
        Days of heat that are planted; a model learns heat only from waves that it has seen.
    step : timedelta
        Market time unit, 15 minutes or one hour.
    zone : str
        IANA zone of the delivery day.
    currency : str
        ISO 4217 code that the invented prices are said in.

    Returns
    -------
    prices : PriceSeries
        Prices without any column beside them.
    weather : WeatherForecast
        Hourly forecasts, two runs a day, of which the one of midnight UTC is known before the gate.

    Examples
    --------
    >>> prices, weather = planted_market(7, 2)
    >>> prices.n_times, dict(prices.columns), prices.is_synthetic, weather.is_synthetic
    (48, {}, True, True)
    >>> weather.n_distinct_times, list(weather.columns)
    (48, ['temperature_c', 'wind_speed_m_per_s', 'radiation_w_per_m2', 'cloud_cover'])
    """
    spells = tuple(_spell(wave) for wave in heat_waves)
    days = weather_market_days(seed, start, n_days, step=step, zone=zone, spells=spells)
    runs = weather_runs(seed, start, n_days, zone=zone, spells=spells)
    prices = PriceSeries(
        time_ns=days.time_ns,
        price_per_mwh=days.price_per_mwh,
        step=step,
        currency=currency,
        zone=zone,
        rule=DAY_AHEAD_AUCTION,
        holidays=holidays_of(start.year, start.year + n_days // 365 + 2),
        source=f"synthetic market driven by weather, seed {seed}",
        is_synthetic=True,
    )
    character = MarketCharacter()
    weather = WeatherForecast(
        time_ns=runs.time_ns,
        known_at_ns=runs.known_at_ns,
        columns=MappingProxyType(
            {
                "temperature_c": runs.temperature_c,
                "wind_speed_m_per_s": runs.wind_speed_m_per_s,
                "radiation_w_per_m2": runs.radiation_w_per_m2,
                "cloud_cover": runs.cloud_cover,
            }
        ),
        step=timedelta(hours=1),
        place=Place(latitude_deg=character.latitude_deg, longitude_deg=character.longitude_deg, name="synthetic zone"),
        source=f"synthetic weather forecasts, seed {seed}",
        is_synthetic=True,
    )
    return prices, weather


def _spell(wave: HeatWave) -> Spell:
    return Spell(kind=SpellKind.HEAT, first_day=wave.first_day, n_days=wave.n_days, temperature_c=wave.temperature_c)
