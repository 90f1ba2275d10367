"""A block of cells through the stages of a step: charge, resistance, hysteresis, voltages and heats, settling.

Each stage is a short loop over rows of one scratch array, which becomes vector instructions; one long loop over all
equations waits for each cell in turn and takes half as long again. The rows lie at fixed distances in one array, so
that the compiler sees that they do not overlap.
"""

from __future__ import annotations

from battuta._jit import jit_inlined
from battuta.numerics.arrays import FloatArray
from battuta.physics.cell_arrays import CellArrays, CellTables
from battuta.physics.cell_law_kernels import lagged, open_circuit
from battuta.physics.curve_kernels import SHORT_DECAY, short_decay

BLOCK = 64
"""Cells that go through the stages together."""
NET, AFTER, TURN, LEAK = 0, BLOCK, 2 * BLOCK, 3 * BLOCK
"""Current through the electrodes [A], soc after the step [-], change of soc by one ampere [1/A], leak [A]."""
OCV_MEAN, OCV_END, ENTROPY, FALL = 4 * BLOCK, 5 * BLOCK, 6 * BLOCK, 7 * BLOCK
"""Mean and last open-circuit voltage [V], mean entropy [V/K], rise of the curve by a node times the turn [V/A]."""
SERIES, LAG_START, LAG_END, LAG_MEAN = 8 * BLOCK, 9 * BLOCK, 10 * BLOCK, 11 * BLOCK
"""Series resistance [ohm]; hysteresis before, after and in the mean of the step [-]."""
FIRST, LAST, KELVIN, CAPACITY = 12 * BLOCK, 13 * BLOCK, 14 * BLOCK, 15 * BLOCK
"""Relaxations before the step, then after it [V]; temperature [K]; capacity [Ah]."""
MEAN_V, IDLE_V, FREE_V, WATT = 16 * BLOCK, 17 * BLOCK, 18 * BLOCK, 19 * BLOCK
"""Mean voltage, last one without current, and without relaxations [V]; heat [W]."""
HEAT, LAG_J, LEAK_J, BACK_J = 20 * BLOCK, 21 * BLOCK, 22 * BLOCK, 23 * BLOCK
"""Irreversible heat, heat of hysteresis, of the leak, of entropy. [J]"""
SCRATCH = 24 * BLOCK
"""Length of the scratch array."""

ZERO_CELSIUS_K = 273.15


@jit_inlined
def charge_block(
    tables: CellTables, cells: CellArrays, begin: int, n: int, current_a: float, step_s: float, scratch: FloatArray
) -> float:
    """Carry the charge of a block over a step and find its open-circuit voltages; the cells stay as they are.

    Parameters
    ----------
    tables, cells : CellTables, CellArrays
        Equations and cells.
    begin, n : int
        First cell of the block and number of its cells, at most `BLOCK`.
    current_a : float
        Mean current. [A]
    step_s : float
        Length of the step. [s]
    scratch : ndarray, shape (SCRATCH,)
        Receives the rows `NET` to `FALL`, `FIRST` to `CAPACITY` and `LAG_START`.

    Returns
    -------
    float
        Largest change of soc of a cell. [-]
    """
    nodes = tables.ocv_v.shape[0] - 1
    ocv, entropy = tables.ocv_v, tables.entropy_v_per_k
    end = begin + n
    soc, capacity, leaks = cells.soc[begin:end], cells.capacity_ah[begin:end], cells.leak_a[begin:end]
    largest = 0.0
    for c in range(n):
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
        scratch[NET + c], scratch[AFTER + c], scratch[TURN + c], scratch[LEAK + c] = net, after, turn, leak
        scratch[OCV_MEAN + c], scratch[OCV_END + c], scratch[ENTROPY + c] = ocv_mean, ocv_end, entropy_mean
        scratch[FALL + c] = rise * turn
        largest = max(largest, abs(net) * turn)
    first, last = cells.relaxation_v_first[begin:end], cells.relaxation_v_last[begin:end]
    hysteresis, temperature_c = cells.hysteresis[begin:end], cells.temperature_c[begin:end]
    for c in range(n):
        scratch[FIRST + c], scratch[LAST + c], scratch[LAG_START + c] = first[c], last[c], hysteresis[c]
        scratch[KELVIN + c], scratch[CAPACITY + c] = temperature_c[c], capacity[c]
    return largest


@jit_inlined
def resist_block(
    tables: CellTables, cells: CellArrays, begin: int, n: int, direction: int, scratch: FloatArray
) -> None:
    """Find the series resistance of a block at its temperatures and mean soc, and turn temperatures into kelvin.

    Parameters
    ----------
    tables, cells, begin, n, scratch
        As in `charge_block`, which comes before; receives the row `SERIES`.
    direction : int
        Charge (0) or discharge (1).
    """
    ohms = tables.resistance_ohm[direction]
    rows, columns = ohms.shape[0], ohms.shape[1]
    flat = ohms.reshape(ohms.size)
    half_nodes = 0.5 * (tables.ocv_v.shape[0] - 1)
    low_c, per_k = tables.temperature_c_low, tables.temperature_per_k
    end = begin + n
    soc, factor, contact = cells.soc[begin:end], cells.resistance_factor[begin:end], cells.contact_ohm[begin:end]
    for c in range(n):
        scratch[SERIES + c] = soc[c]
    for c in range(n):  # `surface`, cut where the table is read; rows of later stages hold what lies between
        row = min(max((scratch[KELVIN + c] - low_c) * per_k, 0.0), rows - 1.0)
        column = min(max(half_nodes * (scratch[SERIES + c] + scratch[AFTER + c]), 0.0), columns - 1.0)
        i, j = max(min(int(row), rows - 2), 0), max(min(int(column), columns - 2), 0)
        scratch[HEAT + c], scratch[LAG_J + c], scratch[BACK_J + c] = row - i, column - j, i * columns + j
        scratch[KELVIN + c] += ZERO_CELSIUS_K
    for c in range(n):
        k, x = max(int(scratch[BACK_J + c]), 0), scratch[LAG_J + c]
        low = flat[k] + x * (flat[k + 1] - flat[k])
        high = flat[k + columns] + x * (flat[k + columns + 1] - flat[k + columns])
        scratch[SERIES + c] = (low + scratch[HEAT + c] * (high - low)) * factor[c] + contact[c]


