"""Cells in series over one step: charge, hysteresis, two relaxations and their heat, integrated exactly.

Equations of a cell, current positive in discharge, leak beside it at the electrodes:

* charge ``soc' = -(I + leak) / Q``;
* hysteresis ``h' = -(gamma / Q) (abs(I + leak) h + (I + leak))``, h in [-1, 1], +1 after a long charge [1]_;
* relaxations ``v_j' = -v_j / tau_j + I R_j / tau_j``;
* terminal ``V = OCV(soc) + M h - I R0 - v_1 - v_2``.

With constant current each has a closed solution; the integral of the piecewise linear OCV is exact too. So the energy
at the terminals equals what leaves the stores (OCV, relaxation capacitors ``v^2 tau / (2 R)``, hysteresis
``Q M h^2 / (2 gamma)``) less heat: ``I_rms^2 R0``, ``v_j^2 / R_j``, ``M abs(I) h^2`` and ``leak (OCV + M h)``.

References
----------
.. [1] Plett, G. L., Battery Management Systems, Volume I, Artech House 2015, section 2.7 (one-state hysteresis).
.. [2] Bernardi, D. et al., J. Electrochem. Soc. 132 (1985) 5, doi 10.1149/1.2113792 (reversible heat).
"""

from __future__ import annotations

import math
from typing import NamedTuple

from battuta._jit import jit
from battuta.numerics.arrays import FloatArray

_KELVIN = 273.15
_ITERATIONS_MAX = 8
_CURRENT_TOLERANCE = 1e-4
_SOC_MARGIN = 1e-4
_VOLTAGE_MARGIN_V = 2e-3


class CellTables(NamedTuple):
    """Equations of one kind of cell as arrays on uniform grids; `CellParameters.tables` makes it.

    Attributes
    ----------
    ocv_v, ocv_integral_v : ndarray, shape (n_soc,)
        Open-circuit voltage on a uniform grid of soc from 0 to 1, and its integral over soc. [V]
    entropy_v_per_k, entropy_integral_v_per_k : ndarray, shape (n_soc,)
        dU/dT and its integral over soc. [V/K]
    resistance_ohm : ndarray, shape (2, n_temperatures, n_soc)
        Series resistance in charge (0) and discharge (1). [ohm]
    temperature_c_low, temperature_per_k : float
        First node of the temperature axis [degC] and nodes per kelvin [1/K].
    relaxation : ndarray, shape (2, 2)
        Resistance [ohm] and time constant [s] of the two relaxations.
    hysteresis_v, hysteresis_rate : float
        Amplitude M [V] and rate gamma [-].
    limits_v : ndarray, shape (2,)
        Lowest and highest voltage of a cell. [V]
    limits_a : ndarray, shape (2,)
        Largest charge and discharge current, both positive. [A]
    soc_per_as : float
        Change of soc of a nominal cell by one ampere in one second. [1/(A s)]
    taper : ndarray, shape (2, n_tapers)
        Share of the largest charge (0) and discharge (1) current that a temperature allows. [-]
    taper_c_low, taper_per_k : float
        First node of the taper axis [degC] and nodes per kelvin [1/K].
    """

    ocv_v: FloatArray
    ocv_integral_v: FloatArray
    entropy_v_per_k: FloatArray
    entropy_integral_v_per_k: FloatArray
    resistance_ohm: FloatArray
    temperature_c_low: float
    temperature_per_k: float
    relaxation: FloatArray
    hysteresis_v: float
    hysteresis_rate: float
    limits_v: FloatArray
    limits_a: FloatArray
    soc_per_as: float
    taper: FloatArray
    taper_c_low: float
    taper_per_k: float


class CellArrays(NamedTuple):
    """State, properties and last answers of many cells, string after string, along the coolant; each ``(n_cells,)``.

    Attributes
    ----------
    soc, hysteresis : ndarray
        State of charge and of hysteresis. [-]
    relaxation_v_first, relaxation_v_last : ndarray
        Voltages of the two relaxations, positive after discharge. [V]
    temperature_c : ndarray
        Temperature. [degC]
    capacity_ah : ndarray
        Capacity. [Ah]
    resistance_factor : ndarray
        Factor on the series resistance. [-]
    contact_ohm : ndarray
        Extra resistance of joints; its heat goes to the cell. [ohm]
    leak_a : ndarray
        Self-discharge current. [A]
    voltage_v, voltage_v_mean : ndarray
        Terminal voltage at the end of the last step, and its mean over the step. [V]
    heat_w : ndarray
        Mean heat of the last inner step, reversible part included. [W]
    series_ohm : ndarray
        Series resistance in the last inner step, joints included. [ohm]
    """

    soc: FloatArray
    hysteresis: FloatArray
    relaxation_v_first: FloatArray
    relaxation_v_last: FloatArray
    temperature_c: FloatArray
    capacity_ah: FloatArray
    resistance_factor: FloatArray
    contact_ohm: FloatArray
    leak_a: FloatArray
    voltage_v: FloatArray
    voltage_v_mean: FloatArray
    heat_w: FloatArray
    series_ohm: FloatArray


