"""Prices for whoever asks: a file with all that was stated about it, or the built-in synthetic market."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date, time
from pathlib import Path

import numpy as np

from battuta.adapters.markets.files.reader import read_prices
from battuta.adapters.markets.simulated import simulated_prices
from battuta.app.holidays import NONE, with_holidays
from battuta.domain.errors import ClockError, CurrencyError, DataError, UsageError
from battuta.domain.imports import PriceImport
from battuta.domain.prices import PriceSeries
from battuta.domain.publication import LocalTimeRule
from battuta.domain.time import from_ns
from battuta.numerics.arrays import FloatArray

SYNTHETIC_START = date(2026, 1, 1)
FORECAST_SOURCES = {"epf": "epf_forecast", "ddnn": "ddnn_forecast"}


@dataclass(frozen=True, slots=True, kw_only=True)
class PriceRequest:
    """A price file and what its user stated about it; see `battuta.adapters.markets.files.reader.read_prices`.

    Attributes
    ----------
    path : Path
        The file.
    source : str
        How it is written.
    clock, zone, currency, price_column : str or None
        What the file itself does not say.
    allow : tuple of str
        Findings that are let pass by name.
    gate : str or None
        When day-ahead orders close; see `with_gate`.
    holidays : str
        Whose public holidays stand beside the prices; see `battuta.app.holidays.with_holidays`.
    """

    path: Path
    source: str = "canonical"
    clock: str | None = None
    zone: str | None = None
    currency: str | None = None
    price_column: str | None = None
    allow: tuple[str, ...] = field(default_factory=tuple)
    gate: str | None = None
    holidays: str = NONE


def load_prices(request: PriceRequest) -> PriceImport:
    """Read a price file; nothing is guessed.

    Parameters
    ----------
    request : PriceRequest
        The file.

    Returns
    -------
    PriceImport
        The series and what was seen in the file.
    """
    imported = read_prices(
        request.path,
        source=request.source,
        clock=request.clock,
        zone=request.zone,
        currency=request.currency,
        price_column=request.price_column,
        allow=request.allow,
    )
    return replace(imported, series=with_holidays(with_gate(imported.series, request.gate), request.holidays))


def with_gate(prices: PriceSeries, gate: str | None) -> PriceSeries:
    """Return the same prices with another closure of day-ahead orders.

    Parameters
    ----------
    prices : PriceSeries
        The series.
    gate : str or None
        Wall clock of the market on the day before delivery, as ``11:00``; None leaves it as it is.

    Returns
    -------
    PriceSeries
        The series.

    Raises
    ------
    UsageError
        If it is no time of day, or the prices of the day are known by then.
    """
    if gate is None:
        return prices
    try:
        closes = time.fromisoformat(gate)
    except ValueError:
        closes = None
    if closes is None or closes.tzinfo is not None:
        message = f"the gate {gate!r} is no time of day; give one of the market's wall clock, such as 11:00"
        raise UsageError(message)
    rule = prices.rule
    if isinstance(rule, LocalTimeRule) and rule.day_offset < 0 and rule.at <= closes:
        message = f"at {closes:%H:%M} the prices of the day are known ({rule}); give an earlier gate"
        raise UsageError(message)
    return replace(prices, gate=closes)


def synthetic_prices(seed: int, n_days: int, *, zone: str = "Europe/Berlin", currency: str = "EUR") -> PriceSeries:
    """Prices of the built-in synthetic market, labelled so wherever they show."""
    return simulated_prices(seed, SYNTHETIC_START, n_days, zone=zone, currency=currency)


def aligned_forecast(forecast: PriceSeries, prices: PriceSeries) -> FloatArray:
    """Lay a forecast on the intervals of a price series.

    Parameters
    ----------
    forecast : PriceSeries
        Forecast prices.
    prices : PriceSeries
        What is to be forecast.

    Returns
    -------
    ndarray, shape (n_times,)
        Forecast, NaN where there is none. [currency/MWh]

    Raises
    ------
    ClockError
        If one carries real time and the other the benchmark clock.
    CurrencyError
        If the currencies differ.
    DataError
        If the intervals differ or nothing overlaps.
    """
    if forecast.clock is not prices.clock:
        message = f"the forecast has the clock {forecast.clock}, the prices {prices.clock}; they cannot be joined"
        raise ClockError(message)
    if forecast.currency != prices.currency:
        message = f"the forecast is in {forecast.currency}, the prices in {prices.currency}; state a conversion first"
        raise CurrencyError(message)
    if forecast.step != prices.step:
        message = f"the forecast has intervals of {forecast.step}, the prices of {prices.step}"
        raise DataError(message)
    place = np.searchsorted(prices.time_ns, forecast.time_ns)
    inside = (place < prices.n_times) & (prices.time_ns[np.minimum(place, prices.n_times - 1)] == forecast.time_ns)
    if not np.any(inside):
        begin, end = from_ns(int(forecast.time_ns[0])), from_ns(int(forecast.time_ns[-1]))
        message = f"the forecast covers {begin:%Y-%m-%d} to {end:%Y-%m-%d}, no interval of which has a price"
        raise DataError(message)
    aligned = np.full(prices.n_times, np.nan)
    aligned[place[inside]] = forecast.price_per_mwh[inside]
    return aligned
