"""What a day-ahead model looks at: prices of recent days, day-ahead series of the day itself, and the weekday.

Prices and every exogenous series are brought onto their own asinh scale over the calibration window, then lagged.
A series that is not published for the delivery day is left out of that day's model; a series with one value per day,
such as a fuel price, enters once, with its latest value.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from battuta.domain.errors import StaleDataError
from battuta.forecast.asinh_scale import AsinhScale
from battuta.forecast.day_table import HOURS_PER_DAY, KnownDays
from battuta.forecast.gaps import bridged
from battuta.forecast.residual_load import RESIDUAL_LOAD, residual_load_mw
from battuta.forecast.week import DAYS_PER_WEEK
from battuta.numerics.arrays import BoolArray, FloatArray

PRICE_LAGS = (1, 2, 3, 7)
COLUMN_LAGS = (0, 1, 7)
LOOK_BACK_DAYS = 7
MISSING_SHARE_MAX = 0.3
_STALE_DAYS_MAX = 3
_BEND = 0.5


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Block:
    """Regressors of one kind: a series at one lag.

    Attributes
    ----------
    name : str
        The series.
    lag_days : int
        How many days back.
    values : ndarray, shape (n_rows + 1, n_block)
        On the asinh scale; the last row is the day to forecast. [-]
    """

    name: str
    lag_days: int
    values: FloatArray


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Regressors:
    """A calibration window, ready to regress on.

    Attributes
    ----------
    blocks : tuple of Block
        Prices, exogenous series, and the weekday as seven flags (name ``weekday``).
    target : ndarray, shape (n_rows, n_slots)
        Prices of the window on the asinh scale. [-]
    scale : AsinhScale
        Brings a forecast back to prices.
    is_usable : ndarray of bool, shape (n_rows,)
        False for days whose own price has gaps: they are looked back on, never learned from.
    """

    blocks: tuple[Block, ...]
    target: FloatArray
    scale: AsinhScale
    is_usable: BoolArray

    def matrix(self) -> FloatArray:
        """All blocks side by side, shape (n_rows + 1, n_regressors); the last row is the day to forecast. [-]"""
        return np.concatenate([block.values for block in self.blocks], axis=1)


def regressors(known: KnownDays, window_days: int, *, is_bent: bool = False) -> Regressors:
    """Lay out a calibration window.

    Parameters
    ----------
    known : KnownDays
        What is known at the gate.
    window_days : int
        Most days to learn from.
    is_bent : bool
        False for the regressors of LEAR as published. True for one scale of the price over all hours, holidays as
        Sundays, and beside them residual load, how far it lies above and below its middle, and what yesterday and the
        last week amounted to.

    Returns
    -------
    Regressors
        The window, shorter where history is.

    Raises
    ------
    StaleDataError
        If no day can be learned from, or the latest known prices are older than three days.
    """
    day, first = known.day, max(known.day - window_days, LOOK_BACK_DAYS)
    rows = _price_rows(known, first)
    filled, _ = bridged(rows)
    own = filled[LOOK_BACK_DAYS:]
    scale = AsinhScale.of(own.reshape(-1, 1) if is_bent else own)
    scaled = scale.apply(filled)
    hourly = by_hour(scaled)
    blocks = [_lagged("price", hourly, lag, first, day) for lag in lags_days_of(known)]
    for name, values in known.columns.items():
        blocks += _column_blocks(name, values, first, day)
    if is_bent:
        blocks += bent_blocks(known, blocks, hourly, first)
    weekday = known.weekday[first:] if is_bent else np.array([each.weekday() for each in known.dates[first:]])
    flags = (weekday[:, None] == np.arange(DAYS_PER_WEEK)).astype(np.float64)
    return Regressors(
        blocks=(*blocks, Block(name="weekday", lag_days=0, values=flags)),
        target=scaled[LOOK_BACK_DAYS:],
        scale=scale,
        is_usable=np.sum(np.isnan(rows[LOOK_BACK_DAYS:]), axis=1) == 0,
    )


def bent_blocks(known: KnownDays, straight: Sequence[Block], hourly: FloatArray, first: int) -> list[Block]:
    """Regressors in which a straight line in prices and loads finds bends and levels.

    Parameters
    ----------
    known : KnownDays
        What is known at the gate.
    straight : sequence of Block
        Those of the window so far.
    hourly : ndarray, shape (n_rows + 7, n_hours)
        Scaled prices from a week before the window on. [-]
    first : int
        First day of the window.

    Returns
    -------
    list of Block
        Residual load with its lags, its distance above and below the middle, and sums of past prices.
    """
    used = {block.name: known.columns[block.name] for block in straight if block.name in known.columns}
    timely = {name: values for name, values in used.items() if values.shape[0] == known.day + 1}
    left = residual_load_mw(timely)
    blocks = [] if left is None else _column_blocks(RESIDUAL_LOAD, left, first, known.day)
    driving = [block for block in (*straight, *blocks) if block.name.endswith("_mw") and block.lag_days == 0]
    if driving:
        middle = driving[-1]
        above, below = np.maximum(middle.values - _BEND, 0.0), np.maximum(-_BEND - middle.values, 0.0)
        blocks += [Block(name=middle.name, lag_days=0, values=each) for each in (above, below)]
    yesterday = _lagged("price", hourly, 1 + known.late_days, first, known.day).values
    week = sliding_window_view(hourly, LOOK_BACK_DAYS, axis=0).mean(axis=2)[: yesterday.shape[0]]
    sums = [yesterday.min(axis=1), yesterday.max(axis=1), yesterday.mean(axis=1), week.mean(axis=1)]
    return [
        *blocks,
        Block(name="price", lag_days=7, values=week),
        Block(name="sums", lag_days=1, values=np.stack(sums, 1)),
    ]


def _price_rows(known: KnownDays, first: int) -> FloatArray:
    """Prices from a week before the window to the day before the gate's, NaN where missing."""
    whole = np.flatnonzero(np.sum(np.isnan(known.price_per_mwh), axis=1) == 0)
    age_days = known.day - 1 - (int(whole[-1]) if whole.size else -1)
    if first >= known.day or age_days > _STALE_DAYS_MAX:
        message = (
            f"the forecast of {known.dates[-1]} has {known.day} days of history, its latest whole day is "
            f"{age_days + 1} days old; give at least {LOOK_BACK_DAYS + 1} days, none older than {_STALE_DAYS_MAX} days"
        )
        raise StaleDataError(message)
    rows = np.full((known.day - first + LOOK_BACK_DAYS, known.n_slots), np.nan)
    given = known.price_per_mwh[first - LOOK_BACK_DAYS :]
    rows[: given.shape[0]] = given
    return rows


