"""Price forecasts that need no model: what yesterday, a similar day, or the last four weeks looked like.

Each takes what was known at the gate and returns one price per interval of the delivery day. Days of 23 or 25 hours are
mapped by wall-clock minute, so that noon stays noon.
"""

from __future__ import annotations

import numpy as np

from battuta.domain.errors import StaleDataError
from battuta.domain.prices import PriceView
from battuta.forecast.day_table import KnownDays
from battuta.forecast.week import DAYS_PER_WEEK, MONDAY, SATURDAY
from battuta.numerics.arrays import FloatArray

PROFILE_DAYS = 28


def persistence(view: PriceView, day: int) -> FloatArray:
    """Prices of the latest delivery day that is known in full.

    Parameters
    ----------
    view : PriceView
        What is known at the gate.
    day : int
        Number of the delivery day in ``view.days``.

    Returns
    -------
    ndarray, shape (n_steps_of_day,)
        Forecast. [currency/MWh]

    Raises
    ------
    StaleDataError
        If no complete day is known.
    """
    return _like(view, day, _latest_complete(view, day - 1))


def similar_day(view: PriceView, day: int) -> FloatArray:
    """Prices of a week ago for Monday, Saturday and Sunday, else of the latest known day.

    Parameters
    ----------
    view : PriceView
        What is known at the gate.
    day : int
        Number of the delivery day.

    Returns
    -------
    ndarray, shape (n_steps_of_day,)
        Forecast. [currency/MWh]
    """
    weekday = view.days.dates[day].weekday()
    is_special = weekday == MONDAY or weekday >= SATURDAY
    source = day - DAYS_PER_WEEK if is_special else day - 1
    return _like(view, day, _latest_complete(view, source))


def similar_day_rows(known: KnownDays) -> FloatArray:
    """Prices by slot of a week ago for Monday, Saturday and Sunday, else of the day before.

    Parameters
    ----------
    known : KnownDays
        What is known at the gate.

    Returns
    -------
    ndarray, shape (n_slots,)
        Forecast; where the wanted day has gaps or is not known yet, the latest one before it that is whole.
        [currency/MWh]

    Raises
    ------
    StaleDataError
        If no whole day is known.
    """
    weekday = known.dates[known.day].weekday()
    is_special = weekday == MONDAY or weekday >= SATURDAY
    source = min(known.day - (DAYS_PER_WEEK if is_special else 1), known.price_per_mwh.shape[0] - 1)
    while source >= 0 and not np.isfinite(known.price_per_mwh[source]).all():
        source -= 1
    if source < 0:
        message = f"no complete day before {known.dates[known.day]} is known; give more history"
        raise StaleDataError(message)
    return known.price_per_mwh[source]


def median_profile(view: PriceView, day: int, n_days: int = PROFILE_DAYS) -> FloatArray:
    """Median price of each wall-clock minute over the last known days.

    Parameters
    ----------
    view : PriceView
        What is known at the gate.
    day : int
        Number of the delivery day.
    n_days : int
        How many complete days to look back on.

    Returns
    -------
    ndarray, shape (n_steps_of_day,)
        Forecast. [currency/MWh]

    Raises
    ------
    StaleDataError
        If no complete day is known.
    """
    profiles = recent_profiles(view, day, n_days)
    return np.median(profiles, axis=0)


def recent_profiles(view: PriceView, day: int, n_days: int) -> FloatArray:
    """Prices of the last complete known days, each laid on the intervals of a delivery day.

    Parameters
    ----------
    view : PriceView
        What is known at the gate.
    day : int
        Number of the delivery day.
    n_days : int
        Most days wanted.

    Returns
    -------
    ndarray, shape (n_profiles, n_steps_of_day)
        Latest day first. [currency/MWh]
    """
    sources: list[int] = []
    source = min(view.n_known_days(), day) - 1
    while source >= 0 and len(sources) < n_days:
        if view.is_complete(source):
            sources.append(source)
        source -= 1
    if not sources:
        raise StaleDataError(_no_day(view))
    return np.array([_like(view, day, source) for source in sources])


def _latest_complete(view: PriceView, wanted: int) -> int:
    source = min(wanted, view.n_known_days() - 1)
    while source >= 0 and not view.is_complete(source):
        source -= 1
    if source < 0:
        raise StaleDataError(_no_day(view))
    return source


def _no_day(view: PriceView) -> str:
    n_known = view.n_known_days()
    last = f"up to {view.days.dates[n_known - 1]}" if n_known else "before the first delivery day"
    return f"no complete day {last} is known; give more history or a later test window"


def _like(view: PriceView, day: int, source: int) -> FloatArray:
    """Lay the prices of one day on the intervals of another by wall-clock minute."""
    there, here = view.days.steps(source), view.days.steps(day)
    prices = view.values(there.start, there.stop)
    if here.stop - here.start == there.stop - there.start == view.steps_per_day:
        return prices.copy()
    minutes_there, minutes_here = view.minutes(there), view.minutes(here)
    order = np.argsort(minutes_there, kind="stable")
    place = np.searchsorted(minutes_there[order], minutes_here, side="right") - 1
    return prices[order][np.clip(place, 0, None)]