@jit
def decay(x: float) -> tuple[float, float]:
    """Value at the end, and mean, of ``exp(-x t)`` over t in [0, 1].

    Parameters
    ----------
    x : float
        Exponent, >= 0. [-]

    Returns
    -------
    end, mean : float
        ``exp(-x)`` and ``(1 - exp(-x)) / x``. [-]
    """
    if x < 0.03:
        mean = 1.0 - x * (0.5 - x * (1.0 / 6.0 - x * (1.0 / 24.0 - x * (1.0 / 120.0 - x / 720.0))))
        return 1.0 - x * mean, mean
    end = math.exp(-x)
    return end, (1.0 - end) / x


@jit
def interpolate(table: FloatArray, position: float) -> float:
    """Value of a table at a position counted in nodes; the ends are extended as straight lines.

    Parameters
    ----------
    table : ndarray, shape (n_nodes,)
        Values at the nodes.
    position : float
        Position in nodes. [-]

    Returns
    -------
    float
        Interpolated value.
    """
    node = min(max(int(position), 0), table.shape[0] - 2)
    return table[node] + (position - node) * (table[node + 1] - table[node])


@jit
def integral(table: FloatArray, integrals: FloatArray, position: float) -> float:
    """Integral of a piecewise linear table from soc 0 to a position counted in nodes.

    Parameters
    ----------
    table, integrals : ndarray, shape (n_nodes,)
        Values at the nodes and their running integral over soc.
    position : float
        Position in nodes. [-]

    Returns
    -------
    float
        Integral; in the unit of the table.
    """
    node = min(max(int(position), 0), table.shape[0] - 2)
    x = position - node
    area = x * (table[node] + 0.5 * x * (table[node + 1] - table[node]))
    return integrals[node] + area / (table.shape[0] - 1)


@jit
def mean_between(table: FloatArray, integrals: FloatArray, start: float, end: float) -> float:
    """Exact mean of a piecewise linear table between two positions counted in nodes.

    Parameters
    ----------
    table, integrals : ndarray, shape (n_nodes,)
        Values at the nodes and their running integral over soc.
    start, end : float
        Positions in nodes. [-]

    Returns
    -------
    float
        Mean; in the unit of the table.
    """
    low, high = min(start, end), max(start, end)
    first = min(max(int(low), 0), table.shape[0] - 2)
    last = min(max(int(high), 0), table.shape[0] - 2)
    if first == last:
        return table[first] + (0.5 * (low + high) - first) * (table[first + 1] - table[first])
    if last == first + 1:  # stable however short the way is
        before, after = last - low, high - last
        left = table[last] - 0.5 * before * (table[last] - table[first])
        right = table[last] + 0.5 * after * (table[last + 1] - table[last])
        return (before * left + after * right) / (before + after)
    area = integral(table, integrals, high) - integral(table, integrals, low)
    return area * (table.shape[0] - 1) / (high - low)


