"""Lives by BLAST-Lite's walk: one with every segment's stress computed anew, or many from a table of stresses.

A table holds the stress of each segment by state of health, shape (n_nodes, n_segments, 9). One node means stresses as
given, with a throughput that shrinks with the cell; more are states of health from 0 to 1, linear between them.
"""

from __future__ import annotations

import math

import numpy as np

from battuta._jit import jit, jit_in_place
from battuta.numerics.arrays import FloatArray, IntArray
from battuta.physics.ageing import prismatic_kernels as prismatic
from battuta.physics.ageing import sony_kernels as sony
from battuta.physics.ageing.blast_kernels import (
    BREAK_IN,
    BROKEN_IN,
    C_RATE,
    CALENDAR,
    CYCLE,
    DAY_S,
    DAYS,
    DEPTH,
    FIRST_OWN,
    N_STATE,
    N_STRESS,
    RESISTANCE,
    SONY,
    SWING,
    YEAR_DAYS,
    euler_sigmoid,
    segment_step,
    segment_stress,
)


@jit
def stress_rows(
    model: int,
    time_s: FloatArray,
    soc: FloatArray,
    temperature_c: FloatArray,
    ends: IntArray,
    scale: float,
    row: FloatArray,
    rows: FloatArray,
) -> None:
    """Stress of each segment of a profile at one scale of its swings, into `rows`, shape (n_segments, 9).

    A segment begins one sample after the last one ended: the interval between them is lost, as it is in BLAST-Lite.
    """
    first = 0
    for i in range(ends.shape[0]):
        stop = ends[i] + 1
        segment_stress(model, time_s[first:stop], soc[first:stop], temperature_c[first:stop], scale, row, rows[i])
        first = stop


@jit
def walk_life(
    model: int,
    time_s: FloatArray,
    soc: FloatArray,
    temperature_c: FloatArray,
    ends: IntArray,
    row: FloatArray,
    scalar: float,
    years: FloatArray,
) -> int:
    """Age one life that keeps its throughput until the last year is past, every segment computed anew.

    Parameters
    ----------
    model : int
        ``PRISMATIC`` or ``SONY``.
    time_s, soc, temperature_c : ndarray, shape (n_times,)
        Profile, repeated without end. [s], [-], [degC]
    ends : ndarray, shape (n_segments,)
        Last sample of each segment.
    row : ndarray, shape (n_parameters,)
        Parameters of the model.
    scalar : float
        Factor on all that changes. [-]
    years : ndarray, shape (n_years + 1, 3)
        Filled with capacity left, resistance, and equivalent cycles after the first segment that passes each year.

    Returns
    -------
    int
        Segments walked.
    """
    state, stress = np.zeros(N_STATE), np.empty(N_STRESS)
    state[BREAK_IN] = BROKEN_IN if model == SONY else 0.0
    soh, days, cycles = 1.0, 0.0, 0.0
    years[0, 0], years[0, 1], years[0, 2] = 1.0, 1.0, 0.0
    year, segment, first, n_steps = 1, 0, 0, 0
    while year < years.shape[0] and soh > 0.0:
        stop = ends[segment] + 1
        segment_stress(model, time_s[first:stop], soc[first:stop], temperature_c[first:stop], 1.0 / soh, row, stress)
        segment_step(model, stress, soh, scalar, row, state)
        cycles += stress[SWING] * soh
        days += stress[DAYS]
        soh = 1.0 - state[CALENDAR] - state[CYCLE] - state[BREAK_IN]
        n_steps += 1
        if days / YEAR_DAYS > year:
            years[year, 0], years[year, 1], years[year, 2] = soh, 1.0 + state[RESISTANCE], cycles
            year += 1
        segment = (segment + 1) % ends.shape[0]
        first = 0 if segment == 0 else stop
    return n_steps


