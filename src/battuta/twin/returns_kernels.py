"""All internal rates of return of many cash flows, each root isolated before it is sought.

A flow is a polynomial in the discount factor. On an interval, the signs of its Bernstein coefficients change at least
as often as it has roots there, and by an even number more: halving until they change once or never finds every root
and misses none, which a search from a first guess cannot promise. Where a flow only touches
nothing, or nearly does, the signs are those of rounding: it is named and left to `dated_rates`, which looks between
turning points.
"""

from __future__ import annotations

import numpy as np

from battuta._jit import jit
from battuta.numerics.arrays import FloatArray, IntArray

DEPTH_MAX = 48
"""Halvings at most: two roots closer than this in the discount factor count as one."""
TOUCHING = 1e-13
"""Share of all amounts together below which two neighbouring coefficients make a flow one that touches nothing. [-]"""
EXACT = 60
"""Steps at most in closing in on one root."""


@jit
def sign_changes(values: FloatArray) -> int:
    """Count changes of sign along a row, zeros left out.

    Parameters
    ----------
    values : ndarray, shape (n,)
        Any numbers. [-]

    Returns
    -------
    int
        Changes of sign.
    """
    changes = 0
    last = 0.0
    for i in range(values.size):
        if values[i] != 0.0:
            if last * values[i] < 0.0 or (
                last * values[i] == 0.0 and last != 0.0 and (last < 0.0) != (values[i] < 0.0)
            ):
                changes += 1
            last = values[i]
    return changes


@jit
def bernstein_weights(n: int) -> FloatArray:
    """Return how much each coefficient of a polynomial counts in each of its Bernstein coefficients on [0, 1].

    Parameters
    ----------
    n : int
        Number of coefficients.

    Returns
    -------
    ndarray, shape (n, n)
        Weights; row j gives the coefficient j, ``C(j, i) / C(n - 1, i)`` for i up to j. [-]
    """
    weights = np.zeros((n, n))
    for j in range(n):
        weight = 1.0
        for i in range(j + 1):
            weights[j, i] = weight
            weight *= (j - i) / (n - 1.0 - i) if i < n - 1 else 0.0
    return weights


@jit
def root_between(flow: FloatArray, low: float, high: float, start: float) -> float:
    """Close in on the one root between two points, by Newton's steps kept inside a shrinking bracket.

    Parameters
    ----------
    flow : ndarray, shape (n,)
        Coefficients, the constant first. [currency]
    low, high : float
        Points around the root. [-]
    start : float
        Any number of the sign that the polynomial has just above `low`. [currency]

    Returns
    -------
    float
        The root. [-]
    """
    x = 0.5 * (low + high)
    for _ in range(EXACT):
        value = 0.0
        slope = 0.0
        for i in range(flow.size - 1, -1, -1):
            slope = slope * x + value
            value = value * x + flow[i]
        if value == 0.0:
            return x
        if (value < 0.0) == (start < 0.0):
            low = x
        else:
            high = x
        step = value / slope if slope != 0.0 else 2.0
        following = x - step
        if not low < following < high:
            following = 0.5 * (low + high)
        if abs(following - x) <= 1e-16 * abs(x):
            return following
        x = following
    return x


@jit
def touches(row: FloatArray, tiny: float) -> bool:
    """Say whether two neighbouring coefficients are next to nothing, as they are where two roots fall together.

    Parameters
    ----------
    row : ndarray, shape (n,)
        Bernstein coefficients. [currency]
    tiny : float
        What counts as nothing. [currency]

    Returns
    -------
    bool
        Whether there are two.
    """
    was_tiny = False
    for i in range(row.size):
        is_tiny = abs(row[i]) <= tiny
        if is_tiny and was_tiny:
            return True
        was_tiny = is_tiny
    return False


