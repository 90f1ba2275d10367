"""How good a set of paths was: each hour on its own, and the shape of the day that ties the hours together.

All three are the plain form for an ensemble (a path is also paired with itself), which favours many paths a little:
compare forecasts of as many paths. Times of which the value is unknown are left out; energy and variogram score grow
with the number of times, so compare only what is scored over the same ones.
"""

from __future__ import annotations

import numpy as np

from battuta.numerics.arrays import FloatArray
from battuta.numerics.path_kernels import mean_distance_between, mean_distance_to, variogram_gap


def crps_ensemble(paths: FloatArray, values: FloatArray) -> FloatArray:
    """Continuous ranked probability score of each time: E|X - y| - E|X - X'| / 2 over the paths.

    Parameters
    ----------
    paths : ndarray, shape (n_paths, n_times)
        Paths, equally likely, in the unit of the values.
    values : ndarray, shape (n_times,)
        What came; NaN where unknown.

    Returns
    -------
    ndarray, shape (n_times,)
        Scores in the unit of the values, NaN where unknown; their `numpy.nanmean` is the score of the day.

    Raises
    ------
    ValueError
        If the shapes do not fit, a path has a gap, or a number is infinite.

    References
    ----------
    .. [1] T. Gneiting, A. E. Raftery, "Strictly proper scoring rules, prediction, and estimation", J. Am. Stat. Assoc.
       102 (2007), equation 21.

    Examples
    --------
    >>> crps_ensemble(np.array([[1.0, 1.0], [3.0, 3.0]]), np.array([2.0, 5.0]))
    array([0.5, 2.5])
    """
    paths, values = _checked(paths, values)
    n_paths = paths.shape[0]
    weight = 2.0 * np.arange(n_paths, dtype=np.float64) + (1.0 - n_paths)
    half_spread = np.sum(weight[:, None] * np.sort(paths, axis=0), axis=0) / n_paths**2
    return np.mean(np.abs(paths - values), axis=0) - half_spread


def joint_crps(paths: FloatArray, values: FloatArray) -> float:
    """Energy score of one day: E||X - y|| - E||X - X'|| / 2, Euclidean over its times; of one time it is the CRPS.

    Parameters
    ----------
    paths, values : ndarray
        As for `crps_ensemble`.

    Returns
    -------
    float
        Score in the unit of the values.

    Raises
    ------
    ValueError
        As for `crps_ensemble`, and if no value is known.

    References
    ----------
    .. [1] T. Gneiting, A. E. Raftery, "Strictly proper scoring rules, prediction, and estimation", J. Am. Stat. Assoc.
       102 (2007), equation 22.

    Examples
    --------
    >>> joint_crps(np.array([[0.0, 0.0], [3.0, 4.0]]), np.array([0.0, 0.0]))
    1.25
    """
    series, came = _known_times(*_checked(paths, values), n_times_min=1)
    return mean_distance_to(series, came) - 0.5 * mean_distance_between(series)


def variogram_score(paths: FloatArray, values: FloatArray, order: float = 0.5) -> float:
    """Variogram score of one day: do the paths move between its times as far as the values did?

    The sum over all ordered pairs of times, equally weighted, of (E|X_i - X_j|^order - |y_i - y_j|^order)^2. It does
    not see a level that is wrong all day: read it beside the energy score.

    Parameters
    ----------
    paths, values : ndarray
        As for `crps_ensemble`.
    order : float
        Exponent, above 0; 0.5 is what the paper recommends. [-]

    Returns
    -------
    float
        Score in the unit of the values to the power 2 `order`.

    Raises
    ------
    ValueError
        As for `crps_ensemble`, if fewer than two values are known, or if `order` is not above 0.

    References
    ----------
    .. [1] M. Scheuerer, T. M. Hamill, "Variogram-based proper scoring rules for probabilistic forecasts of
       multivariate quantities", Mon. Weather Rev. 143 (2015), equation 10.

    Examples
    --------
    >>> variogram_score(np.array([[0.0, 1.0], [0.0, 9.0]]), np.array([0.0, 1.0]))
    2.0
    """
    if not order > 0.0:
        message = f"order = {order:g} is not above 0; 0.5 is usual"
        raise ValueError(message)
    series, came = _known_times(*_checked(paths, values), n_times_min=2)
    return variogram_gap(series, came, float(order))


def _checked(paths: FloatArray, values: FloatArray) -> tuple[FloatArray, FloatArray]:
    paths, values = np.asarray(paths, dtype=np.float64), np.asarray(values, dtype=np.float64)
    if paths.ndim != 2 or paths.shape[0] == 0 or paths.shape[1:] != values.shape:
        message = f"paths have the shape {paths.shape}, values {values.shape}; give (n_paths, n_times) and (n_times,)"
        raise ValueError(message)
    gaps = np.argwhere(~np.isfinite(paths))
    if gaps.size:
        message = f"path {gaps[0, 0]} is not finite at time {gaps[0, 1]} ({len(gaps)} such numbers); a path has no gap"
        raise ValueError(message)
    if np.any(np.isinf(values)):
        message = f"values hold {np.count_nonzero(np.isinf(values))} infinite numbers; NaN says that one is missing"
        raise ValueError(message)
    return paths, values


def _known_times(paths: FloatArray, values: FloatArray, n_times_min: int) -> tuple[FloatArray, FloatArray]:
    """Paths with time first, shape (n_known, n_paths), and values, shape (n_known,), where the value is known."""
    known = ~np.isnan(values)
    n_known = int(np.count_nonzero(known))
    if n_known < n_times_min:
        message = f"{n_known} of {values.size} values are known, at least {n_times_min} are needed; leave the day out"
        raise ValueError(message)
    return np.ascontiguousarray(paths[:, known].T), values[known]