def lags_days_of(known: KnownDays) -> tuple[int, ...]:
    """Lags of prices to look at: 1, 2, 3 days counted from the latest day that is published, and 7. [d]"""
    return tuple(lag + known.late_days if lag < LOOK_BACK_DAYS else lag for lag in PRICE_LAGS)


def by_hour(rows: FloatArray) -> FloatArray:
    """Mean of each hour of days with finer slots, shape (n_days, 24); coarser days stay as they are. [unit]"""
    n_slots = rows.shape[1]
    if n_slots <= HOURS_PER_DAY or n_slots % HOURS_PER_DAY:
        return rows
    return rows.reshape(rows.shape[0], HOURS_PER_DAY, -1).mean(axis=2)


def _column_blocks(name: str, values: FloatArray, first: int, day: int) -> list[Block]:
    """Blocks of one exogenous series; none where too little of it is there, which `missing_inputs` names."""
    start = first - LOOK_BACK_DAYS
    latest = values.shape[0] - 1
    rows = values[start:]
    if rows.shape[0] == 0 or np.isfinite(rows).mean() < 1.0 - MISSING_SHARE_MAX or not np.isfinite(rows[-1]).all():
        return []
    filled, _ = bridged(rows)
    is_daily = bool(np.all(filled == filled[:, :1]))
    if latest < day and not (is_daily and day - latest <= _STALE_DAYS_MAX):
        return []  # published after the gate: not a fault, and its lags alone have not been worth their noise
    scaled = AsinhScale.of(filled[LOOK_BACK_DAYS : LOOK_BACK_DAYS + day - first]).apply(filled)
    if is_daily:
        return [_lagged(name, scaled[:, :1], day - latest, first, day)]
    hourly = by_hour(scaled)
    return [_lagged(name, hourly, lag, first, day) for lag in COLUMN_LAGS]


def _lagged(name: str, rows: FloatArray, lag_days: int, first: int, day: int) -> Block:
    """Rows of the window shifted by a lag; `rows` begin a look-back before the window."""
    start = LOOK_BACK_DAYS - lag_days
    return Block(name=name, lag_days=lag_days, values=rows[start : start + day - first + 1])
