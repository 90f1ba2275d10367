"""Exact arithmetic on continuous piecewise-linear functions over an interval: the algebra of a value function.

A function is two arrays of nodes, ascending in x; outside its nodes it is minus infinity. Kernels write into arrays
that the caller owns and return the number of nodes, or ``OVERFLOW`` when those arrays are too short. Nothing is
approximated: nodes are dropped only where they lie on the line between their neighbours.
"""

from __future__ import annotations

import numpy as np

from battuta._jit import jit
from battuta.numerics.arrays import FloatArray, IntArray

OVERFLOW = -2
_COLLINEAR = 1e-13


@jit
def push(x: FloatArray, y: FloatArray, n: int, x_new: float, y_new: float) -> int:
    """Append a node, dropping repeats and the middle of three nodes on one line.

    Parameters
    ----------
    x, y : ndarray, shape (capacity,)
        Nodes so far in the first `n` places; written in place.
    n : int
        Number of nodes so far.
    x_new, y_new : float
        The node to append; ``x_new`` is not below the last x.

    Returns
    -------
    int
        New number of nodes, or ``OVERFLOW``.
    """
    if n < 0 or n >= x.shape[0]:
        return OVERFLOW
    if n > 0 and x_new - x[n - 1] <= 1e-12 * (1.0 + abs(x_new)) and abs(y_new - y[n - 1]) <= 1e-12 * (1.0 + abs(y_new)):
        return n
    if n > 1:
        dx = x_new - x[n - 2]
        on_line = y[n - 2] + (y_new - y[n - 2]) * (x[n - 1] - x[n - 2]) / dx if dx > 0.0 else np.inf
        if abs(on_line - y[n - 1]) <= _COLLINEAR * (1.0 + abs(y[n - 1])):
            n -= 1
    x[n] = x_new
    y[n] = y_new
    return n + 1


@jit
def interpolate(x: FloatArray, y: FloatArray, n: int, at: float) -> float:
    """Value at a place, minus infinity outside; within 1e-9 of an end counts as the end."""
    slack = 1e-9 * (1.0 + abs(at))
    if at < x[0] - slack or at > x[n - 1] + slack:
        return -np.inf
    if at <= x[0]:
        return y[0]
    if at >= x[n - 1]:
        return y[n - 1]
    low, high = 0, n - 1
    while high - low > 1:
        middle = (low + high) // 2
        if x[middle] <= at:
            low = middle
        else:
            high = middle
    return y[low] + (y[high] - y[low]) * (at - x[low]) / (x[high] - x[low])


@jit
def slope_right(x: FloatArray, y: FloatArray, n: int, at: float) -> float:
    """Slope just right of a place; at the upper end the slope to its left, and 0 for a single node."""
    if n < 2:
        return 0.0
    k = n - 2
    slack = 1e-9 * (1.0 + abs(at))
    for i in range(n - 1):
        if at < x[i + 1] - slack:
            k = i
            break
    return (y[k + 1] - y[k]) / (x[k + 1] - x[k])


@jit
def clip(x: FloatArray, y: FloatArray, n: int, low: float, high: float, out_x: FloatArray, out_y: FloatArray) -> int:
    """Restrict a function to ``[low, high]``; 0 nodes mean that nothing is left."""
    slack = 1e-9 * (1.0 + abs(high))
    if n == 0 or low > x[n - 1] + slack or high < x[0] - slack or low > high + slack:
        return 0
    low = min(max(low, x[0]), x[n - 1])
    high = max(min(high, x[n - 1]), low)
    m = push(out_x, out_y, 0, low, interpolate(x, y, n, low))
    for i in range(n):
        if low < x[i] < high:
            m = push(out_x, out_y, m, x[i], y[i])
    if high > low:
        m = push(out_x, out_y, m, high, interpolate(x, y, n, high))
    return m


