"""Loops of the string filter: the middle of a string, where it stands, and what each cell's distance from it says."""

from __future__ import annotations

import math

import numpy as np

from battuta._jit import jit
from battuta.numerics.arrays import FloatArray, IntArray

N_STATES = 5
"""Distance in state of charge, in capacity, in fast and in slow resistance, and offset of the channel."""
N_MOMENTS = 8
_BESIDE = 3
"""Places on either side of one that have to be known, too: at the end of a walk the curve may bend."""
SOC, SOC_VARIANCE, SLOW_CURRENT, TIME_S, LAST_CURRENT = 0, 1, 2, 3, 4
N_TRACK = 5


@jit
def middle_of_string(voltage_v: FloatArray, clip_v: float, middle_v: FloatArray) -> None:
    """Mean of the cells of each row, each cell's distance from it clipped, so that bad cells do not drag it.

    Parameters
    ----------
    voltage_v : ndarray, shape (n_times, n_cells)
        Voltages, NaN where missing. [V]
    clip_v : float
        Distance at which a cell pulls no harder. [V]
    middle_v : ndarray, shape (n_times,)
        Written; NaN where fewer than half of the cells are there. [V]
    """
    n_times, n_cells = voltage_v.shape
    lanes = np.zeros(8)
    for t in range(n_times):
        count = 0
        lanes[:] = 0.0
        for i in range(n_cells):
            value = voltage_v[t, i]
            is_there = not math.isnan(value)
            lanes[i & 7] += value if is_there else 0.0
            count += 1 if is_there else 0
        if 2 * count < n_cells or count == 0:
            middle_v[t] = np.nan
            continue
        middle = lanes.sum() / count
        for _ in range(2):
            lanes[:] = 0.0
            for i in range(n_cells):
                value = voltage_v[t, i] - middle
                clipped = min(max(value, -clip_v), clip_v)
                lanes[i & 7] += 0.0 if math.isnan(value) else clipped
            middle += lanes.sum() / count
        middle_v[t] = middle


@jit
def add_up(values: FloatArray) -> FloatArray:
    """Sum of each column, missing values being nothing, shape (n_columns,)."""
    n_times, n_columns = values.shape
    total = np.zeros(n_columns)
    for t in range(n_times):
        for i in range(n_columns):
            total[i] += 0.0 if math.isnan(values[t, i]) else values[t, i]
    return total


@jit
def follow_string(
    time_s: FloatArray,
    current_a: FloatArray,
    middle_v: FloatArray,
    temperature_factor: FloatArray,
    ocv_v: FloatArray,
    slope_v: FloatArray,
    resistance_ohm: FloatArray,
    capacity_ah: float,
    slow_s: float,
    slow_ohm: float,
    track: FloatArray,
    soc: FloatArray,
    slope: FloatArray,
    slow_a: FloatArray,
    variance: FloatArray,
) -> None:
    """Follow a string's state of charge by its charge and the voltage of its middle.

    Parameters
    ----------
    time_s, current_a, middle_v, temperature_factor : ndarray, shape (n_times,)
        Since any zero [s]; discharge positive [A]; [V]; resistance over that at 25 degC [-]. NaN is missing.
    ocv_v, slope_v, resistance_ohm : ndarray, shape (n_soc,)
        On an even grid from 0 to 1: voltage at rest [V], its slope per state of charge [V], series resistance [ohm].
    capacity_ah, slow_s, slow_ohm : float
        Of a cell. [Ah], [s], [ohm]
    track : ndarray, shape (5,)
        State between calls, changed in place; a NaN time begins anew.
    soc, slope, slow_a, variance : ndarray, shape (n_times,)
        Written: state of charge [-], slope there [V], current through the slow relaxation [A], and variance of the
        voltage that is not explained [V^2]; NaN where a row says nothing.
    """
    last = ocv_v.shape[0] - 1
    for t in range(time_s.shape[0]):
        now_a = current_a[t]
        if math.isnan(now_a) or math.isnan(middle_v[t]):
            soc[t], slope[t], slow_a[t], variance[t] = np.nan, np.nan, np.nan, np.nan
            continue
        begins = math.isnan(track[TIME_S])
        dt_s = 0.0 if begins else time_s[t] - track[TIME_S]
        before_a = now_a if begins else track[LAST_CURRENT]
        if begins:
            track[SOC], track[SOC_VARIANCE], track[SLOW_CURRENT] = 0.5, 0.09, 0.0
        track[SOC] -= 0.5 * (now_a + before_a) * dt_s / (3600.0 * capacity_ah)
        track[SOC_VARIANCE] += 1e-4 * dt_s / 86_400.0 + (0.02 if dt_s > 1800.0 else 0.0)
        fade = math.exp(-dt_s / slow_s)
        track[SLOW_CURRENT] = fade * track[SLOW_CURRENT] + (1.0 - fade) * before_a
        track[TIME_S], track[LAST_CURRENT] = time_s[t], now_a

        place = min(max(track[SOC], 0.0), 1.0) * last
        k = min(int(place), last - 1)
        part = place - k
        here_v = ocv_v[k] + part * (ocv_v[k + 1] - ocv_v[k])
        here_slope = slope_v[k] + part * (slope_v[k + 1] - slope_v[k])
        here_ohm = resistance_ohm[k] + part * (resistance_ohm[k + 1] - resistance_ohm[k])
        drop = temperature_factor[t] * (here_ohm * now_a + slow_ohm * track[SLOW_CURRENT])
        loose = 0.3 * drop
        unsure = 2.5e-5 + loose * loose + (0.02 * here_slope) ** 2
        correlated = unsure * max(1800.0 / max(dt_s, 1.0), 1.0)
        gain = track[SOC_VARIANCE] * here_slope / (here_slope * here_slope * track[SOC_VARIANCE] + correlated)
        innovation = middle_v[t] - (here_v - drop)
        innovation = min(max(innovation, -0.05), 0.05)
        track[SOC] = min(max(track[SOC] + gain * innovation, -0.05), 1.05)
        track[SOC_VARIANCE] *= 1.0 - gain * here_slope
        soc[t], slope[t], slow_a[t] = track[SOC], here_slope, track[SLOW_CURRENT]
        jump_a = abs(now_a - before_a)
        skew_v = 0.5 * jump_a * here_ohm * temperature_factor[t]
        variance[t] = 4e-6 + 4.0 * skew_v * skew_v + (0.02 * drop) ** 2


