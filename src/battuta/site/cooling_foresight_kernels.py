"""Cells as one warm mass beside a coolant: what warms them is learned, and cooling is planned over the next day.

The rate of the mean cell temperature is ``theta . x`` with four regressors: squared power (resistance, weaker in warm
cells), magnitude of power (hysteresis), cells above coolant (negative: what the coolant takes), ambient above cells.
Power is per unit of the rating, rates are per hour.
"""

from __future__ import annotations

import math

import numpy as np

from battuta._jit import jit
from battuta.numerics.arrays import FloatArray

N_COEFFICIENTS = 4
DOUBLING_K = 10.0
"""Warming that doubles the pace of ageing. [K]"""
_WEAKER_PER_K = 0.01
_REFERENCE_C = 30.0
ACTIVE_PU = 0.02
"""Power from which the pump runs. [-]"""
_OVER_COST_KWH = 1e4


@jit
def regressors(
    power_pu: float, cell_c: float, coolant_c: float, ambient_c: float, is_flowing: float, x: FloatArray
) -> None:
    """Write what the rate of cell temperature is linear in.

    Parameters
    ----------
    power_pu : float
        Power per unit of the rating. [-]
    cell_c, coolant_c, ambient_c : float
        Temperatures. [degC]
    is_flowing : float
        1 where the pump runs, else 0. [-]
    x : ndarray, shape (4,)
        Written.
    """
    x[0] = power_pu * power_pu * math.exp(-_WEAKER_PER_K * (cell_c - _REFERENCE_C))
    x[1] = abs(power_pu)
    x[2] = (coolant_c - cell_c) * is_flowing
    x[3] = ambient_c - cell_c


@jit
def deviation(covariance: FloatArray, x: FloatArray) -> float:
    """Standard deviation of ``theta . x``, in the unit of the rate.

    Parameters
    ----------
    covariance : ndarray, shape (4, 4)
        Of the coefficients.
    x : ndarray, shape (4,)
        Regressors.

    Returns
    -------
    float
        Standard deviation. [K/h]
    """
    total = 0.0
    for i in range(N_COEFFICIENTS):
        for j in range(N_COEFFICIENTS):
            total += x[i] * covariance[i, j] * x[j]
    return math.sqrt(max(total, 0.0))


@jit
def learn_coefficients(
    theta: FloatArray, covariance: FloatArray, surprise_k_per_h: FloatArray, x: FloatArray, rate_k_per_h: FloatArray,
    noise_k_per_h: float, drift: float,
) -> None:  # fmt: skip
    """Fold one block of minutes into the coefficients of all sites: a Kalman step, in place.

    Parameters
    ----------
    theta : ndarray, shape (n_sites, 4)
        Coefficients, never negative.
    covariance : ndarray, shape (n_sites, 4, 4)
        Of the coefficients.
    surprise_k_per_h : ndarray, shape (n_sites,)
        Running size of what the model does not explain. [K/h]
    x : ndarray, shape (n_sites, 4)
        Regressors, means of the block; NaN leaves a site as it is.
    rate_k_per_h : ndarray, shape (n_sites,)
        Measured rate of the mean cell temperature. [K/h]
    noise_k_per_h : float
        Standard deviation of the measured rate. [K/h]
    drift : float
        Share of its variance that a coefficient regains per block, so that ageing is followed. [-]
    """
    gain = np.empty(N_COEFFICIENTS)
    for site in range(theta.shape[0]):
        error = rate_k_per_h[site]
        for i in range(N_COEFFICIENTS):
            error -= theta[site, i] * x[site, i]
        if not np.isfinite(error):
            continue
        spread = deviation(covariance[site], x[site])
        noise = max(noise_k_per_h, surprise_k_per_h[site])
        total = spread * spread + noise * noise
        for i in range(N_COEFFICIENTS):
            gain[i] = 0.0
            for j in range(N_COEFFICIENTS):
                gain[i] += covariance[site, i, j] * x[site, j]
        for i in range(N_COEFFICIENTS):
            theta[site, i] = max(theta[site, i] + gain[i] * error / total, 0.0)
        for i in range(N_COEFFICIENTS):
            for j in range(N_COEFFICIENTS):
                covariance[site, i, j] -= gain[i] * gain[j] / total
            covariance[site, i, i] *= 1.0 + drift
        unexplained = max(error * error - spread * spread, 0.0)
        surprise_k_per_h[site] = math.sqrt(0.97 * surprise_k_per_h[site] ** 2 + 0.03 * unexplained)


