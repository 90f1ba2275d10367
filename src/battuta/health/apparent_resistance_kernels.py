"""A loop over jumps of the current: how each cell answers, held against how the middle of its string answers."""

from __future__ import annotations

import math

from battuta._jit import jit
from battuta.numerics.arrays import FloatArray, IntArray

COUNT, MIDDLE_SQUARED, BOTH, OWN_SQUARED = range(4)
N_MOMENTS = 4


@jit
def answer_jumps(
    voltage_v: FloatArray, middle_v: FloatArray, rows: IntArray, weight: FloatArray, moments: FloatArray
) -> None:
    """Sum up what the voltages did from the row before each jump to the row after it.

    Voltages of one row are read together, so a current that is read early or late moves none of these sums.

    Parameters
    ----------
    voltage_v : ndarray, shape (n_times, n_cells)
        Voltages, NaN where missing. [V]
    middle_v : ndarray, shape (n_times,)
        Middle of the string; known at all jumps. [V]
    rows : ndarray of int, shape (n_jumps,)
        First row after each jump, at least 1. [-]
    weight : ndarray, shape (n_jumps,)
        One over the variance of an answer. [1/V^2]
    moments : ndarray, shape (4, n_cells)
        Written: answers that are known; weighted sums of the middle's answer squared, of both multiplied, and of the
        cell's own squared.
    """
    n_cells = voltage_v.shape[1]
    moments[:] = 0.0
    for j in range(rows.shape[0]):
        t = rows[j]
        m, w = middle_v[t] - middle_v[t - 1], weight[j]
        for i in range(n_cells):
            d = voltage_v[t, i] - voltage_v[t - 1, i]
            is_there = not math.isnan(d)
            d = d if is_there else 0.0
            part = w if is_there else 0.0
            moments[0, i] += 1.0 if is_there else 0.0
            moments[1, i] += part * m * m
            moments[2, i] += part * m * d
            moments[3, i] += part * d * d


@jit
def spread_at_jumps(voltage_v: FloatArray, middle_v: FloatArray, rows: IntArray, spread_v: FloatArray) -> None:
    """How far apart the cells answer at each jump: 1.2533 times the mean distance from the middle's answer.

    Parameters
    ----------
    voltage_v : ndarray, shape (n_times, n_cells)
        Voltages, NaN where missing. [V]
    middle_v : ndarray, shape (n_times,)
        Middle of the string; known at all jumps. [V]
    rows : ndarray of int, shape (n_jumps,)
        First row after each jump, at least 1. [-]
    spread_v : ndarray, shape (n_jumps,)
        Written. [V]
    """
    for j in range(rows.shape[0]):
        t = rows[j]
        m, total, count = middle_v[t] - middle_v[t - 1], 0.0, 0
        for i in range(voltage_v.shape[1]):
            d = voltage_v[t, i] - voltage_v[t - 1, i]
            is_there = not math.isnan(d)
            total += abs(d - m) if is_there else 0.0
            count += 1 if is_there else 0
        spread_v[j] = 1.2533 * total / max(count, 1)
