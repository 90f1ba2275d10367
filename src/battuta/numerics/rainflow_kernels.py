"""Loops of rainflow counting over turning points."""

from __future__ import annotations

import numpy as np

from battuta._jit import jit
from battuta.numerics.arrays import FloatArray


@jit
def turning_points(signal: FloatArray) -> FloatArray:
    """Keep the first sample, each reversal, and the last sample, shape (n_points,)."""
    n = signal.shape[0]
    out = np.empty(n)
    m = 0
    for i in range(n):
        if m > 0 and signal[i] == out[m - 1]:
            continue
        if m > 1 and (out[m - 1] - out[m - 2]) * (signal[i] - out[m - 1]) > 0.0:
            out[m - 1] = signal[i]
        else:
            out[m] = signal[i]
            m += 1
    return out[:m]


@jit
def count_closed(points: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Count what a sequence of reversals closes.

    Parameters
    ----------
    points : ndarray, shape (n_points,)
        Reversals.

    Returns
    -------
    closed : ndarray, shape (n_closed, 3)
        Range, mean and count of each cycle.
    residue : ndarray, shape (n_left,)
        Reversals that are still open.
    """
    n = points.shape[0]
    stack = np.empty(n)
    closed = np.empty((n, 3))
    top = 0
    m = 0
    for i in range(n):
        stack[top] = points[i]
        top += 1
        while top >= 3:
            x = abs(stack[top - 1] - stack[top - 2])
            y = abs(stack[top - 2] - stack[top - 3])
            if x < y:
                break
            closed[m, 0] = y
            closed[m, 1] = 0.5 * (stack[top - 2] + stack[top - 3])
            if top == 3:
                closed[m, 2] = 0.5
                stack[0] = stack[1]
                stack[1] = stack[2]
                top = 2
            else:
                closed[m, 2] = 1.0
                stack[top - 3] = stack[top - 1]
                top -= 2
            m += 1
    return closed[:m], stack[:top].copy()


@jit
def close_residue(residue: FloatArray) -> FloatArray:
    """Count each open range as half a cycle, shape (n_left - 1, 3): range, mean, count."""
    n = max(residue.shape[0] - 1, 0)
    half = np.empty((n, 3))
    for i in range(n):
        half[i, 0] = abs(residue[i + 1] - residue[i])
        half[i, 1] = 0.5 * (residue[i + 1] + residue[i])
        half[i, 2] = 0.5
    return half
