"""Loops over pairs of paths and pairs of times; paths come with time first, so that the inner loop runs over paths."""

from __future__ import annotations

import numpy as np

from battuta._jit import jit
from battuta.numerics.arrays import FloatArray


@jit
def mean_distance_to(series: FloatArray, values: FloatArray) -> float:
    """Mean Euclidean distance of the paths to one series.

    Parameters
    ----------
    series : ndarray, shape (n_times, n_paths)
        Paths.
    values : ndarray, shape (n_times,)
        The series.

    Returns
    -------
    float
        Mean over the paths.
    """
    n_times, n_paths = series.shape
    square = np.zeros(n_paths)
    for t in range(n_times):
        for m in range(n_paths):
            gap = series[t, m] - values[t]
            square[m] += gap * gap
    return np.sqrt(square).mean()


@jit
def mean_distance_between(series: FloatArray) -> float:
    """Mean Euclidean distance over all ordered pairs of paths, a path with itself among them.

    Parameters
    ----------
    series : ndarray, shape (n_times, n_paths)
        Paths.

    Returns
    -------
    float
        Mean over n_paths squared pairs.
    """
    n_times, n_paths = series.shape
    square = np.empty(n_paths)
    total = 0.0
    for k in range(n_paths - 1):
        n_later = n_paths - 1 - k
        square[:n_later] = 0.0
        for t in range(n_times):
            here = series[t, k]
            later = series[
                t, k + 1 :
            ]  # counted from zero the loop below is seen to stay inside, and runs four at a time
            for m in range(n_later):
                gap = later[m] - here
                square[m] += gap * gap
        for m in range(n_later):
            square[m] = np.sqrt(square[m])
        for m in range(n_later):
            total += square[m]
    return 2.0 * total / (n_paths * n_paths)


@jit
def variogram_gap(series: FloatArray, values: FloatArray, order: float) -> float:
    """Sum over all ordered pairs of times of the squared gap between the variogram of the paths and of the values.

    Parameters
    ----------
    series : ndarray, shape (n_times, n_paths)
        Paths.
    values : ndarray, shape (n_times,)
        What came.
    order : float
        Exponent of the absolute differences. [-]

    Returns
    -------
    float
        Sum of squares.
    """
    n_times, n_paths = series.shape
    power = np.empty(n_paths)
    total = 0.0
    for i in range(n_times - 1):
        for j in range(i + 1, n_times):
            if order == 0.5:
                for m in range(n_paths):
                    power[m] = np.sqrt(abs(series[i, m] - series[j, m]))
            else:
                for m in range(n_paths):
                    power[m] = abs(series[i, m] - series[j, m]) ** order
            mean = 0.0
            for m in range(n_paths):
                mean += power[m]
            gap = mean / n_paths - abs(values[i] - values[j]) ** order
            total += gap * gap
    return 2.0 * total
