"""Money and wear of a power profile, counted step by step and apart from whichever engine proposed it."""

from __future__ import annotations

import numpy as np

from battuta.domain.wear import DepthWear
from battuta.numerics.arrays import FloatArray
from battuta.trading.problem import StorageProblem


def revenue(problem: StorageProblem, power_kw: FloatArray) -> FloatArray:
    """Money of each step at the interconnection point, auxiliaries included.

    Parameters
    ----------
    problem : StorageProblem
        Prices, fees and auxiliary load.
    power_kw : ndarray, shape (n_times,)
        Net AC power of the battery, discharge positive. [kW]

    Returns
    -------
    ndarray, shape (n_times,)
        Sales positive, purchases negative. [currency]
    """
    exported_kw = power_kw - problem.auxiliary_power_kw
    price = np.where(exported_kw >= 0.0, problem.sell_per_mwh, problem.buy_per_mwh)
    return price * exported_kw / 1000.0 * problem.step_h


def stored_change_kwh(problem: StorageProblem, power_kw: FloatArray) -> FloatArray:
    """Change of stored energy by the power of each step, self-discharge apart, shape (n_times,). [kWh]"""
    change = np.zeros(power_kw.shape[0])
    for pieces, magnitude, is_charge in (
        (problem.charge_pieces, np.maximum(-power_kw, 0.0), True),
        (problem.discharge_pieces, np.maximum(power_kw, 0.0), False),
    ):
        edge = 0.0
        for k, (width, efficiency) in enumerate(pieces):
            top = np.inf if k == len(pieces) - 1 else width
            part = np.clip(magnitude - edge, 0.0, top)
            change += part * efficiency if is_charge else -part / efficiency
            edge += width
    return change * problem.step_h


def energy_path_kwh(problem: StorageProblem, power_kw: FloatArray) -> FloatArray:
    """Stored energy at the end of each step when the power is followed, shape (n_times,). [kWh]"""
    change = stored_change_kwh(problem, power_kw)
    if problem.retention == 1.0:
        return problem.energy_kwh_start + np.cumsum(change)
    energy = np.empty(power_kw.shape[0])
    stored = problem.energy_kwh_start
    for t in range(power_kw.shape[0]):
        stored = problem.retention * stored + change[t]
        energy[t] = stored
    return energy


def wear(problem: StorageProblem, power_kw: FloatArray, energy_kwh: FloatArray) -> FloatArray:
    """Wear of each step: flat, by depth segment, and by time at a state of charge.

    Parameters
    ----------
    problem : StorageProblem
        Wear prices.
    power_kw : ndarray, shape (n_times,)
        Net AC power of the battery, discharge positive. [kW]
    energy_kwh : ndarray, shape (n_times,)
        Stored energy at the end of each step. [kWh]

    Returns
    -------
    ndarray, shape (n_times,)
        Wear paid. [currency]
    """
    paid = problem.wear_per_mwh * np.maximum(power_kw, 0.0) / 1000.0 * problem.step_h
    if problem.depth_wear is not None:
        paid = paid + depth_wear(problem, problem.depth_wear, power_kw)
    if problem.calendar_per_hour is not None:
        paid = paid + np.asarray(problem.calendar_per_hour(energy_kwh)) * problem.step_h
    return paid


def depth_wear(problem: StorageProblem, depth: DepthWear, power_kw: FloatArray) -> FloatArray:
    """Wear by depth: each discharge empties the shallowest filled segment, each charge fills the shallowest gap.

    Parameters
    ----------
    problem : StorageProblem
        Window, efficiencies and starting energy.
    depth : DepthWear
        Price of each segment.
    power_kw : ndarray, shape (n_times,)
        Net AC power of the battery, discharge positive. [kW]

    Returns
    -------
    ndarray, shape (n_times,)
        Wear paid. [currency]
    """
    bottom = float(problem.energy_kwh_min.min())
    width = (float(problem.energy_kwh_max.max()) - bottom) / depth.n_segments
    filled = np.clip(problem.energy_kwh_start - bottom - width * np.arange(depth.n_segments), 0.0, width)
    ac_share = mean_discharge_efficiency(problem)
    change = stored_change_kwh(problem, power_kw)
    bottom_loss = (1.0 - problem.retention) * bottom
    paid = np.zeros(power_kw.shape[0])
    for t, moved in enumerate(change):
        filled *= problem.retention
        left = abs(float(moved))
        for j, price in enumerate(depth.price_per_mwh):
            part = min(left, float(filled[j] if moved < 0.0 else width - filled[j]))
            filled[j] += -part if moved < 0.0 else part
            left -= part
            if moved < 0.0:
                paid[t] += price * ac_share * part / 1000.0
            if left <= 0.0:
                break
        lost = bottom_loss
        for j in range(depth.n_segments - 1, -1, -1):  # standing loss below the segments: the deepest make it good
            part = min(lost, float(filled[j]))
            filled[j] -= part
            lost -= part
    return paid


def mean_discharge_efficiency(problem: StorageProblem) -> float:
    """AC energy out per stored energy at rated power. [-]"""
    width, efficiency = problem.discharge_pieces.T
    return float(width.sum() / (width / efficiency).sum())