@jit
def predict_string(
    tables: CellTables, cells: CellArrays, first: int, last: int, guess_a: float, step_s: float, rms_a: float
) -> tuple[float, float, float, float, float]:
    """Straight line of string voltage over current near a guess, and the currents that cell limits allow.

    Parameters
    ----------
    tables : CellTables
        Equations.
    cells : CellArrays
        Cells; the series resistance is written.
    first, last : int
        Range of cells.
    guess_a : float
        Current near which the line is drawn. [A]
    step_s : float
        Length of the step. [s]
    rms_a : float
        Root mean square of what the current does around its mean; it enlarges nothing here but the power. [A]

    Returns
    -------
    emf_v, resistance_ohm : float
        Mean voltage over the step is ``emf - I resistance`` (sum over the cells). [V], [ohm]
    ripple_w : float
        Series losses of the ripple. [W]
    low_a, high_a : float
        Range of current in which no cell leaves its limits of voltage, soc and temperature. [A]
    """
    nodes = tables.ocv_v.shape[0] - 1
    end1, mean1 = decay(step_s / tables.relaxation[0, 1])
    end2, mean2 = decay(step_s / tables.relaxation[1, 1])
    relaxed_mean = tables.relaxation[0, 0] * (1.0 - mean1) + tables.relaxation[1, 0] * (1.0 - mean2)
    relaxed_end = tables.relaxation[0, 0] * (1.0 - end1) + tables.relaxation[1, 0] * (1.0 - end2)
    table = tables.resistance_ohm[1] if guess_a >= 0.0 else tables.resistance_ohm[0]
    warmest = table.shape[0] - 1.0
    low_v, high_v = tables.limits_v[0], tables.limits_v[1]
    ocv, amplitude, rate = tables.ocv_v, tables.hysteresis_v, tables.hysteresis_rate
    emf, resistance, series_sum = 0.0, 0.0, 0.0
    low_a, high_a = -math.inf, math.inf
    coldest_c, hottest_c = math.inf, -math.inf
    for c in range(first, last):
        turn = step_s / (cells.capacity_ah[c] * 3600.0)  # change of soc by one ampere
        soc = cells.soc[c]
        leak = cells.leak_a[c]
        if leak != 0.0:
            leak = min(leak, max(soc, 0.0) / turn)
        net = guess_a + leak
        middle = (soc - 0.5 * net * turn) * nodes
        i = min(max(int(middle), 0), nodes - 1)
        x = middle - i
        rise = ocv[i + 1] - ocv[i]
        t = min(max((cells.temperature_c[c] - tables.temperature_c_low) * tables.temperature_per_k, 0.0), warmest)
        j = min(int(t), table.shape[0] - 2)
        y = t - j
        inside = min(max(x, 0.0), 1.0)
        cold = table[j, i] + inside * (table[j, i + 1] - table[j, i])
        warm = table[j + 1, i] + inside * (table[j + 1, i + 1] - table[j + 1, i])
        series = (cold + y * (warm - cold)) * cells.resistance_factor[c] + cells.contact_ohm[c]
        cells.series_ohm[c] = series
        towards = -1.0 if net > 0.0 else 1.0
        end_h, mean_h = decay(rate * abs(net) * turn)
        away = cells.hysteresis[c] - towards
        fall = rise * nodes * turn  # of the OCV at the end, by one ampere
        v1, v2 = cells.relaxation_v_first[c], cells.relaxation_v_last[c]
        middle_v = ocv[i] + x * rise
        emf += middle_v + 0.5 * fall * guess_a + amplitude * (towards + away * mean_h) - v1 * mean1 - v2 * mean2
        resistance += 0.5 * fall + series + relaxed_mean
        series_sum += series
        end_v = middle_v + 0.5 * fall * (guess_a - leak) + amplitude * (towards + away * end_h) - v1 * end1 - v2 * end2
        slope = fall + series + relaxed_end
        at_guess = end_v - slope * guess_a
        if at_guess < low_v + _VOLTAGE_MARGIN_V:
            high_a = min(high_a, (end_v - low_v) / slope)
        if at_guess > high_v - _VOLTAGE_MARGIN_V:
            low_a = max(low_a, (end_v - high_v) / slope)
        end_soc = soc - net * turn
        if end_soc < _SOC_MARGIN:
            high_a = min(high_a, soc / turn - leak)
        if end_soc > 1.0 - _SOC_MARGIN:
            low_a = max(low_a, (soc - 1.0) / turn - leak)
        coldest_c = min(coldest_c, cells.temperature_c[c])
        hottest_c = max(hottest_c, cells.temperature_c[c])
    high_a = min(high_a, tables.limits_a[1] * _taper(tables, 1, coldest_c, hottest_c))
    low_a = max(low_a, -tables.limits_a[0] * _taper(tables, 0, coldest_c, hottest_c))
    return emf, resistance, series_sum * rms_a * rms_a, min(low_a, 0.0), max(high_a, 0.0)


@jit
def _taper(tables: CellTables, direction: int, coldest_c: float, hottest_c: float) -> float:
    """Share of the largest current that the coldest and the hottest cell both allow."""
    last = tables.taper.shape[1] - 1.0
    cold = min(max((coldest_c - tables.taper_c_low) * tables.taper_per_k, 0.0), last)
    hot = min(max((hottest_c - tables.taper_c_low) * tables.taper_per_k, 0.0), last)
    return min(interpolate(tables.taper[direction], cold), interpolate(tables.taper[direction], hot))


@jit
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
    current = guess_a
    emf, resistance = 0.0, 0.0
    for _ in range(_ITERATIONS_MAX):
        guess = current
        emf, resistance, ripple_w, low, high = predict_string(tables, cells, first, last, guess, step_s, ripple_a)
        emf, resistance = emf * cells_per_node, resistance * cells_per_node
        current = min(max(current_at(power_w + ripple_w * cells_per_node, emf, resistance), low), high)
        if abs(current - guess) <= _CURRENT_TOLERANCE * (abs(current) + 1e-3) and guess * current >= 0.0:
            break
    return current, emf, resistance


@jit
def current_at(power_w: float, emf_v: float, resistance_ohm: float) -> float:
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


