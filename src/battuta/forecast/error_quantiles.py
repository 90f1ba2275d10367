"""How wrong a forecast has been lately, slot by slot: the plainest honest width, and the yardstick of better ones."""

from __future__ import annotations

import numpy as np

from battuta.numerics.arrays import FloatArray

WINDOW_DAYS = 182
DAYS_PER_SLOT_MIN = 30
_WIDTH_WITHOUT_HISTORY = 0.5


def error_quantiles(point: FloatArray, errors: FloatArray, levels: FloatArray) -> FloatArray:
    """Lay the empirical quantiles of past errors around a point forecast.

    Parameters
    ----------
    point : ndarray, shape (n_slots,)
        The forecast. [unit]
    errors : ndarray, shape (n_days, n_slots)
        Outcome less forecast of the days before, NaN where unknown; the latest 182 are looked at. [unit]
    levels : ndarray, shape (n_levels,)
        Levels wanted. [-]

    Returns
    -------
    ndarray, shape (n_slots, n_levels)
        Quantiles. With fewer than 30 days the errors of all slots are pooled; with none, a band of half the size of the
        forecast's own range stands in. [unit]
    """
    recent = errors[-WINDOW_DAYS:]
    recent = recent[np.isfinite(recent).all(axis=1)]
    if recent.shape[0] == 0:
        width = _WIDTH_WITHOUT_HISTORY * max(float(np.ptp(point)), float(np.abs(point).mean()), 1.0)
        offsets = np.tile(width * (2.0 * levels - 1.0), (point.shape[0], 1))
    elif recent.shape[0] < DAYS_PER_SLOT_MIN:
        offsets = np.tile(np.quantile(recent, levels), (point.shape[0], 1))
    else:
        offsets = np.quantile(recent, levels, axis=0).T
    return point[:, None] + offsets
