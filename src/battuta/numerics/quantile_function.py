"""A forecast distribution given by some of its quantiles: the quantile at any level, and the level of any value.

Between the given levels both are straight lines. Beyond the outermost the tail is exponential, with the decay that the
last two quantiles show: nothing is known there, and a straight line would end at a bound that no price respects.
"""

from __future__ import annotations

import numpy as np

from battuta.numerics.arrays import FloatArray


def checked_levels(levels: FloatArray) -> FloatArray:
    """Levels of quantiles, refused unless they ascend strictly within (0, 1).

    Parameters
    ----------
    levels : ndarray, shape (n_levels,)
        Probabilities. [-]

    Returns
    -------
    ndarray, shape (n_levels,)
        The same. [-]

    Raises
    ------
    ValueError
        If there is none, one lies outside (0, 1), or two do not ascend.
    """
    levels = np.asarray(levels, dtype=np.float64)
    if levels.ndim != 1 or levels.size == 0:
        message = f"levels have the shape {levels.shape}; give one row of at least one level"
        raise ValueError(message)
    outside = np.flatnonzero(~((levels > 0.0) & (levels < 1.0)))
    if outside.size:
        message = f"levels[{outside[0]}] = {levels[outside[0]]:g} is outside (0, 1); give probabilities, not percent"
        raise ValueError(message)
    back = np.flatnonzero(np.diff(levels) <= 0.0)
    if back.size:
        first, second = levels[back[0]], levels[back[0] + 1]
        message = f"levels[{back[0] + 1}] = {second:g} does not lie above {first:g} before it; sort them, each once"
        raise ValueError(message)
    return levels


def checked_symmetric_levels(levels: FloatArray) -> FloatArray:
    """Levels of quantiles that come in pairs around one half, such as 0.05 and 0.95; else refused.

    Parameters
    ----------
    levels : ndarray, shape (n_levels,)
        Probabilities, at least two. [-]

    Returns
    -------
    ndarray, shape (n_levels,)
        The same. [-]

    Raises
    ------
    ValueError
        If a level has no partner, or as for `checked_levels`.
    """
    levels = checked_levels(levels)
    alone = np.flatnonzero(np.abs(levels + levels[::-1] - 1.0) > 1e-9)
    if levels.size < 2 or alone.size:
        first = levels[alone[0]] if alone.size else levels[0]
        message = f"level {first:g} has no partner at {1.0 - first:g}; give levels in pairs around 0.5"
        raise ValueError(message)
    return levels