@jit
def concave_runs(x: FloatArray, y: FloatArray, n: int, runs: IntArray) -> int:
    """Cut a function into maximal concave runs.

    Parameters
    ----------
    x, y : ndarray, shape (capacity,)
        The function.
    n : int
        Number of its nodes.
    runs : ndarray, shape (capacity,)
        Written: first node of each run, then the last node; neighbouring runs share a node.

    Returns
    -------
    int
        Number of runs, or ``OVERFLOW``.
    """
    runs[0] = 0
    n_runs = 1
    for i in range(1, n - 1):
        before = (y[i] - y[i - 1]) / (x[i] - x[i - 1])
        after = (y[i + 1] - y[i]) / (x[i + 1] - x[i])
        if after > before + 1e-11 * (1.0 + abs(before)):
            if n_runs + 1 >= runs.shape[0]:
                return OVERFLOW
            runs[n_runs] = i
            n_runs += 1
    runs[n_runs] = n - 1
    return n_runs


@jit
def reach_concave(
    vx: FloatArray, vy: FloatArray, v_first: int, v_last: int,
    gx: FloatArray, gy: FloatArray, g_first: int, g_last: int,
    out_x: FloatArray, out_y: FloatArray,
) -> int:  # fmt: skip
    """Best of ``v(e + d) + g(d)`` over d for concave v and g, as a function of e: a merge of sorted slopes.

    Parameters
    ----------
    vx, vy : ndarray, shape (capacity,)
        Value function; nodes ``v_first..v_last`` are used.
    gx, gy : ndarray, shape (capacity,)
        Gain of a change d; nodes ``g_first..g_last`` are used.
    out_x, out_y : ndarray, shape (capacity,)
        Written: the result.

    Returns
    -------
    int
        Number of nodes, or ``OVERFLOW``.
    """
    i, j = v_first, g_last
    x = vx[i] - gx[j]
    y = vy[i] + gy[j]
    n = push(out_x, out_y, 0, x, y)
    while i < v_last or j > g_first:
        up_v = (vy[i + 1] - vy[i]) / (vx[i + 1] - vx[i]) if i < v_last else -np.inf
        up_g = (gy[j - 1] - gy[j]) / (gx[j] - gx[j - 1]) if j > g_first else -np.inf
        if up_v >= up_g:
            i += 1
        else:
            j -= 1
        n = push(out_x, out_y, n, vx[i] - gx[j], vy[i] + gy[j])
    return n


@jit
def upper_envelope(
    ax: FloatArray, ay: FloatArray, na: int,
    bx: FloatArray, by: FloatArray, nb: int,
    out_x: FloatArray, out_y: FloatArray,
) -> int:  # fmt: skip
    """Pointwise maximum of two functions whose intervals touch or overlap.

    Parameters
    ----------
    ax, ay, bx, by : ndarray, shape (capacity,)
        The two functions, `na` and `nb` nodes.
    out_x, out_y : ndarray, shape (capacity,)
        Written: the maximum. A jump at the end of one interval stands as two nodes of one x.

    Returns
    -------
    int
        Number of nodes, or ``OVERFLOW``.
    """
    i = j = n = 0
    left = min(ax[0], bx[0])
    while i < na - 1 or j < nb - 1:
        has_a = i < na - 1 and ax[i] <= left
        has_b = j < nb - 1 and bx[j] <= left
        right = np.inf
        if i < na - 1:
            right = min(right, ax[i + 1] if has_a else ax[i])
        if j < nb - 1:
            right = min(right, bx[j + 1] if has_b else bx[j])
        if right > left and (has_a or has_b):
            a0 = a1 = b0 = b1 = -np.inf
            if has_a:
                a_slope = (ay[i + 1] - ay[i]) / (ax[i + 1] - ax[i])
                a0 = ay[i] + a_slope * (left - ax[i])
                a1 = ay[i + 1] + a_slope * (right - ax[i + 1])
            if has_b:
                b_slope = (by[j + 1] - by[j]) / (bx[j + 1] - bx[j])
                b0 = by[j] + b_slope * (left - bx[j])
                b1 = by[j + 1] + b_slope * (right - bx[j + 1])
            n = push(out_x, out_y, n, left, max(a0, b0))
            if has_a and has_b and (a0 - b0) * (a1 - b1) < 0.0:
                share = (a0 - b0) / ((a0 - b0) - (a1 - b1))
                n = push(out_x, out_y, n, left + share * (right - left), a0 + share * (a1 - a0))
            n = push(out_x, out_y, n, right, max(a1, b1))
        left = right
        while i < na - 1 and ax[i + 1] <= left:
            i += 1
        while j < nb - 1 and bx[j + 1] <= left:
            j += 1
    if n == 0:
        n = push(out_x, out_y, n, left, max(ay[0], by[0]))
    return n


