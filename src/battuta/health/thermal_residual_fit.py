"""Two thermal nodes of a string, cells and what surrounds them, found in its own past.

Outdoors, chillers and heaters move a string as a whole and are not measured; they are taken out as a level, a slope and
a daily wave of each day. What is left follows the heat of the current through two lags, the time constants of which
are the two nodes'.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import product

import numpy as np

from battuta.health.thermal_residual_kernels import lag_heat
from battuta.numerics.arrays import FloatArray

BIN_S = 600.0
"""Stretch over which sensors are averaged. [s]"""
N_BINS = 144
FAST_S, SLOW_S = (2700.0, 1200.0, 1800.0, 4000.0, 6000.0, 9000.0), (28_800.0, 14_400.0, 57_600.0)
"""Time constants that are tried: of cells, and of what surrounds them; where they explain the same, the first. [s]"""
USUAL_S = (FAST_S[0], SLOW_S[0])
"""Those of large cells in racks, until a string's own are known. [s]"""
_BINS_MIN = 72


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class DayBins:
    """A day of a string in stretches of ten minutes.

    Attributes
    ----------
    day : int
        Days since 1970-01-01, UTC.
    heat : ndarray, shape (144,)
        Current over capacity squared, times the resistance over that at 25 degC; NaN where unknown. [1/h^2]
    middle_c : ndarray, shape (144,)
        Middle of the sensors, NaN where unknown. [degC]
    away_k : ndarray, shape (144, n_sensors)
        Distance of each sensor from it, NaN where unknown. [K]
    """

    day: int
    heat: FloatArray
    middle_c: FloatArray
    away_k: FloatArray


@dataclass(frozen=True, slots=True, kw_only=True)
class ThermalNodes:
    """How the middle of a string follows its heat.

    Attributes
    ----------
    fast_s, slow_s : float
        Time constants of cells and surroundings. [s]
    fast_k, slow_k : float
        Warmth for each unit of heat, 1/h^2, through either lag. [K h^2]
    """

    fast_s: float
    slow_s: float
    fast_k: float
    slow_k: float


def lagged_heat(
    heat: FloatArray, fast_s: float, slow_s: float, before: tuple[float, float]
) -> tuple[FloatArray, tuple[float, float]]:
    """Heat of a day through both lags.

    Parameters
    ----------
    heat : ndarray, shape (n_bins,)
        Heat, NaN where unknown. [1/h^2]
    fast_s, slow_s : float
        Time constants. [s]
    before : tuple of float
        What the day before left in either. [1/h^2]

    Returns
    -------
    lagged : ndarray, shape (2, n_bins)
        Heat through either lag. [1/h^2]
    after : tuple of float
        What the day leaves. [1/h^2]
    """
    lagged = np.empty((2, heat.size))
    after = [
        lag_heat(heat, float(np.exp(-BIN_S / each_s)), first, lagged[k])
        for k, (each_s, first) in enumerate(zip((fast_s, slow_s), before, strict=True))
    ]
    return lagged, (after[0], after[1])


def fit_nodes(past: Sequence[DayBins]) -> ThermalNodes | None:
    """Find the two time constants that explain most of a string's past.

    Parameters
    ----------
    past : sequence of DayBins
        Days in their order.

    Returns
    -------
    ThermalNodes or None
        The best of 18 pairs, either lag warming and none cooling; None where no heat explains anything.
    """
    levels = [outdoors(each.middle_c) for each in past]
    left_k = np.concatenate([without(basis, each.middle_c) for basis, each in zip(levels, past, strict=True)])
    if not left_k.size:
        return None
    best: ThermalNodes | None = None
    best_gained = 0.0
    for fast_s, slow_s in product(FAST_S, SLOW_S):
        x = _explained_by(past, levels, fast_s, slow_s)
        fast_k, slow_k, gained = _both_warm(x @ x.T, x @ left_k)
        if gained > best_gained:
            best_gained = gained
            best = ThermalNodes(fast_s=fast_s, slow_s=slow_s, fast_k=fast_k, slow_k=slow_k)
    return best


def _both_warm(normal: FloatArray, said: FloatArray) -> tuple[float, float, float]:
    """Least squares in which heat cools neither node, and the sum of squares that it explains."""
    tried = [(0.0, 0.0)]
    determinant = float(normal[0, 0] * normal[1, 1] - normal[0, 1] ** 2)
    if determinant > 1e-9 * float(normal[0, 0] * normal[1, 1]):
        fast_k, slow_k = np.linalg.solve(normal, said).tolist()
        tried.append((fast_k, slow_k))
    for k in range(2):
        alone_k = float(said[k] / normal[k, k]) if normal[k, k] > 0.0 else 0.0
        tried.append((alone_k, 0.0) if k == 0 else (0.0, alone_k))
    explained = [
        (2.0 * float(np.dot(each, said)) - float(np.dot(each, normal @ np.array(each))), each)
        for each in tried
        if min(each) >= 0.0
    ]
    gained, (fast_k, slow_k) = max(explained)
    return fast_k, slow_k, gained


def outdoors(middle_c: FloatArray) -> FloatArray:
    """Orthogonal basis of what a day's surroundings may do where the middle is known: level, slope and daily wave.

    Returns
    -------
    ndarray, shape (n_known, 4) or (0, 4)
        No rows where less than half of the day is known. [-]
    """
    known = np.flatnonzero(np.isfinite(middle_c))
    if known.size < _BINS_MIN:
        return np.empty((0, 4))
    turn = 2.0 * np.pi * known / middle_c.size
    return np.linalg.qr(np.column_stack([np.ones(known.size), turn, np.cos(turn), np.sin(turn)]))[0]


def without(basis: FloatArray, values: FloatArray, known_by: FloatArray | None = None) -> FloatArray:
    """Leave of a day's values, where they are known, what a basis does not explain, shape (n_known,)."""
    if not basis.shape[0]:
        return np.empty(0)
    there = values[np.isfinite(values if known_by is None else known_by)]
    return there - basis @ (basis.T @ there)


def _explained_by(past: Sequence[DayBins], levels: Sequence[FloatArray], fast_s: float, slow_s: float) -> FloatArray:
    """Heat through both lags without what surroundings might explain of it, shape (2, n_known)."""
    known = past[0].heat[np.isfinite(past[0].heat)]
    usual = float(known.mean()) if known.size else 0.0
    before = (usual, usual)
    parts = list[FloatArray]()
    for basis, each in zip(levels, past, strict=True):
        lagged, before = lagged_heat(each.heat, fast_s, slow_s, before)
        parts.append(np.stack([without(basis, row, each.middle_c) for row in lagged]))
    return np.concatenate(parts, axis=1)
