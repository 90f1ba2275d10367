"""Dynamic programming of one battery with exact value functions: no grid of states, exact at negative prices.

The value of stored energy is a piecewise-linear function. One step backwards clips it to the energy window, subtracts
calendar wear and merges it with the money that a change of stored energy earns; where that money is concave (all
non-negative prices with constant efficiency) the merge costs one pass over a handful of nodes.
"""

from __future__ import annotations

import numpy as np

from battuta._jit import jit
from battuta.numerics.arrays import FloatArray, IntArray
from battuta.numerics.piecewise_kernels import OVERFLOW, best_reach, clip, interpolate, slope_right, subtract

INFEASIBLE = -16
OK = 0


@jit
def gain(
    buy: float, sell: float, auxiliary_kw: float, wear: float, step_h: float, low_kw: float, high_kw: float,
    charge: FloatArray, discharge: FloatArray, out_x: FloatArray, out_y: FloatArray, out_kw: FloatArray,
) -> int:  # fmt: skip
    """Money earned by a change of stored energy in one step, as nodes ascending in that change.

    Parameters
    ----------
    buy, sell : float
        Price of import and of export. [currency/MWh]
    auxiliary_kw : float
        Auxiliary load at the interconnection point; up to it, discharge saves import. [kW]
    wear : float
        Wear of each MWh discharged. [currency/MWh]
    step_h : float
        Length of the step. [h]
    low_kw, high_kw : float
        Bounds of the battery's net AC power. [kW]
    charge, discharge : ndarray, shape (n_pieces, 2)
        Width [kW] and efficiency [-] of the pieces of each direction, from no load upwards.
    out_x, out_y, out_kw : ndarray, shape (capacity,)
        Written: change of stored energy [kWh], money relative to idling [currency], power [kW].

    Returns
    -------
    int
        Number of nodes; 0 when ``low_kw > high_kw``.
    """
    if low_kw > high_kw:
        return 0
    n = 0
    edge = 0.0
    for k in range(discharge.shape[0]):
        edge += discharge[k, 0]
    for k in range(discharge.shape[0] - 1, -1, -1):
        n = _gain_nodes(n, edge, edge - discharge[k, 0], low_kw, high_kw, auxiliary_kw, buy != sell, out_kw)
        edge -= discharge[k, 0]
    edge = 0.0
    for k in range(charge.shape[0]):
        n = _gain_nodes(n, edge, edge - charge[k, 0], low_kw, high_kw, auxiliary_kw, False, out_kw)
        edge -= charge[k, 0]
    for i in range(n):
        power = out_kw[i]
        out_x[i] = step_h * _stored_power(power, charge, discharge)
        if power < 0.0:
            out_y[i] = buy * power * step_h / 1000.0
        else:
            saved = min(power, auxiliary_kw)
            out_y[i] = (buy * saved + sell * (power - saved) - wear * power) * step_h / 1000.0
    return n


@jit
def _gain_nodes(
    n: int, upper: float, lower: float, low_kw: float, high_kw: float, auxiliary_kw: float, split: bool,
    out_kw: FloatArray,
) -> int:  # fmt: skip
    """Append the powers of one piece that lie within bounds, descending, with the auxiliary load as an edge."""
    top = min(upper, high_kw)
    bottom = max(lower, low_kw)
    if top < bottom:
        return n
    if n == 0 or out_kw[n - 1] > top:
        out_kw[n] = top
        n += 1
    if split and bottom < auxiliary_kw < top:
        out_kw[n] = auxiliary_kw
        n += 1
    if out_kw[n - 1] > bottom:
        out_kw[n] = bottom
        n += 1
    return n


@jit
def _stored_power(power_kw: float, charge: FloatArray, discharge: FloatArray) -> float:
    """Rate of change of stored energy at an AC power. [kW]"""
    left = abs(power_kw)
    rate = 0.0
    pieces = charge if power_kw < 0.0 else discharge
    for k in range(pieces.shape[0]):
        part = min(left, pieces[k, 0])
        rate += part * pieces[k, 1] if power_kw < 0.0 else -part / pieces[k, 1]
        left -= part
    return rate


@jit
def _room(values: FloatArray, needed: int) -> FloatArray:
    """Return the array, or one at least twice as long that begins with it."""
    if needed <= values.shape[0]:
        return values
    return np.concatenate((values, np.empty(max(values.shape[0], needed))))


