"""One step of many containers: power wanted of each becomes current, heat and temperatures of all its cells."""

from __future__ import annotations

import math
from typing import NamedTuple

from battuta._jit import jit_in_place
from battuta.numerics.arrays import FloatArray, IntArray
from battuta.physics.cell_arrays import CellArrays, CellTables
from battuta.physics.cell_kernels import advance_string
from battuta.physics.string_kernels import recall_current_a, solve_string, source_current_a, taper_share
from battuta.physics.thermal_kernels import ThermalConstants, cop, next_mode, step_heat

SOC_STEP_MAX = 0.01
"""Largest change of soc in one inner step. [-]"""
_ACTIVE_SHARE = 0.02


class StringArrays(NamedTuple):
    """Strings of all containers, container after container.

    Attributes
    ----------
    cell_offset : ndarray of int, shape (n_strings + 1,)
        First cell of each string.
    share : ndarray, shape (n_strings,)
        Weight of a string in the power of its container; 0 takes it out of service. [-]
    current_a, voltage_v : ndarray, shape (n_strings,)
        Mean current [A] and mean voltage [V] over the last step.
    emf_v, resistance_ohm : ndarray, shape (n_strings,)
        Straight line of voltage over current in the last step, where the next guess comes from. [V], [ohm]
    memory : ndarray, shape (n_strings, MEMORY)
        What `advance_string` left; zeros make the next step look at each cell.
    scratch : ndarray, shape (n_sites, SCRATCH)
        Room to compute in, without meaning between calls; a call takes the row of its first container, so that calls on
        disjoint ranges of containers may run at once.
    """

    cell_offset: IntArray
    share: FloatArray
    current_a: FloatArray
    voltage_v: FloatArray
    emf_v: FloatArray
    resistance_ohm: FloatArray
    memory: FloatArray
    scratch: FloatArray


class SiteArrays(NamedTuple):
    """Containers: state, controls, and what the last step did; each ``(n_sites,)``.

    Attributes
    ----------
    string_offset : ndarray of int, shape (n_sites + 1,)
        First string of each container.
    tank_c, air_c : ndarray
        Temperature of coolant tank and of air and structure. [degC]
    mode, mode_request : ndarray of int
        What the thermal machine does (0 off, 1 cool, 2 heat); what it is told to (-1: its bands decide).
    mode_s : ndarray
        Time in that mode. [s]
    setpoint_c : ndarray
        Coolant temperature while cooling; the bands of the cells stand above it. [degC]
    flow_factor, cooling_factor : ndarray
        Coolant flow and chiller capacity over those of a sound machine: faults. [-]
    power_kw : ndarray
        Mean DC power achieved, discharge positive. [kW]
    auxiliary_power_kw : ndarray
        Mean electric power of pump, chiller, heater and controls. [kW]
    cooling_kw, heating_kw, wall_kw : ndarray
        Heat taken by the chiller, given by the heater, lost through the walls. [kW]
    heat_kw, hysteresis_kw, leak_kw, reversible_kw : ndarray
        Heat of the cells: resistances, hysteresis, self-discharge, entropy (either sign). [kW]
    throughput_ah : ndarray
        Sum over the strings of the mean of the current's magnitude times time, added up since the start. [Ah]
    cell_temperature_c_low, cell_temperature_c_high : ndarray
        Coldest and hottest cell after the step. [degC]
    """

    string_offset: IntArray
    tank_c: FloatArray
    air_c: FloatArray
    mode: IntArray
    mode_request: IntArray
    mode_s: FloatArray
    setpoint_c: FloatArray
    flow_factor: FloatArray
    cooling_factor: FloatArray
    power_kw: FloatArray
    auxiliary_power_kw: FloatArray
    cooling_kw: FloatArray
    heating_kw: FloatArray
    wall_kw: FloatArray
    heat_kw: FloatArray
    hysteresis_kw: FloatArray
    leak_kw: FloatArray
    reversible_kw: FloatArray
    throughput_ah: FloatArray
    cell_temperature_c_low: FloatArray
    cell_temperature_c_high: FloatArray


