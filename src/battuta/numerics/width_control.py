"""A band that missed too often is made wider, one that missed too seldom narrower, a little each day.

Each symmetric pair of levels has a width of its own, a factor on its distance from the median. What the day's values
miss moves the factor, pooled over the slots of the day: conformal prediction under drift, with the width in place of
the level as what adapts.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from battuta.numerics.arrays import FloatArray
from battuta.numerics.quantile_function import checked_symmetric_levels


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class WidthControl:
    """What was learned so far.

    Attributes
    ----------
    levels : ndarray, shape (n_levels,)
        Levels of the quantiles, in pairs around one half, which is among them. [-]
    log_width : ndarray, shape (n_levels,)
        Logarithm of the factor on each distance from the median. [-]
    rate : float
        Step of learning. [-]
    """

    levels: FloatArray
    log_width: FloatArray
    rate: float


def width_control(levels: FloatArray, rate: float) -> WidthControl:
    """Begin with the widths as they are.

    Parameters
    ----------
    levels : ndarray, shape (n_levels,)
        Levels in pairs around one half, which is among them. [-]
    rate : float
        Step of learning, above 0; 0.01 to 0.05 is usual. [-]

    Returns
    -------
    WidthControl
        A state that changes no forecast yet.

    Raises
    ------
    ValueError
        If a level has no partner, one half is not among them, or the rate is not above 0.
    """
    levels = checked_symmetric_levels(levels)
    if levels.size % 2 == 0 or rate <= 0.0:
        message = f"{levels.size} levels, rate {rate:g}: give an odd number of levels, and a rate above 0"
        raise ValueError(message)
    return WidthControl(levels=levels, log_width=np.zeros(levels.size), rate=rate)


def controlled(state: WidthControl, quantiles: FloatArray) -> FloatArray:
    """Quantiles with the widths that have been learned.

    Parameters
    ----------
    state : WidthControl
        What has been learned from the days before.
    quantiles : ndarray, shape (n_slots, n_levels)
        Forecast of the day, each row ascending.

    Returns
    -------
    ndarray, shape (n_slots, n_levels)
        The same around the same medians, each row ascending.
    """
    median = quantiles[:, [state.levels.size // 2]]
    return np.sort(median + (quantiles - median) * np.exp(state.log_width), axis=1)


def control_step(state: WidthControl, quantiles: FloatArray, values: FloatArray) -> WidthControl:
    """Learn from one day.

    Parameters
    ----------
    state : WidthControl
        What was known when the day was forecast.
    quantiles : ndarray, shape (n_slots, n_levels)
        What `controlled` gave for the day.
    values : ndarray, shape (n_slots,)
        What came; NaN where unknown.

    Returns
    -------
    WidthControl
        The next state; the same one where nothing is known.

    References
    ----------
    .. [1] I. Gibbs, E. Candes, "Adaptive conformal inference under distribution shift", NeurIPS 34 (2021).
    .. [2] A. Angelopoulos, E. Candes, R. Tibshirani, "Conformal PID control for time series prediction", NeurIPS 36
       (2023), section 2.1.

    Examples
    --------
    >>> state = width_control(np.array([0.1, 0.5, 0.9]), 0.03)
    >>> wider = control_step(state, np.array([[10.0, 20.0, 30.0]]), np.array([35.0]))
    >>> controlled(wider, np.array([[10.0, 20.0, 30.0]])).round(2)
    array([[ 9.59, 20.  , 30.41]])
    """
    is_known = np.isfinite(values)
    if not is_known.any():
        return state
    came, bands = values[is_known, None], quantiles[is_known]
    below: FloatArray = np.mean(came < bands, axis=0)
    above: FloatArray = np.mean(came > bands, axis=0)
    one_side: FloatArray = np.where(state.levels < 0.5, below, above)
    missed: FloatArray = 0.5 * (one_side + one_side[::-1])
    tail = np.minimum(state.levels, 1.0 - state.levels)
    moved: FloatArray = state.log_width + state.rate * (missed - tail) / np.sqrt(tail * (1.0 - tail))
    moved[state.levels.size // 2] = 0.0
    return replace(state, log_width=moved)