@jit
def removal(
    theta: FloatArray, capacity_k_per_h: float, cell_c: float, setpoint_c: float, coolant_floor_c: float
) -> tuple[float, float]:
    """Heat that the coolant takes at a setpoint, as far as the chiller suffices, and the coolant that results.

    Parameters
    ----------
    theta : ndarray, shape (4,)
        Coefficients.
    capacity_k_per_h : float
        Largest rate at which the chiller cools the cells. [K/h]
    cell_c : float
        Mean cell temperature. [degC]
    setpoint_c, coolant_floor_c : float
        Coolant asked for, and the coldest allowed. [degC]

    Returns
    -------
    rate_k_per_h : float
        Cooling of the cells. [K/h]
    coolant_c : float
        Coolant temperature. [degC]
    """
    coolant = max(setpoint_c, coolant_floor_c)
    if cell_c <= coolant:
        return 0.0, cell_c
    rate = min(theta[2] * (cell_c - coolant), capacity_k_per_h)
    return rate, cell_c - rate / max(theta[2], 1e-6)


@jit
def step_cost(
    theta: FloatArray, covariance: FloatArray, capacity_k_per_h: float, heat_kwh_per_k: float, spread_share: float,
    machine: FloatArray, caution: float, power_pu: float, ambient_c: float, cell_c: float, setpoint_c: float,
    limit_c: float, step_h: float, x: FloatArray,
) -> tuple[float, float]:  # fmt: skip
    """Carry the model over a step at one choice of the chiller; NaN as a setpoint is off.

    Parameters
    ----------
    theta, covariance : ndarray, shape (4,) and (4, 4)
        Coefficients and their covariance.
    capacity_k_per_h, heat_kwh_per_k, spread_share : float
        Largest cooling [K/h], heat capacity of the cells [kWh/K], hottest above mean over mean above coolant [-].
    machine : ndarray, shape (5,)
        COP without lift [-], ambient above coolant where it is half of that [K], its cap [-], pump power [kW], what an
        hour at 30 degC costs more in ageing than one at 20 degC, doubling every further `DOUBLING_K` [kWh].
    caution : float
        Standard deviations of caution. [-]
    power_pu : float
        Planned power. [-]
    ambient_c, cell_c, setpoint_c, limit_c : float
        Ambient, mean cell temperature, setpoint, limit of the hottest cell. [degC]
    step_h : float
        Length of the step. [h]
    x : ndarray, shape (4,)
        Room for regressors.

    Returns
    -------
    cell_c : float
        Mean cell temperature after the step, cautious. [degC]
    cost_kwh : float
        Electricity, with warmth and excess over the limit priced in. [kWh]
    """
    rate, coolant, electric = 0.0, cell_c, 0.0
    is_active = abs(power_pu) > ACTIVE_PU
    if setpoint_c == setpoint_c:  # noqa: PLR0124  not NaN
        rate, coolant = removal(theta, capacity_k_per_h, cell_c, setpoint_c, -50.0)
        cop = machine[0] / (1.0 + max(ambient_c - coolant, 0.0) / machine[1])
        electric = heat_kwh_per_k * rate / min(cop, machine[2])
        is_active = True
    if is_active:
        electric += machine[3]
    regressors(power_pu, cell_c, coolant, ambient_c, 0.0, x)
    warming = theta[0] * x[0] + theta[1] * x[1] + theta[3] * x[3] - rate
    x[2] = coolant - cell_c
    warming += caution * deviation(covariance, x)
    after = cell_c + warming * step_h
    hottest = after + spread_share * max(cell_c - coolant, 0.0)
    over = max(hottest - limit_c, 0.0)
    warm = max(math.exp((0.5 * (cell_c + after) - 20.0) / DOUBLING_K * math.log(2.0)) - 1.0, 0.0)
    return after, (electric + machine[4] * warm + _OVER_COST_KWH * over) * step_h


