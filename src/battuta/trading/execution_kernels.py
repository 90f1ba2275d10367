"""Open-loop execution: a requested power is clipped at the power limits and at the SoC bounds, step by step."""

from __future__ import annotations

import numpy as np

from battuta._jit import jit
from battuta.numerics.arrays import FloatArray

_SHORT_TOLERANCE = 1e-9


@jit
def execute(
    request_kw: FloatArray, step_h: float, low_kw: FloatArray, high_kw: FloatArray, energy_kwh_low: FloatArray,
    energy_kwh_high: FloatArray, energy_kwh_start: float, retention: float, charge: FloatArray, discharge: FloatArray,
    charge_taper: FloatArray, discharge_taper: FloatArray, ramp_kw: float, previous_power_kw: float,
    discharge_energy_kwh_max: float,
) -> tuple[FloatArray, FloatArray]:  # fmt: skip
    """Follow a request as far as the battery can.

    Where standing loss would carry the battery below its window it is recharged to the lower bound, as both engines
    plan it: the bound is held and what that costs is paid.

    Parameters
    ----------
    request_kw : ndarray, shape (n_times,)
        Requested net AC power, discharge positive. [kW]
    step_h : float
        Length of a step. [h]
    low_kw, high_kw : ndarray, shape (n_times,)
        Bounds of net power. [kW]
    energy_kwh_low, energy_kwh_high : ndarray, shape (n_times,)
        Window of stored energy at the end of each step. [kWh]
    energy_kwh_start : float
        Stored energy before the first step. [kWh]
    retention : float
        Share of stored energy that survives a step. [-]
    charge, discharge : ndarray, shape (n_pieces, 2)
        Width [kW] and marginal efficiency [-] of the pieces of each direction.
    charge_taper, discharge_taper : ndarray, shape (n_nodes, 2)
        Stored energy at the start of a step [kWh] and power limit [kW]; no rows where there is no taper.
    ramp_kw : float
        Largest change of power between steps; SoC bounds and tapers come before it. [kW]
    previous_power_kw : float
        Power of the step before the first one. [kW]
    discharge_energy_kwh_max : float
        Budget of energy discharged (AC) over all steps. [kWh]

    Returns
    -------
    power_kw : ndarray, shape (n_times,)
        What was delivered. [kW]
    energy_kwh : ndarray, shape (n_times,)
        Stored energy at the end of each step. [kWh]
    """
    n_times = request_kw.shape[0]
    power_kw, energy_kwh = np.empty(n_times), np.empty(n_times)
    energy = energy_kwh_start
    before = previous_power_kw
    budget = discharge_energy_kwh_max
    for t in range(n_times):
        low = max(low_kw[t], -_limit(charge_taper, energy))
        high = min(high_kw[t], _limit(discharge_taper, energy), max(budget, 0.0) / step_h)
        energy *= retention
        wanted = min(max(request_kw[t], before - ramp_kw), before + ramp_kw)
        short = energy_kwh_low[t] - energy
        if short > _SHORT_TOLERANCE * (1.0 + energy_kwh_low[t]):
            wanted = min(wanted, -_move(np.inf, short / step_h, charge, True)[0])
        wanted = min(max(wanted, low), high)
        power = 0.0
        if wanted < 0.0:
            room = max(energy_kwh_high[t] - energy, 0.0)
            power, moved = _move(-wanted, room / step_h, charge, True)
            energy += moved * step_h
            power = -power
        elif wanted > 0.0:
            room = max(energy - energy_kwh_low[t], 0.0)
            power, moved = _move(wanted, room / step_h, discharge, False)
            energy -= moved * step_h
            budget -= power * step_h
        power_kw[t] = before = power
        energy_kwh[t] = energy
    return power_kw, energy_kwh


@jit
def _limit(taper: FloatArray, energy_kwh: float) -> float:
    """Power that a taper allows at a stored energy. [kW]"""
    n = taper.shape[0]
    if n == 0:
        return np.inf
    if energy_kwh <= taper[0, 0]:
        return taper[0, 1]
    for k in range(1, n):
        if energy_kwh <= taper[k, 0]:
            share = (energy_kwh - taper[k - 1, 0]) / (taper[k, 0] - taper[k - 1, 0])
            return taper[k - 1, 1] + share * (taper[k, 1] - taper[k - 1, 1])
    return taper[n - 1, 1]


@jit
def _move(wanted_kw: float, room_kw: float, pieces: FloatArray, is_charge: bool) -> tuple[float, float]:
    """AC power and stored power of a request, piece by piece, until the room is used up."""
    power = 0.0
    stored = 0.0
    for k in range(pieces.shape[0]):
        rate = pieces[k, 1] if is_charge else 1.0 / pieces[k, 1]
        part = min(wanted_kw - power, pieces[k, 0])
        if stored + part * rate >= room_kw:
            power += (room_kw - stored) / rate
            return power, room_kw
        power += part
        stored += part * rate
    return power, stored