@jit
def walked_slope(
    current_a: FloatArray,
    time_s: FloatArray,
    middle_v: FloatArray,
    capacity_ah: float,
    resistance_ohm: float,
    reach: float,
    slope: FloatArray,
) -> None:
    """Slope of the string's own voltage along the charge that it just moved, where its current hardly changed.

    Cells that are ahead of the middle by some charge show what the middle showed, or will show, when it was there: the
    slope of the middle's own walk says what that is worth, whatever the kind of cell.

    Parameters
    ----------
    current_a, time_s, middle_v : ndarray, shape (n_times,)
        Discharge positive [A], since any zero [s], middle of the string [V]; NaN is missing.
    capacity_ah, resistance_ohm, reach : float
        Of a cell [Ah], [ohm]; charge to look ahead and back over capacity [-].
    slope : ndarray, shape (n_times,)
        Written: voltage per state of charge [V]; NaN where the current changed or too little charge moved.
    """
    n_times = current_a.shape[0]
    for t in range(n_times):
        slope[t] = np.nan
        here_a = current_a[t]
        if math.isnan(here_a) or math.isnan(middle_v[t]) or abs(here_a) < 0.03 * capacity_ah:
            continue
        low, high, back, ahead = t, t, 0.0, 0.0
        while low > 0 and back < reach:
            a, dt_s = current_a[low - 1], time_s[low] - time_s[low - 1]
            if math.isnan(a) or math.isnan(middle_v[low - 1]) or abs(a - here_a) > 0.1 * abs(here_a) or dt_s > 600.0:
                break
            back += 0.5 * (a + current_a[low]) * dt_s / (3600.0 * capacity_ah) * (1.0 if here_a > 0.0 else -1.0)
            low -= 1
        while high < n_times - 1 and ahead < reach:
            a, dt_s = current_a[high + 1], time_s[high + 1] - time_s[high]
            if math.isnan(a) or math.isnan(middle_v[high + 1]) or abs(a - here_a) > 0.1 * abs(here_a) or dt_s > 600.0:
                break
            ahead += 0.5 * (a + current_a[high]) * dt_s / (3600.0 * capacity_ah) * (1.0 if here_a > 0.0 else -1.0)
            high += 1
        moved = back + ahead
        if back < 0.5 * reach or ahead < 0.5 * reach:
            continue
        rise_v = middle_v[low] - middle_v[high] + resistance_ohm * (current_a[low] - current_a[high])
        slope[t] = max(rise_v / moved * (1.0 if here_a > 0.0 else -1.0), 0.0)


