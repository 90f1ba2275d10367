"""Heat of one container: cells along the coolant, coolant tank, air inside the walls, chiller and heater.

Each store follows ``C T' = q - sum G (T - T_other)``; over a step its mean and end temperature come from the
exponential solution with the neighbours at their means, so the scheme is stable at any step, exact for constant
neighbours, and the heat that leaves one store enters another to rounding. The coolant in the plates stores nothing: it
is eliminated along the flow, O(n), and leaves two unknowns: tank and air.
"""

from __future__ import annotations

import math
from typing import NamedTuple

from battuta._jit import jit_in_place
from battuta.numerics.arrays import FloatArray, IntArray
from battuta.physics.curve_kernels import decay

MODE_OFF = 0
MODE_COOL = 1
MODE_HEAT = 2
MODE_AUTOMATIC = -1
_KELVIN = 273.15


class ThermalConstants(NamedTuple):
    """Heat paths and the thermal machine of one kind of container.

    Attributes
    ----------
    cell_j_per_k, cell_coolant_w_per_k, cell_air_w_per_k : float
        Heat capacity of a cell [J/K], its conductance to the coolant and to the air [W/K].
    flow_w_per_k : float
        Heat that the coolant of one string carries per kelvin. [W/K]
    tank_j_per_k, air_j_per_k : float
        Heat capacity of coolant and pipes, of air and structure. [J/K]
    tank_air_w_per_k, wall_w_per_k : float
        Conductance of tank to air, and of air to ambient through the walls. [W/K]
    cooling_w_max, heating_w_max : float
        Heat that chiller and heater can move. [W]
    carnot_share, cop_max, lift_k : float
        COP of the chiller: share of Carnot between coolant and ambient, both moved apart by the lift; its cap.
    heating_cop : float
        Heat per electric energy of the heater. [-]
    pump_w, controls_w : float
        Electric power of the pump at full flow (ends in the coolant) and of controls (ends in the air). [W]
    cool_on_k, cool_off_k : float
        Hottest cell above the coolant setpoint where cooling begins and ends. [K]
    heat_on_c, heat_off_c, heat_setpoint_c : float
        Coldest cell where heating begins and ends, coolant temperature held meanwhile. [degC]
    on_s_min : float
        Shortest time that chiller or heater stays on. [s]
    """

    cell_j_per_k: float
    cell_coolant_w_per_k: float
    cell_air_w_per_k: float
    flow_w_per_k: float
    tank_j_per_k: float
    air_j_per_k: float
    tank_air_w_per_k: float
    wall_w_per_k: float
    cooling_w_max: float
    heating_w_max: float
    carnot_share: float
    cop_max: float
    lift_k: float
    heating_cop: float
    pump_w: float
    controls_w: float
    cool_on_k: float
    cool_off_k: float
    heat_on_c: float
    heat_off_c: float
    heat_setpoint_c: float
    on_s_min: float


@jit_in_place
def cop(constants: ThermalConstants, ambient_c: float, coolant_c: float) -> float:
    """Coefficient of performance of the chiller, a share of Carnot.

    Parameters
    ----------
    constants : ThermalConstants
        Share, lift and cap.
    ambient_c, coolant_c : float
        Temperatures of ambient and coolant. [degC]

    Returns
    -------
    float
        Heat moved per electric energy. [-]
    """
    difference = max(ambient_c - coolant_c + 2.0 * constants.lift_k, 1.0)
    carnot = (coolant_c - constants.lift_k + _KELVIN) / difference
    return min(constants.carnot_share * carnot, constants.cop_max)


