"""Loops of the thermal residual: sensors and heat in means of ten minutes, and how heat lingers."""

from __future__ import annotations

import math

import numpy as np

from battuta._jit import jit
from battuta.numerics.arrays import FloatArray


@jit
def mean_sensors(
    time_s: FloatArray,
    rate_c: FloatArray,
    temperature_c: FloatArray,
    bin_s: float,
    low_c: float,
    high_c: float,
    mean_c: FloatArray,
    squared_rate: FloatArray,
) -> None:
    """Average each sensor and the square of the current over stretches of the day.

    Parameters
    ----------
    time_s : ndarray, shape (n_times,)
        Since the first stretch began, ascending; what lies beyond the last is left out. [s]
    rate_c : ndarray, shape (n_times,)
        Current over capacity, NaN where missing. [1/h]
    temperature_c : ndarray, shape (n_times, n_sensors)
        Temperatures, NaN where missing. [degC]
    bin_s, low_c, high_c : float
        Length of a stretch [s]; lowest and highest temperature that counts. [degC]
    mean_c : ndarray, shape (n_bins, n_sensors)
        Written; NaN where nothing counts. [degC]
    squared_rate : ndarray, shape (n_bins,)
        Written; NaN where no current is known. [1/h^2]
    """
    n_bins, n_sensors = mean_c.shape
    counts, known = np.zeros((n_bins, n_sensors)), np.zeros(n_bins)
    mean_c[:], squared_rate[:] = 0.0, 0.0
    for t in range(time_s.shape[0]):
        b = math.floor(time_s[t] / bin_s)
        if b < 0 or b >= n_bins:
            continue
        if not math.isnan(rate_c[t]):
            squared_rate[b] += rate_c[t] * rate_c[t]
            known[b] += 1.0
        for k in range(n_sensors):
            value = temperature_c[t, k]
            is_there = value > low_c and value < high_c
            mean_c[b, k] += value if is_there else 0.0
            counts[b, k] += 1.0 if is_there else 0.0
    for b in range(n_bins):
        squared_rate[b] = squared_rate[b] / known[b] if known[b] > 0.0 else math.nan
        for k in range(n_sensors):
            mean_c[b, k] = mean_c[b, k] / counts[b, k] if counts[b, k] > 0.0 else math.nan


@jit
def lag_heat(heat: FloatArray, kept: float, first: float, lagged: FloatArray) -> float:
    """Carry heat through one lag; while it is unknown what is stored stays.

    Parameters
    ----------
    heat : ndarray, shape (n_bins,)
        Any measure of heat, NaN where unknown.
    kept : float
        What a stretch leaves of what was stored. [-]
    first : float
        What is stored before.
    lagged : ndarray, shape (n_bins,)
        Written: mean of what is stored before and after each stretch, in the unit of the heat.

    Returns
    -------
    float
        What is stored after the last stretch.
    """
    stored = first
    for b in range(heat.shape[0]):
        before = stored
        if not math.isnan(heat[b]):
            stored = kept * stored + (1.0 - kept) * heat[b]
        lagged[b] = 0.5 * (before + stored)
    return stored