@jit
def roots_in_unit(flow: FloatArray, weights: FloatArray, out: FloatArray) -> tuple[int, bool]:
    """Find all roots of a polynomial between 0 and 1, both left out.

    Parameters
    ----------
    flow : ndarray, shape (n,)
        Coefficients, the constant first. [currency]
    weights : ndarray, shape (n, n)
        What `bernstein_weights` gives.
    out : ndarray, shape (n,)
        Receives the roots, ascending. [-]

    Returns
    -------
    found : int
        Number of roots.
    is_sure : bool
        False where the flow nearly touches nothing, and the number is that of rounding.
    """
    n = flow.size
    tiny = TOUCHING * np.abs(flow).sum()
    is_sure = True
    stack = np.empty((DEPTH_MAX + 2, n))
    lows = np.empty(DEPTH_MAX + 2)
    depths = np.empty(DEPTH_MAX + 2, np.int64)
    for j in range(n):
        total = 0.0
        for i in range(j + 1):
            total += weights[j, i] * flow[i]
        stack[0, j] = total
    lows[0] = 0.0
    depths[0] = 0
    top = 0
    found = 0
    while top >= 0 and found < n:
        row = stack[top]
        low = lows[top]
        depth = depths[top]
        width = 0.5**depth
        changes = sign_changes(row)
        if touches(row, tiny):
            is_sure = False
            break
        if changes == 0:
            top -= 1
        elif changes == 1 or depth == DEPTH_MAX:
            first = 0
            while row[first] == 0.0:
                first += 1
            if changes == 1:
                out[found] = root_between(flow, low, low + width, row[first])
            else:
                out[found] = low + 0.5 * width
            found += 1
            top -= 1
        else:  # the right half takes this place, the left half goes on top: roots come out ascending
            left = stack[top + 1]
            left[0] = row[0]
            for level in range(1, n):
                for j in range(n - level):
                    row[j] = 0.5 * (row[j] + row[j + 1])
                left[level] = row[0]
            depths[top] = depth + 1
            lows[top] = low + 0.5 * width
            depths[top + 1] = depth + 1
            lows[top + 1] = low
            if row[0] == 0.0:  # the middle itself
                out[found] = low + 0.5 * width
                found += 1
            top += 1
    return found, is_sure


@jit
def rates_of_return(flows: FloatArray, rates: FloatArray, counts: IntArray) -> None:
    """Find all rates above -1 at which each flow is worth nothing.

    Parameters
    ----------
    flows : ndarray, shape (n_flows, n_years)
        Cash flows, year 0 first; none is NaN. [currency]
    rates : ndarray, shape (n_flows, n_years)
        Receives the rates of each, nearest to zero first, and NaN after them. [-]
    counts : ndarray, shape (n_flows,)
        Receives how many there are; -1 where the flow nearly touches nothing, so that signs cannot say.
    """
    n_years = flows.shape[1]
    found = np.empty(n_years)
    weights = bernstein_weights(n_years)
    for k in range(flows.shape[0]):
        first = 0
        while first < n_years and flows[k, first] == 0.0:
            first += 1
        end = n_years
        while end > first and flows[k, end - 1] == 0.0:
            end -= 1
        count = 0
        is_sure = True
        flow = flows[k, first:end].copy()
        changes = sign_changes(flow)
        if changes > 0:
            if weights.shape[0] != flow.size:
                weights = bernstein_weights(flow.size)
            inside, is_sure = roots_in_unit(flow, weights, found)
            for i in range(inside):  # discount factor below 1: a rate above 0
                rates[k, count] = 1.0 / found[i] - 1.0
                count += 1
            if flow.sum() == 0.0:
                rates[k, count] = 0.0
                count += 1
        if is_sure and count < changes:  # there are no more roots than changes of sign
            inside, is_sure = roots_in_unit(flow[::-1].copy(), weights, found)
            for i in range(inside):  # its inverse below 1: a rate below 0
                rates[k, count] = found[i] - 1.0
                count += 1
        for i in range(1, count):  # nearest to zero first
            rate = rates[k, i]
            j = i
            while j > 0 and abs(rates[k, j - 1]) > abs(rate):
                rates[k, j] = rates[k, j - 1]
                j -= 1
            rates[k, j] = rate
        rates[k, count if is_sure else 0 :] = np.nan
        counts[k] = count if is_sure else -1