@jit
def known_slope(
    walked: FloatArray,
    moved: FloatArray,
    time_s: FloatArray,
    table: FloatArray,
    seen_s: FloatArray,
    stale_s: float,
    slope: FloatArray,
    is_known: FloatArray,
) -> None:
    """Take the slope of the walk where there is one, else what the string walked lately at that place.

    Places are counted by the charge that was moved, not by a state of charge: nobody has to know where a string stands
    to know that it is where it was an hour ago.

    Parameters
    ----------
    walked, moved, time_s : ndarray, shape (n_times,)
        Slope of the string's own walk, NaN where there is none [V]; charge moved since any zero over capacity [-];
        time since any zero [s].
    table, seen_s : ndarray, shape (n_places,)
        Slope by place, places coming round after 2 capacities, and when it was walked; changed in place. [V], [s]
    stale_s : float
        Age from which a place is not known any more. [s]
    slope : ndarray, shape (n_times,)
        The usual slope of the kind of cell; replaced where more is known. [V]
    is_known : ndarray, shape (n_times,)
        Written: 1 where the slope was walked, now or lately, else 0.
    """
    n_places = table.shape[0]
    for t in range(walked.shape[0]):
        place = math.floor(moved[t] * 0.5 * n_places) % n_places
        is_known[t] = 1.0
        if not math.isnan(walked[t]):
            slope[t] = walked[t]
            table[place], seen_s[place] = walked[t], time_s[t]
            continue
        best_s = -np.inf
        for near in range(-1, 2):
            k = (place + near) % n_places
            before, after = (k - _BESIDE) % n_places, (k + _BESIDE) % n_places
            oldest_s = min(seen_s[k], seen_s[before], seen_s[after])
            if time_s[t] - oldest_s < stale_s and oldest_s > best_s:
                best_s = oldest_s
                slope[t] = table[k]
        is_known[t] = 1.0 if best_s > -np.inf else 0.0


@jit
def regress_cells(
    voltage_v: FloatArray,
    middle_v: FloatArray,
    regressors: FloatArray,
    weight: FloatArray,
    states: FloatArray,
    clip_v: float,
    moments: FloatArray,
    counts: IntArray,
) -> None:
    """Sum up what each cell's distance from the middle says beyond what was expected of it.

    Parameters
    ----------
    voltage_v : ndarray, shape (n_times, n_cells)
        Voltages, NaN where missing. [V]
    middle_v, weight : ndarray, shape (n_times,)
        Middle of the string [V], and one over the variance of a row, 0 where it is left out [1/V^2].
    regressors : ndarray, shape (n_times, 5)
        What a state does to the voltage in each row. [V per unit of the state]
    states : ndarray, shape (5, n_cells)
        States that are expected.
    clip_v : float
        Largest distance that counts in full. [V]
    moments : ndarray, shape (8, n_cells)
        Written: weighted innovations times regressors, their weighted squares, lowest and highest voltage.
    counts : ndarray, shape (2, n_cells)
        Written: rows that count, and rows beyond the clip.
    """
    n_times, n_cells = voltage_v.shape
    moments[:] = 0.0
    moments[6], moments[7] = np.inf, -np.inf
    counts[:] = 0
    for t in range(n_times):
        if weight[t] <= 0.0:
            continue
        w, m = weight[t], middle_v[t]
        x0, x1, x2 = regressors[t, 0], regressors[t, 1], regressors[t, 2]
        x3, x4 = regressors[t, 3], regressors[t, 4]
        for i in range(n_cells):
            value = voltage_v[t, i] - m
            is_there = not math.isnan(value)
            expected = x0 * states[0, i] + x1 * states[1, i] + x2 * states[2, i] + x3 * states[3, i] + x4 * states[4, i]
            raw = value - expected if is_there else 0.0
            clipped = min(max(raw, -clip_v), clip_v)
            counts[0, i] += 1 if is_there else 0
            counts[1, i] += 1 if raw != clipped else 0
            e = w * clipped
            moments[0, i] += x0 * e
            moments[1, i] += x1 * e
            moments[2, i] += x2 * e
            moments[3, i] += x3 * e
            moments[4, i] += x4 * e
            moments[5, i] += clipped * e
            moments[6, i] = min(moments[6, i], voltage_v[t, i])
            moments[7, i] = max(moments[7, i], voltage_v[t, i])
