"""Every rate at which dated flows are worth nothing: between turning points that are found first, so none is missed.

A flow is a sum of exponentials in the logarithm of growth. Divided by one of them and differentiated it has a term
less, and between two of its roots lies one of that derivative. So the root of the last derivative, which has one, leads
back to those of the flow, however close two of them lie, and a turning point that only touches zero is a root too.
"""

from __future__ import annotations

import numpy as np

from battuta.numerics.arrays import FloatArray

_LOG_GROWTH_MAX = 12.0
_ROUNDING = 4.0 * float(np.finfo(np.float64).eps)
"""Share of the sum of all parts below which the worth of a flow is no more than rounding. [-]"""


def log_growth_roots(flows: FloatArray, years: FloatArray) -> FloatArray:
    """Find every logarithm of growth a year at which flows are worth nothing.

    Parameters
    ----------
    flows : ndarray, shape (n_dates,)
        Cash flows. [currency]
    years : ndarray, shape (n_dates,)
        When, in any order; flows of one date are added up. [year]

    Returns
    -------
    ndarray, shape (n_roots,)
        Roots between -12 and 12, ascending; two that doubles cannot tell apart count as one. [-]

    Examples
    --------
    >>> np.expm1(log_growth_roots(np.array([-100.0, 220.0, -121.0]), np.arange(3.0))).round(9)
    array([0.1])
    """
    when, which = np.unique(years, return_inverse=True)
    added = np.zeros(when.size)
    np.add.at(added, which, flows)
    known = added != 0.0
    amount, when = added[known], when[known]
    if _sign_changes(amount) == 0:
        return np.empty(0)
    return _roots(amount, when, _turning_points(amount, when), touching=True)


def _turning_points(amount: FloatArray, when: FloatArray) -> FloatArray:
    """Points between which the worth of flows, seen from their first date, only rises or only falls."""
    levels = [(amount, when)]
    while _sign_changes(levels[-1][0]) > 1:  # a derivative has one turn of sign less, or as many
        later, after = levels[-1][0][1:], levels[-1][1][1:] - levels[-1][1][0]
        slope = later * after
        levels.append((slope / np.abs(slope).max(), levels[-1][1][1:]))
    points = np.empty(0)
    for own, dates in reversed(levels[1:]):
        points = _roots(own, dates, points, touching=False)
    return points


def _roots(amount: FloatArray, when: FloatArray, points: FloatArray, *, touching: bool) -> FloatArray:
    """Roots between points that part a flow into stretches that only rise or only fall, and at points that touch."""
    if _sign_changes(amount) == 0:
        return np.empty(0)
    edges = np.concatenate(([-_LOG_GROWTH_MAX], points, [_LOG_GROWTH_MAX]))
    signs = [_sign(amount, when, each, _ROUNDING if touching else 0.0) for each in edges]
    found = [float(each) for each, sign in zip(edges[1:-1], signs[1:-1], strict=True) if sign == 0]
    found.extend(
        _between(amount, when, float(edges[k]), float(edges[k + 1]), signs[k])
        for k in range(edges.size - 1)
        if signs[k] * signs[k + 1] < 0
    )
    ordered = np.unique(np.array(found))
    return _told_apart(amount, when, ordered) if touching else ordered


def _told_apart(amount: FloatArray, when: FloatArray, roots: FloatArray) -> FloatArray:
    """Take neighbouring roots, between which a flow is worth no more than rounding, for one in their middle."""
    groups: list[list[float]] = []
    for each in roots.tolist():
        if groups and _sign(amount, when, 0.5 * (groups[-1][-1] + each), _ROUNDING) == 0:
            groups[-1].append(each)
        else:
            groups.append([each])
    return np.array([sum(each) / len(each) for each in groups])


def _between(amount: FloatArray, when: FloatArray, low: float, high: float, sign_low: int) -> float:
    """Halve until there is no number between."""
    middle = 0.5 * (low + high)
    while low < middle < high:
        if _sign(amount, when, middle, 0.0) == sign_low:
            low = middle
        else:
            high = middle
        middle = 0.5 * (low + high)
    return middle


def _sign(amount: FloatArray, when: FloatArray, log_growth: float, rounding: float) -> int:
    """Sign of the worth; 0 where it is no more than a share of all parts together."""
    exponent = -log_growth * when
    parts = amount * np.exp(exponent - exponent.max())
    worth = float(parts.sum())
    if abs(worth) <= rounding * float(np.abs(parts).sum()):
        return 0
    return 1 if worth > 0.0 else -1


def _sign_changes(amount: FloatArray) -> int:
    signs = np.sign(amount[amount != 0.0])
    return int(np.count_nonzero(signs[1:] != signs[:-1]))
