"""Current of a string for a wanted power, within the limits of its cells."""

from __future__ import annotations

import math

from battuta._jit import jit_in_place
from battuta.numerics.arrays import FloatArray
from battuta.physics.cell_arrays import CellArrays, CellTables
from battuta.physics.cell_law_kernels import lagged, relaxation_step
from battuta.physics.curve_kernels import interpolate, surface

_ITERATIONS_MAX = 8
_CURRENT_TOLERANCE = 1e-4
_SOC_MARGIN = 0.02
_VOLTAGE_MARGIN_V = 0.15
_SHORT_SOC = 5e-4
_FAR_V = 0.03
_FAR_SOC = 2e-3


@jit_in_place
def predict_string(
    tables: CellTables, cells: CellArrays, first: int, last: int, guess_a: float, step_s: float
) -> tuple[float, float, float, float, float]:
    """Straight line of string voltage over current near a guess, and the currents that cell limits allow.

    Parameters
    ----------
    tables : CellTables
        Equations.
    cells : CellArrays
        Cells.
    first, last : int
        Range of cells.
    guess_a : float
        Current near which the line is drawn. [A]
    step_s : float
        Length of the step. [s]

    Returns
    -------
    emf_v, resistance_ohm : float
        Mean voltage over the step is ``emf - I resistance`` (sum over the cells). [V], [ohm]
    series_ohm : float
        Series resistance in it. [ohm]
    low_a, high_a : float
        Range of current in which no cell leaves its limits of voltage, soc and temperature. [A]
    """
    nodes = tables.ocv_v.shape[0] - 1
    end1, mean1, ohm1, _ = relaxation_step(tables, 0, step_s)
    end2, mean2, ohm2, _ = relaxation_step(tables, 1, step_s)
    relaxed_mean, relaxed_end = ohm1 * (1.0 - mean1) + ohm2 * (1.0 - mean2), ohm1 * (1.0 - end1) + ohm2 * (1.0 - end2)
    ohms = tables.resistance_ohm[1] if guess_a >= 0.0 else tables.resistance_ohm[0]
    low_v, high_v = tables.limits_v[0], tables.limits_v[1]
    ocv, amplitude, rate = tables.ocv_v, tables.hysteresis_v, tables.hysteresis_rate
    emf, resistance, series_sum = 0.0, 0.0, 0.0
    low_a, high_a = -math.inf, math.inf
    coldest_c, hottest_c = math.inf, -math.inf
    for c in range(first, last):
        turn = step_s / (cells.capacity_ah[c] * 3600.0)
        soc, temperature_c = cells.soc[c], cells.temperature_c[c]
        leak = min(cells.leak_a[c], max(soc, 0.0) / turn)
        net = guess_a + leak
        middle = (soc - 0.5 * net * turn) * nodes
        i = min(max(int(middle), 0), nodes - 1)
        rise = ocv[i + 1] - ocv[i]
        middle_v = ocv[i] + (middle - i) * rise
        row = (temperature_c - tables.temperature_c_low) * tables.temperature_per_k
        series = surface(ohms, row, middle) * cells.resistance_factor[c] + cells.contact_ohm[c]
        h_end, h_mean = lagged(cells.hysteresis[c], net, rate * turn)
        v1, v2 = cells.relaxation_v_first[c], cells.relaxation_v_last[c]
        fall = rise * nodes * turn  # of the OCV at the end, by one ampere
        emf += middle_v + 0.5 * fall * guess_a + amplitude * h_mean - v1 * mean1 - v2 * mean2
        resistance += 0.5 * fall + series + relaxed_mean
        series_sum += series
        held_v = amplitude * h_end - v1 * end1 - v2 * end2
        drop = series + relaxed_end
        at_guess = middle_v - 0.5 * fall * net + held_v - drop * guess_a
        if at_guess < low_v + _VOLTAGE_MARGIN_V or at_guess > high_v - _VOLTAGE_MARGIN_V:
            end = (soc - net * turn) * nodes  # there the curve is steep: its own piece counts
            k = min(max(int(end), 0), nodes - 1)
            fall = (ocv[k + 1] - ocv[k]) * nodes * turn
            end_v = ocv[k] + (end - k) * (ocv[k + 1] - ocv[k]) + fall * guess_a + held_v
            high_a = min(high_a, (end_v - low_v) / (fall + drop))
            low_a = max(low_a, (end_v - high_v) / (fall + drop))
        end_soc = soc - net * turn
        if end_soc < _SOC_MARGIN:
            high_a = min(high_a, soc / turn - leak)
        if end_soc > 1.0 - _SOC_MARGIN:
            low_a = max(low_a, (soc - 1.0) / turn - leak)
        coldest_c, hottest_c = min(coldest_c, temperature_c), max(hottest_c, temperature_c)
    high_a = min(high_a, tables.limits_a[1] * taper_share(tables, 1, coldest_c, hottest_c))
    low_a = max(low_a, -tables.limits_a[0] * taper_share(tables, 0, coldest_c, hottest_c))
    return emf, resistance, series_sum, min(low_a, 0.0), max(high_a, 0.0)


