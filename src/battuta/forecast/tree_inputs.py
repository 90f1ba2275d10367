"""What trees split on: one row per slot of a day, with prices measured against their last four weeks.

Measured that way, a tree that learned at 40 EUR/MWh still holds at 200: level and spread of the last 28 days are taken
out of every price, of the target too, and given back to the forecast.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from battuta.forecast.day_table import HOURS_PER_DAY, KnownDays
from battuta.forecast.gaps import bridged
from battuta.forecast.regressors import lags_days_of
from battuta.numerics.arrays import BoolArray, FloatArray

LEVEL_DAYS = 28
_WEEK = 7
_TINY = 1e-9


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class TreeRows:
    """Days as trees see them.

    Attributes
    ----------
    inputs : ndarray, shape (n_days, n_slots, n_inputs)
        What is split on.
    level, spread : ndarray, shape (n_days,)
        Mean and standard deviation of the 28 days before. [currency/MWh]
    target : ndarray, shape (n_days, n_slots)
        (price - level) / spread; the day to forecast has none. [-]
    is_usable : ndarray of bool, shape (n_days,)
        True for days whose prices are all known.
    """

    inputs: FloatArray
    level: FloatArray
    spread: FloatArray
    target: FloatArray
    is_usable: BoolArray


def tree_rows(known: KnownDays, columns: Mapping[str, FloatArray], first: int) -> TreeRows:
    """Lay out the days from `first` to the one to forecast.

    Parameters
    ----------
    known : KnownDays
        What is known at the gate.
    columns : mapping of str to ndarray, shape (day + 1, n_slots)
        The exogenous series in use. [unit]
    first : int
        First day, at least 28 days after the beginning of history.

    Returns
    -------
    TreeRows
        Rows of the days ``[first, day]``.
    """
    start, n_rows = first - LEVEL_DAYS, known.day + 1 - first
    price = np.full((known.day + 1 - start, known.n_slots), np.nan)
    given = known.price_per_mwh[start:]
    price[: given.shape[0]] = given
    filled, _ = bridged(price)
    before = sliding_window_view(filled[:-1], LEVEL_DAYS, axis=0)
    level, spread = before.mean(axis=(1, 2)), before.std(axis=(1, 2)) + _TINY
    centre, width = level[:, None], spread[:, None]
    inputs = [(each - centre) / width for each in _price_inputs(filled, n_rows, lags_days_of(known))]
    for values in columns.values():
        inputs += _column_inputs(bridged(values[start:])[0], n_rows)
    inputs += _calendar_inputs(known, first)
    inputs.append(_spread_of_day((spread / np.maximum(np.abs(level), _TINY))[:, None], known.n_slots))
    return TreeRows(
        inputs=np.stack(inputs, axis=-1),
        level=level,
        spread=spread,
        target=(filled[LEVEL_DAYS:] - centre) / width,
        is_usable=np.sum(np.isnan(price[LEVEL_DAYS:]), axis=1) == 0,
    )


def _lagged(rows: FloatArray, lag_days: int, n_rows: int) -> FloatArray:
    return rows[LEVEL_DAYS - lag_days : LEVEL_DAYS - lag_days + n_rows]


def _spread_of_day(daily: FloatArray, n_slots: int) -> FloatArray:
    """Repeat a value of each day over its slots."""
    return np.repeat(daily, n_slots, axis=1)


def _price_inputs(filled: FloatArray, n_rows: int, lags_days: tuple[int, ...]) -> list[FloatArray]:
    n_slots = filled.shape[1]
    yesterday, before, before_that, week = (_lagged(filled, lag, n_rows) for lag in lags_days)
    seven = sliding_window_view(filled[LEVEL_DAYS - _WEEK : -1], _WEEK, axis=0).mean(axis=2)
    daily = [
        yesterday.mean(axis=1),
        yesterday.min(axis=1),
        yesterday.max(axis=1),
        yesterday[:, -1],
        week.mean(axis=1),
        before.mean(axis=1),
    ]
    wide = [_spread_of_day(each[:, None], n_slots) for each in daily]
    return [yesterday, before, before_that, week, seven, *wide]


def _column_inputs(rows: FloatArray, n_rows: int) -> list[FloatArray]:
    n_slots = rows.shape[1]
    hour = max(n_slots // HOURS_PER_DAY, 1)
    today, yesterday, week = (_lagged(rows, lag, n_rows) for lag in (0, 1, _WEEK))
    after = np.concatenate([today[:, hour:], np.repeat(today[:, -1:], hour, axis=1)], axis=1)
    earlier = np.concatenate([np.repeat(today[:, :1], hour, axis=1), today[:, :-hour]], axis=1)
    mean = today.mean(axis=1, keepdims=True)
    window = sliding_window_view(rows[:-1], LEVEL_DAYS, axis=0)
    usual, width = window.mean(axis=(1, 2))[:, None], window.std(axis=(1, 2))[:, None] + _TINY
    rank = np.argsort(np.argsort(today, axis=1, kind="stable"), axis=1, kind="stable").astype(np.float64)
    daily = [
        mean,
        today.max(axis=1, keepdims=True),
        today.min(axis=1, keepdims=True),
        mean - yesterday.mean(axis=1, keepdims=True),
    ]
    wide = [_spread_of_day(each, n_slots) for each in daily]
    here = [today, today - yesterday, today - week, after - today, today - earlier, rank, today - mean]
    return [*here, *wide, (today - usual) / width]


def _calendar_inputs(known: KnownDays, first: int) -> list[FloatArray]:
    dates, n_slots = known.dates[first:], known.n_slots
    weekday = known.weekday[first:, None].astype(np.float64)
    day_of_year = np.array([[float(each.timetuple().tm_yday)] for each in dates])
    slot = np.tile(np.arange(float(n_slots)), (len(dates), 1))
    return [slot, _spread_of_day(weekday, n_slots), _spread_of_day(day_of_year, n_slots)]
