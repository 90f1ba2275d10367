"""Loops that hold cells against each other: usual distances, and what all cells share."""

from __future__ import annotations

import numpy as np

from battuta._jit import jit
from battuta.numerics.arrays import FloatArray

MAD = 1.4826
"""Median distance from the middle to standard deviation, for a normal distribution."""


@jit
def middle(values: FloatArray) -> float:
    """Median of values without gaps, far quicker than NumPy's for a few hundred."""
    return float(np.median(values))


@jit
def score_cells(values: FloatArray, floor: float) -> FloatArray:
    """Distance of each value from their middle, in usual distances of at least `floor`; see `beside_others`."""
    distance = values - np.median(values)
    usual = MAD * np.median(np.abs(distance))
    return distance / max(usual, floor)


@jit
def leave_common(values: FloatArray, explained_by: FloatArray) -> FloatArray:
    """Residuals of a regression in which cells far off count little; see `without_common`."""
    n_kinds, n_cells = explained_by.shape
    x = np.ones((n_kinds + 1, n_cells))
    for k in range(n_kinds):
        centred = explained_by[k] - np.median(explained_by[k])
        usual = MAD * np.median(np.abs(centred))
        scale = usual if usual > 0.0 else 1.0
        for i in range(n_cells):
            x[k + 1, i] = min(max(centred[i] / scale, -4.0), 4.0)
    normal = x @ x.T
    for k in range(n_kinds + 1):
        normal[k, k] += 1e-3 * n_cells
    left = values - np.median(values)
    clipped = np.empty(n_cells)
    for _ in range(3):
        size = 3.0 * MAD * np.median(np.abs(left))
        for i in range(n_cells):
            clipped[i] = min(max(left[i], -size), size)
        left = left - np.linalg.solve(normal, x @ clipped) @ x
    return left
