"""Schedules for whoever asks: choose days and an engine by name, and time what the engine took."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from time import perf_counter

from battuta.domain.asset import Site
from battuta.domain.curves import Curve
from battuta.domain.errors import CurrencyError, DataError, InvalidQuantityError, UsageError
from battuta.domain.market import Schedule
from battuta.domain.prices import PriceSeries
from battuta.trading.problem import storage_problem
from battuta.trading.schedule import Engine, schedule

_N_DIGITS_MAX = 6


def engine_by_name(name: str) -> Engine:
    """Return the engine of a name.

    Raises
    ------
    UsageError
        If there is none; the message lists those there are.
    """
    if name not in {engine.value for engine in Engine}:
        message = f"engine {name!r} is not known; choose from {', '.join(engine.value for engine in Engine)}"
        raise UsageError(message)
    return Engine(name)


def select_days(series: PriceSeries, *, day: str | None = None, last_days: int | None = None) -> PriceSeries:
    """Cut whole local delivery days out of a series.

    Parameters
    ----------
    series : PriceSeries
        All prices.
    day : str or None
        One local day as ``YYYY-MM-DD``.
    last_days : int or None
        Number of last days.

    Returns
    -------
    PriceSeries
        The days, or the whole series when neither is given.

    Raises
    ------
    UsageError
        If both are given or the day is not a date.
    DataError
        If the series does not cover the day.
    """
    if day is not None and last_days is not None:
        message = "give either one day or a number of last days, not both"
        raise UsageError(message)
    days = series.days()
    if day is not None:
        wanted = _date(day)
        if wanted not in days.dates:
            message = f"{wanted} is not in the prices, which cover {days.dates[0]} to {days.dates[-1]}"
            raise DataError(message)
        return series.slice(days.steps(days.dates.index(wanted)))
    if last_days is not None:
        if not 1 <= last_days <= len(days.dates):
            message = f"last days = {last_days} is outside [1, {len(days.dates)}], the days of the prices"
            raise UsageError(message)
        return series.slice(slice(int(days.start_index[-1 - last_days]), series.n_times))
    return series


def _date(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        message = f"day {text!r} is not a date; write it as YYYY-MM-DD"
        raise UsageError(message) from None


def require_temperature(temperature_c: float | None) -> None:
    """Refuse what is no temperature of a cell.

    Raises
    ------
    InvalidQuantityError
        If it is not within -60 and 100 degC.
    """
    if temperature_c is not None and not -60.0 <= temperature_c <= 100.0:
        raise InvalidQuantityError("temperature_c", temperature_c, -60.0, 100.0, "degC")


def timed_schedule(
    series: PriceSeries,
    site: Site,
    engine: Engine = Engine.AUTO,
    *,
    soc_start: float | None = None,
    soc_end: float | None = None,
    temperature_c: float | None = None,
    terminal_value: Curve | None = None,
    is_calm: bool = True,
) -> Schedule:
    """Find the best schedule for a series of prices.

    Parameters
    ----------
    series : PriceSeries
        Prices of the horizon, none missing.
    site : Site
        The asset, in the same currency.
    engine : Engine
        Which engine.
    soc_start, soc_end : float or None
        In place of the asset's own. [-]
    temperature_c : float or None
        Cell temperature for the tapers. [degC]
    terminal_value : Curve or None
        Value of energy left: x soc [-], y [currency].
    is_calm : bool
        True takes the calmest of equally good plans.

    Returns
    -------
    Schedule
        With the seconds that the engine took.

    Raises
    ------
    CurrencyError
        If prices and site differ in currency.
    InvalidQuantityError
        If a state of charge or the temperature is no such thing; bounds of the asset are `InfeasibleError`'s.
    InfeasibleError
        Naming the bounds that conflict and by how much.
    """
    if series.currency != site.currency:
        message = f"prices are in {series.currency}, the site counts in {site.currency}; state a conversion first"
        raise CurrencyError(message)
    for name, soc in (("soc_start", soc_start), ("soc_end", soc_end)):
        if soc is not None and not 0.0 <= soc <= 1.0:
            raise InvalidQuantityError(name, soc, 0.0, 1.0, "-")
    require_temperature(temperature_c)
    problem = storage_problem(
        site,
        series.price_per_mwh,
        series.step_h,
        soc_start=soc_start,
        soc_end=soc_end,
        temperature_c=temperature_c,
        terminal_value=terminal_value,
    )
    started = perf_counter()
    found = schedule(problem, series.time_ns, series.step, engine, is_calm=is_calm)
    return replace(found, price_per_mwh=series.price_per_mwh, seconds=perf_counter() - started)


def parse_days(text: str) -> int:
    """Read a duration such as ``7d`` or ``168h`` as whole days.

    Raises
    ------
    UsageError
        If it is not a positive whole number of days.

    Examples
    --------
    >>> parse_days("7d"), parse_days("48h")
    (7, 2)
    """
    units = {"d": timedelta(days=1), "h": timedelta(hours=1)}
    number, unit = text[:-1], text[-1:]
    if unit not in units or not (number.isascii() and number.isdigit()) or len(number) > _N_DIGITS_MAX:
        message = f"duration {text[:40]!r} is not understood; write e.g. 7d or 48h"
        raise UsageError(message)
    days = int(number) * units[unit] / timedelta(days=1)
    if days < 1 or days != int(days):
        message = f"duration {text!r} must be a whole number of days, at least one"
        raise UsageError(message)
    return int(days)
