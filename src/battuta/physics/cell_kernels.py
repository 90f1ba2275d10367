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

from battuta._jit import jit_in_place, jit_inlined
from battuta.numerics.arrays import FloatArray, IntArray
from battuta.physics.cell_arrays import CellArrays, CellTables
from battuta.physics.cell_block_kernels import (
    AFTER,
    BACK_J,
    BLOCK,
    FALL,
    FIRST,
    FREE_V,
    HEAT,
    IDLE_V,
    LAG_J,
    LAST,
    LEAK_J,
    MEAN_V,
    SERIES,
    balance_block,
    charge_block,
    lag_block,
    resist_block,
    settle_block,
)  # fmt: skip
from battuta.physics.cell_law_kernels import relaxation_step

_SOC_STEP_MAX = 0.01
MEMORY = 11
"""Length of what a string remembers of its last step, see `advance_string`."""


@jit_inlined
def advance_string(
    tables: CellTables, cells: CellArrays, first: int, last: int, current_a: float, ripple_a: float, step_s: float,
    share: float, account_j: FloatArray, memory: FloatArray, scratch: FloatArray,
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
    scratch : ndarray, shape (SCRATCH,)
        Room to compute in.

    Returns
    -------
    float
        Mean voltage, summed over the cells. [V]
    """
    return _advance(tables, cells, first, last, current_a, ripple_a, step_s, share, account_j, memory, scratch)


@jit_inlined
def _advance(
    tables: CellTables, cells: CellArrays, first: int, last: int, current_a: float, ripple_a: float, step_s: float,
    share: float, account_j: FloatArray, memory: FloatArray, scratch: FloatArray,
) -> float:  # fmt: skip
    """Body of `advance_string`."""
    direction = 1 if current_a >= 0.0 else 0
    relaxation_first, relaxation_last = relaxation_step(tables, 0, step_s), relaxation_step(tables, 1, step_s)
    stiffness = 1800.0 * tables.hysteresis_v / tables.hysteresis_rate
    square_a, nodes = current_a * current_a + ripple_a * ripple_a, tables.ocv_v.shape[0] - 1
    voltage, ripple_v, heats, lags, leaked, reversible = 0.0, 0.0, 0.0, 0.0, 0.0, 0.0
    source, sum1, sum2, falls, series_high = 0.0, 0.0, 0.0, 0.0, 0.0
    low_v, high_v, low_soc, high_soc = math.inf, -math.inf, math.inf, -math.inf
    for begin in range(first, last, BLOCK):
        n = min(BLOCK, last - begin)
        largest = charge_block(tables, cells, begin, n, current_a, step_s, scratch)
        resist_block(tables, cells, begin, n, direction, scratch)
        lag_block(tables.hysteresis_rate, largest, n, scratch)
        balance_block(
            current_a, square_a, step_s, tables.hysteresis_v, stiffness, relaxation_first, relaxation_last, n, scratch
        )
        settle_block(cells, begin, n, current_a, share, scratch)
        for c in range(n):
            voltage, ripple_v = voltage + scratch[MEAN_V + c], ripple_v + scratch[SERIES + c]
            heats, lags = heats + scratch[HEAT + c], lags + scratch[LAG_J + c]
            leaked, reversible = leaked + scratch[LEAK_J + c], reversible + scratch[BACK_J + c]
            source, falls = source + scratch[FREE_V + c], falls + scratch[FALL + c]
            sum1, sum2 = sum1 + scratch[FIRST + c], sum2 + scratch[LAST + c]
            series_high = max(series_high, scratch[SERIES + c])
            low_v, high_v = min(low_v, scratch[IDLE_V + c]), max(high_v, scratch[IDLE_V + c])
            low_soc, high_soc = min(low_soc, scratch[AFTER + c]), max(high_soc, scratch[AFTER + c])
    account_j[0] += (current_a * voltage - ripple_a * ripple_a * ripple_v) * step_s
    account_j[1] += heats
    account_j[2] += lags
    account_j[3] += leaked
    account_j[4] += reversible
    per_s = 1.0 / step_s
    memory[0], memory[1], memory[2], memory[3], memory[4] = source, sum1, sum2, falls * nodes * per_s, ripple_v
    memory[5], memory[6], memory[7], memory[8], memory[9] = low_v, high_v, series_high, low_soc, high_soc
    memory[10] = 1.0 if current_a >= 0.0 else -1.0
    return voltage


@jit_in_place
def step_cells(
    tables: CellTables, cells: CellArrays, cell_offset: IntArray, current_a: FloatArray, current_rms_a: FloatArray,
    duration_s: float, account_j: FloatArray, memory: FloatArray, scratch: FloatArray,
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
    scratch : ndarray, shape (SCRATCH,)
        Room to compute in.
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
                account_j[s], memory[s], scratch,
            )  # fmt: skip