@jit_in_place
def prismatic_life(
    table: FloatArray, is_ready: IntArray, row: FloatArray, scalar: float, years: FloatArray
) -> tuple[int, int]:
    """Age one life of the prismatic cell by a table whose column 6 is the calendar rate to one over its exponent.

    Returns
    -------
    n_steps, missing : int
        Segments walked, and the node that is not filled yet, at which the life stopped; -1 when it is done.
    """
    last_node = table.shape[0] - 1
    by_time, by_cycles, soh, days, cycles = 0.0, 0.0, 1.0, 0.0, 0.0
    calendar, cycle = row[prismatic.CALENDAR_EXPONENT], row[prismatic.CYCLE_EXPONENT]
    year, segment, n_steps, low, share = 1, 0, 0, 0, 0.0
    while year < years.shape[0] and soh > 0.0:
        if last_node > 0:
            low = min(max(int(soh * last_node), 1), last_node - 1)
            share = soh * last_node - low
            if is_ready[low] == 0:
                return n_steps, low
        high = min(low + 1, last_node)
        near, far = 1.0 - share, share
        dt = table[low, segment, DAYS]
        moved = (near * table[low, segment, SWING] + far * table[high, segment, SWING]) * soh
        depth = near * table[low, segment, DEPTH] + far * table[high, segment, DEPTH]
        c_rate = (near * table[low, segment, C_RATE] + far * table[high, segment, C_RATE]) * soh
        warmth = near * table[low, segment, FIRST_OWN + 1] + far * table[high, segment, FIRST_OWN + 1]
        if by_time == 0.0:
            by_time = scalar * table[low, segment, FIRST_OWN] * dt**calendar
        else:
            additive = near * table[low, segment, FIRST_OWN + 2] + far * table[high, segment, FIRST_OWN + 2]
            by_time += scalar * calendar * additive * math.exp((1.0 - 1.0 / calendar) * math.log(by_time)) * dt
        rate = prismatic.prismatic_cycle(depth, c_rate, warmth, row)
        if moved > 0.0 and by_cycles == 0.0:
            by_cycles = scalar * rate * moved**cycle
        elif moved > 0.0:
            euler = math.exp((math.log(rate) - (1.0 - cycle) * math.log(by_cycles)) / cycle)
            by_cycles += scalar * cycle * euler * moved
        cycles += moved
        days += dt
        soh = 1.0 - by_time - by_cycles
        n_steps += 1
        if days / YEAR_DAYS > year:
            years[year, 0], years[year, 1], years[year, 2] = soh, 1.0, cycles
            year += 1
        segment = segment + 1 if segment + 1 < table.shape[1] else 0
    return n_steps, -1


@jit_in_place
def sony_life(
    table: FloatArray, is_ready: IntArray, row: FloatArray, scalar: float, years: FloatArray
) -> tuple[int, int]:
    """Age one life of the Sony cell by a table; returns as `prismatic_life` does."""
    last_node = table.shape[0] - 1
    by_time, by_cycles, broken, gained = 0.0, 0.0, BROKEN_IN, 0.0
    soh, days, cycles, exponent = 1.0, 0.0, 0.0, row[sony.CYCLE_EXPONENT]
    year, segment, n_steps, low, share = 1, 0, 0, 0, 0.0
    while year < years.shape[0] and soh > 0.0:
        if last_node > 0:
            low = min(max(int(soh * last_node), 1), last_node - 1)
            share = soh * last_node - low
            if is_ready[low] == 0:
                return n_steps, low
        high = min(low + 1, last_node)
        near, far = 1.0 - share, share
        dt = table[low, segment, DAYS]
        moved = (near * table[low, segment, SWING] + far * table[high, segment, SWING]) * soh
        depth = near * table[low, segment, DEPTH] + far * table[high, segment, DEPTH]
        c_rate = (near * table[low, segment, C_RATE] + far * table[high, segment, C_RATE]) * soh
        end = near * table[low, segment, FIRST_OWN] + far * table[high, segment, FIRST_OWN]
        curve = near * table[low, segment, FIRST_OWN + 1] + far * table[high, segment, FIRST_OWN + 1]
        rest = near * table[low, segment, FIRST_OWN + 4] + far * table[high, segment, FIRST_OWN + 4]
        by_time += scalar * euler_sigmoid(by_time, dt, end, row[sony.PER_DAY], curve)
        rate = sony.sony_cycle(depth, c_rate, row)
        if moved > 0.0 and by_cycles == 0.0:
            by_cycles = scalar * (rate * moved) ** exponent
        elif moved > 0.0:
            by_cycles += scalar * exponent * rate * moved * math.exp((1.0 - 1.0 / exponent) * math.log(by_cycles))
        if moved > sony.BREAK_IN_CYCLES_PER_DAY * dt and dt > 0.0:
            bell = near * table[low, segment, FIRST_OWN + 2] + far * table[high, segment, FIRST_OWN + 2]
            per_cycle, bend = row[sony.BREAK_PER_CYCLE], row[sony.BREAK_EXPONENT]
            broken += scalar * euler_sigmoid(broken, moved, sony.sony_break_in(depth, row) * bell, per_cycle, bend)
        gained += scalar * table[low, segment, FIRST_OWN + 3] * rest * dt * DAY_S
        gained += scalar * sony.sony_cycle_growth(depth, c_rate, row) * moved
        cycles += moved
        days += dt
        soh = 1.0 - by_time - by_cycles - broken
        n_steps += 1
        if days / YEAR_DAYS > year:
            years[year, 0], years[year, 1], years[year, 2] = soh, 1.0 + gained, cycles
            year += 1
        segment = segment + 1 if segment + 1 < table.shape[1] else 0
    return n_steps, -1
