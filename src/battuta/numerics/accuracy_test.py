"""Is one forecast better than another, or was it luck? The test of Diebold and Mariano on the losses of each day."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from battuta.numerics.arrays import FloatArray


@dataclass(frozen=True, slots=True, kw_only=True)
class AccuracyTest:
    """What the losses of two forecasts, a and b, say about which is better.

    Attributes
    ----------
    statistic : float
        Mean of loss a minus loss b over its standard error; positive where b is better. [-]
    p_value : float
        One-sided: how likely such a lead of b or a larger one is where both are equally good. Near 0, b is better; near
        1, a is. [-]
    difference : float
        Mean of loss a minus loss b, in the unit of the losses.
    n_days : int
        Days compared.
    n_left_out : int
        Days of which a loss is unknown.
    """

    statistic: float
    p_value: float
    difference: float
    n_days: int
    n_left_out: int


def daily_losses(values: FloatArray, forecast: FloatArray) -> FloatArray:
    """Mean absolute error of each day, the loss of the multivariate test.

    Parameters
    ----------
    values, forecast : ndarray, shape (n_days, n_slots)
        What came and what was forecast; NaN where unknown.

    Returns
    -------
    ndarray, shape (n_days,)
        Mean over the slots of the day, which is their L1 norm but for a factor that the test does not see; NaN where a
        slot is unknown, since a day of fewer slots has another loss.

    Raises
    ------
    ValueError
        If the shapes differ or are not two-dimensional.

    Examples
    --------
    >>> daily_losses(np.array([[1.0, 2.0], [3.0, np.nan]]), np.array([[2.0, 4.0], [3.0, 1.0]]))
    array([1.5, nan])
    """
    if values.shape != forecast.shape or values.ndim != 2:
        message = f"values have the shape {values.shape}, forecast {forecast.shape}; give both as (n_days, n_slots)"
        raise ValueError(message)
    return np.mean(np.abs(values - forecast), axis=1)


def diebold_mariano(loss_a: FloatArray, loss_b: FloatArray, horizon: int = 1) -> AccuracyTest:
    """Test whether forecast b has lower losses than forecast a, one number a day.

    With ``horizon=1`` the variance of the mean is that of the differences divided by their number, as in the published
    code of [2]_. Forecasts that reach over several days have errors that hang together: a larger horizon adds their
    autocovariances with falling weights [3]_, so that the variance stays positive.

    Parameters
    ----------
    loss_a, loss_b : ndarray, shape (n_days,)
        Losses of the same days, such as `daily_losses`; NaN where unknown.
    horizon : int
        Days that the forecasts reach ahead. [day]

    Returns
    -------
    AccuracyTest
        Statistic and one-sided p-value of the normal distribution.

    Raises
    ------
    ValueError
        If the shapes differ, too few days have both losses, or the losses differ by the same amount on all days.

    References
    ----------
    .. [1] F. X. Diebold, R. S. Mariano, "Comparing predictive accuracy", J. Bus. Econ. Stat. 13 (1995).
    .. [2] J. Lago et al., "Forecasting day-ahead electricity prices", Applied Energy 293 (2021) 116983, section 5.5.
    .. [3] W. K. Newey, K. D. West, "A simple, positive semi-definite, heteroskedasticity and autocorrelation consistent
       covariance matrix", Econometrica 55 (1987).

    Examples
    --------
    >>> test = diebold_mariano(np.array([3.0, 5.0, 4.0, 4.0]), np.array([2.0, 3.0, 3.0, 4.0]))
    >>> test.statistic, test.p_value
    (2.828, 0.0023)
    """
    if loss_a.shape != loss_b.shape or loss_a.ndim != 1:
        message = f"loss_a has the shape {loss_a.shape}, loss_b {loss_b.shape}; give both as (n_days,)"
        raise ValueError(message)
    gap = loss_a - loss_b
    lead = gap[~np.isnan(gap)]
    if horizon < 1 or lead.size < max(2, horizon + 1):
        message = f"{lead.size} days with both losses are too few for a horizon of {horizon} (>= 1); give more"
        raise ValueError(message)
    mean = float(np.mean(lead))
    around = lead - mean
    variance = float(np.mean(around**2))
    for lag in range(1, horizon):
        variance += 2.0 * (1.0 - lag / horizon) * float(np.sum(around[lag:] * around[:-lag])) / lead.size
    if variance <= (1e-12 * max(float(np.max(np.abs(lead))), np.finfo(np.float64).tiny)) ** 2:
        message = (
            f"loss_a - loss_b is {mean:g} on all {lead.size} days; two forecasts that never differ cannot be ranked"
        )
        raise ValueError(message)
    statistic = mean / math.sqrt(variance / lead.size)
    p_value = 0.5 * math.erfc(statistic / math.sqrt(2.0))
    return AccuracyTest(
        statistic=statistic, p_value=p_value, difference=mean, n_days=lead.size, n_left_out=gap.size - lead.size
    )


def diebold_mariano_by_slot(loss_a: FloatArray, loss_b: FloatArray, horizon: int = 1) -> tuple[AccuracyTest, ...]:
    """Test each slot of the day on its own, as 24 markets of one price a day.

    Parameters
    ----------
    loss_a, loss_b : ndarray, shape (n_days, n_slots)
        Losses, such as absolute errors; NaN where unknown.
    horizon : int
        As for `diebold_mariano`. [day]

    Returns
    -------
    tuple of AccuracyTest, length n_slots
        One test a slot. They are not corrected for being many: of 24 slots of two equal forecasts one or so looks
        better at 5 %.

    Raises
    ------
    ValueError
        As for `diebold_mariano`.

    Examples
    --------
    >>> loss_a, loss_b = np.array([[3.0, 1.0], [5.0, 0.0]]), np.array([[2.0, 2.0], [3.0, 2.0]])
    >>> [test.difference for test in diebold_mariano_by_slot(loss_a, loss_b)]
    [1.5, -1.5]
    """
    if loss_a.shape != loss_b.shape or loss_a.ndim != 2:
        message = f"loss_a has the shape {loss_a.shape}, loss_b {loss_b.shape}; give both as (n_days, n_slots)"
        raise ValueError(message)
    return tuple(diebold_mariano(a, b, horizon) for a, b in zip(loss_a.T, loss_b.T, strict=True))