@jit_inlined
def lag_block(rate: float, largest: float, n: int, scratch: FloatArray) -> None:
    """Carry the hysteresis of a block over a step.

    Parameters
    ----------
    rate : float
        Rate of the hysteresis. [-]
    largest : float
        Largest change of soc of a cell in the step. [-]
    n, scratch
        As in `charge_block`, which comes before; receives the rows `LAG_END` and `LAG_MEAN`.
    """
    if rate * largest < 0.99 * SHORT_DECAY:
        for c in range(n):
            net, start = scratch[NET + c], scratch[LAG_START + c]
            end, mean = short_decay(abs(net) * (rate * scratch[TURN + c]))
            towards = -1.0 if net > 0.0 else 1.0
            scratch[LAG_END + c] = towards + (start - towards) * end
            scratch[LAG_MEAN + c] = towards + (start - towards) * mean
    else:
        for c in range(n):
            scratch[LAG_END + c], scratch[LAG_MEAN + c] = lagged(
                scratch[LAG_START + c], scratch[NET + c], rate * scratch[TURN + c]
            )


@jit_inlined
def balance_block(
    current_a: float, square_a: float, step_s: float, amplitude_v: float, stiffness: float,
    first: tuple[float, float, float, float], last: tuple[float, float, float, float], n: int, scratch: FloatArray,
) -> None:  # fmt: skip
    """Find voltages and heats of a block over a step.

    Parameters
    ----------
    current_a, square_a, step_s : float
        Mean current [A], mean of its square [A^2], length of the step [s].
    amplitude_v, stiffness : float
        Amplitude of the hysteresis [V], and half its store over capacity [V s/h].
    first, last : tuple of float
        Both relaxations, as `relaxation_step` gives them.
    n, scratch
        As in `charge_block`; all stages come before. Receives the rows from `MEAN_V`; `FIRST` and `LAST` are those
        after the step.
    """
    end1, mean1, ohm1, half1 = first
    end2, mean2, ohm2, half2 = last
    drop1, drop2, per_s = current_a * ohm1, current_a * ohm2, 1.0 / step_s
    for c in range(n):
        v_first, v_last, h_mean, h = (
            scratch[FIRST + c],
            scratch[LAST + c],
            scratch[LAG_MEAN + c],
            scratch[LAG_END + c],
        )
        net, series, start = scratch[NET + c], scratch[SERIES + c], scratch[LAG_START + c]
        v1, v2 = drop1 + (v_first - drop1) * end1, drop2 + (v_last - drop2) * end2
        v_mean = drop1 + (v_first - drop1) * mean1 + drop2 + (v_last - drop2) * mean2
        electrode_v = scratch[OCV_MEAN + c] + amplitude_v * h_mean
        heat = step_s * (square_a * series + current_a * v_mean)
        heat -= half1 * (v1 * v1 - v_first * v_first) + half2 * (v2 * v2 - v_last * v_last)
        lag = -amplitude_v * h_mean * net * step_s - stiffness * scratch[CAPACITY + c] * (h * h - start * start)
        leak_j = scratch[LEAK + c] * electrode_v * step_s
        back = -net * step_s * scratch[KELVIN + c] * scratch[ENTROPY + c]
        free_v = scratch[OCV_END + c] + amplitude_v * h
        scratch[MEAN_V + c] = electrode_v - current_a * series - v_mean
        scratch[FREE_V + c], scratch[IDLE_V + c] = free_v, free_v - v1 - v2
        scratch[FIRST + c], scratch[LAST + c] = v1, v2
        (scratch[HEAT + c], scratch[LAG_J + c], scratch[LEAK_J + c], scratch[BACK_J + c]) = heat, lag, leak_j, back
        scratch[WATT + c] = (heat + lag + leak_j + back) * per_s


@jit_inlined
def settle_block(cells: CellArrays, begin: int, n: int, current_a: float, share: float, scratch: FloatArray) -> None:
    """Write the state of a block after the step, and its voltages and heat.

    Parameters
    ----------
    cells, begin, n, scratch
        As in `charge_block`; all stages come before.
    current_a : float
        Mean current. [A]
    share : float
        Share of the outer step that this one is. [-]
    """
    end = begin + n
    soc, hysteresis, heat_w = cells.soc[begin:end], cells.hysteresis[begin:end], cells.heat_w[begin:end]
    first, last = cells.relaxation_v_first[begin:end], cells.relaxation_v_last[begin:end]
    voltage_v, voltage_v_mean = cells.voltage_v[begin:end], cells.voltage_v_mean[begin:end]
    for c in range(n):
        soc[c], hysteresis[c], heat_w[c] = scratch[AFTER + c], scratch[LAG_END + c], scratch[WATT + c]
    for c in range(n):
        first[c], last[c] = scratch[FIRST + c], scratch[LAST + c]
        voltage_v[c] = scratch[IDLE_V + c] - current_a * scratch[SERIES + c]
        voltage_v_mean[c] += share * scratch[MEAN_V + c]
