"""Which delivery day is to be forecast next, and a price series that reaches far enough to hold it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, time, timedelta
from types import MappingProxyType

import numpy as np

from battuta.domain.errors import StaleDataError
from battuta.domain.prices import PriceSeries
from battuta.domain.time import duration_ns, local_instant_ns
from battuta.numerics.arrays import FloatArray


def with_next_day(prices: PriceSeries) -> tuple[PriceSeries, int]:
    """Find the first delivery day that waits for its prices, or for the last of them.

    Parameters
    ----------
    prices : PriceSeries
        Prices, the last day maybe not to its end; after it there may be days that have exogenous values only.

    Returns
    -------
    series : PriceSeries
        The same, with two whole days after the last one that has prices; what was not given is missing. The second lets
        the clock's change on the first be seen for what it is.
    day : int
        Number of the day to forecast in it.

    Raises
    ------
    StaleDataError
        If no price is known.
    """
    known = np.flatnonzero(np.isfinite(prices.price_per_mwh))
    if known.size == 0:
        message = "no price is known at all; a forecast learns from past prices"
        raise StaleDataError(message)
    last, days = int(known[-1]), prices.days()
    day = int(np.searchsorted(days.start_index, last, side="right"))
    step_ns = duration_ns(prices.step)
    if (int(days.start_ns[day]) - int(prices.time_ns[last])) // step_ns > 1:
        day -= 1  # its first prices are there, the rest is to be forecast
    end_ns = local_instant_ns(_date(days.dates, day) + timedelta(days=2), time(0), prices.zone)
    n_more = max((end_ns - int(prices.time_ns[-1])) // step_ns - 1, 0)
    return _longer(prices, n_more), day


def _date(dates: tuple[date, ...], day: int) -> date:
    return dates[day] if day < len(dates) else dates[day - 1] + timedelta(days=1)


def _longer(prices: PriceSeries, n_more: int) -> PriceSeries:
    step_ns = duration_ns(prices.step)
    more_ns = int(prices.time_ns[-1]) + step_ns * np.arange(1, n_more + 1, dtype=np.int64)

    def longer(values: FloatArray) -> FloatArray:
        return np.concatenate([values, np.full(n_more, np.nan)])

    return replace(
        prices,
        time_ns=np.concatenate([prices.time_ns, more_ns]),
        price_per_mwh=longer(prices.price_per_mwh),
        columns=MappingProxyType(
            {name: replace(column, values=longer(column.values)) for name, column in prices.columns.items()}
        ),
    )
