"""Two ways from features of a cell to one number that behave with forty cells: a shrunken line, a smooth bend.

Both take features that were brought to one scale, choose how much to trust them by the evidence of the data, and are
small enough to be fitted again for each cell left out.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol, cast

import numpy as np
import scipy.optimize  # pyright: ignore[reportMissingTypeStubs]

from battuta.numerics.arrays import FloatArray
from battuta.numerics.triangles import lower_factor, solved_lower

_RIDGE_GRID = np.geomspace(1e-4, 1e5, 181)
_TINY = 1e-9
_START = np.array([np.log(1.5), -1.0, -2.0, 0.0])
"""Logarithms of length, variance of the bend, variance of noise, variance of the line: start, and centre of belief."""
_BELIEF_DEVIATION = np.array([0.7, 1.5, 1.0, 1.5])


class _Minimum(Protocol):
    x: FloatArray


_minimize = cast("Callable[..., _Minimum]", scipy.optimize.minimize)


class FittedRegression(Protocol):
    """Something that was fitted."""

    def predict(self, features: FloatArray) -> FloatArray:
        """Target of each row, shape (n_cells,)."""
        ...


Regression = Callable[[FloatArray, FloatArray], FittedRegression]
"""From features, shape (n_cells, n_features), and targets, shape (n_cells,), to what was fitted."""


@dataclass(frozen=True, slots=True, eq=False)
class FittedLine:
    """A straight line.

    Attributes
    ----------
    weight : ndarray, shape (n_features,)
        Slope along each feature.
    constant : float
        Target where all features are zero.
    """

    weight: FloatArray
    constant: float

    def predict(self, features: FloatArray) -> FloatArray:
        """Target of each row, shape (n_cells,)."""
        return self.constant + features @ self.weight


def bayesian_ridge(features: FloatArray, target: FloatArray) -> FittedLine:
    """Line whose slopes are pulled to zero as strongly as the evidence asks.

    Parameters
    ----------
    features : ndarray, shape (n_cells, n_features)
        Centred features of one scale.
    target : ndarray, shape (n_cells,)
        What to tell.

    Returns
    -------
    FittedLine
        The line of the largest evidence on a grid of penalties; the variance of noise is eliminated.

    References
    ----------
    .. [1] D. J. C. MacKay, "Bayesian interpolation", Neural Computation 4 (1992), section 4.

    Examples
    --------
    >>> line = bayesian_ridge(np.array([[-1.0], [0.0], [1.0]]), np.array([1.0, 2.0, 3.0]))
    >>> line.predict(np.array([[2.0]])).round(2)
    array([4.])
    """
    constant = float(target.mean())
    centred = target - constant
    left, stretch, right = np.linalg.svd(features, full_matrices=False)
    along = left.T @ centred
    rest = max(float(centred @ centred - along @ along), 0.0)
    prior = 1.0 + stretch**2 / _RIDGE_GRID[:, None]
    misfit = (along**2 / prior).sum(axis=1) + rest + _TINY * (centred @ centred + _TINY)
    evidence = target.size * np.log(misfit) + np.log(prior).sum(axis=1)
    penalty = _RIDGE_GRID[int(np.argmin(evidence))]
    return FittedLine(right.T @ (stretch / (stretch**2 + penalty) * along), constant)


@dataclass(frozen=True, slots=True, eq=False)
class FittedBend:
    """A Gaussian process with a line.

    Attributes
    ----------
    seen : ndarray, shape (n_cells, n_features)
        Features that it learned.
    dual : ndarray, shape (n_cells,)
        Weight of each of them.
    log_scale : ndarray, shape (4,)
        Logarithms of length, variance of the bend, of noise and of the line.
    centre, spread : float
        Mean and deviation of the target.
    """

    seen: FloatArray
    dual: FloatArray
    log_scale: FloatArray
    centre: float
    spread: float

    def predict(self, features: FloatArray) -> FloatArray:
        """Target of each row, shape (n_cells,)."""
        return self.centre + self.spread * (_covariance(self.log_scale, features, self.seen) @ self.dual)


def matern_line(features: FloatArray, target: FloatArray) -> FittedBend:
    """Gaussian process: a straight line plus a Matern 3/2 bend, scales by evidence and a weak belief.

    Parameters
    ----------
    features : ndarray, shape (n_cells, n_features)
        Centred features of one scale.
    target : ndarray, shape (n_cells,)
        What to tell.

    Returns
    -------
    FittedBend
        Far from what was seen the bend dies out and the shrunken line remains.

    References
    ----------
    .. [1] C. E. Rasmussen, C. K. I. Williams, "Gaussian Processes for Machine Learning", MIT Press (2006), sections
       2.7 and 5.4.

    Examples
    --------
    >>> x = np.linspace(-1.7, 1.7, 30)[:, None]
    >>> bend = matern_line(x, np.sin(2.0 * x[:, 0]))
    >>> bool(np.abs(bend.predict(x) - np.sin(2.0 * x[:, 0])).max() < 0.1)
    True
    """
    centre, spread = float(target.mean()), float(target.std()) + _TINY
    scaled = (target - centre) / spread
    found = _minimize(_misfit, _START, args=(features, scaled), method="L-BFGS-B").x
    factor = _factor(found, features)
    dual = np.asarray(np.linalg.solve(factor.T, solved_lower(factor, scaled)), dtype=np.float64)
    return FittedBend(features, dual, found, centre, spread)


def _covariance(log_scale: FloatArray, first: FloatArray, second: FloatArray) -> FloatArray:
    n_features = first.shape[1]
    length, bend, _, line = np.exp(log_scale)
    squared = (first**2).sum(axis=1)[:, None] + (second**2).sum(axis=1) - 2.0 * first @ second.T
    reach = np.sqrt(3.0 * np.maximum(squared, 0.0) / n_features) / length
    return bend * (1.0 + reach) * np.exp(-reach) + line * (first @ second.T) / n_features


def _factor(log_scale: FloatArray, features: FloatArray) -> FloatArray:
    covariance = _covariance(log_scale, features, features)
    covariance[np.diag_indices_from(covariance)] += np.exp(log_scale[2]) + 1e-6
    return lower_factor(covariance)


def _misfit(log_scale: FloatArray, features: FloatArray, target: FloatArray) -> float:
    """Negative logarithm of evidence times belief."""
    try:
        factor = _factor(log_scale, features)
    except np.linalg.LinAlgError:
        return 1e9
    whitened = solved_lower(factor, target)
    belief = 0.5 * (((log_scale - _START) / _BELIEF_DEVIATION) ** 2).sum()
    return float(0.5 * whitened @ whitened + np.log(np.diag(factor)).sum() + belief)
