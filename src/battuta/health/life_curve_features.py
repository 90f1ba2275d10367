"""What the first hundred discharge curves of a cell say of its life, as a few numbers."""

from __future__ import annotations

import numpy as np

from battuta.domain.errors import InvalidQuantityError
from battuta.health.life_curves import DischargeCurves, around_cycle
from battuta.health.life_ensemble import Blocks
from battuta.numerics.arrays import FloatArray

_N_PARTS = 20
_FLOOR = 1e-3
"""Charge below which a change counts as none, per unit of capacity."""
_TINY = 1e-12


def curve_features(curves: DischargeCurves) -> Blocks:
    """Features of mended curves.

    Parameters
    ----------
    curves : DischargeCurves
        Cycles 2 to 100, mended.

    Returns
    -------
    dict of ndarray, shape (n_cells, n_features)
        ``outline``: logarithm of the charge lost at each of 20 stretches of voltage from cycle 10 to 100, per unit of
        the early capacity. ``spread``: logarithm of its variance, to cycle 100 and to cycle 50. ``start``: the early
        capacity, and how far it first rose. [Ah]

    Raises
    ------
    InvalidQuantityError
        If a cell gives no charge at the start.

    References
    ----------
    .. [1] K. A. Severson et al., "Data-driven prediction of battery cycle life before capacity degradation", Nature
       Energy 4 (2019) 383-391.
    .. [2] P. M. Attia et al., "Statistical learning for accurate and interpretable battery lifetime prediction",
       J. Electrochem. Soc. 168 (2021) 090547.
    """
    early = around_cycle(curves, 11, 3)
    lost = early - around_cycle(curves, 100, 3)
    lost_half = early - around_cycle(curves, 51, 3)
    capacity = curves.capacity_ah
    new_ah = np.median(capacity[:, :3], axis=1)
    if float(new_ah.min(initial=1.0)) <= 0.0:
        raise InvalidQuantityError(
            "capacity_ah", float(new_ah.min()), 0.0, np.inf, "Ah", where="first cycles of a cell", above_low=True
        )
    rise_ah = np.sort(capacity, axis=1)[:, -3] - new_ah
    spread = np.log(np.column_stack([lost.var(axis=1), lost_half.var(axis=1)]) + _TINY)
    return {
        "outline": _log_lost(lost / new_ah[:, None]),
        "spread": spread,
        "start": np.column_stack([new_ah, rise_ah]),
    }


def _log_lost(lost_pu: FloatArray) -> FloatArray:
    """Logarithm of what is lost in each stretch of voltage, shape (n_cells, 20)."""
    mean = np.column_stack([part.mean(axis=1) for part in np.array_split(lost_pu, _N_PARTS, axis=1)])
    return np.log(np.maximum(mean, 0.0) + _FLOOR)


def variance_feature(curves: DischargeCurves) -> FloatArray:
    """Logarithm (base 10) of the variance of the change from cycle 10 to 100, the one feature of the paper's model.

    Parameters
    ----------
    curves : DischargeCurves
        As measured; the paper mends nothing.

    Returns
    -------
    ndarray, shape (n_cells, 1)
        The feature. [-]

    References
    ----------
    .. [1] K. A. Severson et al., Nature Energy 4 (2019) 383-391, equation 2.
    """
    change = around_cycle(curves, 100, 1) - around_cycle(curves, 10, 1)
    return np.log10(change.var(axis=1) + _TINY)[:, None]
