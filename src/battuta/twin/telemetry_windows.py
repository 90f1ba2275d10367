"""Rows of measured health put into windows: what lies close together errs alike and counts once."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from battuta.numerics.arrays import FloatArray, IntArray
from battuta.twin.telemetry_likelihood import SiteChange

if TYPE_CHECKING:
    from battuta.domain.measured_health import MeasuredHealth

WINDOWS_MAX = 40
"""More windows are put together: a likelihood costs their number cubed. [-]"""


def site_changes(
    measured: MeasuredHealth,
    site: str,
    *,
    independent_days: float,
    shared_deviation: float,
    soh_resistance_deviation: float | None = None,
    shared_soh_resistance_deviation: float = 0.0,
) -> tuple[SiteChange, SiteChange | None]:
    """What the units of a site lost of their capacity, and what they gained in resistance.

    Parameters
    ----------
    measured : MeasuredHealth
        All rows.
    site : str
        Which site.
    independent_days : float
        Rows of a unit within so many days count as one: their mean, with the deviation of one. Windows count from
        commissioning and are half-open. [d]
    shared_deviation, shared_soh_resistance_deviation : float
        Deviation of what all rows share. [-]
    soh_resistance_deviation : float or None
        Deviation of a measured resistance; None where none is read. [-]

    Returns
    -------
    capacity : SiteChange
        Capacity lost.
    resistance : SiteChange or None
        Resistance gained, on the same days; None where it was not measured.
    """
    rows = measured.rows_of(site)
    day = np.floor(measured.day[rows])  # windows hold whole days, so that no two of them share one
    names = [name for name, of_site in zip(measured.unit, measured.site, strict=True) if of_site == site]
    units = list(dict.fromkeys(names))
    unit = np.array([units.index(each) for each in names], dtype=np.int64)
    length = independent_days
    if np.unique(np.floor(day / length)).size > WINDOWS_MAX:
        length *= math.ceil(math.ceil((day.max() + 1.0) / length) / WINDOWS_MAX)
    window = np.floor(day / length).astype(np.int64)
    held = np.unique(window)
    at = np.searchsorted(held, window)
    days = np.maximum(np.round(np.bincount(at, weights=day) / np.bincount(at)), 1.0)
    small = np.floor(day / independent_days).astype(np.int64)
    shape = (len(units), held.size)
    lost = _binned(1.0 - measured.soh_capacity[rows], measured.deviation[rows], unit, at, small, shape)
    capacity = SiteChange(day=days, change=lost[0], deviation=lost[1], shared_deviation=shared_deviation)
    gained = measured.soh_resistance[rows] - 1.0
    known = np.isfinite(gained)
    if soh_resistance_deviation is None or not known.any():
        return capacity, None
    deviation = np.full(int(known.sum()), soh_resistance_deviation)
    rise = _binned(gained[known], deviation, unit[known], at[known], small[known], shape)
    return capacity, SiteChange(
        day=days, change=rise[0], deviation=rise[1], shared_deviation=shared_soh_resistance_deviation
    )


def _binned(
    values: FloatArray, deviation: FloatArray, unit: IntArray, at: IntArray, small: IntArray, shape: tuple[int, int]
) -> tuple[FloatArray, FloatArray]:
    """Means of each unit and window, and their deviations, NaN and 1 where there is none; both (n_units, n_windows)."""
    place = unit * shape[1] + at
    n_rows = np.bincount(place, minlength=shape[0] * shape[1])
    apart = np.unique(np.column_stack((place, small)), axis=0)  # one a stretch in which errors are alike
    n_apart = np.bincount(apart[:, 0], minlength=n_rows.size)
    full = n_rows > 0
    mean, own = np.full(n_rows.size, np.nan), np.ones(n_rows.size)
    mean[full] = np.bincount(place, weights=values, minlength=n_rows.size)[full] / n_rows[full]
    square = np.bincount(place, weights=deviation**2, minlength=n_rows.size)
    own[full] = np.sqrt(square[full] / n_rows[full] / n_apart[full])
    return mean.reshape(shape), own.reshape(shape)
