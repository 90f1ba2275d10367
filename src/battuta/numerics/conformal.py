"""Intervals that learn from their misses: after days that fell outside too often they ask for wider quantiles.

Adaptive conformal inference moves the level that is looked up, not the forecast: where a band that should miss a tenth
of the time missed more, a smaller miss is asked of it on the next day. Its long-run coverage needs no assumption about
how prices come about, but that they seldom leave the widest band that the forecast's tails can give. What it cannot see
is on which side a band missed, or that a forecast is several times too narrow: `conformal_window` corrects both.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from battuta.numerics.arrays import FloatArray
from battuta.numerics.quantile_function import checked_symmetric_levels, quantiles_at

# An asked miss of zero would be an infinite band; with this level it is a very wide one.
LEVEL_MIN = 1e-6


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class AdaptiveLevels:
    """What has been learned so far; `adaptive_levels` begins, `aci_step` learns, `adapted` applies.

    Attributes
    ----------
    levels : ndarray, shape (n_levels,)
        Probabilities of the quantiles, in pairs around one half. [-]
    asked : ndarray, shape (n_pairs,)
        Share of values that is asked to miss each pair's band now, widest band first, in [0, 1]. [-]
    rate : float
        How far a day in which all slots miss moves it. [-]
    """

    levels: FloatArray
    asked: FloatArray
    rate: float

    def nominal(self) -> FloatArray:
        """Share of values that should miss each pair's band, shape (n_pairs,). [-]"""
        return 2.0 * self.levels[: self.levels.size // 2]

    def looked_up(self) -> FloatArray:
        """Levels at which the forecast is looked up for each level now, shape (n_levels,). [-]

        Each pair learns by itself, so a pair can come to ask for a wider band than its outer neighbour.
        """
        n_pairs = self.asked.size
        inward = np.clip(0.5 * self.asked, LEVEL_MIN, 0.5) - self.levels[:n_pairs]
        moved = self.levels.copy()
        moved[:n_pairs] += inward
        moved[-n_pairs:] -= inward[::-1]
        return moved


def adaptive_levels(levels: FloatArray, rate: float) -> AdaptiveLevels:
    """Begin with the levels as they are.

    Parameters
    ----------
    levels : ndarray, shape (n_levels,)
        Probabilities of the quantiles, in pairs around one half. [-]
    rate : float
        Step of learning, above 0 and at most 1; 0.005 to 0.05 is usual. Quick steps follow a drift and tremble. [-]

    Returns
    -------
    AdaptiveLevels
        A state that changes no forecast yet.

    Raises
    ------
    ValueError
        If a level has no partner or the rate is outside (0, 1].

    Examples
    --------
    >>> adaptive_levels(np.array([0.05, 0.25, 0.5, 0.75, 0.95]), 0.02).asked
    array([0.1, 0.5])
    """
    if not 0.0 < rate <= 1.0:
        message = f"rate = {rate:g} is outside (0, 1]; 0.005 to 0.05 is usual"
        raise ValueError(message)
    levels = checked_symmetric_levels(levels)
    return AdaptiveLevels(levels=levels, asked=2.0 * levels[: levels.size // 2], rate=rate)


def adapted(state: AdaptiveLevels, quantiles: FloatArray) -> FloatArray:
    """Quantiles as what has been learned would have them.

    Parameters
    ----------
    state : AdaptiveLevels
        What has been learned from the days before.
    quantiles : ndarray, shape (n_slots, n_levels)
        Forecast of the day, each row ascending; a row with a gap is no forecast.

    Returns
    -------
    ndarray, shape (n_slots, n_levels)
        Corrected quantiles at the same nominal levels, each row ascending, NaN where there was no forecast.

    Raises
    ------
    ValueError
        If quantiles do not fit the levels, or cross.
    """
    found = np.sort(quantiles_at(state.levels, quantiles, state.looked_up()), axis=-1)
    found[np.any(np.isnan(quantiles), axis=-1)] = np.nan
    return found


def aci_step(state: AdaptiveLevels, quantiles: FloatArray, values: FloatArray) -> AdaptiveLevels:
    """Learn from one day: each pair of levels from the share of the day's values that missed its band.

    Parameters
    ----------
    state : AdaptiveLevels
        What was known when the day was forecast.
    quantiles : ndarray, shape (n_slots, n_levels)
        Forecast of the day before `adapted` changed it.
    values : ndarray, shape (n_slots,)
        What came; NaN where unknown.

    Returns
    -------
    AdaptiveLevels
        The next state; the same one where no slot has both a value and a forecast.

    Raises
    ------
    ValueError
        If the shapes do not fit, or quantiles cross.

    References
    ----------
    .. [1] I. Gibbs, E. Candes, "Adaptive conformal inference under distribution shift", NeurIPS 34 (2021), equation 2.

    Examples
    --------
    >>> state = adaptive_levels(np.array([0.25, 0.75]), 0.1)
    >>> band = np.array([[10.0, 20.0], [10.0, 20.0]])
    >>> aci_step(state, band, np.array([25.0, 9.0])).asked
    array([0.45])
    >>> adapted(aci_step(state, band, np.array([25.0, 9.0])), band[:1])
    array([[ 9.041, 20.959]])
    """
    if values.shape != quantiles.shape[:1] or np.any(np.isinf(values)):
        message = f"values {values.shape} do not fit quantiles {quantiles.shape}; give each slot one number or NaN"
        raise ValueError(message)
    known = ~np.isnan(values) & ~np.any(np.isnan(quantiles), axis=-1)
    bands = quantiles_at(state.levels, quantiles[known], state.looked_up())
    if bands.shape[0] == 0:
        return state
    came, n_pairs = values[known, None], state.asked.size
    missed = (came < bands[:, :n_pairs]) | (came > bands[:, ::-1][:, :n_pairs])
    asked = state.asked + state.rate * (state.nominal() - np.mean(missed, axis=0))
    return replace(state, asked=np.clip(asked, 0.0, 1.0))
