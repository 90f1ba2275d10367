"""Loops that find where a string stands on its own curve, and learn the curve from where it walked."""

from __future__ import annotations

import math

import numpy as np

from battuta._jit import jit
from battuta.numerics.arrays import BoolArray, FloatArray, IntArray

DISCHARGED, CHARGED, CALM, UNSETTLED = 0, 1, 2, 3
"""What a row tells of the curve: a branch that was walked for long, a voltage at rest, or nothing certain."""
TRAVEL, TURN, SIGN = 0, 1, 2
N_WAY = 3
_GAP_S = 600.0
_COST_MAX, _COST_UNKNOWN, _COST_FIRST = 9.0, 7.0, 0.2
_TURN_MIN = 0.003
"""Charge over capacity that has to go the other way before a walk counts as turned. [-]"""
_WEIGHT_MAX, _WEIGHT_A_DAY = 1.5, 0.25
"""Ten-minute units of the past that a place remembers, and most that one day adds to it. [-]"""
_STEADY_SHARE, _STEADY_PER_CAPACITY = 0.1, 0.002
_STATIONS_MAX_S = 10_800.0


@jit
def slow_currents(
    time_s: FloatArray, current_a: FloatArray, slow_s: float, last: FloatArray, slow_a: FloatArray
) -> None:
    """Current through a slow relaxation, carried on between calls.

    Parameters
    ----------
    time_s, current_a : ndarray, shape (n_times,)
        Since any zero [s], discharge positive, 0 where missing [A].
    slow_s : float
        Time constant. [s]
    last : ndarray, shape (3,)
        Time, current, and current through the relaxation of the last row; changed in place; NaN before the first.
    slow_a : ndarray, shape (n_times,)
        Written. [A]
    """
    for t in range(time_s.shape[0]):
        if math.isnan(last[0]):
            last[0], last[1], last[2] = time_s[t], current_a[t], 0.0
        fade = math.exp(-max(time_s[t] - last[0], 0.0) / slow_s)
        last[2] = fade * last[2] + (1.0 - fade) * last[1]
        last[0], last[1] = time_s[t], current_a[t]
        slow_a[t] = last[2]


@jit
def travelled(moved: FloatArray, way: FloatArray, travel: FloatArray) -> None:
    """Charge moved since the current last turned round, positive while discharging.

    Parameters
    ----------
    moved : ndarray, shape (n_times,)
        Charge moved out since the row before over capacity; 0 at rest. [-]
    way : ndarray, shape (3,)
        Travel, charge that went back, and direction so far; changed in place.
    travel : ndarray, shape (n_times,)
        Written. [-]
    """
    for t in range(moved.shape[0]):
        step = moved[t]
        if way[SIGN] == 0.0 and step != 0.0:
            way[SIGN] = 1.0 if step > 0.0 else -1.0
        if step * way[SIGN] >= 0.0:
            way[TRAVEL] += abs(step)
            way[TURN] = max(way[TURN] - abs(step), 0.0)
        else:
            way[TURN] += abs(step)
            if way[TURN] > _TURN_MIN:
                way[TRAVEL], way[TURN], way[SIGN] = way[TURN], 0.0, -way[SIGN]
        travel[t] = way[TRAVEL] * way[SIGN]


@jit
def locate_rows(
    relative: FloatArray,
    rest_v: FloatArray,
    kind: IntArray,
    weight: FloatArray,
    branch_v: FloatArray,
    is_known: BoolArray,
    place_low: float,
    place_step: float,
    starts: FloatArray,
    expected: float,
    expected_sd: float,
    usual_v: float,
    is_first: bool,
) -> tuple[float, float]:
    """Find the place at which a run of rows begins, so that its voltages lie best on the curve.

    Rows on a branch are held to that branch, all others to what lies between both.

    Parameters
    ----------
    relative : ndarray, shape (n_times,)
        Place of each row less that of the first. [-]
    rest_v, weight : ndarray, shape (n_times,)
        Voltage less what current does to it [V], and weight of a row, 0 where it says nothing [-].
    kind : ndarray, shape (n_times,)
        `DISCHARGED`, `CHARGED`, or another.
    branch_v, is_known : ndarray, shape (2, n_places)
        Both branches [V], and where they were walked.
    place_low, place_step : float
        First place, and distance of places. [-]
    starts : ndarray, shape (n_starts,)
        Places to try. [-]
    expected, expected_sd : float
        Where it should begin, and how surely. [-]
    usual_v : float
        Distance from the curve that is usual. [V]
    is_first : bool
        Nothing is known yet: the curve of the kind counts a little.

    Returns
    -------
    float, float
        The best of the places, and by how many squared distances of the usual size a row lies off it in the mean. [-]
    """
    last = branch_v.shape[1] - 1
    best, best_cost, total = expected, np.inf, max(weight.sum(), 1e-9)
    for s in range(starts.shape[0]):
        away = (starts[s] - expected) / expected_sd
        cost = min(away * away, 30.0)
        for t in range(relative.shape[0]):
            if weight[t] <= 0.0:
                continue
            x = (starts[s] + relative[t] - place_low) / place_step
            if x < 0.0 or x >= last:
                cost += weight[t] * _COST_MAX
                continue
            k = int(x)
            part = x - k
            lower = branch_v[0, k] + part * (branch_v[0, k + 1] - branch_v[0, k])
            upper = branch_v[1, k] + part * (branch_v[1, k + 1] - branch_v[1, k])
            v = rest_v[t]
            known = is_known[0, k] or is_known[1, k]
            if kind[t] == DISCHARGED:
                off, known = v - lower, is_known[0, k]
            elif kind[t] == CHARGED:
                off, known = v - upper, is_known[1, k]
            else:
                low, high = min(lower, upper), max(lower, upper)
                off = min(v - low, 0.0) + max(v - high, 0.0)
            square = min((off / usual_v) * (off / usual_v), _COST_MAX)
            if not known:
                square = _COST_FIRST * square if is_first else _COST_UNKNOWN
            cost += weight[t] * square
        if cost < best_cost:
            best, best_cost = starts[s], cost
    return best, best_cost / total


