"""The synthetic market as a price series: labelled synthetic wherever it shows, never taken for a record."""

from __future__ import annotations

from datetime import date, timedelta
from types import MappingProxyType

from battuta.domain.prices import Column, PriceSeries
from battuta.domain.publication import BEFORE_DAY_AHEAD_GATE, DAY_AHEAD_AUCTION
from battuta.world.market import MarketCharacter, holidays_of, market_days


def simulated_prices(
    seed: int,
    start: date,
    n_days: int,
    *,
    step: timedelta = timedelta(hours=1),
    zone: str = "Europe/Berlin",
    currency: str = "EUR",
    character: MarketCharacter | None = None,
) -> PriceSeries:
    """Make day-ahead prices of a market that never was.

    Parameters
    ----------
    seed : int
        Same seed, same bytes. [-]
    start : date
        First local delivery day.
    n_days : int
        Number of local delivery days.
    step : timedelta
        Market time unit, 15 minutes or one hour.
    zone : str
        IANA zone of the delivery day.
    currency : str
        ISO 4217 code that the invented prices are said in.
    character : MarketCharacter, optional
        Kind of zone; the default imitates central Europe.

    Returns
    -------
    PriceSeries
        Prices with the day-ahead forecasts of load, sun and wind as columns, known before the gate as a
        forecaster delivers them.

    Examples
    --------
    >>> prices = simulated_prices(7, date(2026, 6, 1), 2)
    >>> prices.n_times, prices.source, prices.is_synthetic
    (48, 'synthetic market, seed 7', True)
    """
    days = market_days(seed, start, n_days, step=step, zone=zone, character=character)
    forecasts = {
        "load_forecast_mw": days.load_mw,
        "solar_forecast_mw": days.solar_mw,
        "wind_forecast_mw": days.wind_mw,
    }
    return PriceSeries(
        time_ns=days.time_ns,
        price_per_mwh=days.price_per_mwh,
        step=step,
        currency=currency,
        zone=zone,
        rule=DAY_AHEAD_AUCTION,
        columns=MappingProxyType(
            {name: Column(values=values, unit="MW", rule=BEFORE_DAY_AHEAD_GATE) for name, values in forecasts.items()}
        ),
        holidays=holidays_of(start.year, start.year + n_days // 365 + 2),
        source=f"synthetic market, seed {seed}",
        is_synthetic=True,
    )
