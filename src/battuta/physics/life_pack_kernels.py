"""A battery stepped through a year by one cell that stands for all: fast enough to ask again at each state of health.

Equations of the cell, current positive in discharge, are those of `cell_kernels`: charge, one-state hysteresis, two
relaxations and a series resistance over state of charge and temperature. Within a step the current is constant; charge,
relaxations, hysteresis and heat then have closed solutions, and the open-circuit voltage is taken half-way. All cells
share one temperature: ``T' = (q - g (T - T_ambient)) / C``, solved exactly, cooled and warmed within the bands of a
thermostat. The converter is Notton's, as in `pcs_kernels`.
"""

from __future__ import annotations

import math
from typing import Final, NamedTuple

from battuta._jit import jit_in_place, jit_inlined
from battuta.numerics.arrays import FloatArray
from battuta.physics.cell_arrays import CellTables
from battuta.physics.curve_kernels import decay, interpolate, surface

SOC: Final = 0
HYSTERESIS: Final = 1
FIRST_V: Final = 2
LAST_V: Final = 3
TEMPERATURE_C: Final = 4
MODE: Final = 5
N_STATE: Final = 6

DISCHARGED_KWH: Final = 0
CHARGED_KWH: Final = 1
AUXILIARY_KWH: Final = 2
SHORTFALL_KWH: Final = 3
FULL_CYCLES: Final = 4
HEAT_KWH: Final = 5
N_SUMS: Final = 6

_KELVIN: Final = 273.15


class PackNumbers(NamedTuple):
    """Numbers of a pack as the kernel takes them; heat and power of machines per cell.

    Attributes
    ----------
    n_cells : float
        Cells. [-]
    soc_low, soc_high : float
        Window of the state of charge. [-]
    capacity_new_ah, capacity_ah : float
        Capacity of a cell when new and now. [Ah]
    resistance_factor : float
        Factor on all resistances. [-]
    rated_kw : float
        Rated AC power. [kW]
    no_load_discharge_pu, quadratic_discharge_pu, no_load_charge_pu, quadratic_charge_pu, standby_pu : float
        Losses of the converter. [-]
    keep_kw, keep_soc, keep_per_soc : float
        Base power at most [kW], state of charge it steers to [-], share of it per state of charge away [-].
    day_cycles_max : float
        Equivalent full cycles a day after which the request is no longer followed. [-]
    cell_j_per_k, wall_w_per_k : float
        Heat capacity and conductance to ambient. [J/K], [W/K]
    cool_on_c, cool_off_c, heat_on_c, heat_off_c : float
        Bands of the thermostat. [degC]
    cooling_w, heating_w : float
        Heat moved at most. [W]
    carnot_share, cop_max, lift_k, heating_cop : float
        Coefficient of performance of cooling, as in `thermal_kernels.cop`, and of heating. [-], [-], [K], [-]
    running_w, controls_w : float
        Power of pumps and fans while it works, and of controls always. [W]
    """

    n_cells: float
    soc_low: float
    soc_high: float
    capacity_new_ah: float
    capacity_ah: float
    resistance_factor: float
    rated_kw: float
    no_load_discharge_pu: float
    quadratic_discharge_pu: float
    no_load_charge_pu: float
    quadratic_charge_pu: float
    standby_pu: float
    keep_kw: float
    keep_soc: float
    keep_per_soc: float
    day_cycles_max: float
    cell_j_per_k: float
    wall_w_per_k: float
    cool_on_c: float
    cool_off_c: float
    heat_on_c: float
    heat_off_c: float
    cooling_w: float
    heating_w: float
    carnot_share: float
    cop_max: float
    lift_k: float
    heating_cop: float
    running_w: float
    controls_w: float


