"""Linear quantile regressions, smoothed so that Newton's method finds them in a few steps; a ridge on each slope."""

from __future__ import annotations

import numpy as np

from battuta._jit import jit
from battuta.numerics.arrays import FloatArray

_STEPS_MAX = 30
_TOLERANCE = 2e-3
_LONGEST_STEP = 1.0
_INTERCEPT_RIDGE = 1e-3


@jit
def derivatives(
    x: FloatArray,
    y: FloatArray,
    weight: FloatArray,
    level: float,
    half_width: float,
    coefficient: FloatArray,
    gradient: FloatArray,
    curvature: FloatArray,
) -> None:
    """First and second derivatives of the smoothed pinball loss, summed by weight.

    Parameters
    ----------
    x : ndarray, shape (n_rows, n_columns)
        Regressors.
    y, weight : ndarray, shape (n_rows,)
        Targets and their weights.
    level : float
        Level of the quantile in (0, 1).
    half_width : float
        Half the width over which the corner of the loss is rounded, in units of the target.
    coefficient : ndarray, shape (n_columns,)
        Where.
    gradient : ndarray, shape (n_columns,)
        Written.
    curvature : ndarray, shape (n_columns, n_columns)
        Written.
    """
    n_columns = x.shape[1]
    gradient[:] = 0.0
    curvature[:] = 0.0
    for i in range(x.shape[0]):
        rest = y[i]
        for j in range(n_columns):
            rest -= x[i, j] * coefficient[j]
        if rest > half_width:
            slope = -level
        elif rest < -half_width:
            slope = 1.0 - level
        else:
            slope = 0.5 * (half_width - rest) / half_width - level
            bend = 0.5 * weight[i] / half_width
            for j in range(n_columns):
                share = bend * x[i, j]
                for m in range(j + 1):
                    curvature[j, m] += share * x[i, m]
        slope *= weight[i]
        for j in range(n_columns):
            gradient[j] += slope * x[i, j]
    for j in range(n_columns):
        for m in range(j):
            curvature[m, j] = curvature[j, m]


@jit
def fit_quantiles(
    x: FloatArray,
    y: FloatArray,
    weight: FloatArray,
    levels: FloatArray,
    half_width: float,
    ridge: float,
    coefficients: FloatArray,
) -> None:
    """Fit a regression for each level, from where the coefficients are.

    Parameters
    ----------
    x : ndarray, shape (n_rows, n_columns)
        Regressors; the first column is one everywhere.
    y, weight : ndarray, shape (n_rows,)
        Targets and their weights, not all of them zero.
    levels : ndarray, shape (n_levels,)
        Levels of the quantiles in (0, 1).
    half_width : float
        Half the width over which the corner of the loss is rounded, in units of the target.
    ridge : float
        Penalty on the square of each slope, per unit of weight.
    coefficients : ndarray, shape (n_levels, n_columns)
        Changed in place.
    """
    n_columns = x.shape[1]
    total = weight.sum()
    gradient, curvature = np.empty(n_columns), np.empty((n_columns, n_columns))
    for k in range(levels.size):
        reach, step = _LONGEST_STEP, np.zeros(n_columns)
        for _ in range(_STEPS_MAX):
            derivatives(x, y, weight, levels[k], half_width, coefficients[k], gradient, curvature)
            curvature[0, 0] += _INTERCEPT_RIDGE * total
            for j in range(1, n_columns):
                curvature[j, j] += ridge * total
                gradient[j] += ridge * total * coefficients[k, j]
            if step @ gradient < 0.0:
                reach *= 0.5  # past the minimum: where few rows bend the loss, whole steps would leap across it forever
            step = np.linalg.solve(curvature, gradient)
            longest = np.abs(step).max()
            scale = min(1.0, reach / max(longest, 1e-12))
            for j in range(n_columns):
                coefficients[k, j] -= scale * step[j]
            if longest < _TOLERANCE:
                break
