"""How much of the planned power cells stand under full cooling, by the model that cooling is planned with."""

from __future__ import annotations

import numpy as np

from battuta._jit import jit
from battuta.numerics.arrays import BoolArray, FloatArray
from battuta.site.cooling_foresight_kernels import ACTIVE_PU, N_COEFFICIENTS, deviation, regressors, removal


@jit
def power_shares(
    theta: FloatArray, covariance: FloatArray, capacity_k_per_h: FloatArray, spread_share: FloatArray, caution: float,
    power_pu: FloatArray, ambient_c: FloatArray, cell_c: FloatArray, coolant_c: FloatArray, coldest_c: float,
    is_obeyed: BoolArray, surprise_k_per_h: FloatArray, memory_h: float, limit_c: FloatArray, first_h: float,
    step_h: float, share: FloatArray,
) -> None:  # fmt: skip
    """Write the largest share of the planned power that keeps the hottest cell under its limit at full cooling.

    Parameters
    ----------
    theta, covariance, capacity_k_per_h, spread_share : ndarray, first axis (n_sites,)
        What was learned, as in `step_cost`.
    caution : float
        Standard deviations of caution. [-]
    power_pu, ambient_c : ndarray, shape (n_times, n_sites)
        Planned power [-] and ambient forecast [degC].
    cell_c, coolant_c : ndarray, shape (n_sites,)
        Mean cell and coolant temperature now. [degC]
    coldest_c : float
        Coldest setpoint that may be asked for. [degC]
    is_obeyed : ndarray of bool, shape (n_sites,)
        Whether the chiller does what it is asked; where not, the coolant is taken to stay as it is.
    surprise_k_per_h : ndarray, shape (n_sites,)
        Running size of what the model does not explain. [K/h]
    memory_h : float
        How long that keeps its sign: the margin grows up to there. [h]
    limit_c : ndarray, shape (n_sites,)
        Limit of the hottest cell, the error of readings taken off. [degC]
    first_h, step_h : float
        Length of what is left of the first step, and of the others. [h]
    share : ndarray, shape (n_sites,)
        Written: 1 where the plan stands. [-]
    """
    for site in range(theta.shape[0]):
        low, high = 0.0, 1.0
        for trial in range(9):
            middle = 1.0 if trial == 0 else 0.5 * (low + high)
            coolant = coldest_c if is_obeyed[site] else coolant_c[site]
            hottest = _hottest(
                theta[site], covariance[site], capacity_k_per_h[site], spread_share[site], caution,
                power_pu[:, site], ambient_c[:, site], cell_c[site], coolant, middle, caution * surprise_k_per_h[site],
                memory_h, first_h, step_h,
            )  # fmt: skip
            if hottest <= limit_c[site]:
                low = middle
                if trial == 0:
                    break
            else:
                high = middle
        share[site] = low


@jit
def _hottest(
    theta: FloatArray, covariance: FloatArray, capacity_k_per_h: float, spread_share: float, caution: float,
    power_pu: FloatArray, ambient_c: FloatArray, cell_c: float, coolant_c: float, share: float,
    surprise_k_per_h: float, memory_h: float, first_h: float, step_h: float,
) -> float:  # fmt: skip
    """Hottest cell of a plan scaled by a share, under full cooling, with a margin that grows with time. [degC]"""
    ahead_h = 0.0
    x = np.empty(N_COEFFICIENTS)
    hottest = -np.inf
    for step in range(power_pu.shape[0]):
        power = share * power_pu[step]
        rate, coolant = removal(theta, capacity_k_per_h, cell_c, coolant_c, -50.0)
        regressors(power, cell_c, coolant, ambient_c[step], 1.0, x)
        warming = theta[0] * x[0] + theta[1] * x[1] + theta[3] * x[3] - rate + caution * deviation(covariance, x)
        spread = spread_share * max(cell_c - coolant, 0.0)
        length_h = first_h if step == 0 else step_h
        ahead_h += length_h
        cell_c += warming * length_h
        margin = surprise_k_per_h * min(ahead_h, memory_h) if abs(power) > ACTIVE_PU else 0.0
        hottest = max(hottest, cell_c + spread + margin)
    return hottest
