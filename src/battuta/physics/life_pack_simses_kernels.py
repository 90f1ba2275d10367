"""SimSES 2's battery, ambient, converter and ageing, with its quirks, for those who have to reach its numbers.

Its quirks: curve and resistance stand still during a step, heat by explicit Euler, the loss curve of the converter as a
table of 101 nodes a way without loss at 0, hysteresis added in both directions, cycle ageing by half-cycles at each
turn, however small. Its tables end at 10 and 60 degC.
"""

from __future__ import annotations

import math
from typing import Final, NamedTuple

from battuta._jit import jit
from battuta.numerics.arrays import FloatArray
from battuta.physics.ageing.naumann_kernels import (
    C_RATE_OFFSET,
    C_RATE_SCALE,
    DEPTH_OFFSET,
    DEPTH_SCALE,
    RESISTANCE,
    calendar_rate,
    cycle_rate,
)

SOC: Final = 0
TEMPERATURE_C: Final = 1
CALENDAR_SQUARED: Final = 2
CYCLE_SQUARED: Final = 3
RESISTANCE_CALENDAR: Final = 4
RESISTANCE_CYCLE: Final = 5
START_SOC: Final = 6
LAST_SOC: Final = 7
DIRECTION: Final = 8
MOVED_S: Final = 9
FULL_CYCLES: Final = 10
THROUGH_KWH: Final = 11
N_STATE: Final = 12

_KELVIN: Final = 273.15


class SimsesNumbers(NamedTuple):
    """A pack as SimSES has it.

    Attributes
    ----------
    ocv_v, hysteresis_v, entropy_v_per_k : ndarray, shape (n_soc,)
        Tables of a cell on a uniform grid of soc from 0 to 1. [V], [V], [V/K]
    resistance_ohm : ndarray, shape (2, n_temperatures, n_soc)
        In charge (0) and discharge (1), on a uniform grid of temperature. [ohm]
    temperature_c_low, temperature_c_high : float
        Ends of that grid. [degC]
    dc_share : ndarray, shape (n_nodes,)
        DC over rated power on a uniform grid of AC over rated power from -1 to 1, charge positive. [-]
    rated_w : float
        Rating of the converter. [W]
    serial, parallel : float
        Cells in series, strings. [-]
    capacity_ah : float
        Of a cell. [Ah]
    charge_a_max, discharge_a_max : float
        Of a cell. [A]
    voltage_v_min, voltage_v_max : float
        Of a cell. [V]
    cell_j_per_k, cell_w_per_k : float
        Heat capacity of a cell, its conductance to the ambient. [J/K], [W/K]
    """

    ocv_v: FloatArray
    hysteresis_v: FloatArray
    entropy_v_per_k: FloatArray
    resistance_ohm: FloatArray
    temperature_c_low: float
    temperature_c_high: float
    dc_share: FloatArray
    rated_w: float
    serial: float
    parallel: float
    capacity_ah: float
    charge_a_max: float
    discharge_a_max: float
    voltage_v_min: float
    voltage_v_max: float
    cell_j_per_k: float
    cell_w_per_k: float


@jit
def _ac_share(pack: SimsesNumbers, dc_share: float) -> float:
    """AC share that belongs to a DC share: the table read backwards. [-]"""
    last = pack.dc_share.shape[0] - 1
    low, high = 0, last
    while high - low > 1:
        middle = (low + high) // 2
        if pack.dc_share[middle] <= dc_share:
            low = middle
        else:
            high = middle
    share = (dc_share - pack.dc_share[low]) / (pack.dc_share[high] - pack.dc_share[low])
    return 2.0 * (low + share) / last - 1.0


@jit
def _soh_capacity(state: FloatArray) -> float:
    """Capacity left over that when new. [-]"""
    return 1.0 - math.sqrt(state[CALENDAR_SQUARED]) - math.sqrt(state[CYCLE_SQUARED])


@jit
def _note(state: FloatArray, daily: FloatArray) -> None:
    """Write what a day ends with."""
    daily[0], daily[1], daily[2] = state[SOC], state[TEMPERATURE_C], _soh_capacity(state)
    daily[3] = 1.0 + state[RESISTANCE_CALENDAR] + state[RESISTANCE_CYCLE]


@jit
def _age(row: FloatArray, state: FloatArray, step_s: float) -> None:
    """Calendar ageing by a step, and the cycle that the step's turn closes."""
    soc, temperature = state[SOC], state[TEMPERATURE_C]
    stress = calendar_rate(soc, temperature, row, 0, 3)
    state[CALENDAR_SQUARED] += stress * stress * step_s
    state[RESISTANCE_CALENDAR] += calendar_rate(soc, temperature, row, RESISTANCE, 2) * step_s
    moved = soc - state[LAST_SOC]
    if moved == 0.0:
        return
    direction = 1.0 if moved > 0.0 else -1.0
    if direction == -state[DIRECTION]:
        depth = abs(state[LAST_SOC] - state[START_SOC])
        c_rate, cycles = 3600.0 * depth / state[MOVED_S], 0.5 * depth
        by_cycle, away = cycle_rate(depth, c_rate, row, 0, 0.6), depth - 0.5
        state[CYCLE_SQUARED] += by_cycle * by_cycle * cycles
        by_rate = row[RESISTANCE + C_RATE_SCALE] * c_rate + row[RESISTANCE + C_RATE_OFFSET]  # may be negative there
        by_depth = row[RESISTANCE + DEPTH_SCALE] * away * away * away + row[RESISTANCE + DEPTH_OFFSET]
        state[RESISTANCE_CYCLE] += by_rate * by_depth * cycles
        state[FULL_CYCLES] += cycles
        state[START_SOC], state[MOVED_S] = state[LAST_SOC], 0.0
    state[DIRECTION] = direction
    state[MOVED_S] += step_s
    state[LAST_SOC] = soc


