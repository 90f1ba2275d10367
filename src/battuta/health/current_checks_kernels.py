"""Loops over a day of a string: what the current reads at rest, and what is counted between empty and full."""

from __future__ import annotations

import math

from battuta._jit import jit
from battuta.numerics.arrays import FloatArray

TIME_S, LAST_V, LAST_A, CHARGE_AH, END, END_S, END_C = range(7)
"""What is remembered of a string: its last row, charge counted since an end, which end (0 empty, 1 full), when, and how
warm the string was."""
N_TRACK = 7


@jit
def typical_voltage(voltage_v: FloatArray, every: int, clip_v: float, typical_v: FloatArray) -> None:
    """Mean of some cells of each row, eight neighbours at a time, with distances from it clipped; NaN where half miss.

    Parameters
    ----------
    voltage_v : ndarray, shape (n_times, n_cells)
        Voltages, NaN where missing. [V]
    every : int
        Each how manieth group of eight cells, a line of memory, is looked at.
    clip_v : float
        Distance from their mean at which a cell pulls no harder. [V]
    typical_v : ndarray, shape (n_times,)
        Written. [V]
    """
    n_times, n_cells = voltage_v.shape
    for t in range(n_times):
        looked, count, total = 0, 0, 0.0
        for first in range(0, n_cells, 8 * every):
            for i in range(first, min(first + 8, n_cells)):
                looked += 1
                if not math.isnan(voltage_v[t, i]):
                    total += voltage_v[t, i]
                    count += 1
        if 2 * count < looked or count == 0:
            typical_v[t] = math.nan
            continue
        mean, moved = total / count, 0.0
        for first in range(0, n_cells, 8 * every):
            for i in range(first, min(first + 8, n_cells)):
                away = voltage_v[t, i] - mean
                moved += 0.0 if math.isnan(away) else min(max(away, -clip_v), clip_v)
        typical_v[t] = mean + moved / count


@jit
def read_rests(
    time_s: FloatArray,
    current_a: FloatArray,
    typical_v: FloatArray,
    near_a: float,
    flat_v: float,
    rest_s: float,
    rest_a: FloatArray,
) -> int:
    """Gather what the current reads while nothing flows: it is small and steady, and the voltage lies flat.

    Parameters
    ----------
    time_s, current_a, typical_v : ndarray, shape (n_times,)
        Since any zero [s], discharge positive [A], of the string's cells [V]; NaN is missing.
    near_a : float
        Distance within which all readings of a rest lie from its first; from zero, within 2.5 times that. [A]
    flat_v : float
        Change of voltage over `rest_s` up to which it lies flat. [V]
    rest_s : float
        Time from which on it counts. [s]
    rest_a : ndarray, shape (n_times,)
        Written from its first row on: current of the rows that count. [A]

    Returns
    -------
    int
        Rows that count. [-]
    """
    n = 0
    first, back = 0, 0
    for t in range(time_s.shape[0]):
        now_a = current_a[t]
        if math.isnan(now_a) or math.isnan(typical_v[t]):
            continue
        if math.isnan(current_a[first]) or abs(now_a - current_a[first]) > near_a or abs(now_a) > 2.5 * near_a:
            first = t
        back = max(back, first)
        while time_s[t] - time_s[back] > rest_s and back < t:
            back += 1
        is_long = time_s[t] - time_s[first] >= rest_s
        if is_long and abs(typical_v[t] - typical_v[back]) <= flat_v:
            rest_a[n] = now_a
            n += 1
    return n


@jit
def read_passes(
    time_s: FloatArray,
    current_a: FloatArray,
    rest_v: FloatArray,
    middle_c: FloatArray,
    offset_a: float,
    low_v: float,
    high_v: float,
    least_a: float,
    gap_s: float,
    track: FloatArray,
    passes: FloatArray,
) -> int:
    """Read the charge that is counted from where a string runs empty to where it runs full, and back.

    Parameters
    ----------
    time_s, current_a, rest_v, middle_c : ndarray, shape (n_times,)
        Since any zero that stays [s], discharge positive [A], voltage without what the current takes [V], temperature
        [degC]; NaN is missing.
    offset_a : float
        What the sensor reads at rest. [A]
    low_v, high_v, least_a, gap_s : float
        Voltage passed downwards at the empty end and upwards at the full end [V], current from which a pass counts [A],
        and gap after which a count begins anew [s].
    track : ndarray, shape (7,)
        State between calls, changed in place; NaN at first.
    passes : ndarray, shape (n_passes, 5)
        Written from its first row on: row of the telemetry, kind (0 full to empty, 1 empty to full), charge [Ah], time
        it took [s], and temperature where it began [degC].

    Returns
    -------
    int
        Passes that were written.
    """
    n = 0
    for t in range(time_s.shape[0]):
        now_a, now_v = current_a[t], rest_v[t]
        if math.isnan(now_a) or math.isnan(now_v):
            continue
        step_s = time_s[t] - track[TIME_S]
        last_v, track[LAST_V] = track[LAST_V], now_v
        track[TIME_S] = time_s[t]
        last_a, track[LAST_A] = track[LAST_A], now_a
        if not step_s <= gap_s:
            track[END] = math.nan
            continue
        track[CHARGE_AH] += (0.5 * (now_a + last_a) - offset_a) * step_s / 3600.0
        end = math.nan
        if last_v >= low_v > now_v and now_a > least_a:
            end = 0.0
        elif last_v <= high_v < now_v and now_a < -least_a:
            end = 1.0
        if math.isnan(end):
            continue
        if track[END] == 1.0 - end and n < passes.shape[0]:
            passes[n, 0], passes[n, 1] = t, end
            passes[n, 2], passes[n, 3] = abs(track[CHARGE_AH]), time_s[t] - track[END_S]
            passes[n, 4] = track[END_C]
            n += 1
        track[END], track[END_S], track[CHARGE_AH], track[END_C] = end, time_s[t], 0.0, middle_c[t]
    return n
