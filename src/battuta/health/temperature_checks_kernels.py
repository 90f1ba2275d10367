"""Loops over temperature sensors: how each differs from the others, and how that goes with the heat of the cells."""

from __future__ import annotations

import math

from battuta._jit import jit
from battuta.numerics.arrays import FloatArray

SEEN, DIFFERENCE, HEAT, HEAT_SQUARED, BOTH, LOWEST, HIGHEST, IMPOSSIBLE = range(8)
N_MOMENTS = 8


@jit
def warm_up(time_s: FloatArray, rate_c: FloatArray, warm_s: float, warmth: float, heat: FloatArray) -> float:
    """Mean square of the current over the time in which cells warm up.

    Parameters
    ----------
    time_s : ndarray, shape (n_times,)
        Since any zero. [s]
    rate_c : ndarray, shape (n_times,)
        Current over capacity, NaN where missing. [1/h]
    warm_s : float
        Time constant of a cell against its air. [s]
    warmth : float
        What the day before left. [1/h^2]
    heat : ndarray, shape (n_times,)
        Written. [1/h^2]

    Returns
    -------
    float
        What this day leaves. [1/h^2]
    """
    for t in range(time_s.shape[0]):
        step_s = time_s[t] - time_s[t - 1] if t > 0 else 0.0
        if not math.isnan(rate_c[t]):
            kept = math.exp(-step_s / warm_s)
            warmth = kept * warmth + (1.0 - kept) * rate_c[t] * rate_c[t]
        heat[t] = warmth
    return warmth


@jit
def read_sensors(
    temperature_c: FloatArray,
    middle_c: FloatArray,
    heat: FloatArray,
    low_c: float,
    high_c: float,
    far_k: float,
    moments: FloatArray,
) -> None:
    """Sum up how each sensor differs from the middle of all, and what it shows that no cell can have.

    Parameters
    ----------
    temperature_c : ndarray, shape (n_times, n_sensors)
        Temperatures, NaN where missing. [degC]
    middle_c, heat : ndarray, shape (n_times,)
        Middle of the sensors, NaN where too few are there [degC]; heat of the cells, from `warm_up` [1/h^2].
    low_c, high_c, far_k : float
        Lowest and highest temperature that a cell in work can have [degC], and distance from the middle at which a
        value counts as impossible [K].
    moments : ndarray, shape (8, n_sensors)
        Written: values that count; sums over them of difference, heat, heat squared and both multiplied; lowest and
        highest value; values that are impossible or missing.
    """
    n_times, n_sensors = temperature_c.shape
    moments[:] = 0.0
    moments[LOWEST], moments[HIGHEST] = math.inf, -math.inf
    for t in range(n_times):
        middle, h = middle_c[t], heat[t]
        if math.isnan(middle):
            continue
        for k in range(n_sensors):
            value = temperature_c[t, k]
            away = value - middle
            if math.isnan(value) or value < low_c or value > high_c or abs(away) > far_k:
                moments[IMPOSSIBLE, k] += 1.0
                continue
            moments[SEEN, k] += 1.0
            moments[DIFFERENCE, k] += away
            moments[HEAT, k] += h
            moments[HEAT_SQUARED, k] += h * h
            moments[BOTH, k] += away * h
            moments[LOWEST, k] = min(moments[LOWEST, k], value)
            moments[HIGHEST, k] = max(moments[HIGHEST, k], value)
