"""Loops of Naumann's ageing model: calendar and cycle ageing of capacity and resistance, streaming, one row a cell.

Calendar loss goes with the square root of time and cycle loss with that of the equivalent cycles. Under stress that
changes, the squares of both add up: ``d(q^2) = k^2 dt`` exactly, so that steps of any length agree.

Parameter row: 8 numbers of capacity, 8 of resistance, see the constants. State of a cell, one row of `N_AGE` numbers
(all zero is a new cell); losses are shares of the new value.
"""

from __future__ import annotations

import math
from typing import Final

import numpy as np

from battuta._jit import jit
from battuta.numerics.arrays import FloatArray

RATE: Final = 0
ACTIVATION: Final = 1
SOC_SCALE: Final = 2
SOC_OFFSET: Final = 3
C_RATE_SCALE: Final = 4
C_RATE_OFFSET: Final = 5
DEPTH_SCALE: Final = 6
DEPTH_OFFSET: Final = 7
RESISTANCE: Final = 8
N_NAUMANN: Final = 16

CAPACITY_CALENDAR_SQUARED: Final = 0
CAPACITY_CYCLE_SQUARED: Final = 1
RESISTANCE_CALENDAR: Final = 2
RESISTANCE_CYCLE: Final = 3
FULL_CYCLES: Final = 4
STARTED: Final = 5
TURN_SOC: Final = 6
EXTREME_SOC: Final = 7
DIRECTION: Final = 8
LAST_SOC: Final = 9
LAST_TEMPERATURE_C: Final = 10
MOVING_S: Final = 11
EXTREME_S: Final = 12
N_AGE: Final = 13

GAS_J_PER_MOL_K: Final = 8.31446261815324
REFERENCE_K: Final = 298.15


@jit
def calendar_rate(soc: float, temperature_c: float, row: FloatArray, first: int, exponent: int) -> float:
    """Calendar stress at a state of charge and a temperature, never below 0.

    Parameters
    ----------
    soc : float
        State of charge. [-]
    temperature_c : float
        Cell temperature. [degC]
    row : ndarray, shape (16,)
        Parameter row.
    first : int
        0 for capacity, ``RESISTANCE`` for resistance.
    exponent : int
        Exponent on ``soc - 0.5``: 3 for capacity, 2 for resistance.

    Returns
    -------
    float
        Rate, per square root of a second for capacity, per second for resistance.
    """
    inverse_k = 1.0 / (temperature_c + 273.15) - 1.0 / REFERENCE_K
    arrhenius = math.exp(-row[first + ACTIVATION] / GAS_J_PER_MOL_K * inverse_k)
    away = soc - 0.5
    shape = row[first + SOC_SCALE] * (away * away * away if exponent == 3 else away * away) + row[first + SOC_OFFSET]
    return max(row[first + RATE] * arrhenius * shape, 0.0)


@jit
def cycle_rate(depth: float, c_rate: float, row: FloatArray, first: int, centre: float) -> float:
    """Cycle stress of a cycle, never below 0.

    Parameters
    ----------
    depth : float
        Depth of the cycle. [-]
    c_rate : float
        Mean rate while it moves. [1/h]
    row : ndarray, shape (16,)
        Parameter row.
    first : int
        0 for capacity, ``RESISTANCE`` for resistance.
    centre : float
        Centre of the cubic in depth: 0.6 for capacity, 0.5 for resistance. [-]

    Returns
    -------
    float
        Rate, per square root of a full equivalent cycle for capacity, per cycle for resistance.
    """
    away = depth - centre
    by_rate = row[first + C_RATE_SCALE] * c_rate + row[first + C_RATE_OFFSET]
    return max(by_rate * (row[first + DEPTH_SCALE] * away * away * away + row[first + DEPTH_OFFSET]), 0.0)


@jit
def add_cycle(depth: float, c_rate: float, full_cycles: float, row: FloatArray, age: FloatArray) -> None:
    """Age one cell by cycles of one kind.

    Parameters
    ----------
    depth, c_rate : float
        As for `cycle_rate`.
    full_cycles : float
        Full equivalent cycles: depth for a whole cycle, half of it for a half one. [-]
    row : ndarray, shape (16,)
        Parameter row.
    age : ndarray, shape (13,)
        State of the cell; changed in place.
    """
    capacity = cycle_rate(depth, c_rate, row, 0, 0.6)
    age[CAPACITY_CYCLE_SQUARED] += capacity * capacity * full_cycles
    age[RESISTANCE_CYCLE] += cycle_rate(depth, c_rate, row, RESISTANCE, 0.5) * full_cycles
    age[FULL_CYCLES] += full_cycles