@jit_in_place
def taper_share(tables: CellTables, direction: int, coldest_c: float, hottest_c: float) -> float:
    """Share of the largest current that the coldest and the hottest cell both allow.

    Parameters
    ----------
    tables : CellTables
        Tapers.
    direction : int
        Charge (0) or discharge (1).
    coldest_c, hottest_c : float
        Range of temperature. [degC]

    Returns
    -------
    float
        Share in [0, 1]. [-]
    """
    last = tables.taper.shape[1] - 1.0
    cold = min(max((coldest_c - tables.taper_c_low) * tables.taper_per_k, 0.0), last)
    hot = min(max((hottest_c - tables.taper_c_low) * tables.taper_per_k, 0.0), last)
    return min(interpolate(tables.taper[direction], cold), interpolate(tables.taper[direction], hot))


@jit_in_place
def solve_string(
    tables: CellTables, cells: CellArrays, first: int, last: int, power_w: float, ripple_a: float, guess_a: float,
    step_s: float, cells_per_node: float,
) -> tuple[float, float, float]:  # fmt: skip
    """Find the current that makes a string deliver a mean power over a step, within the limits of its cells.

    Parameters
    ----------
    tables, cells, first, last
        As in `predict_string`.
    power_w : float
        Mean DC power wanted at the terminals. [W]
    ripple_a : float
        Root mean square of the current around its mean. [A]
    guess_a : float
        First guess of the current. [A]
    step_s : float
        Length of the step. [s]
    cells_per_node : float
        Real cells in series that each modelled cell stands for. [-]

    Returns
    -------
    current_a : float
        Mean current. [A]
    emf_v, resistance_ohm : float
        Straight line of the string voltage at that current. [V], [ohm]
    """
    current, before = guess_a, guess_a
    emf, resistance = 0.0, 0.0
    for _ in range(_ITERATIONS_MAX):
        guess = current
        emf, resistance, series, low, high = predict_string(tables, cells, first, last, guess, step_s)
        emf, resistance, series = emf * cells_per_node, resistance * cells_per_node, series * cells_per_node
        current = min(max(source_current_a(power_w + series * ripple_a * ripple_a, emf, resistance), low), high)
        if abs(current - guess) <= _CURRENT_TOLERANCE * (abs(current) + 1e-3) and guess * current >= 0.0:
            return current, emf, resistance
        before = guess
    # two currents in turn across a kink of the curve: the smaller one keeps the limits
    if before * current >= 0.0 and abs(before) < abs(current):
        current = before
    return current, emf, resistance


@jit_in_place
def source_current_a(power_w: float, emf_v: float, resistance_ohm: float) -> float:
    """Smaller current that gives a power at a source of given emf and resistance; that of most power if none does.

    Parameters
    ----------
    power_w : float
        Power at the terminals, discharge positive. [W]
    emf_v : float
        Voltage without current. [V]
    resistance_ohm : float
        Resistance. [ohm]

    Returns
    -------
    float
        Current. [A]
    """
    square = emf_v * emf_v - 4.0 * resistance_ohm * power_w
    return 2.0 * power_w / (emf_v + math.sqrt(square)) if square > 0.0 else 0.5 * emf_v / resistance_ohm


@jit_in_place
def recall_current_a(
    tables: CellTables, memory: FloatArray, n_cells: int, power_w: float, ripple_a: float, step_s: float,
    cells_per_node: float, share: float,
) -> float:  # fmt: skip
    """Current from what the string remembers of its last step, where no limit is near; else NaN.

    In a short step the voltage moves by microvolts, so the sums of the last step already give the current, and the pass
    over the cells that finds limits can be left out.

    Parameters
    ----------
    tables : CellTables
        Equations.
    memory : ndarray, shape (MEMORY,)
        As `advance_string` leaves it.
    n_cells : int
        Cells of the string.
    power_w, ripple_a, step_s, cells_per_node
        As in `solve_string`.
    share : float
        Share of the largest current that temperatures allow, in the direction of the power. [-]

    Returns
    -------
    float
        Current, or NaN where `solve_string` has to look at each cell. [A]
    """
    if power_w == 0.0 and ripple_a == 0.0:
        return 0.0
    limit_a = share * (tables.limits_a[1] if power_w >= 0.0 else tables.limits_a[0])
    turn = limit_a * tables.soc_per_as * step_s
    if turn > _SHORT_SOC or memory[10] * power_w <= 0.0:
        return math.nan
    _, mean1, ohm1, _ = relaxation_step(tables, 0, step_s)
    _, mean2, ohm2, _ = relaxation_step(tables, 1, step_s)
    relaxed = ohm1 * (1.0 - mean1) + ohm2 * (1.0 - mean2)
    emf = (memory[0] - mean1 * memory[1] - mean2 * memory[2]) * cells_per_node
    resistance = (0.5 * memory[3] * step_s + memory[4] + n_cells * relaxed) * cells_per_node
    current = source_current_a(power_w + memory[4] * cells_per_node * ripple_a * ripple_a, emf, resistance)
    drop = current * (memory[7] + relaxed)
    far = (
        memory[5] - drop > tables.limits_v[0] + _FAR_V
        if current > 0.0
        else memory[6] - drop < tables.limits_v[1] - _FAR_V
    )
    inside = memory[8] > _FAR_SOC if current > 0.0 else memory[9] < 1.0 - _FAR_SOC
    return current if far and inside and abs(current) < limit_a else math.nan