@jit_in_place
def step_sites(
    tables: CellTables, thermal: ThermalConstants, cells: CellArrays, strings: StringArrays, sites: SiteArrays,
    power_kw: FloatArray, power_rms_kw: FloatArray, power_magnitude_kw: FloatArray, ambient_c: FloatArray,
    duration_s: float, inner_s_max: float, cells_per_node: float, strings_per_node: float, account_j: FloatArray,
    first_site: int, last_site: int,
) -> None:  # fmt: skip
    """Carry a range of containers over one step; every array is written in place.

    Parameters
    ----------
    tables, thermal : CellTables, ThermalConstants
        Equations of a cell and of a container.
    cells, strings, sites : CellArrays, StringArrays, SiteArrays
        State, and the answers of the step.
    power_kw, power_rms_kw, power_magnitude_kw : ndarray, shape (n_sites,)
        Mean of the DC power wanted, of its square (root) and of its magnitude. [kW]
    ambient_c : ndarray, shape (n_sites,)
        Ambient temperature. [degC]
    duration_s : float
        Length of the step. [s]
    inner_s_max : float
        Longest inner step. [s]
    cells_per_node, strings_per_node : float
        Real cells in series and real strings that a modelled one stands for. [-]
    account_j : ndarray, shape (n_sites, 8)
        Room for the energies of the step. [J]
    first_site, last_site : int
        Range of containers.
    """
    for site in range(first_site, last_site):
        first, last = sites.string_offset[site], sites.string_offset[site + 1]
        account = account_j[site]
        account[:] = 0.0
        cells.voltage_v_mean[strings.cell_offset[first] : strings.cell_offset[last]] = 0.0
        strings.current_a[first:last] = 0.0
        strings.voltage_v[first:last] = 0.0
        weights = 0.0
        for s in range(first, last):
            weights += strings.share[s]
        watts = 1000.0 / (weights * strings_per_node) if weights > 0.0 else 0.0
        n_inner = _inner_steps(tables, strings, first, last, power_kw[site] * watts, duration_s, inner_s_max)
        inner_s = duration_s / n_inner
        auxiliary_j = 0.0
        for _ in range(n_inner):
            _step_strings(
                tables, cells, strings, first, last, power_kw[site] * watts, power_rms_kw[site] * watts,
                inner_s, 1.0 / n_inner, cells_per_node, taper_share(
                    tables, 1 if power_kw[site] >= 0.0 else 0, sites.cell_temperature_c_low[site],
                    sites.cell_temperature_c_high[site],
                ), account, strings.scratch[first_site],
            )  # fmt: skip
            auxiliary_j += _step_climate(
                thermal, cells, strings, sites, site, ambient_c[site], inner_s, cells_per_node, strings_per_node,
                abs(power_kw[site]) * watts > _ACTIVE_SHARE * tables.limits_a[1] * strings.emf_v[first],
                account[5:],
            )  # fmt: skip
        real = cells_per_node * strings_per_node / (1000.0 * duration_s)
        sites.power_kw[site] = account[0] * real
        sites.heat_kw[site] = account[1] * real
        sites.hysteresis_kw[site] = account[2] * real
        sites.leak_kw[site] = account[3] * real
        sites.reversible_kw[site] = account[4] * real
        sites.cooling_kw[site] = account[5] / (1000.0 * duration_s)
        sites.heating_kw[site] = account[6] / (1000.0 * duration_s)
        sites.wall_kw[site] = account[7] / (1000.0 * duration_s)
        sites.auxiliary_power_kw[site] = auxiliary_j / (1000.0 * duration_s)
        swing = power_magnitude_kw[site] / abs(power_kw[site]) if power_kw[site] != 0.0 else 0.0
        for s in range(first, last):
            flow_a = abs(strings.current_a[s]) * swing
            if power_kw[site] == 0.0 and strings.share[s] > 0.0 and strings.voltage_v[s] > 0.0:
                flow_a = power_magnitude_kw[site] * watts * strings.share[s] / strings.voltage_v[s]
            sites.throughput_ah[site] += flow_a * duration_s / 3600.0 * strings_per_node


@jit_in_place
def walk_sites(
    tables: CellTables, thermal: ThermalConstants, cells: CellArrays, strings: StringArrays, sites: SiteArrays,
    power_kw: FloatArray, power_rms_kw: FloatArray, power_magnitude_kw: FloatArray, ambient_c: FloatArray,
    duration_s: float, inner_s_max: float, cells_per_node: float, strings_per_node: float, account_j: FloatArray,
    answers: FloatArray, first_site: int, last_site: int,
) -> None:  # fmt: skip
    """Carry a range of containers over many steps, one container after the other, and note what each step did.

    Parameters
    ----------
    tables, thermal, cells, strings, sites, duration_s, inner_s_max, cells_per_node, strings_per_node, account_j
        As in `step_sites`.
    power_kw, power_rms_kw, power_magnitude_kw, ambient_c : ndarray, shape (n_times, n_sites)
        As in `step_sites`, for each step. [kW], [degC]
    answers : ndarray, shape (9, n_times, n_sites)
        Receives DC power, auxiliary power, heat of resistances, hysteresis, leaks and entropy [kW], mean soc [-],
        coldest and hottest cell [degC].
    first_site, last_site : int
        Range of containers.
    """
    for site in range(first_site, last_site):
        first = strings.cell_offset[sites.string_offset[site]]
        last = strings.cell_offset[sites.string_offset[site + 1]]
        for t in range(power_kw.shape[0]):
            step_sites(
                tables, thermal, cells, strings, sites, power_kw[t], power_rms_kw[t], power_magnitude_kw[t],
                ambient_c[t], duration_s, inner_s_max, cells_per_node, strings_per_node, account_j, site, site + 1,
            )  # fmt: skip
            answers[0, t, site] = sites.power_kw[site]
            answers[1, t, site] = sites.auxiliary_power_kw[site]
            answers[2, t, site] = sites.heat_kw[site]
            answers[3, t, site] = sites.hysteresis_kw[site]
            answers[4, t, site] = sites.leak_kw[site]
            answers[5, t, site] = sites.reversible_kw[site]
            charge = 0.0
            for c in range(first, last):
                charge += cells.soc[c]
            answers[6, t, site] = charge / (last - first)
            answers[7, t, site] = sites.cell_temperature_c_low[site]
            answers[8, t, site] = sites.cell_temperature_c_high[site]


