"""The loop of a life: each step of some days reads the stress of its state of health and ages each term."""

from __future__ import annotations

import math

import numpy as np

from battuta._jit import jit, jit_inlined
from battuta.numerics.arrays import FloatArray, IntArray
from battuta.physics.ageing.life_kernels import POWER
from battuta.twin.sigmoid_gain_kernels import loss_place


@jit
def place(nodes: FloatArray, value: float) -> tuple[int, float]:
    """Interval of ascending nodes in which a value lies, and how far along it; held beyond the ends.

    Parameters
    ----------
    nodes : ndarray, shape (n_nodes,)
        Nodes; one alone stands for all values.
    value : float
        Value.

    Returns
    -------
    first : int
        Node before it.
    share : float
        Way to the next node. [-]
    """
    last = nodes.shape[0] - 1
    if last == 0 or value <= nodes[0]:
        return 0, 0.0
    if value >= nodes[last]:
        return last - 1, 1.0
    first = 0
    while value >= nodes[first + 1]:
        first += 1
    return first, (value - nodes[first]) / (nodes[first + 1] - nodes[first])


@jit
def _loss(state: float, power: float) -> float:
    """As `term_loss` of a power term, with the two exponents that most models have made cheap. [-]"""
    if power == 1.0:
        return state
    return math.sqrt(state) if power == 0.5 else state**power


@jit
def _read_step(rows: FloatArray, i: int, j: int, x: float, y: float, step: int, row: FloatArray) -> None:
    """Write the row of a step between the nodes, shape (n_slots + 3,)."""
    k, m = min(i + 1, rows.shape[0] - 1), min(j + 1, rows.shape[1] - 1)
    w00, w01, w10, w11 = (1.0 - x) * (1.0 - y), (1.0 - x) * y, x * (1.0 - y), x * y
    for c in range(row.shape[0]):
        low = w00 * rows[i, j, step, c] + w01 * rows[i, m, step, c]
        row[c] = low + w10 * rows[k, j, step, c] + w11 * rows[k, m, step, c]


@jit
def _gain(gain: FloatArray, i: int, j: int, x: float, y: float, step: int, z: float, z_max: float) -> float:
    """What a step adds to a sigmoid term between the nodes; gain (n_capacities, n_resistances, n_steps, n_losses)."""
    k, m = min(i + 1, gain.shape[0] - 1), min(j + 1, gain.shape[1] - 1)
    below, share = loss_place(z, z_max, gain.shape[3])
    total = 0.0
    for at in range(2):
        weight = share if at == 1 else 1.0 - share
        own = (1.0 - x) * ((1.0 - y) * gain[i, j, step, below + at] + y * gain[i, m, step, below + at])
        own += x * ((1.0 - y) * gain[k, j, step, below + at] + y * gain[k, m, step, below + at])
        total += weight * own
    return total


@jit
def _scales(kinds: IntArray, powers: FloatArray, rate: FloatArray, scale: FloatArray) -> None:
    """Write what stresses, and losses of a sigmoid, are multiplied with in each stage, shape (n_stages, n_terms)."""
    for stage in range(scale.shape[0]):
        for term in range(kinds.shape[0]):
            own, power = rate[stage, term], powers[term]
            scale[stage, term] = own if kinds[term] != POWER or power == 1.0 else own ** (1.0 / power)


@jit
def _age(
    kinds: IntArray, quantities: IntArray, slot_of: IntArray, cause_of: IntArray, powers: FloatArray,
    scale: FloatArray, row: FloatArray, gain: FloatArray, z_max: FloatArray, i: int, j: int, x: float, y: float,
    step: int, state: FloatArray, lost_by: FloatArray,
) -> tuple[float, float]:  # fmt: skip
    """Age all terms by a step: capacity left and resistance over that when new; writes what each cause took."""
    lost_by[0], lost_by[1], resistance, sigmoid = 0.0, 0.0, 1.0, 0
    for term in range(kinds.shape[0]):
        if kinds[term] == POWER:
            state[term] += scale[term] * row[slot_of[term]]
            own = _loss(state[term], powers[term])
        else:
            state[term] += _gain(gain[sigmoid], i, j, x, y, step, state[term], z_max[sigmoid])
            own = scale[term] * _loss(state[term], powers[term])
            sigmoid += 1
        if quantities[term] == 0:
            lost_by[cause_of[term]] += own
        else:
            resistance += own
    return max(1.0 - lost_by[0] - lost_by[1], 0.0), resistance


@jit_inlined
def _stage(stage: int, capacity: float, year: int, soh_capacity_below: FloatArray, from_year: IntArray) -> int:
    """Stage of a life: the last one whose capacity it is below, or whose year has come; never an earlier one."""
    for later in range(soh_capacity_below.shape[0], stage, -1):
        if capacity < soh_capacity_below[later - 1] or year >= from_year[later - 1]:
            return later
    return stage


