"""Loops of rainflow counting over turning points, each with the sample at which it lies."""

from __future__ import annotations

import numpy as np

from battuta._jit import jit
from battuta.numerics.arrays import FloatArray, IntArray


@jit
def turning_points(
    before: FloatArray, before_places: IntArray, signal: FloatArray, first: int
) -> tuple[FloatArray, IntArray]:
    """Keep the first sample, each reversal, and the last sample of a signal that goes on.

    Parameters
    ----------
    before, before_places : ndarray, shape (n_before,)
        What was kept of the signal so far and is still open, and where it lies.
    signal : ndarray, shape (n_times,)
        Next samples.
    first : int
        Number of the first of them.

    Returns
    -------
    points : ndarray, shape (n_points,)
        What is kept.
    places : ndarray, shape (n_points,)
        Where it lies; a flat turn lies at its last sample, the start at its first.
    """
    n_before, n = before.shape[0], signal.shape[0]
    points = np.empty(n_before + n)
    places = np.empty(n_before + n, dtype=np.int64)
    points[:n_before] = before
    places[:n_before] = before_places
    m = n_before
    i = 0
    if m == 0 and n > 0:
        points[0], places[0] = signal[0], first
        m = 1
    if m == 0:
        return points, places
    last = points[m - 1]
    way = last - points[m - 2] if m > 1 else 0.0
    while m == 1 and i < n and signal[i] == last:
        i += 1
    for k in range(i, n):  # without branches: which way a noisy signal turns cannot be foreseen
        here = signal[k]
        change = here - last
        m += (change * way < 0.0) | (m == 1)
        points[m - 1] = here
        places[m - 1] = first + k
        way = change if change != 0.0 else way
        last = here
    return points[:m], places[:m]


@jit
def count_closed(points: FloatArray, places: IntArray) -> tuple[FloatArray, IntArray, FloatArray, IntArray]:
    """Count what a sequence of reversals closes.

    Parameters
    ----------
    points, places : ndarray, shape (n_points,)
        Reversals, and where they lie.

    Returns
    -------
    closed : ndarray, shape (n_closed, 3)
        Range, mean and count of each cycle.
    spans : ndarray, shape (n_closed, 3)
        Where it begins, where it turns, and the reversal that closes it.
    residue, residue_places : ndarray, shape (n_left,)
        Reversals that are still open.
    """
    n = points.shape[0]
    stack = np.empty(n)
    at = np.empty(n, dtype=np.int64)
    closed = np.empty((n, 3))
    spans = np.empty((n, 3), dtype=np.int64)
    top = 0
    m = 0
    for i in range(n):
        stack[top] = points[i]
        at[top] = places[i]
        top += 1
        while top >= 3:
            x = abs(stack[top - 1] - stack[top - 2])
            y = abs(stack[top - 2] - stack[top - 3])
            if x < y:
                break
            closed[m, 0] = y
            closed[m, 1] = 0.5 * (stack[top - 2] + stack[top - 3])
            spans[m, 0], spans[m, 1], spans[m, 2] = at[top - 3], at[top - 2], places[i]
            if top == 3:
                closed[m, 2] = 0.5
                stack[0], stack[1] = stack[1], stack[2]
                at[0], at[1] = at[1], at[2]
                top = 2
            else:
                closed[m, 2] = 1.0
                stack[top - 3] = stack[top - 1]
                at[top - 3] = at[top - 1]
                top -= 2
            m += 1
    return closed[:m], spans[:m], stack[:top].copy(), at[:top].copy()


@jit
def close_residue(residue: FloatArray, places: IntArray) -> tuple[FloatArray, IntArray]:
    """Count each open range as half a cycle that the end of the signal closes.

    Parameters
    ----------
    residue, places : ndarray, shape (n_left,)
        Reversals that are still open, and where they lie.

    Returns
    -------
    half : ndarray, shape (n_left - 1, 3)
        Range, mean and count of each half-cycle.
    spans : ndarray, shape (n_left - 1, 3)
        Where it begins, where it turns, and where the signal ends.
    """
    n = max(residue.shape[0] - 1, 0)
    half = np.empty((n, 3))
    spans = np.empty((n, 3), dtype=np.int64)
    for i in range(n):
        half[i, 0] = abs(residue[i + 1] - residue[i])
        half[i, 1] = 0.5 * (residue[i + 1] + residue[i])
        half[i, 2] = 0.5
        spans[i, 0], spans[i, 1], spans[i, 2] = places[i], places[i + 1], places[n]
    return half, spans
