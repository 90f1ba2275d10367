"""What a kernel compares days by: recent prices, day-ahead series and residual load, weekday and season.

Two days are alike when these are. The weights say how much each kind counts in likeness, and how much in a straight
line through all days; they were chosen on the years before the test periods of seven markets, one set for all.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from battuta.domain.errors import StaleDataError
from battuta.forecast.asinh_scale import AsinhScale
from battuta.forecast.day_table import KnownDays
from battuta.forecast.gaps import bridged
from battuta.forecast.regressors import LOOK_BACK_DAYS, MISSING_SHARE_MAX, by_hour, lags_days_of
from battuta.forecast.residual_load import RESIDUAL_LOAD, residual_load_mw
from battuta.forecast.week import DAYS_PER_WEEK
from battuta.numerics.arrays import BoolArray, FloatArray

PRICE_LIKENESS = {1: 0.25, 2: 0.05, 3: 0.025, 7: 0.1}
PRICE_LINE = {1: 4.0, 2: 1.0, 3: 0.25, 7: 0.5}
COLUMN_LIKENESS = {0: 2.0, 1: 0.075, 7: 0.05}
COLUMN_LINE = {0: 1.0, 1: 1.0, 7: 0.5}
WEEKDAY_LIKENESS = 0.025
SEASON_LIKENESS = 0.4
WEEKDAY_LINE = 4.0
_DAYS_PER_YEAR = 365.25


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class KernelScales:
    """Scales that stay fixed between two fits.

    Attributes
    ----------
    price : AsinhScale
        One centre and spread for all slots, so that the level of the day counts. [currency/MWh]
    columns : mapping of str to AsinhScale
        One per exogenous series in use, residual load among them. [unit]
    """

    price: AsinhScale
    columns: Mapping[str, AsinhScale]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class KernelRows:
    """Days as the kernel sees them.

    Attributes
    ----------
    number : ndarray, shape (n_rows,)
        Number of the day.
    likeness : ndarray, shape (n_rows, n_groups, n_hours)
        Weighted regressors whose distance counts, by hour. [-]
    calendar : ndarray, shape (n_rows, 9)
        Weekday flags, holidays being Sundays, and season, weighted; they count alike at each hour. [-]
    line : ndarray, shape (n_rows, n_line)
        Weighted regressors of the straight line. [-]
    target : ndarray, shape (n_rows, n_slots)
        Prices on the scale; stand-ins where `is_usable` is False, nothing yet for the day to forecast. [-]
    is_usable : ndarray of bool, shape (n_rows,)
        True for days whose prices are all known.
    """

    number: FloatArray
    likeness: FloatArray
    calendar: FloatArray
    line: FloatArray
    target: FloatArray
    is_usable: BoolArray


def usable_columns(known: KnownDays, first: int) -> dict[str, FloatArray]:
    """Exogenous series that are there for the day to forecast and have few gaps since `first`, residual load added.

    Parameters
    ----------
    known : KnownDays
        What is known at the gate.
    first : int
        First day of the window.

    Returns
    -------
    dict of str to ndarray, shape (day + 1, n_slots)
        The series. [unit]
    """
    chosen: dict[str, FloatArray] = {}
    for name, values in known.columns.items():
        is_there = values.shape[0] == known.day + 1 and bool(np.isfinite(values[-1]).all())
        window = values[first:]
        is_whole = is_there and np.isfinite(window).mean() >= 1.0 - MISSING_SHARE_MAX
        if is_whole and np.nanmax(window) > np.nanmin(window):
            chosen[name] = values
    return _with_residual_load(chosen)


def kernel_scales(known: KnownDays, first: int) -> KernelScales:
    """Learn the scales from the days ``[first, day)``.

    Raises
    ------
    StaleDataError
        If no price of them is known.
    """
    price = known.price_per_mwh[first:]
    if not np.isfinite(price).any():
        message = f"no price of the {known.day - first} days before {known.dates[-1]} is known"
        raise StaleDataError(message)
    pooled = AsinhScale.of(price[np.isfinite(price)][:, None])
    columns = usable_columns(known, max(first - LOOK_BACK_DAYS, 0))
    scales = {name: AsinhScale.of(bridged(values[first:-1])[0]) for name, values in columns.items()}
    return KernelScales(price=pooled, columns=scales)


def kernel_rows(known: KnownDays, first: int, stop: int, scales: KernelScales) -> KernelRows:
    """Lay out the days ``[first, stop)`` on fixed scales; `stop` may include the day to forecast.

    Parameters
    ----------
    known : KnownDays
        What is known at the gate.
    first, stop : int
        Days, `first` at least a week after the beginning of history.
    scales : KernelScales
        From the fit.

    Returns
    -------
    KernelRows
        The rows.
    """
    start, n_rows = first - LOOK_BACK_DAYS, stop - first
    begin = max(start - LOOK_BACK_DAYS, 0)  # so that a gap of the last week finds its stand-in a week before
    given = known.price_per_mwh[begin:stop]
    price = np.full((stop - begin, known.n_slots), np.nan)
    price[: given.shape[0]] = given
    scaled = scales.price.apply(bridged(price)[0])[start - begin :]
    hourly = by_hour(scaled)

    def lagged(rows: FloatArray, lag_days: int) -> FloatArray:
        return rows[LOOK_BACK_DAYS - lag_days : LOOK_BACK_DAYS - lag_days + n_rows]

    groups = [
        (PRICE_LIKENESS[nominal], PRICE_LINE[nominal], lagged(hourly, lag))
        for nominal, lag in zip(PRICE_LIKENESS, lags_days_of(known), strict=True)
    ]
    columns = _with_residual_load({name: known.columns[name] for name in scales.columns if name in known.columns})
    for name, scale in scales.columns.items():
        rows = by_hour(scale.apply(bridged(columns[name][begin:stop])[0][start - begin :]))
        groups += [(COLUMN_LIKENESS[lag], COLUMN_LINE[lag], lagged(rows, lag)) for lag in COLUMN_LIKENESS]
    ordinal = np.array([each.toordinal() for each in known.dates[first:stop]])
    flags = known.weekday[first:stop, None] == np.arange(DAYS_PER_WEEK)
    angle = 2.0 * np.pi * ordinal / _DAYS_PER_YEAR
    season = np.column_stack([np.sin(angle), np.cos(angle)])
    return KernelRows(
        number=np.arange(first, stop, dtype=np.float64),
        likeness=np.stack([np.sqrt(weight) * rows for weight, _, rows in groups], axis=1),
        calendar=np.column_stack([np.sqrt(WEEKDAY_LIKENESS) * flags, np.sqrt(SEASON_LIKENESS) * season]),
        line=np.column_stack([np.sqrt(line) * rows for _, line, rows in groups] + [np.sqrt(WEEKDAY_LINE) * flags]),
        target=scaled[LOOK_BACK_DAYS:],
        is_usable=np.sum(np.isnan(price[first - begin :]), axis=1) == 0,
    )


def _with_residual_load(columns: dict[str, FloatArray]) -> dict[str, FloatArray]:
    left = residual_load_mw(columns)
    return columns if left is None else {**columns, RESIDUAL_LOAD: left}