@jit
def live_range(
    first: int, last: int, rows: FloatArray, gain: FloatArray, z_max: FloatArray, soh_capacity_nodes: FloatArray,
    soh_resistance_nodes: FloatArray, n_days: FloatArray, step_of: IntArray, year_start: IntArray, kinds: IntArray,
    quantities: IntArray, powers: FloatArray, slot_of: IntArray, cause_of: IntArray, rate: FloatArray,
    soh_resistance_new: FloatArray, soh_capacity_below: FloatArray, from_year: IntArray, ends: FloatArray,
    flows: FloatArray, stage_days: FloatArray,
) -> None:  # fmt: skip
    """Live some lives step by step.

    Within a step the stress is that of the health in its middle, as far as the slope of the step before tells; a day's
    is that of the health it begins with.

    Parameters
    ----------
    first, last : int
        Range of lives.
    rows : ndarray, shape (n_capacities, n_resistances, n_stages * n_different, n_slots + 3)
        Stresses, then delivered, drawn [MWh] and full cycles [-] of each step at each node, one stage after the other.
    gain, z_max : ndarray, shape (n_sigmoids, ..., n_losses), (n_sigmoids,)
        As in `SigmoidGains`, in the order of the terms.
    soh_capacity_nodes, soh_resistance_nodes : ndarray, shape (n_capacities,), (n_resistances,)
        Nodes, ascending. [-]
    n_days : ndarray, shape (n_stages * n_different,)
        Length of each step. [d]
    step_of : ndarray of int, shape (n_steps,)
        Row of each step of a life.
    year_start : ndarray of int, shape (n_years + 1,)
        First step of each year, and the end of the last.
    kinds, quantities, slot_of : ndarray, shape (n_terms,)
        Terms as in `term_arrays`.
    powers : ndarray, shape (n_lives, n_terms)
        Exponent of each term in each life, of a sigmoid that of its z. [-]
    cause_of : ndarray of int, shape (n_terms,)
        0 calendar, 1 cycles.
    rate : ndarray, shape (n_lives, n_stages, n_terms)
        Multiplier of each term's loss. [-]
    soh_resistance_new : ndarray, shape (n_lives,)
        Resistance when new over that of the cell's card, with which the nodes begin. [-]
    soh_capacity_below, from_year : ndarray, shape (n_stages - 1,)
        A life goes over to the last stage whose capacity it is below, or whose year has come, the first being 0; those
        between are passed over; never back.
    ends : ndarray, shape (n_lives, n_years + 1, 4)
        Written: capacity and resistance over those when new, capacity lost by calendar and by cycles. [-]
    flows : ndarray, shape (n_lives, n_years, 3)
        Gains delivered, drawn [MWh] and full cycles [-] of each year; zeros before.
    stage_days : ndarray, shape (n_lives, n_years, n_stages)
        Gains the days of each year in each stage; zeros before. [d]
    """
    n_terms, n_columns = kinds.shape[0], rows.shape[3]
    last_stage, n_different = soh_capacity_below.shape[0], n_days.shape[0] // (soh_capacity_below.shape[0] + 1)
    state, row, lost_by = np.empty(n_terms), np.empty(n_columns), np.empty(2)
    scale = np.empty((last_stage + 1, n_terms))
    for life in range(first, last):
        state[:] = 0.0
        _scales(kinds, powers[life], rate[life], scale)
        new_r, stage = float(soh_resistance_new[life]), 0
        capacity, resistance, slope_q, slope_r = 1.0, new_r, 0.0, 0.0
        ends[life, 0, 0], ends[life, 0, 1], ends[life, 0, 2], ends[life, 0, 3] = 1.0, new_r, 0.0, 0.0
        for year in range(year_start.shape[0] - 1):
            for t in range(year_start[year], year_start[year + 1]):
                stage = _stage(stage, capacity, year, soh_capacity_below, from_year)
                step = int(step_of[t] + stage * n_different)
                stage_days[life, year, stage] += n_days[step]
                ahead = 0.5 * (n_days[step] - 1.0)
                i, x = place(soh_capacity_nodes, capacity + ahead * slope_q)
                j, y = place(soh_resistance_nodes, resistance + ahead * slope_r)
                _read_step(rows, i, j, x, y, step, row)
                before_q, before_r = capacity, resistance
                capacity, resistance = _age(
                    kinds, quantities, slot_of, cause_of, powers[life], scale[stage], row, gain, z_max, i, j, x, y,
                    step, state, lost_by,
                )  # fmt: skip
                resistance *= new_r
                slope_q, slope_r = (capacity - before_q) / n_days[step], (resistance - before_r) / n_days[step]
                flows[life, year] += row[n_columns - 3 :]
            ends[life, year + 1, 0], ends[life, year + 1, 1] = capacity, resistance
            ends[life, year + 1, 2], ends[life, year + 1, 3] = lost_by[0], lost_by[1]
