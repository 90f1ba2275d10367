"""Loops of the power conversion system: losses both ways with exact inverses, and how power follows its setpoint.

One row of `N_PCS_PARAMETERS` numbers a site: rated power [kW], then no-load and quadratic loss of discharge, no-load
and quadratic loss of charge, standby loss, all per unit of the rating. Power is signed, discharge positive, on both
sides; always ``ac + loss = dc``.
"""

from __future__ import annotations

import math
from typing import Final

from battuta._jit import jit
from battuta.numerics.arrays import FloatArray

RATED_KW: Final = 0
NO_LOAD_DISCHARGE_PU: Final = 1
QUADRATIC_DISCHARGE_PU: Final = 2
NO_LOAD_CHARGE_PU: Final = 3
QUADRATIC_CHARGE_PU: Final = 4
STANDBY_PU: Final = 5
N_PCS_PARAMETERS: Final = 6


@jit
def output_of(input_pu: float, no_load_pu: float, quadratic_pu: float) -> float:
    """Solve ``output + no_load + quadratic output^2 = input`` for the output; 0 where the input is all loss. [-]"""
    rest = input_pu - no_load_pu
    if rest <= 0.0:
        return 0.0
    # The stable form of the positive root: no difference of near numbers, and quadratic 0 is allowed.
    return 2.0 * rest / (1.0 + math.sqrt(1.0 + 4.0 * quadratic_pu * rest))


@jit
def ac_to_dc(ac_power_kw: FloatArray, rows: FloatArray, dc_power_kw: FloatArray, loss_kw: FloatArray) -> None:
    """DC power and loss that belong to an AC power.

    Parameters
    ----------
    ac_power_kw : ndarray, shape (n_sites,)
        Power at the AC terminals, discharge positive. [kW]
    rows : ndarray, shape (n_sites, 6)
        Parameter rows.
    dc_power_kw, loss_kw : ndarray, shape (n_sites,)
        Written: power at the DC terminals, discharge positive, and the loss; ``dc = ac + loss`` to the bit. The DC
        array may be the AC array itself. A charge below the no-load loss leaves the battery to supply the rest. [kW]
    """
    for site in range(ac_power_kw.shape[0]):
        row = rows[site]
        rated_kw = row[RATED_KW]
        ac_pu = ac_power_kw[site] / rated_kw
        if ac_pu > 0.0:
            loss_pu = row[NO_LOAD_DISCHARGE_PU] + row[QUADRATIC_DISCHARGE_PU] * ac_pu * ac_pu
        elif ac_pu < 0.0:
            stored_pu = output_of(-ac_pu, row[NO_LOAD_CHARGE_PU], row[QUADRATIC_CHARGE_PU])
            loss_pu = row[NO_LOAD_CHARGE_PU] + row[QUADRATIC_CHARGE_PU] * stored_pu * stored_pu
        else:
            loss_pu = row[STANDBY_PU]
        loss_kw[site] = loss_pu * rated_kw
        dc_power_kw[site] = ac_power_kw[site] + loss_kw[site]


@jit
def dc_to_ac(dc_power_kw: FloatArray, rows: FloatArray, ac_power_kw: FloatArray, loss_kw: FloatArray) -> None:
    """AC power and loss that belong to a DC power: the inverse of `ac_to_dc`.

    Parameters
    ----------
    dc_power_kw : ndarray, shape (n_sites,)
        Power at the DC terminals, discharge positive. [kW]
    rows : ndarray, shape (n_sites, 6)
        Parameter rows.
    ac_power_kw, loss_kw : ndarray, shape (n_sites,)
        Written: power at the AC terminals, discharge positive, and the loss. A DC power that does not even cover the
        no-load loss leaves the grid to supply the rest; at 0 the grid supplies the standby loss. [kW]
    """
    for site in range(dc_power_kw.shape[0]):
        row = rows[site]
        rated_kw = row[RATED_KW]
        dc_pu = dc_power_kw[site] / rated_kw
        if dc_pu == 0.0:
            loss_kw[site] = row[STANDBY_PU] * rated_kw
            ac_power_kw[site] = -loss_kw[site]
            continue
        if dc_pu < 0.0:
            ac_pu = dc_pu - row[NO_LOAD_CHARGE_PU] - row[QUADRATIC_CHARGE_PU] * dc_pu * dc_pu
        elif dc_pu > row[NO_LOAD_DISCHARGE_PU]:
            ac_pu = output_of(dc_pu, row[NO_LOAD_DISCHARGE_PU], row[QUADRATIC_DISCHARGE_PU])
        else:
            ac_pu = min(dc_pu - row[NO_LOAD_CHARGE_PU], 0.0)
        ac_kw = ac_pu * rated_kw
        loss_kw[site] = dc_power_kw[site] - ac_kw
        ac_power_kw[site] = ac_kw


@jit
def pcs_follow(
    setpoint_pu: FloatArray,
    state_pu: FloatArray,
    tau_s: FloatArray,
    ramp_pu_per_s: FloatArray,
    dt_s: float,
    out_pu: FloatArray,
) -> None:
    """Power of each converter while it follows its setpoints: a first-order lag whose slope is limited, solved exactly.

    Within a tick the setpoint is constant. While the error is larger than ``ramp * tau`` power moves in a straight
    line, after that along an exponential; both pieces are closed formulas, so that ticks of any length agree.

    Parameters
    ----------
    setpoint_pu : ndarray, shape (n_sites, n_ticks)
        Setpoint that stands during each tick, per unit of the rating, discharge positive. [-]
    state_pu : ndarray, shape (n_sites,)
        Power before the first tick; changed in place to that after the last. [-]
    tau_s : ndarray, shape (n_sites,)
        Time constant; 0 follows at once but for the ramp limit. [s]
    ramp_pu_per_s : ndarray, shape (n_sites,)
        Largest change; infinite when there is no limit. [1/s]
    dt_s : float
        Length of a tick. [s]
    out_pu : ndarray, shape (n_sites, n_ticks)
        Written: power at the end of each tick. [-]
    """
    for site in range(setpoint_pu.shape[0]):
        tau = tau_s[site]
        ramp = ramp_pu_per_s[site]
        knee = 0.0 if tau == 0.0 else ramp * tau
        power = state_pu[site]
        for tick in range(setpoint_pu.shape[1]):
            error = setpoint_pu[site, tick] - power
            left_s = dt_s
            if abs(error) > knee:
                line_s = (abs(error) - knee) / ramp
                if line_s >= left_s:
                    power += math.copysign(ramp * left_s, error)
                    out_pu[site, tick] = power
                    continue
                left_s -= line_s
                error = math.copysign(knee, error)
            power = setpoint_pu[site, tick]
            if tau > 0.0:
                power -= error * math.exp(-left_s / tau)
            out_pu[site, tick] = power
        state_pu[site] = power
