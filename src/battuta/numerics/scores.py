"""How good a forecast was: errors of its points, losses of its quantiles, coverage of its intervals.

Scores are written so that less is better; a number that is missing on either side leaves its interval out of the mean,
and `n_left_out` says of how many that is true. A score over no interval at all is refused.
"""

from __future__ import annotations

import numpy as np

from battuta.numerics.arrays import BoolArray, FloatArray
from battuta.numerics.quantile_function import checked_levels


def mae(values: FloatArray, forecast: FloatArray) -> float:
    """Mean absolute error.

    Parameters
    ----------
    values : ndarray, any shape
        What came; NaN where unknown.
    forecast : ndarray, shape of `values`
        What was forecast, in the same unit; NaN where there was none.

    Returns
    -------
    float
        Mean over the intervals that have both, in the unit of the values.

    Raises
    ------
    ValueError
        If the shapes differ, a number is infinite, or no interval has both.

    Examples
    --------
    >>> mae(np.array([30.0, 50.0, np.nan]), np.array([33.0, 49.0, 20.0]))
    2.0
    """
    came, said = _scored(values=values, forecast=forecast)
    return float(np.mean(np.abs(came - said)))


def rmse(values: FloatArray, forecast: FloatArray) -> float:
    """Root of the mean squared error, in the unit of the values; parameters and refusals as for `mae`.

    Examples
    --------
    >>> rmse(np.array([30.0, 50.0]), np.array([33.0, 46.0]))
    3.535
    """
    came, said = _scored(values=values, forecast=forecast)
    return float(np.sqrt(np.mean((came - said) ** 2)))


def smape(values: FloatArray, forecast: FloatArray) -> float:
    """Symmetric mean absolute percentage error, as a fraction: mean of 2 |a - f| / (|a| + |f|), at most 2.

    Parameters and refusals as for `mae`; an interval of which both are zero counts as no error.

    Returns
    -------
    float
        Mean relative error; papers print it times 100. [-]

    References
    ----------
    .. [1] J. Lago et al., "Forecasting day-ahead electricity prices", Applied Energy 293 (2021) 116983, section 5.4.1.

    Examples
    --------
    >>> smape(np.array([30.0, 0.0]), np.array([50.0, 0.0]))
    0.25
    """
    came, said = _scored(values=values, forecast=forecast)
    size = np.abs(came) + np.abs(said)
    return float(np.mean(2.0 * np.abs(came - said) / np.where(size > 0.0, size, 1.0)))


def rmae(values: FloatArray, forecast: FloatArray, naive: FloatArray) -> float:
    """Mean absolute error over that of a naive forecast on the same intervals.

    Parameters
    ----------
    values, forecast : ndarray, any shape
        As for `mae`.
    naive : ndarray, shape of `values`
        The forecast to beat, such as the values of a week ago.

    Returns
    -------
    float
        Below 1 where the forecast is better than the naive one. [-]

    Raises
    ------
    ValueError
        As for `mae`, and where the naive forecast is never wrong.

    Examples
    --------
    >>> rmae(np.array([30.0, 50.0]), np.array([33.0, 49.0]), np.array([26.0, 50.0]))
    1.0
    """
    came, said, simple = _scored(values=values, forecast=forecast, naive=naive)
    yardstick = float(np.mean(np.abs(came - simple)))
    if yardstick == 0.0:
        message = f"the naive forecast meets all {came.size} values; give one that is not made of the values themselves"
        raise ValueError(message)
    return float(np.mean(np.abs(came - said))) / yardstick


def n_left_out(*arrays: FloatArray) -> int:
    """Count the intervals that a score over these arrays of one shape leaves out, since a number is missing.

    Examples
    --------
    >>> n_left_out(np.array([30.0, 50.0, np.nan]), np.array([np.nan, 49.0, np.nan]))
    2
    """
    return int(np.count_nonzero(~_known(*arrays)))


def pinball_losses(values: FloatArray, levels: FloatArray, quantiles: FloatArray) -> FloatArray:
    """Pinball loss of each quantile: its distance to the value, times its level where it lies below, else 1 - level.

    Parameters
    ----------
    values : ndarray, shape (...)
        What came; NaN where unknown.
    levels : ndarray, shape (n_levels,)
        Probabilities of the quantiles, ascending within (0, 1). [-]
    quantiles : ndarray, shape (..., n_levels)
        One distribution for each value, in the same unit; NaN where there was none.

    Returns
    -------
    ndarray, shape (..., n_levels)
        Losses in the unit of the values, NaN in all levels of an interval of which a number is missing.

    Raises
    ------
    ValueError
        If the shapes or the levels do not fit.

    References
    ----------
    .. [1] R. Koenker, G. Bassett, "Regression quantiles", Econometrica 46 (1978).
    """
    levels = checked_levels(levels)
    values, quantiles = np.asarray(values, dtype=np.float64), np.asarray(quantiles, dtype=np.float64)
    if quantiles.shape != (*values.shape, levels.size):
        message = (
            f"values have the shape {values.shape}, quantiles {quantiles.shape}, there are {levels.size} levels; "
            "give each value a row with one quantile a level"
        )
        raise ValueError(message)
    short = values[..., None] - quantiles
    losses = np.maximum(levels * short, (levels - 1.0) * short)
    losses[np.any(np.isnan(losses), axis=-1)] = np.nan
    return losses