@jit_inlined
def _output_pu(input_pu: float, no_load_pu: float, quadratic_pu: float) -> float:
    """As `pcs_kernels.output_of`, which owns memory in the eyes of the compiler. [-]"""
    rest = input_pu - no_load_pu
    if rest <= 0.0:
        return 0.0
    return 2.0 * rest / (1.0 + math.sqrt(1.0 + 4.0 * quadratic_pu * rest))


@jit_inlined
def dc_kw_of(pack: PackNumbers, ac_kw: float) -> float:
    """DC power that an AC power needs, as `pcs_kernels.ac_to_dc`. [kW]"""
    ac_pu = ac_kw / pack.rated_kw
    if ac_pu > 0.0:
        loss_pu = pack.no_load_discharge_pu + pack.quadratic_discharge_pu * ac_pu * ac_pu
    elif ac_pu < 0.0:
        stored = _output_pu(-ac_pu, pack.no_load_charge_pu, pack.quadratic_charge_pu)
        loss_pu = pack.no_load_charge_pu + pack.quadratic_charge_pu * stored * stored
    else:
        loss_pu = pack.standby_pu
    return ac_kw + loss_pu * pack.rated_kw


@jit_inlined
def ac_kw_of(pack: PackNumbers, dc_kw: float) -> float:
    """AC power that a DC power gives, as `pcs_kernels.dc_to_ac`. [kW]"""
    dc_pu = dc_kw / pack.rated_kw
    if dc_pu == 0.0:
        return -pack.standby_pu * pack.rated_kw
    if dc_pu < 0.0:
        return pack.rated_kw * (dc_pu - pack.no_load_charge_pu - pack.quadratic_charge_pu * dc_pu * dc_pu)
    if dc_pu > pack.no_load_discharge_pu:
        return pack.rated_kw * _output_pu(dc_pu, pack.no_load_discharge_pu, pack.quadratic_discharge_pu)
    return pack.rated_kw * min(dc_pu - pack.no_load_charge_pu, 0.0)


@jit_inlined
def _asked_kw(pack: PackNumbers, power_kw: float, soc: float, day_cycles: float) -> float:
    """Request and base power together, within the rating. [kW]"""
    base = pack.keep_kw * min(max((soc - pack.keep_soc) * pack.keep_per_soc, -1.0), 1.0)
    request = power_kw if day_cycles < pack.day_cycles_max else 0.0
    return min(max(request + base, -pack.rated_kw), pack.rated_kw)


@jit_inlined
def _quick_decay(x: float) -> tuple[float, float]:
    """As `decay`; below 0.2 by a quotient of two squares that is off by less than 5e-7, without an exponential."""
    if x < 0.2:
        mean = 1.0 / (1.0 + x * (0.5 + x / 12.0))
        return 1.0 - x * mean, mean
    return decay(x)


