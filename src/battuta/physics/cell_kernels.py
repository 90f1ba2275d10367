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

from battuta._jit import jit_in_place
from battuta.numerics.arrays import FloatArray, IntArray
from battuta.physics.cell_arrays import CellArrays, CellTables
from battuta.physics.curve_kernels import decay, mean_between, surface

_KELVIN = 273.15
_SOC_STEP_MAX = 0.01
MEMORY = 11
"""Length of what a string remembers of its last step, see `advance_string`."""


@jit_in_place
def advance_string(
    tables: CellTables, cells: CellArrays, first: int, last: int, current_a: float, ripple_a: float, step_s: float,
    share: float, account_j: FloatArray, memory: FloatArray,
) -> float:  # fmt: skip
    """Carry the cells of a string over one step of constant current.

    Parameters
    ----------
    tables, cells : CellTables, CellArrays
        Equations; state and answers, overwritten.
    first, last : int
        Range of cells.
    current_a, ripple_a : float
        Mean current, and root mean square of the current around it, which only heats the series resistance. [A]
    step_s : float
        Length of the step. [s]
    share : float
        Share of the outer step that this one is; the mean voltage gains this share. [-]
    account_j : ndarray, shape (5,)
        Gains terminal energy, irreversible heat, hysteresis heat, leak heat, reversible heat. [J]
    memory : ndarray, shape (MEMORY,)
        Receives sums over the cells: OCV with hysteresis [V], first, last relaxation [V], fall of OCV by an ampere
        second [V/(A s)], series [ohm]; then lowest, highest voltage without current [V], largest series [ohm], lowest,
        highest soc [-], direction of the current (+1 discharge).

    Returns
    -------
    float
        Mean voltage, summed over the cells. [V]
    """
    return _advance(tables, cells, first, last, current_a, ripple_a, step_s, share, account_j, memory)


@jit_in_place
def _advance(
    tables: CellTables, cells: CellArrays, first: int, last: int, current_a: float, ripple_a: float, step_s: float,
    share: float, account_j: FloatArray, memory: FloatArray,
) -> float:  # fmt: skip
    """Body of `advance_string`."""
    nodes = tables.ocv_v.shape[0] - 1
    ocv, entropy = tables.ocv_v, tables.entropy_v_per_k
    ohms = tables.resistance_ohm[1] if current_a >= 0.0 else tables.resistance_ohm[0]
    end1, mean1, ohm1, half1 = relaxation_step(tables, 0, step_s)
    end2, mean2, ohm2, half2 = relaxation_step(tables, 1, step_s)
    drop1, drop2 = current_a * ohm1, current_a * ohm2
    amplitude, rate = tables.hysteresis_v, tables.hysteresis_rate
    stiffness = 1800.0 * amplitude / rate
    square_a, per_s = current_a * current_a + ripple_a * ripple_a, 1.0 / step_s
    soc, hysteresis, temperature_c = (
        cells.soc[first:last],
        cells.hysteresis[first:last],
        cells.temperature_c[first:last],
    )
    v_first, v_last = cells.relaxation_v_first[first:last], cells.relaxation_v_last[first:last]
    capacity, leaks = cells.capacity_ah[first:last], cells.leak_a[first:last]
    factor, contact = cells.resistance_factor[first:last], cells.contact_ohm[first:last]
    voltage_v, voltage_v_mean = cells.voltage_v[first:last], cells.voltage_v_mean[first:last]
    heat_w = cells.heat_w[first:last]
    voltage, ripple_v, heats, lags, leaked, reversible = 0.0, 0.0, 0.0, 0.0, 0.0, 0.0
    source, sum1, sum2, falls, series_high = 0.0, 0.0, 0.0, 0.0, 0.0
    low_v, high_v, low_soc, high_soc = math.inf, -math.inf, math.inf, -math.inf
    for c in range(last - first):
        turn = step_s / (capacity[c] * 3600.0)
        leak = leaks[c]
        if leak != 0.0:
            leak = min(leak, max(soc[c], 0.0) / turn)
        net = current_a + leak
        after = soc[c] - net * turn
        i = min(max(int(soc[c] * nodes), 0), nodes - 1)
        x, y = soc[c] * nodes - i, after * nodes - i
        rise = ocv[i + 1] - ocv[i]
        if y >= 0.0 and y <= 1.0 and x <= 1.0:
            ocv_mean, ocv_end = ocv[i] + 0.5 * (x + y) * rise, ocv[i] + y * rise
            entropy_mean = entropy[i] + 0.5 * (x + y) * (entropy[i + 1] - entropy[i])
        else:
            ocv_mean, entropy_mean, ocv_end, rise = open_circuit(tables, soc[c] * nodes, after * nodes)
        row = (temperature_c[c] - tables.temperature_c_low) * tables.temperature_per_k
        series = surface(ohms, row, 0.5 * nodes * (soc[c] + after)) * factor[c] + contact[c]
        h, h_mean = lagged(hysteresis[c], net, rate * turn)
        v1, v2 = drop1 + (v_first[c] - drop1) * end1, drop2 + (v_last[c] - drop2) * end2
        v_mean = drop1 + (v_first[c] - drop1) * mean1 + drop2 + (v_last[c] - drop2) * mean2
        electrode_v = ocv_mean + amplitude * h_mean
        mean_v = electrode_v - current_a * series - v_mean
        heat = step_s * (square_a * series + current_a * v_mean)
        heat -= half1 * (v1 * v1 - v_first[c] * v_first[c]) + half2 * (v2 * v2 - v_last[c] * v_last[c])
        lag = -amplitude * h_mean * net * step_s - stiffness * capacity[c] * (h * h - hysteresis[c] * hysteresis[c])
        leak_j = leak * electrode_v * step_s
        back = -net * step_s * (temperature_c[c] + _KELVIN) * entropy_mean
        soc[c], hysteresis[c], v_first[c], v_last[c] = after, h, v1, v2
        free_v = ocv_end + amplitude * h
        idle_v = free_v - v1 - v2
        voltage_v[c] = idle_v - current_a * series
        voltage_v_mean[c] += share * mean_v
        heat_w[c] = (heat + lag + leak_j + back) * per_s
        voltage, ripple_v, heats = voltage + mean_v, ripple_v + series, heats + heat
        lags, leaked, reversible = lags + lag, leaked + leak_j, reversible + back
        source, sum1, sum2, falls = source + free_v, sum1 + v1, sum2 + v2, falls + rise * turn
        series_high = max(series_high, series)
        low_v, high_v = min(low_v, idle_v), max(high_v, idle_v)
        low_soc, high_soc = min(low_soc, after), max(high_soc, after)
    account_j[0] += (current_a * voltage - ripple_a * ripple_a * ripple_v) * step_s
    account_j[1] += heats
    account_j[2] += lags
    account_j[3] += leaked
    account_j[4] += reversible
    memory[0], memory[1], memory[2], memory[3], memory[4] = source, sum1, sum2, falls * nodes * per_s, ripple_v
    memory[5], memory[6], memory[7], memory[8], memory[9] = low_v, high_v, series_high, low_soc, high_soc
    memory[10] = 1.0 if current_a >= 0.0 else -1.0
    return voltage