@jit_in_place
def next_mode(
    constants: ThermalConstants, mode: int, mode_s: float, request: int, setpoint_c: float, cold_c: float, hot_c: float
) -> int:
    """Mode of the thermal machine for the next step: two bands with a shortest time on.

    Parameters
    ----------
    constants : ThermalConstants
        Bands and the shortest time on.
    mode : int
        Mode until now: 0 off, 1 cool, 2 heat.
    mode_s : float
        Time in that mode. [s]
    request : int
        -1 lets the bands decide, else the mode commanded.
    setpoint_c : float
        Temperature of the coolant supply while cooling. [degC]
    cold_c, hot_c : float
        Coldest and hottest cell. [degC]

    Returns
    -------
    int
        Mode.
    """
    if request >= 0:
        return request
    if mode != 0 and mode_s < constants.on_s_min:
        return mode
    if hot_c > setpoint_c + constants.cool_on_k or (mode == 1 and hot_c > setpoint_c + constants.cool_off_k):
        return 1
    if cold_c < constants.heat_on_c or (mode == 2 and cold_c < constants.heat_off_c):
        return 2
    return 0


@jit_in_place
def implicitness(x: float) -> float:
    """Weight of the end value that makes a step of ``T' = -T`` over x time constants exact, in [1/2, 1].

    Parameters
    ----------
    x : float
        Step over time constant. [-]

    Returns
    -------
    float
        Weight. [-]
    """
    return 0.5 + x / 12.0 if x < 1e-2 else 1.0 / (1.0 - math.exp(-x)) - 1.0 / x


@jit_in_place
def step_heat(
    constants: ThermalConstants, temperature_c: FloatArray, heat_w: FloatArray, string_offset: IntArray, first: int,
    last: int, cells_per_node: float, strings_per_node: float, flow: float, pump_w: float, cooling_w: float,
    heating_w: float, setpoint_c: float, tank_c: float, air_c: float, ambient_c: float, step_s: float,
    account_j: FloatArray,
) -> tuple[float, float, float, float, float]:  # fmt: skip
    """Carry the heat of one container over a step.

    Parameters
    ----------
    constants : ThermalConstants
        Heat paths.
    temperature_c, heat_w : ndarray, shape (n_cells,)
        Temperature, overwritten [degC], and heat [W] of all cells.
    string_offset : ndarray, shape (n_strings + 1,)
        First cell of each string.
    first, last : int
        Range of strings of this container.
    cells_per_node, strings_per_node : float
        Real cells and strings that a modelled one stands for. [-]
    flow : float
        Coolant flow over full flow. [-]
    pump_w : float
        Heat of the pump, into the coolant. [W]
    cooling_w, heating_w : float
        Largest heat that may be taken from, or given to, the coolant in this step; 0 where off. [W]
    setpoint_c : float
        Mean coolant temperature that cooling or heating holds, as far as they suffice. [degC]
    tank_c, air_c, ambient_c : float
        Temperatures of tank and air before the step, of ambient during it. [degC]
    step_s : float
        Length of the step. [s]
    account_j : ndarray, shape (3,)
        Gains heat taken by the chiller, given by the heater, lost through the walls. [J]

    Returns
    -------
    tank_c, air_c : float
        Temperatures after the step. [degC]
    tank_c_mean : float
        Mean temperature of the tank. [degC]
    cold_c, hot_c : float
        Coldest and hottest cell after the step. [degC]
    """
    return _step_heat(
        constants, temperature_c, heat_w, string_offset, first, last, cells_per_node, strings_per_node, flow, pump_w,
        cooling_w, heating_w, setpoint_c, tank_c, air_c, ambient_c, step_s, account_j,
    )  # fmt: skip