@jit
def backward(
    step_h: float, buy: FloatArray, sell: FloatArray, auxiliary_kw: FloatArray, wear: float, low_kw: FloatArray,
    high_kw: FloatArray, charge: FloatArray, discharge: FloatArray, energy_kwh_low: FloatArray,
    energy_kwh_high: FloatArray, retention: float, end_x: FloatArray, end_y: FloatArray, calendar_x: FloatArray,
    calendar_y: FloatArray, n_nodes_max: int, keep: bool,
) -> tuple[int, IntArray, FloatArray, FloatArray]:  # fmt: skip
    """Value functions from the end of the horizon to its start.

    Parameters
    ----------
    step_h : float
        Length of a step. [h]
    buy, sell, auxiliary_kw, low_kw, high_kw : ndarray, shape (n_times,)
        As in `gain`, per step.
    wear, charge, discharge
        As in `gain`.
    energy_kwh_low, energy_kwh_high : ndarray, shape (n_times,)
        Window of stored energy at the end of each step. [kWh]
    retention : float
        Share of stored energy that survives a step. [-]
    end_x, end_y : ndarray, shape (n_nodes,)
        Value of energy left at the end. [kWh], [currency]
    calendar_x, calendar_y : ndarray, shape (n_nodes,)
        Calendar wear of one step by stored energy; empty when there is none. [kWh], [currency]
    n_nodes_max : int
        Most nodes that one function may need.
    keep : bool
        True keeps every function for `forward`, False only the first.

    Returns
    -------
    status : int
        0, or ``OVERFLOW``, or ``INFEASIBLE - t`` for the step t at which no energy is feasible.
    offsets : ndarray, shape (n_times + 2,)
        Where each function begins in the node arrays: entry t is the value before step t as a function of energy,
        after clipping; the last function is the value at the end.
    x, y : ndarray
        Nodes of all kept functions, the last step first.
    """
    n_times = buy.shape[0]
    work = np.empty((4, n_nodes_max))
    runs = np.empty((2, n_nodes_max), dtype=np.int64)
    vx, vy, wx, wy = np.empty(n_nodes_max), np.empty(n_nodes_max), np.empty(n_nodes_max), np.empty(n_nodes_max)
    gx, gy, gp = np.empty(64), np.empty(64), np.empty(64)
    offsets = np.zeros(n_times + 2, dtype=np.int64)
    keep_x = np.empty(max(16 * n_times, n_nodes_max) if keep else n_nodes_max)
    keep_y = np.empty_like(keep_x)
    n = end_x.shape[0]
    vx[:n] = end_x
    vy[:n] = end_y
    used = 0
    for t in range(n_times - 1, -1, -1):
        m = clip(vx, vy, n, energy_kwh_low[t], energy_kwh_high[t], wx, wy)
        if calendar_x.shape[0] > 0 and m > 0:
            m = subtract(wx, wy, m, calendar_x, calendar_y, calendar_x.shape[0], vx, vy)
            wx, vx, wy, vy = vx, wx, vy, wy
        if m == OVERFLOW:
            return OVERFLOW, offsets, keep_x, keep_y
        ng = gain(buy[t], sell[t], auxiliary_kw[t], wear, step_h, low_kw[t], high_kw[t], charge, discharge, gx, gy, gp)
        if m == 0 or ng == 0:
            return INFEASIBLE - t, offsets, keep_x, keep_y
        if keep:
            keep_x, keep_y = _room(keep_x, used + m), _room(keep_y, used + m)
            keep_x[used : used + m] = wx[:m]
            keep_y[used : used + m] = wy[:m]
            used += m
            offsets[n_times - t] = used
        n = best_reach(wx, wy, m, gx, gy, ng, work, runs, vx, vy)
        if n == OVERFLOW:
            return OVERFLOW, offsets, keep_x, keep_y
        for i in range(n):
            vx[i] /= retention
    keep_x, keep_y = _room(keep_x, used + n), _room(keep_y, used + n)
    keep_x[used : used + n] = vx[:n]
    keep_y[used : used + n] = vy[:n]
    offsets[n_times + 1] = used + n
    return OK, offsets, keep_x[: used + n], keep_y[: used + n]


@jit
def forward(
    step_h: float, buy: FloatArray, sell: FloatArray, auxiliary_kw: FloatArray, wear: float, low_kw: FloatArray,
    high_kw: FloatArray, charge: FloatArray, discharge: FloatArray, retention: float, energy_kwh_start: float,
    offsets: IntArray, keep_x: FloatArray, keep_y: FloatArray, tolerance: float,
) -> tuple[FloatArray, FloatArray, FloatArray, FloatArray]:  # fmt: skip
    """Follow the value functions from a starting energy; of equal choices the smallest movement is taken.

    Parameters
    ----------
    energy_kwh_start : float
        Stored energy before the first step. [kWh]
    offsets, keep_x, keep_y : ndarray
        As `backward` returned them with ``keep``.
    tolerance : float
        Loss per step up to which two choices count as equal. [currency]

    Returns
    -------
    power_kw : ndarray, shape (n_times,)
        Net AC power, discharge positive. [kW]
    energy_kwh : ndarray, shape (n_times,)
        Stored energy at the end of each step. [kWh]
    marginal : ndarray, shape (n_times,)
        Value of one more stored MWh at the end of each step. [currency/MWh]
    at_stake : ndarray, shape (n_times,)
        Loss if this step idled and all later ones adapted; infinite where idling is not feasible. [currency]
    """
    n_times = buy.shape[0]
    power_kw, energy_kwh = np.empty(n_times), np.empty(n_times)
    marginal, at_stake = np.empty(n_times), np.empty(n_times)
    gx, gy, gp = np.empty(64), np.empty(64), np.empty(64)
    energy = energy_kwh_start
    for t in range(n_times):
        a, b = int(offsets[n_times - t - 1]), int(offsets[n_times - t])
        vx, vy = keep_x[a:b], keep_y[a:b]
        ng = gain(buy[t], sell[t], auxiliary_kw[t], wear, step_h, low_kw[t], high_kw[t], charge, discharge, gx, gy, gp)
        base = retention * energy
        change, best = _best_change(vx, vy, b - a, gx, gy, ng, base, tolerance)
        idle = -np.inf
        if gx[0] <= 0.0 <= gx[ng - 1]:
            idle = interpolate(vx, vy, b - a, base) + interpolate(gx, gy, ng, 0.0)
        energy = min(max(base + change, float(vx[0])), float(vx[b - a - 1]))
        power_kw[t] = _power_of(gx, gp, ng, change)
        energy_kwh[t] = energy
        marginal[t] = 1000.0 * slope_right(vx, vy, b - a, energy)
        at_stake[t] = max(best - idle, 0.0)
    return power_kw, energy_kwh, marginal, at_stake


