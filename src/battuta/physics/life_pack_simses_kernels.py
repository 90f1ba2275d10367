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
def _ac_share(table: FloatArray, dc_share: float) -> float:
    """AC share that belongs to a DC share: the table read backwards. [-]"""
    last = table.shape[0] - 1
    low, high = 0, last
    while high - low > 1:
        middle = (low + high) // 2
        if table[middle] <= dc_share:
            low = middle
        else:
            high = middle
    share = (dc_share - table[low]) / (table[high] - table[low])
    return 2.0 * (low + share) / last - 1.0


@jit
def _close_half_cycle(row: FloatArray, state: FloatArray, last_soc: float, moved_s: float) -> None:
    """Age by the half-cycle that ends at a turn; the next begins there."""
    depth = abs(last_soc - state[START_SOC])
    c_rate, cycles = 3600.0 * depth / moved_s, 0.5 * depth
    by_cycle, away = cycle_rate(depth, c_rate, row, 0, 0.6), depth - 0.5
    state[CYCLE_SQUARED] += by_cycle * by_cycle * cycles
    by_rate = row[RESISTANCE + C_RATE_SCALE] * c_rate + row[RESISTANCE + C_RATE_OFFSET]  # may be negative there
    by_depth = row[RESISTANCE + DEPTH_SCALE] * away * away * away + row[RESISTANCE + DEPTH_OFFSET]
    state[RESISTANCE_CYCLE] += by_rate * by_depth * cycles
    state[FULL_CYCLES] += cycles
    state[START_SOC] = last_soc


@jit
def _current_a(
    wanted_w: float, source_v: float, ohm: float, charge_a_max: float, discharge_a_max: float, v_min: float,
    v_max: float, room_a: float, held_a: float,
) -> float:  # fmt: skip
    """Current of a cell for a power at its terminals, within its limits, charge positive. [A]"""
    if wanted_w == 0.0:
        return 0.0
    root = math.sqrt(max(source_v * source_v + 4.0 * ohm * wanted_w, 0.0))
    current = (root - source_v) / (2.0 * ohm)
    if wanted_w > 0.0:
        current = min(current, charge_a_max)
        if source_v + ohm * current > v_max:
            current = (v_max - source_v) / ohm
        return min(current, room_a)
    current = max(current, -discharge_a_max)
    if source_v + ohm * current < v_min:
        current = (v_min - source_v) / ohm
    return max(current, -held_a)


@jit
def _live_day(
    pack: SimsesNumbers, row: FloatArray, power_w: FloatArray, ambient_c: FloatArray, step_s: float, state: FloatArray
) -> int:  # fmt: skip
    """Step through one day, as `live_simses`; the step at which the temperature left the tables, else -1."""
    nodes, last_t = pack.ocv_v.shape[0] - 1, pack.resistance_ohm.shape[1] - 1
    per_k, per_w = last_t / (pack.temperature_c_high - pack.temperature_c_low), 1.0 / pack.rated_w
    half, cells, hours = 0.5 * (pack.dc_share.shape[0] - 1), pack.serial * pack.parallel, step_s / 3600.0
    cell_w, per_j, per_hours, through = pack.rated_w / cells, step_s / pack.cell_j_per_k, 1.0 / hours, 0.0
    soc, temperature = state[SOC], state[TEMPERATURE_C]
    squared, grown = state[CALENDAR_SQUARED], state[RESISTANCE_CALENDAR]
    last_soc, direction, moved_s = state[LAST_SOC], state[DIRECTION], state[MOVED_S]
    by_cycles, grown_by_cycles = math.sqrt(state[CYCLE_SQUARED]), state[RESISTANCE_CYCLE]
    for t in range(power_w.shape[0]):
        if temperature < pack.temperature_c_low or temperature > pack.temperature_c_high:
            state[TEMPERATURE_C] = temperature
            return t
        ac = min(max(power_w[t] * per_w, -1.0), 1.0)
        place = (ac + 1.0) * half
        k = min(int(place), pack.dc_share.shape[0] - 2)
        wanted = cell_w * (pack.dc_share[k] + (place - k) * (pack.dc_share[k + 1] - pack.dc_share[k]))
        place = soc * nodes
        k = max(min(int(place), nodes - 1), 0)
        x = place - k
        ocv = pack.ocv_v[k] + x * (pack.ocv_v[k + 1] - pack.ocv_v[k])
        lag = pack.hysteresis_v[k] + x * (pack.hysteresis_v[k + 1] - pack.hysteresis_v[k])
        entropy = pack.entropy_v_per_k[k] + x * (pack.entropy_v_per_k[k + 1] - pack.entropy_v_per_k[k])
        way = 0 if wanted > 0.0 else 1
        place = (temperature - pack.temperature_c_low) * per_k
        j = max(min(int(place), last_t - 1), 0)
        low, high = pack.resistance_ohm[way, j, k], pack.resistance_ohm[way, j + 1, k]
        low += x * (pack.resistance_ohm[way, j, k + 1] - low)
        high += x * (pack.resistance_ohm[way, j + 1, k + 1] - high)
        ohm = (low + (place - j) * (high - low)) * (1.0 + grown + grown_by_cycles)
        capacity = pack.capacity_ah * (1.0 - math.sqrt(squared) - by_cycles)
        full_a = capacity * per_hours
        current = _current_a(
            wanted, ocv + lag, ohm, pack.charge_a_max, pack.discharge_a_max, pack.voltage_v_min,
            pack.voltage_v_max, (1.0 - soc) * full_a, soc * full_a,
        )  # fmt: skip
        given = (ocv + lag + ohm * current) * current
        heat = (lag + ohm * current) * current + entropy * (temperature + _KELVIN) * current
        soc = min(max(soc + current / full_a, 0.0), 1.0)
        stress = calendar_rate(soc, temperature, row, 0, 3)
        squared += stress * stress * step_s
        grown += calendar_rate(soc, temperature, row, RESISTANCE, 2) * step_s
        if soc != last_soc:
            way_now = 1.0 if soc > last_soc else -1.0
            if way_now == -direction:
                _close_half_cycle(row, state, last_soc, moved_s)
                by_cycles, grown_by_cycles, moved_s = math.sqrt(state[CYCLE_SQUARED]), state[RESISTANCE_CYCLE], 0.0
            direction, moved_s, last_soc = way_now, moved_s + step_s, soc
        if abs(wanted - given) > 0.01 * abs(wanted):
            ac = _ac_share(pack.dc_share, given * cells * per_w)
        through += abs(ac)
        temperature += (heat + (ambient_c[t] - temperature) * pack.cell_w_per_k) * per_j
    state[SOC], state[TEMPERATURE_C] = soc, temperature
    state[CALENDAR_SQUARED], state[RESISTANCE_CALENDAR] = squared, grown
    state[LAST_SOC], state[DIRECTION], state[MOVED_S] = last_soc, direction, moved_s
    state[THROUGH_KWH] += through * pack.rated_w * hours / 1000.0
    return -1


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
    for day in range(n_days):
        first, last = day * n_steps, (day + 1) * n_steps
        failed = _live_day(pack, row, power_w[first:last], ambient_c[first:last], step_s, state)
        if failed >= 0:
            return first + failed
        daily[day, 0], daily[day, 1] = state[SOC], state[TEMPERATURE_C]
        daily[day, 2] = 1.0 - math.sqrt(state[CALENDAR_SQUARED]) - math.sqrt(state[CYCLE_SQUARED])
        daily[day, 3] = 1.0 + state[RESISTANCE_CALENDAR] + state[RESISTANCE_CYCLE]
    return -1