def pinball(values: FloatArray, levels: FloatArray, quantiles: FloatArray) -> float:
    """Mean pinball loss over intervals and levels, in the unit of the values; parameters as for `pinball_losses`.

    Raises
    ------
    ValueError
        If shapes or levels do not fit, a number is infinite, or no interval is complete.

    Examples
    --------
    >>> pinball(np.array([50.0]), np.array([0.1, 0.9]), np.array([[40.0, 70.0]]))
    1.5
    """
    (losses,) = _scored(losses=np.mean(pinball_losses(values, levels, quantiles), axis=-1))
    return float(np.mean(losses))


def crps_from_quantiles(values: FloatArray, levels: FloatArray, quantiles: FloatArray) -> float:
    """Continuous ranked probability score from quantiles: **twice** the mean pinball loss.

    With the factor 2 a point forecast, the same number at all levels, scores its mean absolute error. Several papers on
    electricity prices print the mean pinball loss, half of this, under the same name: ask which before comparing.

    Parameters
    ----------
    values, levels, quantiles : ndarray
        As for `pinball_losses`; the levels are evenly spaced over (0, 1), such as 0.01 to 0.99.

    Returns
    -------
    float
        Mean over the intervals of which no number is missing, in the unit of the values.

    Raises
    ------
    ValueError
        As for `pinball`, and if the levels do not spread evenly over (0, 1), where a plain mean is no integral.

    References
    ----------
    .. [1] F. Laio, S. Tamea, "Verification tools for probabilistic forecasts of continuous hydrological variables",
       Hydrol. Earth Syst. Sci. 11 (2007), equation 8.

    Examples
    --------
    >>> levels = np.arange(1, 100) / 100
    >>> crps_from_quantiles(np.array([50.0]), levels, np.full((1, 99), 47.0))
    3.0
    """
    levels = checked_levels(levels)
    gaps = np.diff(levels, prepend=0.0, append=1.0)
    step = float(gaps[1]) if levels.size > 1 else 0.5
    if np.any(np.abs(gaps[1:-1] - step) > 1e-9) or max(gaps[0], gaps[-1]) > step + 1e-9:
        message = f"{levels.size} levels from {levels[0]:g} to {levels[-1]:g} do not spread evenly over (0, 1)"
        raise ValueError(message)
    return 2.0 * pinball(values, levels, quantiles)


def coverage(lower: FloatArray, upper: FloatArray, values: FloatArray) -> float:
    """Share of the values that lie within their interval, ends included.

    Parameters
    ----------
    lower, upper : ndarray, any shape
        Ends of the intervals; NaN where there was none.
    values : ndarray, shape of `lower`
        What came; NaN where unknown.

    Returns
    -------
    float
        Share in [0, 1]. [-]

    Raises
    ------
    ValueError
        As for `mae`, and where a lower end lies above its upper one.

    Examples
    --------
    >>> coverage(np.array([1.0, 1.0]), np.array([3.0, 3.0]), np.array([3.0, 4.0]))
    0.5
    """
    low, high, came = _intervals(lower, upper, values)
    return float(np.mean((low <= came) & (came <= high)))


def winkler(lower: FloatArray, upper: FloatArray, values: FloatArray, nominal: float) -> float:
    """Mean interval score of Winkler: width, and beyond an end the distance to it times 2 / (1 - nominal).

    Parameters
    ----------
    lower, upper, values : ndarray, any shape
        As for `coverage`.
    nominal : float
        Share that the intervals are meant to cover, such as 0.9, within (0, 1). [-]

    Returns
    -------
    float
        Mean score in the unit of the values.

    Raises
    ------
    ValueError
        As for `coverage`, and if `nominal` lies outside (0, 1).

    References
    ----------
    .. [1] T. Gneiting, A. E. Raftery, "Strictly proper scoring rules, prediction, and estimation", J. Am. Stat. Assoc.
       102 (2007), equation 43.

    Examples
    --------
    >>> winkler(np.array([1.0, 1.0]), np.array([3.0, 3.0]), np.array([3.0, 4.0]), 0.9)
    12.0
    """
    if not 0.0 < nominal < 1.0:
        message = f"nominal = {nominal:g} is outside (0, 1); give the share that the intervals are meant to cover"
        raise ValueError(message)
    low, high, came = _intervals(lower, upper, values)
    beyond = np.maximum(low - came, 0.0) + np.maximum(came - high, 0.0)
    return float(np.mean(high - low + 2.0 / (1.0 - nominal) * beyond))


def _known(*arrays: FloatArray) -> BoolArray:
    return ~np.any([np.isnan(each) for each in arrays], axis=0)


def _scored(**arrays: FloatArray) -> list[FloatArray]:
    """Numbers of the intervals that have all of them, each shape (n_scored,)."""
    given = {name: np.asarray(each, dtype=np.float64) for name, each in arrays.items()}
    if len({each.shape for each in given.values()}) > 1:
        shapes = ", ".join(f"{name} {each.shape}" for name, each in given.items())
        message = f"shapes differ: {shapes}; lay the forecast on the intervals of the values"
        raise ValueError(message)
    for name, each in given.items():
        if np.any(np.isinf(each)):
            message = f"{name} holds {np.count_nonzero(np.isinf(each))} infinite numbers; NaN says that one is missing"
            raise ValueError(message)
    known = _known(*given.values())
    if not np.any(known):
        message = f"none of {known.size} intervals has all of {', '.join(given)}; there is nothing to score"
        raise ValueError(message)
    return [each[known] for each in given.values()]


def _intervals(lower: FloatArray, upper: FloatArray, values: FloatArray) -> list[FloatArray]:
    scored = _scored(lower=lower, upper=upper, values=values)
    crossed = np.count_nonzero(scored[0] > scored[1])
    if crossed:
        message = f"{crossed} of {scored[0].size} intervals end below their start; sort the quantiles"
        raise ValueError(message)
    return scored