@jit_in_place
def relaxation_step(tables: CellTables, branch: int, step_s: float) -> tuple[float, float, float, float]:
    """Constants of a relaxation over a step.

    Parameters
    ----------
    tables : CellTables
        Equations.
    branch : int
        First (0) or last (1) relaxation.
    step_s : float
        Length of the step. [s]

    Returns
    -------
    end, mean, ohm, half : float
        Share of the start that is left at the end and in the mean [-], resistance [ohm], half the capacitance [F].
    """
    ohm, tau = tables.relaxation[branch, 0], tables.relaxation[branch, 1]
    end, mean = decay(step_s / tau)
    return end, mean, ohm, 0.5 * tau / ohm if ohm > 0.0 else 0.0


@jit_in_place
def lagged(hysteresis: float, net_a: float, turn: float) -> tuple[float, float]:
    """Hysteresis at the end of a step, and its mean.

    Parameters
    ----------
    hysteresis : float
        State before. [-]
    net_a : float
        Current through the electrodes. [A]
    turn : float
        Change of soc in the step by one ampere, times the rate of the hysteresis. [1/A]

    Returns
    -------
    end, mean : float
        State. [-]
    """
    towards = -1.0 if net_a > 0.0 else 1.0
    end, mean = decay(abs(net_a) * turn)
    away = hysteresis - towards
    return towards + away * end, towards + away * mean


@jit_in_place
def open_circuit(tables: CellTables, start: float, end: float) -> tuple[float, float, float, float]:
    """Open-circuit voltage and entropy on the way between two positions counted in nodes of the soc grid.

    Parameters
    ----------
    tables : CellTables
        Equations.
    start, end : float
        Positions. [-]

    Returns
    -------
    ocv_v_mean, entropy_v_per_k_mean, ocv_v_end, rise_v : float
        Exact means [V], [V/K]; voltage at the end and its rise per node there [V].
    """
    ocv, entropy = tables.ocv_v, tables.entropy_v_per_k
    k = min(max(int(end), 0), ocv.shape[0] - 2)
    rise = ocv[k + 1] - ocv[k]
    ocv_mean = mean_between(ocv, tables.ocv_integral_v, start, end)
    entropy_mean = mean_between(entropy, tables.entropy_integral_v_per_k, start, end)
    return ocv_mean, entropy_mean, ocv[k] + (end - k) * rise, rise


@jit_in_place
def step_cells(
    tables: CellTables, cells: CellArrays, cell_offset: IntArray, current_a: FloatArray, current_rms_a: FloatArray,
    duration_s: float, account_j: FloatArray, memory: FloatArray,
) -> None:  # fmt: skip
    """Carry the cells of many strings over one step of given currents; no limit is kept, curves go on straight.

    Parameters
    ----------
    tables, cells : CellTables, CellArrays
        Equations; state and answers, overwritten. Temperatures stay as they are; ``heat_w`` is that of the last inner
        step.
    cell_offset : ndarray of int, shape (n_strings + 1,)
        First cell of each string.
    current_a, current_rms_a : ndarray, shape (n_strings,)
        Mean current, and its root mean square. [A]
    duration_s : float
        Length of the step. [s]
    account_j : ndarray, shape (n_strings, 5)
        Gains energies as in `advance_string`. [J]
    memory : ndarray, shape (n_strings, MEMORY)
        Room for `advance_string`.
    """
    for s in range(current_a.shape[0]):
        first, last = cell_offset[s], cell_offset[s + 1]
        cells.voltage_v_mean[first:last] = 0.0
        turn = abs(current_a[s]) * tables.soc_per_as * duration_s
        n_inner = max(1, math.ceil(turn / _SOC_STEP_MAX - 1e-9))
        ripple_a = math.sqrt(max(current_rms_a[s] * current_rms_a[s] - current_a[s] * current_a[s], 0.0))
        for _ in range(n_inner):
            advance_string(
                tables, cells, first, last, current_a[s], ripple_a, duration_s / n_inner, 1.0 / n_inner,
                account_j[s], memory[s],
            )  # fmt: skip
