"""Loops that share one power over modules: filling to a level, and which modules may sleep.

The law of all of them is one convex problem with one equality and bounds, ``min sum p_i^2 / (2 e_i)`` with
``sum p_i = P`` and ``low_i <= p_i <= high_i``. Its answer is ``p_i = clip(level e_i, low_i, high_i)``: one number, the
level, is left to find, and the total over it is a rising line with at most 2 n kinks.
"""

from __future__ import annotations

import math
from typing import Final

import numpy as np

from battuta._jit import jit
from battuta.numerics.arrays import BoolArray, FloatArray

RATED_KW: Final = 0
DISCHARGE_KW_MAX: Final = 1
CHARGE_KW_MAX: Final = 2
WEIGHT: Final = 3
NO_LOAD_PU: Final = 4
QUADRATIC_PU: Final = 5
N_MODULE_FIELDS: Final = 6

NO_SETPOINT: Final = 1
WEIGHT_UNKNOWN: Final = 2
LIMIT_UNKNOWN: Final = 4
BAND_GAVE_WAY: Final = 8
SHORT: Final = 16

_WORTH_WAKING = 0.05
"""Share of the loss that a change of the number of modules at work has to save."""
_QUADRATIC_FLOOR = 1e-9


@jit
def _total_at(level: float, ease: FloatArray, low: FloatArray, high: FloatArray) -> float:
    """Total at a level."""
    total = 0.0
    for i in range(ease.shape[0]):
        total += min(max(level * ease[i], low[i]), high[i])
    return total


@jit
def fill(total: float, ease: FloatArray, low: FloatArray, high: FloatArray, out: FloatArray) -> float:
    """Share a total in proportion to `ease` between bounds, exactly, in O(n log n).

    Parameters
    ----------
    total : float
        What is shared; beyond the sum of a side's bounds all stand at that side.
    ease : ndarray, shape (n_modules,)
        Positive; the reciprocal of each one's curvature.
    low, high : ndarray, shape (n_modules,)
        Bounds, ``0 <= low <= high``, finite.
    out : ndarray, shape (n_modules,)
        Written.

    Returns
    -------
    float
        The level: the multiplier of the equality.
    """
    n = ease.shape[0]
    kinks = np.empty(2 * n)
    for i in range(n):
        kinks[2 * i] = low[i] / ease[i]
        kinks[2 * i + 1] = high[i] / ease[i]
    kinks.sort()
    first, last = 0, 2 * n - 1
    if total <= _total_at(float(kinks[0]), ease, low, high):
        last = first
    elif total >= _total_at(float(kinks[2 * n - 1]), ease, low, high):
        first = last
    while last - first > 1:
        middle = (first + last) // 2
        if _total_at(kinks[middle], ease, low, high) <= total:
            first = middle
        else:
            last = middle
    level = kinks[first]
    if last > first:  # between two kinks those at a bound stay there
        inside, at_bounds = 0.0, 0.0
        for i in range(n):
            if low[i] / ease[i] <= kinks[first] and high[i] / ease[i] >= kinks[last]:  # as above, to the bit
                inside += ease[i]
            else:
                at_bounds += min(max(kinks[first] * ease[i], low[i]), high[i])
        if inside > 0.0:
            level = min(max((total - at_bounds) / inside, kinks[first]), kinks[last])
    for i in range(n):
        out[i] = min(max(level * ease[i], low[i]), high[i])
    return level


@jit
def limits_of(power_kw: float, table: FloatArray, limit_kw: FloatArray) -> int:
    """Most that each module may give in the direction asked, 0 where nobody knows; returns notes."""
    notes = 0
    row = DISCHARGE_KW_MAX if power_kw > 0.0 else CHARGE_KW_MAX
    for i in range(table.shape[1]):
        limit = table[row, i]
        if not limit >= 0.0:
            notes |= LIMIT_UNKNOWN
            limit = 0.0
        limit_kw[i] = min(limit, table[RATED_KW, i])
    return notes