@jit
def learn_branches(
    place: FloatArray,
    rest_v: FloatArray,
    kind: IntArray,
    weight: FloatArray,
    place_low: float,
    place_step: float,
    branch_v: FloatArray,
    memory: FloatArray,
) -> None:
    """Move both branches towards what was read on them.

    Parameters
    ----------
    place, rest_v, weight : ndarray, shape (n_times,)
        Where the rows lie [-], their voltages less what current does [V], their weights [10 min].
    kind : ndarray, shape (n_times,)
        `DISCHARGED` and `CHARGED` rows are learned from.
    place_low, place_step : float
        First place, and distance of places. [-]
    branch_v, memory : ndarray, shape (2, n_places)
        Voltage [V] and weight so far [10 min]; changed in place.
    """
    n_places = branch_v.shape[1]
    total, count = np.zeros((2, n_places)), np.zeros((2, n_places))
    for t in range(place.shape[0]):
        x = (place[t] - place_low) / place_step
        if kind[t] > CHARGED or weight[t] <= 0.0 or x < 0.0 or x > n_places - 1.001:
            continue
        k = int(x + 0.5)
        count[kind[t], k] += weight[t]
        total[kind[t], k] += weight[t] * rest_v[t]
    blend(total, count, branch_v, memory)


@jit
def blend(total: FloatArray, count: FloatArray, values: FloatArray, memory: FloatArray) -> None:
    """Blend sums of new values into what is remembered, the newest of some days counting in full.

    Parameters
    ----------
    total, count : ndarray, shape (n_kinds, n_places)
        Weighted sums and weights of what is new; 0 where nothing is.
    values, memory : ndarray, shape (n_kinds, n_places)
        What is remembered and its weight; changed in place. A weight of 0 remembers nothing.
    """
    for b in range(total.shape[0]):
        for k in range(total.shape[1]):
            if count[b, k] <= 0.0:
                continue
            value, weight = total[b, k] / count[b, k], min(count[b, k], _WEIGHT_A_DAY)
            share = 1.0 if memory[b, k] <= 0.0 else weight / (memory[b, k] + weight)
            values[b, k] += share * (value - values[b, k])
            memory[b, k] = min(memory[b, k] + weight, _WEIGHT_MAX)


@jit
def walked_slopes(
    current_a: FloatArray,
    time_s: FloatArray,
    rest_v: FloatArray,
    is_wanted: BoolArray,
    capacity_ah: float,
    reach: float,
    slope_v: FloatArray,
) -> None:
    """Slope of the string's own voltage along the charge that it just moved, where its current hardly changed.

    Parameters
    ----------
    current_a, time_s, rest_v : ndarray, shape (n_times,)
        Discharge positive, NaN where missing [A], since any zero [s], voltage less what current does to it [V].
    is_wanted : ndarray of bool, shape (n_times,)
        Rows to look at.
    capacity_ah, reach : float
        Of a cell [Ah]; charge to look ahead and back over capacity [-].
    slope_v : ndarray, shape (n_times,)
        Written: voltage per state of charge [V]; NaN where the current changed or too little charge moved.
    """
    n_times = current_a.shape[0]
    for t in range(n_times):
        slope_v[t] = np.nan
        if not is_wanted[t]:
            continue
        tolerance = _STEADY_SHARE * abs(current_a[t]) + _STEADY_PER_CAPACITY * capacity_ah
        low, high, back, ahead = t, t, 0.0, 0.0
        while low > 0 and abs(back) < reach:
            a, dt_s = current_a[low - 1], time_s[low] - time_s[low - 1]
            if not abs(a - current_a[t]) <= tolerance or math.isnan(rest_v[low - 1]):
                break
            if dt_s > _GAP_S or time_s[t] - time_s[low - 1] > _STATIONS_MAX_S:
                break
            back += 0.5 * (a + current_a[low]) * dt_s / (3600.0 * capacity_ah)
            low -= 1
        while high < n_times - 1 and abs(ahead) < reach:
            a, dt_s = current_a[high + 1], time_s[high + 1] - time_s[high]
            if not abs(a - current_a[t]) <= tolerance or math.isnan(rest_v[high + 1]):
                break
            if dt_s > _GAP_S or time_s[high + 1] - time_s[t] > _STATIONS_MAX_S:
                break
            ahead += 0.5 * (a + current_a[high]) * dt_s / (3600.0 * capacity_ah)
            high += 1
        if abs(back) >= 0.5 * reach and abs(ahead) >= 0.5 * reach:
            slope_v[t] = (rest_v[low] - rest_v[high]) / (back + ahead)