def checked_quantiles(levels: FloatArray, quantiles: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Levels and the quantiles at them, refused where they do not fit or where quantiles cross.

    Parameters
    ----------
    levels : ndarray, shape (n_levels,)
        Probabilities, at least two. [-]
    quantiles : ndarray, shape (..., n_levels)
        One distribution a row, in units of the forecast; NaN where there is none.

    Returns
    -------
    tuple of ndarray
        The same two.

    Raises
    ------
    ValueError
        If their lengths differ, there are fewer than two levels, or a row falls.
    """
    levels = checked_levels(levels)
    quantiles = np.asarray(quantiles, dtype=np.float64)
    if levels.size < 2 or quantiles.shape[-1:] != levels.shape:
        message = (
            f"quantiles have the shape {quantiles.shape} for {levels.size} levels; give one quantile a level, >= 2"
        )
        raise ValueError(message)
    falls = np.any(np.diff(quantiles, axis=-1) < 0.0, axis=-1)
    if np.any(falls):
        rows = np.flatnonzero(falls)
        message = f"quantiles cross in {rows.size} of {falls.size} rows, first in row {rows[0]}; sort each row"
        raise ValueError(message)
    return levels, quantiles


def quantiles_at(levels: FloatArray, quantiles: FloatArray, at: FloatArray) -> FloatArray:
    """Quantiles at other levels than the given ones.

    Parameters
    ----------
    levels : ndarray, shape (n_levels,)
        Probabilities of the given quantiles. [-]
    quantiles : ndarray, shape (..., n_levels)
        One distribution a row, ascending, in units of the forecast.
    at : ndarray, shape (n_at,)
        Probabilities asked for, within (0, 1), in any order. [-]

    Returns
    -------
    ndarray, shape (..., n_at)
        Quantiles, in units of the forecast; the given ones exactly where their levels are asked for.

    Raises
    ------
    ValueError
        If a level lies outside (0, 1), or quantiles do not fit or cross.

    Examples
    --------
    >>> quantiles_at(np.array([0.25, 0.5, 0.75]), np.array([10.0, 20.0, 40.0]), np.array([0.125, 0.5, 0.65]))
    array([ 0., 20., 32.])
    """
    levels, quantiles = checked_quantiles(levels, quantiles)
    at = np.asarray(at, dtype=np.float64)
    if not np.all((at > 0.0) & (at < 1.0)):
        message = f"levels between {np.min(at):g} and {np.max(at):g} are asked for; each must lie inside (0, 1)"
        raise ValueError(message)
    place = np.clip(np.searchsorted(levels, at, side="right") - 1, 0, levels.size - 2)
    weight = (at - levels[place]) / (levels[place + 1] - levels[place])
    found = quantiles[..., place] * (1.0 - weight) + quantiles[..., place + 1] * weight
    low, high = at < levels[0], at > levels[-1]
    if np.any(low):
        reach = np.log(levels[0] / at[low]) / np.log(levels[1] / levels[0])
        found[..., low] = quantiles[..., :1] - (quantiles[..., 1:2] - quantiles[..., :1]) * reach
    if np.any(high):
        reach = np.log((1.0 - levels[-1]) / (1.0 - at[high])) / np.log((1.0 - levels[-2]) / (1.0 - levels[-1]))
        found[..., high] = quantiles[..., -1:] + (quantiles[..., -1:] - quantiles[..., -2:-1]) * reach
    return found


def pit(values: FloatArray, levels: FloatArray, quantiles: FloatArray) -> FloatArray:
    """Probability integral transform: the level at which each forecast distribution put what came.

    Of a calibrated forecast they are uniform. Nothing is drawn: a value on which several quantiles lie (a night's zero,
    a price at its cap) gets the middle of their levels.

    Parameters
    ----------
    values : ndarray, shape (...)
        What came, in units of the forecast; NaN where unknown.
    levels : ndarray, shape (n_levels,)
        Probabilities of the quantiles. [-]
    quantiles : ndarray, shape (..., n_levels)
        One distribution for each value, ascending.

    Returns
    -------
    ndarray, shape (...)
        Levels in [0, 1], NaN where the value or its distribution is unknown. [-]

    Raises
    ------
    ValueError
        If the shapes do not fit or quantiles cross.

    References
    ----------
    .. [1] T. Gneiting, F. Balabdaoui, A. E. Raftery, "Probabilistic forecasts, calibration and sharpness", J. R. Stat.
       Soc. B 69 (2007), section 3.1.

    Examples
    --------
    >>> pit(np.array([15.0, 20.0]), np.array([0.25, 0.5, 0.75]), np.array([[10.0, 20.0, 40.0], [20.0, 20.0, 40.0]]))
    array([0.375, 0.375])
    """
    levels, quantiles = checked_quantiles(levels, quantiles)
    values = np.asarray(values, dtype=np.float64)
    if quantiles.shape[:-1] != values.shape:
        message = f"values have the shape {values.shape}, quantiles {quantiles.shape}; give each value a row of them"
        raise ValueError(message)
    known = ~np.isnan(values) & ~np.any(np.isnan(quantiles), axis=-1)
    found = np.full(values.shape, np.nan)
    if np.any(known):
        found[known] = _levels_of(values[known], levels, quantiles[known])
    return found


def _levels_of(values: FloatArray, levels: FloatArray, quantiles: FloatArray) -> FloatArray:
    """Levels of known values, shape (n_times,), in ascending quantiles, shape (n_times, n_levels)."""
    column, row = values[:, None], np.arange(values.size)
    n_below = np.count_nonzero(quantiles < column, axis=1)
    n_upto = np.count_nonzero(quantiles <= column, axis=1)
    last = levels.size - 1
    place = np.clip(n_below - 1, 0, last - 1)
    left, right = quantiles[row, place], quantiles[row, place + 1]
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):  # in cases that are not taken
        inside = levels[place] + (values - left) * (levels[place + 1] - levels[place]) / (right - left)
        low = levels[0] * (levels[0] / levels[1]) ** ((quantiles[:, 0] - values) / (right - left))
        thinner = (1.0 - levels[-1]) / (1.0 - levels[-2])
        high = 1.0 - (1.0 - levels[-1]) * thinner ** ((values - quantiles[:, -1]) / (right - left))
    tied = 0.5 * (levels[np.minimum(n_below, last)] + levels[np.maximum(n_upto - 1, 0)])
    cases = [n_upto > n_below, n_below == 0, n_below == levels.size]
    return np.select(cases, [tied, low, high], default=inside)