@jit_in_place
def _inner_steps(
    tables: CellTables, strings: StringArrays, first: int, last: int, power_w: float, duration_s: float, inner_s: float
) -> int:
    """Count the inner steps that keep the change of soc small."""
    fastest = 0.0
    for s in range(first, last):
        guess = source_current_a(power_w * strings.share[s], strings.emf_v[s], strings.resistance_ohm[s])
        guess = min(max(guess, -tables.limits_a[0]), tables.limits_a[1])
        fastest = max(fastest, abs(guess))
    turn = fastest * tables.soc_per_as * duration_s
    return max(1, math.ceil(turn / SOC_STEP_MAX - 1e-9), math.ceil(duration_s / inner_s - 1e-9))


@jit_in_place
def _step_strings(
    tables: CellTables, cells: CellArrays, strings: StringArrays, first: int, last: int, power_w: float, rms_w: float,
    step_s: float, share: float, cells_per_node: float, taper: float, account_j: FloatArray, scratch: FloatArray,
) -> None:  # fmt: skip
    """Carry all strings of a container over an inner step."""
    ripple_w = math.sqrt(max(rms_w * rms_w - power_w * power_w, 0.0))
    for s in range(first, last):
        begin, end = strings.cell_offset[s], strings.cell_offset[s + 1]
        wanted = power_w * strings.share[s]
        ripple_a = ripple_w * strings.share[s] / strings.emf_v[s]
        memory = strings.memory[s]
        current = recall_current_a(tables, memory, end - begin, wanted, ripple_a, step_s, cells_per_node, taper)
        if math.isnan(current):
            guess = source_current_a(wanted, strings.emf_v[s], strings.resistance_ohm[s])
            guess = min(max(guess, -tables.limits_a[0]), tables.limits_a[1])
            current, strings.emf_v[s], strings.resistance_ohm[s] = solve_string(
                tables, cells, begin, end, wanted, ripple_a, guess, step_s, cells_per_node
            )
        voltage = advance_string(
            tables, cells, begin, end, current, ripple_a, step_s, share, account_j, memory, scratch
        )
        strings.current_a[s] += share * current
        strings.voltage_v[s] += share * voltage * cells_per_node


@jit_in_place
def _step_climate(
    thermal: ThermalConstants, cells: CellArrays, strings: StringArrays, sites: SiteArrays, site: int,
    ambient_c: float, step_s: float, cells_per_node: float, strings_per_node: float, active: bool,
    account_j: FloatArray,
) -> float:  # fmt: skip
    """Carry the heat of a container over an inner step; the electric energy of its machines. [J]"""
    mode = next_mode(
        thermal, sites.mode[site], sites.mode_s[site], sites.mode_request[site], sites.setpoint_c[site],
        sites.cell_temperature_c_low[site], sites.cell_temperature_c_high[site],
    )  # fmt: skip
    sites.mode_s[site] = sites.mode_s[site] + step_s if mode == sites.mode[site] else step_s
    sites.mode[site] = mode
    flow = sites.flow_factor[site] if active or mode != 0 else 0.0
    pump_w = thermal.pump_w * flow * flow * flow
    setpoint_c = thermal.heat_setpoint_c if mode == 2 else sites.setpoint_c[site]
    pulled_before, given_before = account_j[0], account_j[1]
    first, last = sites.string_offset[site], sites.string_offset[site + 1]
    tank_c, air_c, tank_mean_c, cold_c, hot_c = step_heat(
        thermal, cells.temperature_c, cells.heat_w, strings.cell_offset, first, last, cells_per_node,
        strings_per_node, flow, pump_w, thermal.cooling_w_max * sites.cooling_factor[site] if mode == 1 else 0.0,
        thermal.heating_w_max if mode == 2 else 0.0, setpoint_c, sites.tank_c[site], sites.air_c[site], ambient_c,
        step_s, account_j,
    )  # fmt: skip
    sites.tank_c[site], sites.air_c[site] = tank_c, air_c
    sites.cell_temperature_c_low[site], sites.cell_temperature_c_high[site] = cold_c, hot_c
    pulled, given = account_j[0] - pulled_before, account_j[1] - given_before
    electric = pulled / cop(thermal, ambient_c, tank_mean_c) + given / thermal.heating_cop
    return electric + (pump_w + thermal.controls_w) * step_s
