"""Where in the width of the day the price will lie: quantile regressions of standardised errors, by block of hours.

They see how each family of models differs from the forecast, how far the forecast lies from the level of the last
weeks, and whether it is a weekend. A Laplace prior stands for the days that have not been seen yet.
"""

from __future__ import annotations

from dataclasses import dataclass
from statistics import NormalDist

import numpy as np

from battuta.domain.forecast import percent_levels
from battuta.forecast.day_table import HOURS_PER_DAY
from battuta.forecast.error_scale import DISTANCE, LOWEST, WEEKEND, Signs
from battuta.numerics.arrays import BoolArray, FloatArray, IntArray
from battuta.numerics.quantile_regression_kernels import fit_quantiles

_TAIL = (0.01, 0.02, 0.04, 0.07, 0.1, 0.15, 0.2, 0.25, 0.3, 0.35, 0.4, 0.45)
COARSE_LEVELS = np.array([*_TAIL, 0.5, *(1.0 - level for level in reversed(_TAIL))])
_WINDOW_DAYS = 364
_REFIT_DAYS = 7
_MEMORY_DAYS = 150.0
_BLOCKS = 8
_REACH_HOURS = 2.5
_HALF_WIDTH = 0.25
_RIDGE = 0.05
_PRIOR_DAYS = 2.0
_PRIOR_ROWS = 50
_LAPLACE_SCALE = 1.273
_DIFFERENCE_MAX = 3.0


@dataclass(frozen=True, slots=True, eq=False)
class _Row:
    x: FloatArray
    error: FloatArray


class ErrorDistribution:
    """Learns the distribution of standardised errors day by day.

    Parameters
    ----------
    n_slots : int
        Slots of a day.
    n_families : int
        Families of models that are told apart.

    References
    ----------
    .. [1] J. Nowotarski, R. Weron, "Computing electricity spot price prediction intervals using quantile regression
       and forecast averaging", Computational Statistics 30 (2015).
    .. [2] M. Fernandes, E. Guerre, E. Horta, "Smoothing quantile regressions", Journal of Business & Economic
       Statistics 39 (2021).
    """

    def __init__(self, n_slots: int, n_families: int) -> None:
        self._hour = np.arange(n_slots) * (HOURS_PER_DAY / n_slots)
        n_columns = n_families + 5
        start = np.zeros((COARSE_LEVELS.shape[0], n_columns))
        start[:, 0] = _laplace(COARSE_LEVELS)
        self._coefficients = [start.copy() for _ in range(_BLOCKS)]
        self._rows: list[_Row] = []

    def regressors(self, differences: FloatArray, signs: Signs) -> FloatArray:
        """Lay out a day, shape (n_slots, n_families + 5).

        Parameters
        ----------
        differences : ndarray, shape (n_families, n_slots)
            What each family says less the forecast, over the width; 0 for a family that is silent. [-]
        signs : Signs
            Signs of the day.
        """
        held = np.clip(differences, -_DIFFERENCE_MAX, _DIFFERENCE_MAX).T
        distance = signs.values[:, [DISTANCE]]
        moving = signs.values[:, [DISTANCE, LOWEST, WEEKEND]]
        return np.concatenate([np.ones_like(distance), held, moving, np.maximum(distance, 0.0)], axis=1)

    def quantiles(self, x: FloatArray, day_number: int) -> FloatArray:
        """Quantiles of the standardised error, shape (n_slots, 99); refits on fixed days of the calendar. [-]"""
        if day_number % _REFIT_DAYS == 0 or len(self._rows) < _REFIT_DAYS:
            self._refit()
        coarse = np.empty((x.shape[0], COARSE_LEVELS.shape[0]))
        for block, fit in enumerate(self._coefficients):
            own = self._own(block)
            coarse[own] = np.sort(x[own] @ fit.T, axis=1)
        return np.sort(_refined(coarse), axis=1)

    def learn(self, x: FloatArray, error: FloatArray) -> None:
        """Take the outcome of a day.

        Parameters
        ----------
        x : ndarray, shape (n_slots, n_columns)
            Regressors of the day when it was forecast.
        error : ndarray, shape (n_slots,)
            Outcome less forecast, over the width; NaN where unknown. [-]
        """
        self._rows = [*self._rows, _Row(x, error)][-_WINDOW_DAYS:]

    def _own(self, block: int) -> slice:
        n_slots = self._hour.shape[0]
        return slice(block * n_slots // _BLOCKS, (block + 1) * n_slots // _BLOCKS)

    def _refit(self) -> None:
        if not self._rows:
            return
        n_days, n_slots = len(self._rows), int(self._hour.shape[0])
        thin = max(n_slots // HOURS_PER_DAY, 1)
        x, error = np.array([row.x for row in self._rows]), np.array([row.error for row in self._rows])
        place: IntArray = np.add.outer(np.arange(n_days), np.arange(n_slots))
        is_kept: BoolArray = (place % thin == 0) & np.isfinite(error)
        age_days = n_days - np.arange(n_days, dtype=np.float64)
        ridge = _RIDGE * max(1.0, 60.0 / n_days)
        prior_error = _laplace((np.arange(_PRIOR_ROWS) + 0.5) / _PRIOR_ROWS)
        prior_x = np.zeros((_PRIOR_ROWS, x.shape[2]))
        prior_x[:, 0] = 1.0
        for block, fit in enumerate(self._coefficients):
            middle = float(self._hour[self._own(block)].mean())
            near = np.flatnonzero(np.abs(self._hour - middle) < 3.0 * _REACH_HOURS)
            nearness = np.exp(-0.5 * ((self._hour[near] - middle) / _REACH_HOURS) ** 2)
            kept: BoolArray = is_kept[:, near]
            prior_weight = np.full(_PRIOR_ROWS, _PRIOR_DAYS * nearness.sum() / thin / _PRIOR_ROWS)
            rows = np.concatenate([x[:, near][kept], prior_x])
            aims = np.concatenate([error[:, near][kept], prior_error])
            weight = (np.exp(-age_days / _MEMORY_DAYS)[:, None] * nearness)[kept]
            both = np.concatenate([weight, prior_weight])
            fit_quantiles(rows, aims, both, COARSE_LEVELS, _HALF_WIDTH, ridge, fit)


def _laplace(levels: FloatArray) -> FloatArray:
    """Quantiles of a Laplace distribution whose mean absolute value is that of a standardised error."""
    low, high = np.log(2.0 * np.minimum(levels, 0.5)), -np.log(2.0 * (1.0 - np.maximum(levels, 0.5)))
    return _LAPLACE_SCALE * np.where(levels < 0.5, low, high)


def _normal_scores(levels: FloatArray) -> FloatArray:
    return np.array([NormalDist().inv_cdf(float(level)) for level in levels])


_COARSE_SCORES, _FINE_SCORES = _normal_scores(COARSE_LEVELS), _normal_scores(percent_levels())


def _refined(coarse: FloatArray) -> FloatArray:
    """From 25 levels to 99, linear in the normal score of the level."""
    place = np.searchsorted(_COARSE_SCORES, _FINE_SCORES, side="right") - 1
    place = np.clip(place, 0, COARSE_LEVELS.shape[0] - 2)
    share = (_FINE_SCORES - _COARSE_SCORES[place]) / (_COARSE_SCORES[place + 1] - _COARSE_SCORES[place])
    return coarse[:, place] * (1.0 - share) + coarse[:, place + 1] * share
