"""Where the quantities of a cell lie in the one array of a string, and the numbers of its laws.

A string is an array of shape (n_packs, N_ROWS * PACK): a pack is 48 neighbouring cells, each quantity of them a row.
All rows lie at fixed distances, so that the compiler sees that they do not overlap and works on several cells at once.
"""

from __future__ import annotations

from typing import NamedTuple

from battuta.numerics.arrays import FloatArray

PACK = 48
"""Cells whose rows lie together; the last pack is filled up with copies of the last cell."""
MODULE = 16
"""Neighbouring cells of a module: one place in the air, one board that reads them."""

SOC, FAST_V, SLOW_V = 0 * PACK, 1 * PACK, 2 * PACK
"""State of charge [-] and voltages of the two relaxations, positive after discharge. [V]"""
PLAY_NARROW, PLAY_MIDDLE, PLAY_WIDE = 3 * PACK, 4 * PACK, 5 * PACK
"""Where each play of the hysteresis stands. [-]"""
TEMPERATURE_C, HEAT_W_SUM = 6 * PACK, 7 * PACK
"""Temperature [degC]; heat of each step since the last thermal step, added up. [W]"""
LEAKED_AH, BLED_AH, BLED_AH_ROW = 8 * PACK, 9 * PACK, 10 * PACK
"""Charge lost inside, and bled by the balancer, since the start; bled since the last row that was logged. [Ah]"""
VOLT, READ_V = 11 * PACK, 12 * PACK
"""Terminal voltage, and what the channel reads before noise and steps. [V]"""
PER_AH, LEAK_S, SELF_A = 13 * PACK, 14 * PACK, 15 * PACK
"""One over the capacity [1/Ah], conductance of a leak [S], self-discharge at 25 degC. [A]"""
SERIES_OHM, FAST_OHM, SLOW_OHM = 16 * PACK, 17 * PACK, 18 * PACK
"""Resistances at 25 degC and shape one. [ohm]"""
OFFSET_V, OFFSET_V_PER_K, CONTACT_OHM = 19 * PACK, 20 * PACK, 21 * PACK
"""Offset of the channel at 25 degC, its drift with temperature, joint in its reading (either sign). [V, V/K, ohm]"""
COOLED_W_PER_K, PLACE_K = 22 * PACK, 23 * PACK
"""Conductance to the air, and how much warmer than the mean the air of its place is. [W/K, K]"""
SERIES_OHM_NOW, FAST_OHM_NOW, SLOW_OHM_NOW, SELF_A_NOW = 24 * PACK, 25 * PACK, 26 * PACK, 27 * PACK
"""The same at the present temperature. [ohm, A]"""
OFFSET_V_NOW, NOISE_V_NOW = 28 * PACK, 29 * PACK
"""Offset at the present temperature, and slow noise. [V]"""
OCV_V, LAG_V, SHAPE, BLEED_A = 30 * PACK, 31 * PACK, 32 * PACK, 33 * PACK
"""Of the present step: open-circuit voltage, hysteresis [V], shape of the resistance [-], bleed. [A]"""
CURVE_SHIFT = 34 * PACK
"""How far the steps of a cell's curve lie from those of its kind at half charge; empty and full stay. [-]"""
N_ROWS = 35
"""Rows of a pack."""

SOC_BMS, TAPER, FULL, EMPTY, AIR_C, COOLING, READ_V_MAX, READ_V_MIN = range(8)
"""What a string remembers: soc by its BMS [-], taper [-], flags, air [degC], chiller, extreme readings. [V]"""
N_MEMORY = 8
"""Numbers that a string remembers."""


class CellLaw(NamedTuple):
    """Equations of one kind of cell; all values are invented, see `battuta.world.foreign.cell_law`.

    Attributes
    ----------
    curve_v : ndarray, shape (2, n_nodes)
        Open-circuit voltage, and half the gap between the branches, on a uniform grid of soc. [V]
    soc_low, per_soc : float
        First node [-] and nodes per unit of soc. [-]
    play_narrow, play_middle, play_wide : float
        Half widths of the plays. [-]
    weight_narrow, weight_middle, weight_wide : float
        Their shares, summing to one. [-]
    shape_discharge, shape_charge : tuple of float
        Constant, low and high share of the resistance. [-]
    fast_s, slow_s : float
        Time constants of the relaxations. [s]
    heat_j_per_k : float
        Heat capacity of a cell. [J/K]
    series_k, slow_k, self_k : float
        Activation temperatures of series resistance, slow resistance and self-discharge. [K]
    """

    curve_v: FloatArray
    soc_low: float
    per_soc: float
    play_narrow: float
    play_middle: float
    play_wide: float
    weight_narrow: float
    weight_middle: float
    weight_wide: float
    shape_discharge: tuple[float, float, float]
    shape_charge: tuple[float, float, float]
    fast_s: float
    slow_s: float
    heat_j_per_k: float
    series_k: float
    slow_k: float
    self_k: float


class StringLaw(NamedTuple):
    """How one string is run and cooled; all values are invented, see `battuta.world.foreign.string_draws`.

    Attributes
    ----------
    capacity_ah : float
        Capacity by which its controller reckons. [Ah]
    step_s : float
        Step of simulation and log. [s]
    steps_thermal : int
        Steps between two thermal steps. [-]
    bleed_a, bleed_v_min, bleed_spread_v : float
        Current of the balancer, lowest reading at which it works, and excess over the lowest cell. [A, V, V]
    drift_a : float
        Offset of the current by which the controller counts. [A]
    wall_w_per_k, chiller_w_per_k, air_j_per_k : float
        Conductance to outdoors and, when on, to the chiller's coolant; heat capacity of air and racks. [W/K, J/K]
    chiller_c, chiller_c_on, chiller_c_off, heater_c_on : float
        Coolant; air at which the chiller starts, at which it stops, and below which coolant warms. [degC]
    noise_v, noise_v_slow, noise_v_module : float
        Standard deviations of white, slow and board noise of a reading. [V]
    resolution_v : float
        Step of the voltage converter. [V]
    """

    capacity_ah: float
    step_s: float
    steps_thermal: int
    bleed_a: float
    bleed_v_min: float
    bleed_spread_v: float
    drift_a: float
    wall_w_per_k: float
    chiller_w_per_k: float
    air_j_per_k: float
    chiller_c: float
    chiller_c_on: float
    chiller_c_off: float
    heater_c_on: float
    noise_v: float
    noise_v_slow: float
    noise_v_module: float
    resolution_v: float


class DayRequest(NamedTuple):
    """What is asked of a string in each step of a day, and what happens to it.

    Attributes
    ----------
    target_soc, rate_c : ndarray, shape (n_steps,)
        State of charge to go to, and how fast, per hour of the capacity. [-, 1/h]
    noise_c : ndarray, shape (n_steps,)
        Current on top, discharge positive. [1/h]
    unseen_c : ndarray, shape (n_steps,)
        Mean current of a step less the one at its end, which is what is logged. [1/h]
    contact_on : ndarray, shape (n_steps,)
        1 where loose contacts are open, else 0. [-]
    kept : ndarray, shape (n_steps,)
        1 where the row is logged, 0 where it is lost. [-]
    outdoor_c : ndarray, shape (n_thermal,)
        Outdoor temperature at each thermal step. [degC]
    """

    target_soc: FloatArray
    rate_c: FloatArray
    noise_c: FloatArray
    unseen_c: FloatArray
    contact_on: FloatArray
    kept: FloatArray
    outdoor_c: FloatArray
