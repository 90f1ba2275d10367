"""What the panels of a site deliver under a cloudless sky, seen from what they delivered at best."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from battuta.domain.errors import DataError
from battuta.domain.time import from_ns
from battuta.forecast.site_series import SiteSeries
from battuta.forecast.sky import ClearSky
from battuta.numerics.arrays import BoolArray, FloatArray

_UPPER = 0.96
_ROUNDS = 25
_RIDGE = 1e-4
_LOWEST_W_PER_M2 = 60.0
_NIGHT_SHARE_MAX = 0.03
_PLATEAU_SHARE, _PLATEAU_STEPS_PER_DAY, _PLATEAU_DAYS = 0.995, 6.0 / 96.0, 3
_HEADROOM = 1.15
_OVER_SHARE = 0.02
"""A meter may read that much more than its inverter is said to let through. [-]"""


@dataclass(frozen=True, slots=True, eq=False)
class Envelope:
    """Panels of a site as weights on the parts of light, and the most that its inverter lets through.

    Attributes
    ----------
    weights : ndarray, shape (4,)
        Power for each W/m2 of beam from east, north and above, and of light of the sky. [kW m2/W]
    limit_kw : float
        Highest power. [kW]
    is_limit_seen : bool
        True where the inverter was seen to cut; else the limit leaves room above the best that was seen.
    """

    weights: FloatArray
    limit_kw: float
    is_limit_seen: bool

    def clear_kw(self, sky: ClearSky) -> FloatArray:
        """Power under a cloudless sky, 0 by night, shape (n_times,). [kW]"""
        beam_kw = np.maximum(sky.parts_w_per_m2[:, :3] @ self.weights[:3], 0.0)
        clear_kw = np.minimum(beam_kw + sky.parts_w_per_m2[:, 3] * self.weights[3], self.limit_kw)
        return np.where(sky.is_night, 0.0, clear_kw)


def learned_envelope(series: SiteSeries, sky: ClearSky, power_kw_max: float | None = None) -> Envelope:
    """Panels and inverter of a site from its past.

    Parameters
    ----------
    series : SiteSeries
        PV power so far.
    sky : ClearSky
        The sky over the same intervals.
    power_kw_max : float, optional
        Power of the inverter where the caller knows it. [kW]

    Returns
    -------
    Envelope
        The panels.

    Raises
    ------
    DataError
        If no light was ever turned into power, there is power by night, or more than the inverter is said to let
        through.
    """
    pv_kw = series.values_kw
    if power_kw_max is not None:
        _require_below(series, power_kw_max)
    require_dark_nights(series, sky)
    lit = np.isfinite(pv_kw) & (sky.ghi_w_per_m2 > _LOWEST_W_PER_M2)
    if not np.any(pv_kw[lit] > 0.0):
        message = f"{series.name}: no power on any day of the history; give days on which the panels delivered"
        raise DataError(message)
    seen_kw = float(np.max(pv_kw[lit]))
    is_seen = _has_plateau(series, pv_kw, seen_kw)
    limit_kw = power_kw_max if power_kw_max is not None else seen_kw if is_seen else np.inf
    usable = lit & (pv_kw < 0.98 * limit_kw)
    weights = _upper_fit(sky.parts_w_per_m2[usable], pv_kw[usable])
    envelope = Envelope(weights, limit_kw, is_seen or power_kw_max is not None)
    if np.isfinite(limit_kw):
        return envelope
    best_kw = max(seen_kw, float(envelope.clear_kw(sky).max()))
    return Envelope(weights, _HEADROOM * best_kw, is_limit_seen=False)


def require_dark_nights(series: SiteSeries, sky: ClearSky) -> None:
    """Refuse power while the sun is below the horizon: the clock or the place is wrong.

    Parameters
    ----------
    series : SiteSeries
        PV power.
    sky : ClearSky
        The sky over the same intervals.

    Raises
    ------
    DataError
        If the nights bring more than a fiftieth of the energy.
    """
    pv_kw = np.nan_to_num(series.values_kw)
    total, by_night = float(pv_kw.sum()), float(pv_kw[sky.is_night].sum())
    if total > 0.0 and by_night > _NIGHT_SHARE_MAX * total:
        at = from_ns(int(series.time_ns[np.argmax(np.where(sky.is_night, pv_kw, -1.0))])).isoformat()
        message = (
            f"{series.name}: {by_night / total:.0%} of the energy falls in nights, most at {at}: the clock (hour"
            " ending, local time read as UTC?) or the place is wrong; mend it"
        )
        raise DataError(message)


def _require_below(series: SiteSeries, power_kw_max: float) -> None:
    """Refuse a power of the inverter that the meter contradicts."""
    above = np.flatnonzero(series.values_kw > (1.0 + _OVER_SHARE) * power_kw_max)
    if above.size:
        at = int(above[np.argmax(series.values_kw[above])])
        more = f", and {above.size - 1} more readings are above" if above.size > 1 else ""
        message = (
            f"{series.name}: {series.values_kw[at]:g} kW at {from_ns(int(series.time_ns[at])).isoformat()} is more than"
            f" power_kw_max = {power_kw_max:g} kW lets through{more}; state the power of the inverter, or leave it out"
            " to have it learned"
        )
        raise DataError(message)


def _has_plateau(series: SiteSeries, pv_kw: FloatArray, seen_kw: float) -> bool:
    """Whether power stands at its highest for long on several days, as behind an inverter that cuts."""
    top: BoolArray = pv_kw >= _PLATEAU_SHARE * seen_kw
    n_slots = round(86_400 / series.step.total_seconds())
    by_day = np.bincount(np.arange(top.size) // n_slots, weights=top)
    return int((by_day >= _PLATEAU_STEPS_PER_DAY * n_slots).sum()) >= _PLATEAU_DAYS


def _upper_fit(parts_w_per_m2: FloatArray, pv_kw: FloatArray) -> FloatArray:
    """Weights of a mixture that most values stay below: least squares in which being above counts far more."""
    columns = [0, 1, 2, 3]
    weights = np.zeros(4)
    for _ in range(2):
        x = parts_w_per_m2[:, columns]
        scale = np.maximum(np.sqrt(np.mean(x * x, axis=0)), 1e-9)
        x = x / scale
        row: FloatArray = np.ones(pv_kw.size)
        fit: FloatArray = np.zeros(len(columns))
        for _ in range(_ROUNDS):
            weighted = x * row[:, None]
            gram = weighted.T @ x + _RIDGE * row.sum() * np.eye(len(columns))
            fit = np.asarray(np.linalg.solve(gram, weighted.T @ pv_kw), dtype=np.float64)
            above: BoolArray = pv_kw > np.sum(x * fit, axis=1)
            row = np.where(above, _UPPER, 1.0 - _UPPER)
        weights = np.zeros(4)
        weights[columns] = fit / scale
        if weights[3] >= 0.0:
            break
        columns = [0, 1, 2]
    return weights