@jit
def plan_values(
    theta: FloatArray, covariance: FloatArray, capacity_k_per_h: float, heat_kwh_per_k: float, spread_share: float,
    machine: FloatArray, caution: float, power_pu: FloatArray, ambient_c: FloatArray, setpoint_c: FloatArray,
    limit_c: float, step_h: float, grid_c: FloatArray, value_kwh: FloatArray,
) -> None:  # fmt: skip
    """Write the cost to come of each cell temperature at each step: backwards over the plan, all choices at each node.

    Coolant above the cells does what off does, for no less; setpoints beyond what the chiller can do all do the same:
    after the first of each, they are passed over.

    Parameters
    ----------
    theta, covariance, capacity_k_per_h, heat_kwh_per_k, spread_share, machine, caution
        As in `step_cost`.
    power_pu, ambient_c : ndarray, shape (n_times,)
        Planned power per unit [-] and ambient forecast [degC].
    setpoint_c : ndarray, shape (n_choices,)
        Setpoints to choose from, NaN for off. [degC]
    limit_c : float
        Limit of the hottest cell, margins taken off. [degC]
    step_h : float
        Length of a step. [h]
    grid_c : ndarray, shape (n_nodes,)
        Evenly spaced mean cell temperatures. [degC]
    value_kwh : ndarray, shape (n_times + 1, n_nodes)
        Written; its last row, the worth of what is left, is given. [kWh]
    """
    x = np.empty(N_COEFFICIENTS)
    for step in range(power_pu.shape[0] - 1, -1, -1):
        for node in range(grid_c.shape[0]):
            best, is_full = np.inf, False
            for choice in range(setpoint_c.shape[0]):
                below = grid_c[node] - setpoint_c[choice]
                if below <= 0.0 and best < np.inf:
                    continue
                if theta[2] * below >= capacity_k_per_h:
                    if is_full:
                        continue
                    is_full = True
                after, cost = step_cost(
                    theta, covariance, capacity_k_per_h, heat_kwh_per_k, spread_share, machine, caution,
                    power_pu[step], ambient_c[step], grid_c[node], setpoint_c[choice], limit_c, step_h, x,
                )  # fmt: skip
                best = min(best, cost + interpolated(grid_c, value_kwh[step + 1], after))
            value_kwh[step, node] = best


@jit
def price_sites(
    theta: FloatArray, covariance: FloatArray, capacity_k_per_h: FloatArray, heat_kwh_per_k: FloatArray,
    spread_share: FloatArray, machine: FloatArray, caution: float, power_pu: FloatArray, ambient_c: FloatArray,
    setpoint_c: FloatArray, limit_c: FloatArray, step_h: float, grid_c: FloatArray, first: int, last: int,
    value_kwh: FloatArray,
) -> None:  # fmt: skip
    """Write the cost to come of a range of sites; what is left at the end is worth the electricity that cools it.

    Parameters
    ----------
    theta, covariance, capacity_k_per_h, heat_kwh_per_k, spread_share, machine : ndarray, first axis (n_sites,)
        As in `step_cost`.
    caution : float
        Standard deviations of caution. [-]
    power_pu, ambient_c : ndarray, shape (n_times, n_sites)
        Planned power per unit [-] and ambient forecast [degC].
    setpoint_c : ndarray, shape (n_choices,)
        Setpoints to choose from, NaN for off. [degC]
    limit_c : ndarray, shape (n_sites,)
        Limit of the hottest cell, margins taken off. [degC]
    step_h : float
        Length of a step. [h]
    grid_c : ndarray, shape (n_nodes,)
        Evenly spaced mean cell temperatures. [degC]
    first, last : int
        Range of sites.
    value_kwh : ndarray, shape (n_times + 1, n_sites, n_nodes)
        Written. [kWh]
    """
    n_times, n_nodes = power_pu.shape[0], grid_c.shape[0]
    own = np.empty((n_times + 1, n_nodes))
    for site in range(first, last):
        for node in range(n_nodes):
            own[n_times, node] = (grid_c[node] - 20.0) * heat_kwh_per_k[site] / (0.8 * machine[site, 2])
        plan_values(
            theta[site], covariance[site], capacity_k_per_h[site], heat_kwh_per_k[site], spread_share[site],
            machine[site], caution, power_pu[:, site], ambient_c[:, site], setpoint_c, limit_c[site], step_h, grid_c,
            own,
        )  # fmt: skip
        value_kwh[:, site] = own