@jit
def share(
    power_kw: float, table: FloatArray, band_share: float, loss_share: float, is_awake: BoolArray, out_kw: FloatArray
) -> int:
    """Share one power over the modules at work.

    Parameters
    ----------
    power_kw : float
        Setpoint of all, discharge positive. [kW]
    table : ndarray, shape (6, n_modules)
        Ratings, limits, weights and losses of the modules; see the constants.
    band_share : float
        How far a share may lie from the even one, as a share of it. [-]
    loss_share : float
        Part of the objective that is loss rather than wear, 0 to 1. [-]
    is_awake : ndarray of bool, shape (n_modules,)
        Modules that may be used.
    out_kw : ndarray, shape (n_modules,)
        Written, discharge positive. [kW]

    Returns
    -------
    int
        Notes: bits of what had to be done otherwise.
    """
    n = table.shape[1]
    out_kw[:] = 0.0
    if not math.isfinite(power_kw):
        return NO_SETPOINT
    asked = abs(power_kw)
    ease, low, high = np.empty(n), np.empty(n), np.empty(n)
    notes = limits_of(power_kw, table, high)
    rated = weighted = quadratic = 0.0
    for i in range(n):
        if not (table[WEIGHT, i] > 0.0 and math.isfinite(table[WEIGHT, i])):
            notes |= WEIGHT_UNKNOWN
        if not is_awake[i]:
            high[i] = 0.0
        if high[i] > 0.0:
            rated += table[RATED_KW, i]
            weighted += table[RATED_KW, i] * table[WEIGHT, i]
            quadratic += table[RATED_KW, i] * table[QUADRATIC_PU, i]
    if rated == 0.0:
        return notes | SHORT if asked > 0.0 else notes
    proportional = (notes & WEIGHT_UNKNOWN) != 0
    for i in range(n):
        ease[i] = table[RATED_KW, i]
        even = asked * table[RATED_KW, i] / rated
        low[i] = min((1.0 - band_share) * even, high[i])
        if not proportional:
            stiff = (1.0 - loss_share) * weighted / (rated * table[WEIGHT, i])
            if quadratic > 0.0:
                stiff += loss_share * table[QUADRATIC_PU, i] * rated / quadratic
            ease[i] /= max(stiff, 1e-12)
    banded, whole = np.empty(n), 0.0
    for i in range(n):
        banded[i] = min((1.0 + band_share) * asked * table[RATED_KW, i] / rated, high[i])
        whole += banded[i]
    if whole < asked * (1.0 - 1e-12):  # limits hold, and the setpoint stands above the band
        notes |= BAND_GAVE_WAY
        fill(asked, ease, banded, high, out_kw)
    else:
        fill(asked, ease, low, banded, out_kw)
    if out_kw.sum() < asked * (1.0 - 1e-9):
        notes |= SHORT
    if power_kw < 0.0:
        for i in range(n):
            out_kw[i] = -out_kw[i]
    return notes


@jit
def _loss_of(asked_kw: float, no_load_kw: float, parallel: float) -> float:
    """Least loss of modules that share a power."""
    return no_load_kw + (asked_kw * asked_kw / parallel if parallel > 0.0 else 0.0)


@jit
def choose_awake(power_kw: float, table: FloatArray, owed_kwh: FloatArray, stay_h: float, is_awake: BoolArray) -> None:
    """Choose which modules work: those that are owed most, and as many as make the loss least.

    The loss of the first m modules is ``sum P0_i + P^2 / sum (R_i / K_i)``: convex once the set stands, and the set is
    one of n prefixes of an order, so that nothing is searched.

    Parameters
    ----------
    power_kw : float
        Setpoint of all. [kW]
    table : ndarray, shape (6, n_modules)
        As for `share`.
    owed_kwh : ndarray, shape (n_modules,)
        Energy by which a module was used less than its share. [kWh]
    stay_h : float
        A module at work stays until another is owed more, by this many hours at its rating. [h]
    is_awake : ndarray of bool, shape (n_modules,)
        Changed in place.
    """
    n = table.shape[1]
    if not math.isfinite(power_kw):
        return
    asked = abs(power_kw)
    limit, rank, whole_kw = np.empty(n), np.empty(n), np.zeros(n + 1)
    limits_of(power_kw, table, limit)
    now_limit = now_idle = now_parallel = 0.0
    n_now = 0
    for i in range(n):
        rank[i] = -owed_kwh[i] / table[RATED_KW, i] - (stay_h if is_awake[i] else 0.0)
        if limit[i] == 0.0:
            rank[i] = np.inf
        elif is_awake[i]:
            n_now += 1
            now_limit += limit[i]
            now_idle += table[NO_LOAD_PU, i] * table[RATED_KW, i]
            now_parallel += table[RATED_KW, i] / max(table[QUADRATIC_PU, i], _QUADRATIC_FLOOR)
    order = np.argsort(rank)
    n_best, best = n, np.inf
    idle = parallel = 0.0
    if asked == 0.0:
        n_best, best = 0, 0.0
    for m in range(n):
        i = order[m]
        if limit[i] == 0.0:
            break
        whole_kw[m + 1] = whole_kw[m] + limit[i]
        idle += table[NO_LOAD_PU, i] * table[RATED_KW, i]
        parallel += table[RATED_KW, i] / max(table[QUADRATIC_PU, i], _QUADRATIC_FLOOR)
        loss = _loss_of(asked, idle, parallel)
        if whole_kw[m + 1] >= asked and loss < best:
            n_best, best = m + 1, loss
    kept = _loss_of(asked, now_idle, now_parallel) if now_limit >= asked else np.inf
    if kept * (1.0 - _WORTH_WAKING) <= best and whole_kw[n_now] >= asked:
        n_best = n_now
    for m in range(n):
        is_awake[order[m]] = m < n_best and limit[order[m]] > 0.0