@jit_inlined
def _electric(
    tables: CellTables, pack: PackNumbers, soc: float, hysteresis: float, first_v: float, last_v: float,
    temperature: float, wanted_w: float, soc_per_a: float, mean1: float, mean2: float, ohm1: float, ohm2: float,
) -> tuple[float, float, float, bool, float]:  # fmt: skip
    """Move the charge of a cell: current [A], mean power [W] and heat without relaxations [W]; whether limits cut.

    The last number is the hysteresis after the step.
    """
    nodes = tables.ocv_v.shape[0] - 1
    change = wanted_w / interpolate(tables.ocv_v, soc * nodes) * soc_per_a
    soc_guess = min(max(soc - change, pack.soc_low), pack.soc_high)
    middle = 0.5 * (soc + soc_guess) * nodes
    towards, way = (-1.0, 1) if wanted_w > 0.0 else (1.0, 0)
    lag_end, lag_mean = _quick_decay(tables.hysteresis_rate * abs(soc_guess - soc))
    lag = towards + (hysteresis - towards) * lag_mean
    degrees = (temperature - tables.temperature_c_low) * tables.temperature_per_k
    series = pack.resistance_factor * surface(tables.resistance_ohm[way], degrees, middle)
    source = interpolate(tables.ocv_v, middle) + tables.hysteresis_v * lag - mean1 * first_v - mean2 * last_v
    ohm = series + (1.0 - mean1) * ohm1 + (1.0 - mean2) * ohm2
    root = math.sqrt(max(source * source - 4.0 * ohm * wanted_w, 0.0))
    current = 2.0 * wanted_w / (source + root)
    taper = (temperature - tables.taper_c_low) * tables.taper_per_k
    most = tables.limits_a[way] * interpolate(tables.taper[way], taper)
    room, edge = soc - pack.soc_low, source - tables.limits_v[0]
    if way == 0:
        room, edge = pack.soc_high - soc, tables.limits_v[1] - source
    size = abs(current)
    cut = root == 0.0 or size > most or size * ohm > edge or size * soc_per_a > room
    if cut:
        most = max(min(most, edge / ohm, room / soc_per_a), 0.0)
        current = min(max(current, -most), most)
        lag_end = _quick_decay(tables.hysteresis_rate * abs(current) * soc_per_a)[0]
    entropy = interpolate(tables.entropy_v_per_k, middle)
    heat = series * current * current + abs(current) * tables.hysteresis_v * lag * lag
    heat -= current * (temperature + _KELVIN) * entropy
    return current, current * (source - ohm * current), heat, cut, towards + (hysteresis - towards) * lag_end


@jit_inlined
def _climate(
    pack: PackNumbers, temperature: float, mode: float, heat_w: float, ambient_c: float, end: float, warmed: float,
    works: bool,
) -> tuple[float, float, float]:  # fmt: skip
    """Move the temperature: that after [degC], mode, electric power of machines, pumps and controls per cell [W]."""
    if temperature > pack.cool_on_c or (mode == 1.0 and temperature > pack.cool_off_c):
        mode = 1.0
    elif temperature < pack.heat_on_c or (mode == 2.0 and temperature < pack.heat_off_c):
        mode = 2.0
    else:
        mode = 0.0
    free = ambient_c + (temperature - ambient_c) * end + warmed * heat_w
    electric = pack.controls_w + (pack.running_w if works or mode != 0.0 else 0.0)
    if mode == 1.0:
        pulled = min(max((free - pack.cool_off_c) / warmed, 0.0), pack.cooling_w)
        free -= warmed * pulled
        away = max(ambient_c - temperature + 2.0 * pack.lift_k, 1.0)
        electric += pulled / min(pack.carnot_share * (temperature - pack.lift_k + _KELVIN) / away, pack.cop_max)
    elif mode == 2.0:
        given = min(max((pack.heat_off_c - free) / warmed, 0.0), pack.heating_w)
        free += warmed * given
        electric += given / pack.heating_cop
    return free, mode, electric


