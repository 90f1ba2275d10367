"""Energy that a grid product keeps and that was spent is brought back, with the power that its rule allows."""

from __future__ import annotations

import math

from battuta._jit import jit
from battuta.numerics.arrays import FloatArray

# Rows of site.limits.Limit and site.reservations.Reserve; a test holds them equal.
ENERGY, SOC_MIN, SOC_MAX, EFFICIENCY_CHARGE, EFFICIENCY_DISCHARGE, MODE_RAMP = 2, 5, 6, 7, 8, 9
ENERGY_UP, ENERGY_DOWN, RECOVERY = 2, 3, 4

DONE_SOC = 0.01
"""Energy is brought back until so much more than was missing is there. [-]"""


@jit
def recover(
    soc: FloatArray,
    limits: FloatArray,
    reserves: FloatArray,
    step_s: float,
    is_short: FloatArray,
    wanted_kw: FloatArray,
) -> None:
    """Write the power that brings reserved energy back, ramped; 0 where nothing is missing.

    Parameters
    ----------
    soc : ndarray, shape (n_sites,)
        State of charge, NaN where unknown. [-]
    limits : ndarray, shape (n_limits, n_sites)
        One row per `battuta.site.limits.Limit`.
    reserves : ndarray, shape (n_reserves, n_sites)
        One row per `battuta.site.reservations.Reserve`. [kW, kWh]
    step_s : float
        Time since the second before. [s]
    is_short : ndarray, shape (n_sites,)
        1 while energy is missing for discharge, -1 while room is missing for charge, else 0; moved in place. [-]
    wanted_kw : ndarray, shape (n_sites,)
        Power, discharge positive: at least this much in its direction; moved in place. [kW]

    Notes
    -----
    Where energy and room reserved are more than the window holds, the middle of what is missing is aimed at.
    """
    for i in range(soc.shape[0]):
        recovery_kw = reserves[RECOVERY, i]
        if recovery_kw <= 0.0 or math.isnan(soc[i]):
            is_short[i], wanted_kw[i] = 0.0, 0.0
            continue
        energy_kwh = limits[ENERGY, i]
        floor = limits[SOC_MIN, i] + reserves[ENERGY_UP, i] / (energy_kwh * limits[EFFICIENCY_DISCHARGE, i])
        ceiling = limits[SOC_MAX, i] - reserves[ENERGY_DOWN, i] * limits[EFFICIENCY_CHARGE, i] / energy_kwh
        if floor > ceiling:
            floor = ceiling = 0.5 * (floor + ceiling)
        if soc[i] < floor:
            is_short[i] = 1.0
        elif soc[i] > ceiling:
            is_short[i] = -1.0
        elif (is_short[i] > 0.0 and soc[i] >= min(floor + DONE_SOC, ceiling)) or (
            is_short[i] < 0.0 and soc[i] <= max(ceiling - DONE_SOC, floor)
        ):
            is_short[i] = 0.0
        largest_kw = limits[MODE_RAMP, i] * step_s
        target_kw = -is_short[i] * recovery_kw
        wanted_kw[i] += min(max(target_kw - wanted_kw[i], -largest_kw), largest_kw)
