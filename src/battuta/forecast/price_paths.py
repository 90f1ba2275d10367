"""Joint courses of a day's prices: each slot keeps its own distribution, and the hours move together as on past days.

A smoothed Schaake shuffle. Each past day is kept as how high in its own forecast each price came out. Such days are
drawn, recent ones and those of the same kind more often, blurred by correlated noise, and their ranks arrange the
quantiles of the day. A spike that came with its neighbours comes with them again.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from statistics import NormalDist

import numpy as np

from battuta.forecast.day_table import HOURS_PER_DAY
from battuta.numerics.arrays import BoolArray, FloatArray, IntArray
from battuta.numerics.quantile_function import pit, quantiles_at
from battuta.numerics.sampling import generator
from battuta.numerics.triangles import lower_factor

_MEMORY_DAYS = 250.0
_SAME_KIND = 2.0
_BLUR = 0.4
_SHRINK = 0.3
_PRIOR_DAYS = 20.0
_PRIOR_HOURS = 6.0
_NODES = 4000
_EIGENVALUE_MIN = 1e-4
_JITTER = 1e-8


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class PastRanks:
    """How past days came out in their own forecasts.

    Attributes
    ----------
    scores : ndarray, shape (n_days, n_slots)
        Normal score of each price in its forecast, NaN where unknown. [-]
    age_days : ndarray, shape (n_days,)
        Days before the one to forecast, at least 1. [d]
    is_same_kind : ndarray of bool, shape (n_days,)
        Whether it was a working day as the one to forecast is, or a weekend as that is.
    """

    scores: FloatArray
    age_days: IntArray
    is_same_kind: BoolArray


def normal_scores(price_per_mwh: FloatArray, levels: FloatArray, quantiles: FloatArray) -> FloatArray:
    """How high each price came out in its forecast, as a standard normal value.

    Parameters
    ----------
    price_per_mwh : ndarray, shape (n_slots,)
        What came, NaN where unknown. [currency/MWh]
    levels : ndarray, shape (n_levels,)
        Levels of the quantiles. [-]
    quantiles : ndarray, shape (n_slots, n_levels)
        What was forecast. [currency/MWh]

    Returns
    -------
    ndarray, shape (n_slots,)
        Normal scores, NaN where unknown. [-]
    """
    share, score = _nodes()
    scores: FloatArray = np.interp(pit(price_per_mwh, levels, quantiles), share, score)
    return scores


def draw_paths(quantiles: FloatArray, levels: FloatArray, past: PastRanks, n_paths: int, seed: int) -> FloatArray:
    """Draw joint courses of a day.

    Parameters
    ----------
    quantiles : ndarray, shape (n_slots, n_levels)
        Distribution of each slot. [currency/MWh]
    levels : ndarray, shape (n_levels,)
        Their levels. [-]
    past : PastRanks
        Past days; with few of them the hours hang together by their distance alone.
    n_paths : int
        Number of courses.
    seed : int
        Same seed, same courses.

    Returns
    -------
    ndarray, shape (n_paths, n_slots)
        Equally likely courses; in each slot they are the quantiles at levels (k + 1/2) / n_paths. [currency/MWh]

    References
    ----------
    .. [1] M. Clark et al., "The Schaake shuffle", Journal of Hydrometeorology 5 (2004).
    .. [2] R. Schefzik, T. Thorarinsdottir, T. Gneiting, "Uncertainty quantification in complex simulation models using
       ensemble copula coupling", Statistical Science 28 (2013).
    """
    n_slots = quantiles.shape[0]
    rng = generator(seed, "forecast.price_paths")
    scores, weight, effective = _weighted(past)
    blur = max(_BLUR**2, _PRIOR_DAYS / (effective + _PRIOR_DAYS))
    noise = rng.standard_normal((n_paths, n_slots)) @ lower_factor(slot_correlation(past)).T
    drawn: FloatArray = np.sqrt(blur) * noise
    if weight.size:
        at = (np.arange(n_paths) + rng.random()) / n_paths
        chosen = np.minimum(np.searchsorted(np.cumsum(weight) / weight.sum(), at), weight.size - 1)
        drawn += np.sqrt(1.0 - blur) * scores[chosen]
    stratified = quantiles_at(levels, quantiles, (np.arange(n_paths) + 0.5) / n_paths).T
    ranks = np.argsort(np.argsort(drawn, axis=0, kind="stable"), axis=0, kind="stable")
    return np.take_along_axis(stratified, ranks, axis=0)


def slot_correlation(past: PastRanks) -> FloatArray:
    """Correlation of the normal scores of the slots: that of past days, shrunk to one that depends on distance alone.

    Parameters
    ----------
    past : PastRanks
        Past days.

    Returns
    -------
    ndarray, shape (n_slots, n_slots)
        Positive definite, ones on the diagonal. [-]
    """
    scores, weight, effective = _weighted(past)
    n_slots = scores.shape[1]
    place = np.arange(n_slots, dtype=np.float64)
    lag: IntArray = np.abs(place[:, None] - place).astype(np.int64)
    correlation: FloatArray = np.exp(-lag * (HOURS_PER_DAY / n_slots) / _PRIOR_HOURS)
    if weight.size:
        second = (scores * weight[:, None]).T @ scores / weight.sum()
        size = np.sqrt(np.diag(second)) + 1e-6
        seen = second / np.outer(size, size)
        by_lag: FloatArray = (np.bincount(lag.ravel(), seen.ravel()) / np.bincount(lag.ravel()))[lag]
        shrunk = (1.0 - _SHRINK) * seen + _SHRINK * by_lag
        correlation = (effective * shrunk + _PRIOR_DAYS * correlation) / (effective + _PRIOR_DAYS)
    values, vectors = np.linalg.eigh(correlation)
    positive = (vectors * np.maximum(values, _EIGENVALUE_MIN)) @ vectors.T
    size = np.sqrt(np.diag(positive))
    return (positive / np.outer(size, size) + _JITTER * np.eye(n_slots)) / (1.0 + _JITTER)


def _weighted(past: PastRanks) -> tuple[FloatArray, FloatArray, float]:
    """Days without gaps, their weights, and how many equally weighted days these amount to."""
    is_whole = np.sum(np.isnan(past.scores), axis=1) == 0
    weight = np.exp(-past.age_days[is_whole] / _MEMORY_DAYS) * np.where(past.is_same_kind[is_whole], _SAME_KIND, 1.0)
    effective = float(weight.sum() ** 2 / np.square(weight).sum()) if weight.size else 0.0
    return past.scores[is_whole], weight, effective


@lru_cache(maxsize=1)
def _nodes() -> tuple[FloatArray, FloatArray]:
    """Shares and their normal scores, close enough to interpolate."""
    share = (np.arange(_NODES) + 0.5) / _NODES
    return share, np.array([NormalDist().inv_cdf(float(each)) for each in share])