@jit
def _power_of(gx: FloatArray, gp: FloatArray, ng: int, change: float) -> float:
    """AC power of a change of stored energy, by the nodes of `gain`."""
    if change <= gx[0]:
        return gp[0]
    for i in range(ng - 1):
        if change <= gx[i + 1]:
            return gp[i] + (gp[i + 1] - gp[i]) * (change - gx[i]) / (gx[i + 1] - gx[i])
    return gp[ng - 1]


@jit
def _best_change(
    vx: FloatArray, vy: FloatArray, n: int, gx: FloatArray, gy: FloatArray, ng: int, base: float, tolerance: float
) -> tuple[float, float]:
    """Best change of stored energy from `base`; within `tolerance` of the best, the smallest."""
    low = max(gx[0], vx[0] - base)
    high = min(gx[ng - 1], vx[n - 1] - base)
    if low > high:
        low = high = min(max(low, gx[0]), gx[ng - 1])
    best = -np.inf
    for pass_ in range(2):
        chosen = np.inf
        for i in range(-2, n + ng):
            if i < 0:
                candidate = low if i == -2 else high
            elif i < n:
                candidate = vx[i] - base
            else:
                candidate = gx[i - n]
            if candidate < low or candidate > high:
                continue
            x = min(max(base + candidate, vx[0]), vx[n - 1])
            value = interpolate(vx, vy, n, x) + interpolate(gx, gy, ng, candidate)
            if pass_ == 0:
                best = max(best, value)
            elif value >= best - tolerance and abs(candidate) < abs(chosen):
                chosen = candidate
        if pass_ == 1:
            return chosen, best
    return 0.0, best


@jit
def path_values(
    step_h: float, paths_per_mwh: FloatArray, auxiliary_kw: FloatArray, wear: float, low_kw: FloatArray,
    high_kw: FloatArray, charge: FloatArray, discharge: FloatArray, energy_kwh_low: FloatArray,
    energy_kwh_high: FloatArray, retention: float, end_x: FloatArray, end_y: FloatArray, calendar_x: FloatArray,
    calendar_y: FloatArray, n_nodes_max: int, buy_fee_per_mwh: float, sell_fee_per_mwh: float,
    energy_kwh_grid: FloatArray, out_value: FloatArray,
) -> int:  # fmt: skip
    """Value functions before the first step of many price paths, sampled at given energies.

    Parameters
    ----------
    paths_per_mwh : ndarray, shape (n_paths, n_times)
        Price paths before fees. [currency/MWh]
    buy_fee_per_mwh, sell_fee_per_mwh : float
        Fees on import and export. [currency/MWh]
    energy_kwh_grid : ndarray, shape (n_grid,)
        Stored energies at which the value is wanted. [kWh]
    out_value : ndarray, shape (n_paths, n_grid)
        Written: value of the optimum from each energy; minus infinity where infeasible. [currency]

    Returns
    -------
    int
        0, or the first failing path's status of `backward`.
    """
    for k in range(paths_per_mwh.shape[0]):
        status, _, x, y = backward(
            step_h, paths_per_mwh[k] + buy_fee_per_mwh, paths_per_mwh[k] - sell_fee_per_mwh, auxiliary_kw, wear,
            low_kw, high_kw, charge, discharge, energy_kwh_low, energy_kwh_high, retention, end_x, end_y,
            calendar_x, calendar_y, n_nodes_max, False,
        )  # fmt: skip
        if status != OK:
            return status
        for j in range(energy_kwh_grid.shape[0]):
            out_value[k, j] = interpolate(x, y, x.shape[0], energy_kwh_grid[j])
    return OK
