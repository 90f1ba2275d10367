"""Several distributions for the same values become one: a mean of their quantiles, weighted level by level.

Each weight falls exponentially with the pinball loss that its distribution had before, forgotten over months, so that a
distribution which knows the tails counts there and one that knows the middle counts in the middle.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from battuta.numerics.arrays import FloatArray


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class QuantileMix:
    """What was learned so far.

    Attributes
    ----------
    levels : ndarray, shape (n_levels,)
        Levels of the quantiles. [-]
    loss : ndarray, shape (n_voices, n_levels)
        Discounted sum of daily mean pinball losses, in the unit of the values.
    half_life_days : float
        Days after which a loss counts half. [d]
    rate : float
        How sharply a weight falls: the loss that is 1 / `rate` of the mean above the best counts 1/e. [-]
    """

    levels: FloatArray
    loss: FloatArray
    half_life_days: float
    rate: float


def quantile_mix(levels: FloatArray, n_voices: int, half_life_days: float, rate: float) -> QuantileMix:
    """Begin with equal weights.

    Raises
    ------
    ValueError
        If there is no voice, or half-life or rate is not above 0.
    """
    if n_voices < 1 or half_life_days <= 0.0 or rate <= 0.0:
        message = f"{n_voices} voices, half-life {half_life_days:g} d, rate {rate:g}: give at least 1, and above 0 each"
        raise ValueError(message)
    loss = np.zeros((n_voices, levels.size))
    return QuantileMix(levels=levels, loss=loss, half_life_days=half_life_days, rate=rate)


def weights(state: QuantileMix) -> FloatArray:
    """Weight of each voice at each level, shape (n_voices, n_levels); they sum to one at each level. [-]"""
    best, mean = state.loss.min(axis=0), state.loss.mean(axis=0)
    behind: FloatArray = (state.loss - best) / np.maximum(mean, np.finfo(float).tiny)
    raw = np.exp(-state.rate * behind)
    return raw / raw.sum(axis=0)


def mixed(state: QuantileMix, voices: FloatArray) -> FloatArray:
    """Mean of the quantiles of all voices, by weight.

    Parameters
    ----------
    state : QuantileMix
        What has been learned from the days before.
    voices : ndarray, shape (n_voices, n_slots, n_levels)
        Quantiles by each voice, each row ascending.

    Returns
    -------
    ndarray, shape (n_slots, n_levels)
        One distribution per slot, each row ascending.
    """
    return np.sort((weights(state)[:, None, :] * voices).sum(axis=0), axis=1)


def mix_step(state: QuantileMix, voices: FloatArray, values: FloatArray) -> QuantileMix:
    """Learn from one day.

    Parameters
    ----------
    state : QuantileMix
        What was known when the day was forecast.
    voices : ndarray, shape (n_voices, n_slots, n_levels)
        What each voice said of the day.
    values : ndarray, shape (n_slots,)
        What came; NaN where unknown.

    Returns
    -------
    QuantileMix
        The next state; the same one where nothing is known.

    References
    ----------
    .. [1] J. Berrisch, F. Ziel, "CRPS learning", Journal of Econometrics 237 (2023) 105221.

    Examples
    --------
    >>> state = quantile_mix(np.array([0.5]), 2, half_life_days=60.0, rate=30.0)
    >>> state = mix_step(state, np.array([[[9.0]], [[13.0]]]), np.array([10.0]))
    >>> mixed(state, np.array([[[1.0]], [[2.0]]])).round(3)
    array([[1.]])
    """
    is_known = np.isfinite(values)
    if not is_known.any():
        return state
    missed = values[is_known][None, :, None] - voices[:, is_known]
    loss: FloatArray = np.maximum(state.levels * missed, (state.levels - 1.0) * missed).mean(axis=1)
    fade = 0.5 ** (1.0 / state.half_life_days)
    return replace(state, loss=fade * state.loss + loss)