@jit_in_place
def _step_heat(
    constants: ThermalConstants, temperature_c: FloatArray, heat_w: FloatArray, string_offset: IntArray, first: int,
    last: int, cells_per_node: float, strings_per_node: float, flow: float, pump_w: float, cooling_w: float,
    heating_w: float, setpoint_c: float, tank_c: float, air_c: float, ambient_c: float, step_s: float,
    account_j: FloatArray,
) -> tuple[float, float, float, float, float]:  # fmt: skip
    """Body of `step_heat`."""
    coolant_g, air_g = constants.cell_coolant_w_per_k, constants.cell_air_w_per_k
    both = coolant_g + air_g
    per_both = 1.0 / both
    ratio = step_s * both / constants.cell_j_per_k
    end_share, mean_share = decay(ratio)
    to_coolant, to_air = (1.0 - mean_share) * coolant_g / both, (1.0 - mean_share) * air_g / both
    warming = (1.0 - mean_share) / both
    carried = flow * constants.flow_w_per_k / cells_per_node
    below = max(carried + coolant_g * (1.0 - to_coolant), 1e-12)
    passed, gained = carried / below, coolant_g / below
    # each coolant temperature is a + b tank + c air, each mean cell temperature own + to_coolant coolant + to_air air
    out_a, out_b, out_c, sum_own, sum_a, sum_b, sum_c = 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0
    for s in range(first, last):
        a, b, c = 0.0, 1.0, 0.0
        for k in range(string_offset[s], string_offset[s + 1]):
            own = mean_share * temperature_c[k] + warming * heat_w[k]
            a = passed * a + gained * own
            b *= passed
            c = passed * c + gained * to_air
            sum_own += own
            sum_a += a
            sum_b += b
            sum_c += c
        out_a += a
        out_b += b
        out_c += c
    n_strings = last - first
    n_cells = string_offset[last] - string_offset[first]
    through = carried * cells_per_node * strings_per_node
    real = cells_per_node * strings_per_node
    tank_air, wall = constants.tank_air_w_per_k, constants.wall_w_per_k
    # minus the heat into tank and air by one kelvin of tank and air, and what remains
    m00 = through * (n_strings - out_b) + tank_air
    m01 = -through * out_c - tank_air
    m10 = -real * air_g * to_coolant * sum_b - tank_air
    m11 = real * air_g * ((1.0 - to_air) * n_cells - to_coolant * sum_c) + tank_air + wall
    r0 = through * out_a + pump_w
    r1 = real * air_g * (sum_own + to_coolant * sum_a) + wall * ambient_c + constants.controls_w
    stiff0 = constants.tank_j_per_k / (step_s * implicitness(m00 * step_s / constants.tank_j_per_k))
    stiff1 = constants.air_j_per_k / (step_s * implicitness(m11 * step_s / constants.air_j_per_k))
    d0, d1 = m00 + stiff0, m11 + stiff1
    determinant = d0 * d1 - m01 * m10
    free_c = ((r0 + stiff0 * tank_c) * d1 - m01 * (r1 + stiff1 * air_c)) / determinant
    per_w = d1 / determinant
    pulled = min(max((free_c - setpoint_c) / per_w, 0.0), cooling_w)
    given = min(max((setpoint_c - free_c) / per_w, 0.0), heating_w)
    tank_mean = free_c - per_w * (pulled - given)
    air_mean = (r1 + stiff1 * air_c - m10 * tank_mean) / d1
    cold_c, hot_c = math.inf, -math.inf
    for s in range(first, last):
        coolant = tank_mean
        for k in range(string_offset[s], string_offset[s + 1]):
            own = mean_share * temperature_c[k] + warming * heat_w[k]
            coolant = passed * coolant + gained * (own + to_air * air_mean)
            target = (heat_w[k] + coolant_g * coolant + air_g * air_mean) * per_both
            cell_c = target + (temperature_c[k] - target) * end_share
            temperature_c[k] = cell_c
            cold_c, hot_c = min(cold_c, cell_c), max(hot_c, cell_c)
    account_j[0] += pulled * step_s
    account_j[1] += given * step_s
    account_j[2] += wall * (air_mean - ambient_c) * step_s
    tank_end = tank_c + step_s / constants.tank_j_per_k * (r0 - pulled + given - m00 * tank_mean - m01 * air_mean)
    air_end = air_c + step_s / constants.air_j_per_k * (r1 - m10 * tank_mean - m11 * air_mean)
    return tank_end, air_end, tank_mean, cold_c, hot_c