@jit
def without_jumps(x: FloatArray, y: FloatArray, n: int) -> int:
    """Merge nodes closer than 1e-10, in place, keeping the higher value; returns the number of nodes left."""
    if n < 1:
        return n
    m = 0
    for i in range(1, n):
        if x[i] - x[m] <= 1e-10 * (1.0 + abs(x[i])):
            y[m] = max(y[m], y[i])
        else:
            m += 1
            x[m] = x[i]
            y[m] = y[i]
    return m + 1


@jit
def subtract(
    x: FloatArray, y: FloatArray, n: int, cost_x: FloatArray, cost_y: FloatArray, n_cost: int,
    out_x: FloatArray, out_y: FloatArray,
) -> int:  # fmt: skip
    """Subtract a cost curve (constant beyond its ends) on the interval of a function."""
    j = 0
    m = 0
    for i in range(n):
        while j < n_cost and cost_x[j] <= x[i]:
            if i > 0 and cost_x[j] > x[i - 1] and cost_x[j] < x[i]:
                m = push(out_x, out_y, m, cost_x[j], interpolate(x, y, n, cost_x[j]) - cost_y[j])
            j += 1
        cost = cost_y[0] if x[i] <= cost_x[0] else cost_y[n_cost - 1]
        if cost_x[0] < x[i] < cost_x[n_cost - 1]:
            cost = interpolate(cost_x, cost_y, n_cost, x[i])
        m = push(out_x, out_y, m, x[i], y[i] - cost)
    return m


@jit
def best_reach(
    vx: FloatArray, vy: FloatArray, n: int, gx: FloatArray, gy: FloatArray, ng: int,
    work: FloatArray, runs: IntArray, out_x: FloatArray, out_y: FloatArray,
) -> int:  # fmt: skip
    """Best of ``v(e + d) + g(d)`` over d for any two piecewise-linear functions, as a function of e.

    Both are cut into concave runs; every pair is merged exactly, and the upper envelope of the pairs is kept.

    Parameters
    ----------
    vx, vy : ndarray, shape (capacity,)
        Value function, `n` nodes.
    gx, gy : ndarray, shape (capacity,)
        Gain of a change d, `ng` nodes.
    work : ndarray, shape (4, capacity)
        Scratch.
    runs : ndarray, shape (2, capacity)
        Scratch.
    out_x, out_y : ndarray, shape (capacity,)
        Written: the result.

    Returns
    -------
    int
        Number of nodes, or ``OVERFLOW``.
    """
    n_v = concave_runs(vx, vy, n, runs[0])
    n_g = concave_runs(gx, gy, ng, runs[1])
    if min(n_v, n_g) < 0:
        return OVERFLOW
    m = 0
    for r in range(n_v):
        for s in range(n_g - 1, -1, -1):
            if m == 0:
                m = reach_concave(vx, vy, runs[0, r], runs[0, r + 1], gx, gy, runs[1, s], runs[1, s + 1], out_x, out_y)
            else:
                k = reach_concave(
                    vx, vy, runs[0, r], runs[0, r + 1], gx, gy, runs[1, s], runs[1, s + 1], work[0], work[1]
                )
                if k == OVERFLOW:
                    return OVERFLOW
                m = upper_envelope(out_x, out_y, m, work[0], work[1], k, work[2], work[3])
                if m != OVERFLOW:
                    out_x[:m] = work[2, :m]
                    out_y[:m] = work[3, :m]
            if m == OVERFLOW:
                return OVERFLOW
    return without_jumps(out_x, out_y, m)