@jit_in_place
def walk(
    tables: CellTables, pack: PackNumbers, power_kw: FloatArray, ambient_c: FloatArray, step_s: float,
    state: FloatArray, soc: FloatArray, temperature_c: FloatArray, c_rate: FloatArray, delivered_kw: FloatArray,
    sums: FloatArray,
) -> None:  # fmt: skip
    """Step a pack through days of a duty.

    Parameters
    ----------
    tables, pack : CellTables, PackNumbers
        Equations of the cell, numbers of the pack.
    power_kw, ambient_c : ndarray, shape (n_days * n_steps,)
        Power asked at the converter's AC side, discharge positive [kW], and temperature around the battery [degC].
    step_s : float
        Length of a step. [s]
    state : ndarray, shape (6,)
        State before; that after is written.
    soc, temperature_c, c_rate, delivered_kw : ndarray, shape (n_days * n_steps,)
        Written: state at the end of each step [-], [degC], current over the new capacity [1/h], AC power of the
        converter [kW]. The last may be of length 0, then it is not written.
    sums : ndarray, shape (n_days, 6)
        Gains per day: delivered, drawn at the interconnection point, auxiliaries, request not met [kWh], equivalent
        full cycles [-], heat of the cells [kWh].
    """
    steps_per_day = power_kw.shape[0] // sums.shape[0]
    end1, mean1 = decay(step_s / tables.relaxation[0, 1])
    end2, mean2 = decay(step_s / tables.relaxation[1, 1])
    ohm1, ohm2 = pack.resistance_factor * tables.relaxation[0, 0], pack.resistance_factor * tables.relaxation[1, 0]
    per_ohm1, per_ohm2 = 1.0 / ohm1 if ohm1 > 0.0 else 0.0, 1.0 / ohm2 if ohm2 > 0.0 else 0.0
    end = decay(step_s * pack.wall_w_per_k / pack.cell_j_per_k)[0]
    warmed = (1.0 - end) / pack.wall_w_per_k
    hours, kept, cells_kw = step_s / 3600.0, delivered_kw.shape[0] > 0, 1e-3 * pack.n_cells
    per_ah, per_cells_kw, soc_per_a = 1.0 / pack.capacity_new_ah, 1.0 / cells_kw, hours / pack.capacity_ah
    charge, lag, v1, v2 = state[SOC], state[HYSTERESIS], state[FIRST_V], state[LAST_V]
    degrees, mode = state[TEMPERATURE_C], state[MODE]
    for day in range(sums.shape[0]):
        cycles = 0.0
        out_kw, in_kw, auxiliaries_kw, missed_kw, heat_w_sum = 0.0, 0.0, 0.0, 0.0, 0.0
        for t in range(day * steps_per_day, (day + 1) * steps_per_day):
            ac_kw = _asked_kw(pack, power_kw[t], charge, cycles)
            current, power_w, heat_w, cut, after = _electric(
                tables, pack, charge, lag, v1, v2, degrees, dc_kw_of(pack, ac_kw) * per_cells_kw, soc_per_a, mean1,
                mean2, ohm1, ohm2,
            )  # fmt: skip
            if current != 0.0:
                lag = after
            charge = min(max(charge - current * soc_per_a, 0.0), 1.0)  # an edge is met to the last digit only
            w1, w2 = mean1 * v1 + (1.0 - mean1) * ohm1 * current, mean2 * v2 + (1.0 - mean2) * ohm2 * current
            heat_w += w1 * w1 * per_ohm1 + w2 * w2 * per_ohm2
            v1, v2 = end1 * v1 + (1.0 - end1) * ohm1 * current, end2 * v2 + (1.0 - end2) * ohm2 * current
            if cut:
                asked_kw, ac_kw = ac_kw, ac_kw_of(pack, power_w * cells_kw)
                missed_kw += abs(asked_kw - ac_kw)
            degrees, mode, machines_w = _climate(
                pack, degrees, mode, heat_w, ambient_c[t], end, warmed, current != 0.0
            )  # fmt: skip
            rate = current * per_ah
            soc[t], temperature_c[t], c_rate[t] = charge, degrees, rate
            if kept:
                delivered_kw[t] = ac_kw
            cycles += 0.5 * abs(rate) * hours
            net_kw = ac_kw - cells_kw * machines_w
            out_kw += max(net_kw, 0.0)
            in_kw += max(-net_kw, 0.0)
            auxiliaries_kw += cells_kw * machines_w
            heat_w_sum += heat_w
        sums[day, DISCHARGED_KWH] += out_kw * hours
        sums[day, CHARGED_KWH] += in_kw * hours
        sums[day, AUXILIARY_KWH] += auxiliaries_kw * hours
        sums[day, SHORTFALL_KWH] += missed_kw * hours
        sums[day, FULL_CYCLES] += cycles
        sums[day, HEAT_KWH] += cells_kw * heat_w_sum * hours
    state[SOC], state[HYSTERESIS], state[FIRST_V], state[LAST_V] = charge, lag, v1, v2
    state[TEMPERATURE_C], state[MODE] = degrees, mode
