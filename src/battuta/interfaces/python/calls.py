"""What a notebook calls: read prices, run a backtest, find a schedule."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from battuta.app.forecasts import local_compute
from battuta.app.frames import ArrowStream, prices_from_frame
from battuta.app.holidays import OF_ZONE, with_holidays
from battuta.app.prices import PriceRequest, aligned_forecast, load_prices, with_gate
from battuta.app.prices import synthetic_prices as _synthetic_prices
from battuta.app.schedules import engine_by_name, timed_schedule
from battuta.domain.asset import Site
from battuta.domain.prices import PriceSeries
from battuta.interfaces.python.arguments import (
    listed,
    listed_names,
    require_count,
    require_numbers,
    require_prices,
    require_site,
    require_stated,
    require_text,
)
from battuta.interfaces.python.results import Backtest, Plan
from battuta.studies.backtest import run_backtest
from battuta.studies.strategies.strategy import Strategy

DEFAULT_STRATEGIES = ("idle", "fixed_time_fitted", "percentile", "persistence", "similar_day", "median_profile_28d")


def read_prices(
    prices: str | Path | ArrowStream,
    *,
    source: str = "canonical",
    clock: str | None = None,
    zone: str | None = None,
    currency: str | None = None,
    price_column: str | None = None,
    gate: str | None = None,
    holidays: str = OF_ZONE,
    allow: Iterable[str] = (),
) -> PriceSeries:
    """Read prices from a file or a data frame; nothing is guessed, nothing filled.

    Parameters
    ----------
    prices : str, Path, or a polars, pandas or Arrow table
        A file, or a frame with the columns ``time`` and ``price_per_mwh`` (or ``price_eur_per_mwh``, ...).
    source : str
        How a file is written: ``canonical``, ``epf``, ``entsoe``, ``nyiso``, ...
    clock, zone, currency, price_column : str or None
        What the data do not say themselves.
    gate : str or None
        When day-ahead orders close, market time of the day before delivery; 12:00 if left out.
    holidays : str
        Public holidays, which forecasts count as Sundays: those of a country or a part of it (``DE``, ``DE-BY``),
        ``zone`` for the country of the prices' zone, or ``none``.
    allow : iterable of str
        Kinds of findings that are let pass, such as ``gap``.

    Returns
    -------
    PriceSeries
        Prices on a regular grid.

    Examples
    --------
    >>> read_prices("examples/synthetic_prices.csv", zone="Europe/Berlin").n_times
    2159
    """
    here = "bt.read_prices"
    require_text(here, source=source, holidays=holidays)
    require_stated(here, clock=clock, zone=zone, currency=currency, price_column=price_column, gate=gate)
    allowed = listed_names(here, "allow", allow)
    if isinstance(prices, str | Path):
        request = PriceRequest(
            path=Path(prices),
            source=source,
            clock=clock,
            zone=zone,
            currency=currency,
            price_column=price_column,
            allow=allowed,
            gate=gate,
            holidays=holidays,
        )
        return load_prices(request).series
    series = prices_from_frame(
        prices, clock=clock, zone=zone, currency=currency, price_column=price_column, allow=allowed
    ).series
    return with_holidays(with_gate(series, gate), holidays)


def synthetic_prices(seed: int, n_days: int, *, zone: str = "Europe/Berlin", currency: str = "EUR") -> PriceSeries:
    """Make prices of the built-in synthetic market, labelled synthetic wherever they show.

    Parameters
    ----------
    seed : int
        Same seed, same bytes.
    n_days : int
        Number of local days.
    zone, currency : str
        Zone of the delivery day and currency.

    Returns
    -------
    PriceSeries
        Hourly day-ahead prices.
    """
    require_count("bt.synthetic_prices", seed=seed, n_days=n_days)
    require_text("bt.synthetic_prices", zone=zone, currency=currency)
    return _synthetic_prices(seed, n_days, zone=zone, currency=currency)


def backtest(
    prices: PriceSeries,
    site: Site,
    strategies: Iterable[str | Strategy] = DEFAULT_STRATEGIES,
    *,
    test_days: int = 28,
    forecast: PriceSeries | None = None,
    engine: str = "auto",
    temperature_c: float | None = None,
) -> Backtest:
    """Run strategies over the last days of a price series.

    Parameters
    ----------
    prices : PriceSeries
        Prices with history.
    site : Site
        The asset.
    strategies : iterable of str or Strategy
        Names, or strategies of one's own.
    test_days : int
        Number of last delivery days.
    forecast : PriceSeries or None
        Forecast for ``day_ahead``; left out, it makes its own.
    engine : str
        ``auto``, ``dynamic`` or ``milp``.
    temperature_c : float or None
        Cell temperature for the temperature tapers. [degC]

    Returns
    -------
    Backtest
        With ``.table``, ``.steps`` and ``.plot``.
    """
    here = "bt.backtest"
    require_prices(here, "prices", prices)
    require_site(here, "site", site)
    require_count(here, test_days=test_days)
    require_text(here, engine=engine)
    require_numbers(here, temperature_c=temperature_c)
    chosen = tuple(each if isinstance(each, Strategy) else str(each) for each in listed(here, "strategies", strategies))
    if forecast is not None:
        require_prices(here, "forecast", forecast)
    aligned = None if forecast is None else aligned_forecast(forecast, prices)
    result = run_backtest(
        prices,
        site,
        chosen,
        test_days,
        forecast_per_mwh=aligned,
        engine=engine_by_name(engine),
        temperature_c=temperature_c,
        compute=local_compute(),
    )
    return Backtest(result)


def schedule(
    prices: PriceSeries,
    site: Site,
    *,
    engine: str = "auto",
    soc_start: float | None = None,
    soc_end: float | None = None,
    temperature_c: float | None = None,
) -> Plan:
    """Find the best schedule for all prices of a series.

    Parameters
    ----------
    prices : PriceSeries
        Prices of the horizon, none missing.
    site : Site
        The asset.
    engine : str
        ``auto``, ``dynamic`` or ``milp``.
    soc_start, soc_end : float or None
        In place of the asset's own. [-]
    temperature_c : float or None
        Cell temperature for the temperature tapers. [degC]

    Returns
    -------
    Plan
        With ``.objective``, ``.table`` and ``.plot``.
    """
    here = "bt.schedule"
    require_prices(here, "prices", prices)
    require_site(here, "site", site)
    require_text(here, engine=engine)
    require_numbers(here, soc_start=soc_start, soc_end=soc_end, temperature_c=temperature_c)
    found = timed_schedule(
        prices,
        site,
        engine_by_name(engine),
        soc_start=soc_start,
        soc_end=soc_end,
        temperature_c=temperature_c,
    )
    return Plan(found, site, prices)