@jit
def _walk_half_cycles(soc: float, dt_s: float, turn_soc: float, row: FloatArray, age: FloatArray) -> None:
    """Close a half-cycle when the state of charge has turned back by more than `turn_soc`."""
    if soc != age[LAST_SOC]:
        age[MOVING_S] += dt_s
    away = soc - age[EXTREME_SOC]
    if age[DIRECTION] == 0.0:
        if abs(soc - age[TURN_SOC]) <= turn_soc or soc == age[TURN_SOC]:
            return
        age[DIRECTION] = math.copysign(1.0, soc - age[TURN_SOC])
    elif away * age[DIRECTION] < 0.0:
        if abs(away) <= turn_soc:
            return
        depth = abs(age[EXTREME_SOC] - age[TURN_SOC])
        c_rate = 3600.0 * depth / max(age[EXTREME_S], 1e-9)
        add_cycle(depth, c_rate, 0.5 * depth, row, age)
        age[TURN_SOC] = age[EXTREME_SOC]
        age[MOVING_S] -= age[EXTREME_S]
        age[DIRECTION] = -age[DIRECTION]
    elif away == 0.0:
        return
    age[EXTREME_SOC] = soc
    age[EXTREME_S] = age[MOVING_S]


@jit
def naumann_step(
    soc: FloatArray, temperature_c: FloatArray, dt_s: float, turn_soc: float, row: FloatArray, age: FloatArray
) -> None:
    """Age each cell by one step.

    Parameters
    ----------
    soc, temperature_c : ndarray, shape (n_cells,)
        State at the end of the step; a missing value is taken as the last known one, and until both have been known
        once a cell does not age. [-], [degC]
    dt_s : float
        Length of the step. [s]
    turn_soc : float
        How far the state of charge must turn back before a half-cycle is closed: above the noise of its estimate. [-]
    row : ndarray, shape (16,)
        Parameter row.
    age : ndarray, shape (n_cells, 13)
        State of each cell; changed in place.
    """
    for cell in range(soc.shape[0]):
        own = age[cell]
        soc_now, temperature = soc[cell], temperature_c[cell]
        if own[STARTED] == 0.0:
            if math.isnan(soc_now) or math.isnan(temperature):
                continue
            own[STARTED] = 1.0
            own[TURN_SOC] = own[EXTREME_SOC] = own[LAST_SOC] = soc_now
        if math.isnan(soc_now):
            soc_now = own[LAST_SOC]
        if math.isnan(temperature):
            temperature = own[LAST_TEMPERATURE_C]
        capacity = calendar_rate(soc_now, temperature, row, 0, 3)
        own[CAPACITY_CALENDAR_SQUARED] += capacity * capacity * dt_s
        own[RESISTANCE_CALENDAR] += calendar_rate(soc_now, temperature, row, RESISTANCE, 2) * dt_s
        _walk_half_cycles(soc_now, dt_s, turn_soc, row, own)
        own[LAST_SOC] = soc_now
        own[LAST_TEMPERATURE_C] = temperature


@jit
def naumann_walk(
    soc: FloatArray, temperature_c: FloatArray, dt_s: float, turn_soc: float, row: FloatArray, age: FloatArray
) -> None:
    """Age cells along a profile, shape (n_times, n_cells); otherwise as `naumann_step`."""
    for step in range(soc.shape[0]):
        naumann_step(soc[step], temperature_c[step], dt_s, turn_soc, row, age)


@jit
def calendar_days(soc: FloatArray, temperature_c: FloatArray, step_s: float, row: FloatArray) -> FloatArray:
    """Sum the calendar stress of each day.

    Parameters
    ----------
    soc, temperature_c : ndarray, shape (n_days, n_steps)
        State at the end of each step. [-], [degC]
    step_s : float
        Length of a step. [s]
    row : ndarray, shape (16,)
        Parameter row.

    Returns
    -------
    ndarray, shape (n_days, 2)
        Square of the capacity that a new cell would lose in that day, and the resistance that it gains. [-]
    """
    n_days, n_steps = soc.shape
    stress = np.zeros((n_days, 2))
    for day in range(n_days):
        for step in range(n_steps):
            rate = calendar_rate(soc[day, step], temperature_c[day, step], row, 0, 3)
            stress[day, 0] += rate * rate * step_s
            stress[day, 1] += calendar_rate(soc[day, step], temperature_c[day, step], row, RESISTANCE, 2) * step_s
    return stress


@jit
def cycle_stresses(depth: FloatArray, c_rate: FloatArray, full_cycles: FloatArray, row: FloatArray) -> FloatArray:
    """Stress of each cycle.

    Parameters
    ----------
    depth, c_rate : ndarray, shape (n_cycles,)
        Depth and mean rate. [-], [1/h]
    full_cycles : ndarray, shape (n_cycles,)
        Equivalent full cycles of each. [-]
    row : ndarray, shape (16,)
        Parameter row.

    Returns
    -------
    ndarray, shape (n_cycles, 2)
        Square of the capacity that a new cell would lose by it, and the resistance that it gains. [-]
    """
    stress = np.empty((depth.shape[0], 2))
    for i in range(depth.shape[0]):
        capacity = cycle_rate(depth[i], c_rate[i], row, 0, 0.6)
        stress[i, 0] = capacity * capacity * full_cycles[i]
        stress[i, 1] = cycle_rate(depth[i], c_rate[i], row, RESISTANCE, 0.5) * full_cycles[i]
    return stress
