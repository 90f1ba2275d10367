"""Small regressions that miss by little in absolute terms, and the quantiles of what they miss."""

from __future__ import annotations

import numpy as np

from battuta.numerics.arrays import BoolArray, FloatArray, IntArray

_ROUNDS = 5


def absolute_fit(
    features: FloatArray, target: FloatArray, weight: FloatArray, ridge: float, prior: FloatArray | None = None
) -> FloatArray:
    """Coefficients of least absolute error, pulled towards a prior: least squares, reweighted a few times.

    Parameters
    ----------
    features : ndarray, shape (n_rows, n_features)
        What is known; rows with NaN are left out.
    target : ndarray, shape (n_rows,)
        What is to be met.
    weight : ndarray, shape (n_rows,)
        Weight of each row, 0 to leave it out. [-]
    ridge : float
        Pull towards the prior per row, in the scale of the features. [-]
    prior : ndarray, shape (n_features,), optional
        Coefficients in want of evidence; left out, zeros.

    Returns
    -------
    ndarray, shape (n_features,)
        Coefficients.

    References
    ----------
    .. [1] E. J. Schlossmacher, "An iterative technique for absolute deviations curve fitting",
       J. Am. Stat. Assoc. 68 (1973).

    Examples
    --------
    >>> x = np.ones((5, 1))
    >>> absolute_fit(x, np.array([1.0, 1.0, 1.0, 1.0, 100.0]), np.ones(5), 1e-9).round(2)
    array([1.])
    """
    start = np.zeros(features.shape[1]) if prior is None else prior
    keep = np.isfinite(target) & (weight > 0.0) & np.all(np.isfinite(features), axis=1)
    x, y, w = features[keep], target[keep] - features[keep] @ start, weight[keep]
    if not y.size:
        return start.copy()
    total = float(w.sum())
    scale = np.maximum(np.sqrt(w @ (x * x) / total), 1e-12)
    x = x / scale
    step = np.zeros(x.shape[1])
    row = w
    for _ in range(_ROUNDS):
        weighted = x * row[:, None]
        gram = weighted.T @ x
        gram[np.diag_indices_from(gram)] += ridge * float(row.sum()) + 1e-12 * total
        step = np.linalg.solve(gram, weighted.T @ y)
        error = np.abs(y - x @ step)
        floor = 0.05 * float(w @ error) / total + 1e-12
        row = w * floor / np.maximum(error, floor)
    return start + step / scale


def lead_nodes(steps_per_day: int) -> IntArray:
    """Leads at which errors are learned, in steps, dense where they change fast; the last is two days.

    Examples
    --------
    >>> lead_nodes(24)
    array([ 1,  2,  3,  4,  6,  8, 12, 16, 24, 25, 32, 40, 48])
    """
    near = [1, 2, 3, 4, 6, 8, 12, 16, 24, 32, 48, 64, 80]
    first = [each for each in near if each < steps_per_day] + [steps_per_day]
    second = [steps_per_day + 1, *(steps_per_day + steps_per_day * part // 3 for part in (1, 2)), 2 * steps_per_day]
    return np.array([*first, *second], dtype=np.int64)


def between_nodes(nodes: IntArray, lead: IntArray) -> tuple[IntArray, FloatArray]:
    """Node below each lead and the share of the node above it, by straight lines in the logarithm of the lead.

    Parameters
    ----------
    nodes : ndarray, shape (n_nodes,)
        Leads that were learned. [steps]
    lead : ndarray, shape (n_times,)
        Leads asked for; beyond the last node they are as the last. [steps]

    Returns
    -------
    below : ndarray, shape (n_times,)
        Number of the node at or below, never the last.
    share : ndarray, shape (n_times,)
        Share of the next node. [-]
    """
    below = np.clip(np.searchsorted(nodes, lead, side="right") - 1, 0, nodes.size - 2)
    low, high = np.log(nodes[below]), np.log(nodes[below + 1])
    return below, np.clip((np.log(np.maximum(lead, 1)) - low) / (high - low), 0.0, 1.0)


def weighted_quantiles(values: FloatArray, weight: FloatArray, levels: FloatArray) -> FloatArray:
    """Quantiles of values that count unequally; zeros where there are none.

    Parameters
    ----------
    values : ndarray, shape (n_values,)
        Values, NaN left out.
    weight : ndarray, shape (n_values,)
        Weight of each. [-]
    levels : ndarray, shape (n_levels,)
        Levels in (0, 1). [-]

    Returns
    -------
    ndarray, shape (n_levels,)
        Quantiles, never falling.

    Examples
    --------
    >>> weighted_quantiles(np.array([1.0, 2.0, 3.0]), np.ones(3), np.array([0.5]))
    array([2.])
    """
    keep: BoolArray = np.isfinite(values) & (weight > 0.0)
    if not keep.any():
        return np.zeros(levels.size)
    order = np.argsort(values[keep], kind="stable")
    w = weight[keep][order]
    position = (np.cumsum(w) - 0.5 * w) / w.sum()
    return np.interp(levels, position, values[keep][order])