@jit
def advance_string(
    tables: CellTables, cells: CellArrays, first: int, last: int, current_a: float, ripple_a: float, step_s: float,
    share: float, account_j: FloatArray,
) -> float:  # fmt: skip
    """Carry the cells of a string over one step of constant current.

    Parameters
    ----------
    tables, cells, first, last
        As in `predict_string`, which must have written the series resistance; state and answers are overwritten.
    current_a : float
        Mean current. [A]
    ripple_a : float
        Root mean square of the current around its mean; it only heats the series resistance. [A]
    step_s : float
        Length of the step. [s]
    share : float
        Share of the outer step that this one is; the mean voltage gains this share. [-]
    account_j : ndarray, shape (5,)
        Gains terminal energy, irreversible heat, hysteresis heat, leak heat, reversible heat. [J]

    Returns
    -------
    float
        Mean voltage, summed over the cells. [V]
    """
    nodes = tables.ocv_v.shape[0] - 1
    ohm1, tau1 = tables.relaxation[0, 0], tables.relaxation[0, 1]
    ohm2, tau2 = tables.relaxation[1, 0], tables.relaxation[1, 1]
    end1, mean1 = decay(step_s / tau1)
    end2, mean2 = decay(step_s / tau2)
    half1 = 0.5 * tau1 / ohm1 if ohm1 > 0.0 else 0.0
    half2 = 0.5 * tau2 / ohm2 if ohm2 > 0.0 else 0.0
    amplitude, rate = tables.hysteresis_v, tables.hysteresis_rate
    drop1, drop2 = current_a * ohm1, current_a * ohm2
    square_a = current_a * current_a + ripple_a * ripple_a
    ocv, entropy = tables.ocv_v, tables.entropy_v_per_k
    voltage, terminal, irreversible, lag, leaked, reversible = 0.0, 0.0, 0.0, 0.0, 0.0, 0.0
    for c in range(first, last):
        charge = cells.capacity_ah[c] * 3600.0
        turn = step_s / charge
        soc = cells.soc[c]
        leak = cells.leak_a[c]
        if leak != 0.0:
            leak = min(leak, max(soc, 0.0) / turn)
        net = current_a + leak
        after = soc - net * turn
        start, end = soc * nodes, after * nodes
        i = min(max(int(start), 0), nodes - 1)
        k = min(max(int(end), 0), nodes - 1)
        if i == k:
            x = 0.5 * (start + end) - i
            ocv_mean = ocv[i] + x * (ocv[i + 1] - ocv[i])
            entropy_mean = entropy[i] + x * (entropy[i + 1] - entropy[i])
        else:
            ocv_mean = mean_between(ocv, tables.ocv_integral_v, start, end)
            entropy_mean = mean_between(entropy, tables.entropy_integral_v_per_k, start, end)
        towards = -1.0 if net > 0.0 else 1.0
        end_h, mean_h = decay(rate * abs(net) * turn)
        before_h = cells.hysteresis[c]
        away = before_h - towards
        after_h = towards + away * end_h
        lag_v = amplitude * (towards + away * mean_h)
        v1, v2 = cells.relaxation_v_first[c], cells.relaxation_v_last[c]
        v1_mean, v2_mean = drop1 + (v1 - drop1) * mean1, drop2 + (v2 - drop2) * mean2
        v1_end, v2_end = drop1 + (v1 - drop1) * end1, drop2 + (v2 - drop2) * end2
        series = cells.series_ohm[c]
        voltage_mean = ocv_mean + lag_v - current_a * series - v1_mean - v2_mean
        heat = step_s * (square_a * series + current_a * (v1_mean + v2_mean))
        heat -= half1 * (v1_end * v1_end - v1 * v1) + half2 * (v2_end * v2_end - v2 * v2)
        lag_j = -lag_v * net * step_s
        lag_j -= 0.5 * charge * amplitude / rate * (after_h * after_h - before_h * before_h)
        leak_j = leak * (ocv_mean + lag_v) * step_s
        back_j = -net * step_s * (cells.temperature_c[c] + _KELVIN) * entropy_mean
        cells.soc[c], cells.hysteresis[c] = after, after_h
        cells.relaxation_v_first[c], cells.relaxation_v_last[c] = v1_end, v2_end
        ocv_end = ocv[k] + (end - k) * (ocv[k + 1] - ocv[k])
        cells.voltage_v[c] = ocv_end + amplitude * after_h - current_a * series - v1_end - v2_end
        cells.voltage_v_mean[c] += share * voltage_mean
        cells.heat_w[c] = (heat + lag_j + leak_j + back_j) / step_s
        voltage += voltage_mean
        terminal += current_a * voltage_mean - ripple_a * ripple_a * series
        irreversible += heat
        lag += lag_j
        leaked += leak_j
        reversible += back_j
    account_j[0] += terminal * step_s
    account_j[1] += irreversible
    account_j[2] += lag
    account_j[3] += leaked
    account_j[4] += reversible
    return voltage