@jit
def interpolated(grid_c: FloatArray, value_kwh: FloatArray, cell_c: float) -> float:
    """Cost to come between the nodes, straight beyond the ends. [kWh]"""
    place = (cell_c - grid_c[0]) / (grid_c[1] - grid_c[0])
    node = min(max(math.floor(place), 0), grid_c.shape[0] - 2)
    share = place - node
    return value_kwh[node] + share * (value_kwh[node + 1] - value_kwh[node])


@jit
def choose_setpoints(
    theta: FloatArray, covariance: FloatArray, capacity_k_per_h: FloatArray, heat_kwh_per_k: FloatArray,
    spread_share: FloatArray, machine: FloatArray, caution: float, power_pu: FloatArray, ambient_c: FloatArray,
    cell_c: FloatArray, setpoint_c: FloatArray, limit_c: FloatArray, step_h: float, grid_c: FloatArray,
    value_kwh: FloatArray, last_c: FloatArray, switching_kwh: FloatArray, chosen_c: FloatArray,
) -> None:  # fmt: skip
    """Write the setpoint of each site that is best now, NaN for off; every minute.

    Parameters
    ----------
    theta, covariance, capacity_k_per_h, heat_kwh_per_k, spread_share : ndarray, first axis (n_sites,)
        What was learned, as in `step_cost`.
    machine : ndarray, shape (n_sites, 5)
        As in `step_cost`.
    caution : float
        Standard deviations of caution. [-]
    power_pu, ambient_c, cell_c, limit_c : ndarray, shape (n_sites,)
        Power planned for the step, ambient, mean cell temperature, limit without margins.
    setpoint_c : ndarray, shape (n_choices,)
        Setpoints to choose from, NaN for off. [degC]
    step_h : float
        Length of the step looked ahead. [h]
    grid_c : ndarray, shape (n_nodes,)
        Mean cell temperatures of the plan. [degC]
    value_kwh : ndarray, shape (n_sites, n_nodes)
        Cost to come at the end of the step. [kWh]
    last_c : ndarray, shape (n_sites,)
        Setpoint that runs, NaN for off. [degC]
    switching_kwh : ndarray, shape (n_sites,)
        What it must gain to switch on or off. [kWh]
    chosen_c : ndarray, shape (n_sites,)
        Written. [degC]
    """
    x = np.empty(N_COEFFICIENTS)
    for site in range(theta.shape[0]):
        best = np.inf
        for choice in range(setpoint_c.shape[0]):
            after, cost = step_cost(
                theta[site], covariance[site], capacity_k_per_h[site], heat_kwh_per_k[site], spread_share[site],
                machine[site], caution, power_pu[site], ambient_c[site], cell_c[site], setpoint_c[choice],
                limit_c[site], step_h, x,
            )  # fmt: skip
            cost += interpolated(grid_c, value_kwh[site], after)
            if np.isnan(setpoint_c[choice]) != np.isnan(last_c[site]):
                cost += switching_kwh[site]
            if cost < best:
                best = cost
                chosen_c[site] = setpoint_c[choice]