@jit
def live_simses(
    pack: SimsesNumbers, row: FloatArray, power_w: FloatArray, ambient_c: FloatArray, step_s: float,
    state: FloatArray, daily: FloatArray,
) -> int:  # fmt: skip
    """Step a pack through a duty, ageing.

    Parameters
    ----------
    pack : SimsesNumbers
        The pack.
    row : ndarray, shape (16,)
        Parameters of Naumann's model.
    power_w, ambient_c : ndarray, shape (n_times,)
        AC power, charge positive as SimSES counts [W]; temperature around the pack [degC].
    step_s : float
        Length of a step. [s]
    state : ndarray, shape (12,)
        State; changed in place.
    daily : ndarray, shape (n_days, 4)
        Written: soc [-], temperature [degC], capacity and resistance over those when new [-] at the end of each day.

    Returns
    -------
    int
        Step at which the temperature left the tables, where SimSES ends with an error; -1 if it never did.
    """
    n_days = daily.shape[0]
    n_steps = power_w.shape[0] // n_days
    nodes, last_t = pack.ocv_v.shape[0] - 1, pack.resistance_ohm.shape[1] - 1
    per_k = last_t / (pack.temperature_c_high - pack.temperature_c_low)
    half, cells, hours = 0.5 * (pack.dc_share.shape[0] - 1), pack.serial * pack.parallel, step_s / 3600.0
    for day in range(n_days):
        for t in range(day * n_steps, (day + 1) * n_steps):
            soc, temperature = state[SOC], state[TEMPERATURE_C]
            if temperature < pack.temperature_c_low or temperature > pack.temperature_c_high:
                return t
            ac = min(max(power_w[t] / pack.rated_w, -1.0), 1.0)
            place = (ac + 1.0) * half
            k = min(int(place), pack.dc_share.shape[0] - 2)
            dc = pack.dc_share[k] + (place - k) * (pack.dc_share[k + 1] - pack.dc_share[k])
            wanted = dc * pack.rated_w / cells
            place = soc * nodes
            k = min(max(int(place), 0), nodes - 1)
            x = place - k
            ocv = pack.ocv_v[k] + x * (pack.ocv_v[k + 1] - pack.ocv_v[k])
            lag = pack.hysteresis_v[k] + x * (pack.hysteresis_v[k + 1] - pack.hysteresis_v[k])
            entropy = pack.entropy_v_per_k[k] + x * (pack.entropy_v_per_k[k + 1] - pack.entropy_v_per_k[k])
            way = 0 if wanted > 0.0 else 1
            place = (temperature - pack.temperature_c_low) * per_k
            j = min(int(place), last_t - 1)
            low = pack.resistance_ohm[way, j, k]
            low += x * (pack.resistance_ohm[way, j, k + 1] - low)
            high = pack.resistance_ohm[way, j + 1, k]
            high += x * (pack.resistance_ohm[way, j + 1, k + 1] - high)
            soh = _soh_capacity(state)
            ohm = (low + (place - j) * (high - low)) * (1.0 + state[RESISTANCE_CALENDAR] + state[RESISTANCE_CYCLE])
            capacity, source = pack.capacity_ah * soh, ocv + lag
            current = 0.0
            if wanted > 0.0:
                current = (math.sqrt(max(source * source + 4.0 * ohm * wanted, 0.0)) - source) / (2.0 * ohm)
                most = min(pack.charge_a_max, (pack.voltage_v_max - source) / ohm)
                current = min(current, most, (1.0 - soc) * capacity / hours)
            elif wanted < 0.0:
                current = (math.sqrt(max(source * source + 4.0 * ohm * wanted, 0.0)) - source) / (2.0 * ohm)
                least = max(-pack.discharge_a_max, (pack.voltage_v_min - source) / ohm)
                current = max(current, least, -soc * capacity / hours)
            given = (source + ohm * current) * current
            heat = (lag + ohm * current) * current + entropy * (temperature + _KELVIN) * current
            state[SOC] = min(max(soc + current * hours / capacity, 0.0), 1.0)
            _age(row, state, step_s)
            if wanted != 0.0 and abs(wanted - given) > 0.01 * abs(wanted):
                ac = _ac_share(pack, given * cells / pack.rated_w)
            state[THROUGH_KWH] += abs(ac) * pack.rated_w * hours / 1000.0
            change = heat / pack.cell_j_per_k + (ambient_c[t] - temperature) * pack.cell_w_per_k / pack.cell_j_per_k
            state[TEMPERATURE_C] = temperature + change * step_s
        _note(state, daily[day])
    return -1
