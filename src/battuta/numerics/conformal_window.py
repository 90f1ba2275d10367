"""Quantiles moved by what the last days showed: where values lay above a quantile too often, it is raised.

Each quantile is compared with what came on each of the last days; the correction is the one that would have put just
the right share of them below it. That is conformalized quantile regression, each level by itself, in a rolling window.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from battuta.numerics.arrays import BoolArray, FloatArray, IntArray
from battuta.numerics.quantile_function import checked_quantiles, checked_symmetric_levels

# The forecast's own spread is the width of its band between these levels, or the nearest it has.
_SPREAD_LEVELS = (0.1, 0.9)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class ScoreWindow:
    """Scores of the last days; `score_window` begins, `window_step` learns, `corrected` applies.

    Attributes
    ----------
    levels : ndarray, shape (n_levels,)
        Probabilities of the quantiles, in pairs around one half. [-]
    scores : ndarray, shape (n_days_max, n_slots, n_levels)
        What came minus the quantile, in units of the forecast or of its spread; NaN where no day is known yet. A slot's
        days lie in a ring: the newest takes the place of the oldest.
    n_days : ndarray, shape (n_slots,)
        Days learned from, those that have left the window among them.
    n_days_min : int
        Days before anything is corrected.
    is_scaled : bool
        Whether scores are in units of the forecast's own spread.
    is_pooled : bool
        Whether all slots share one correction.
    """

    levels: FloatArray
    scores: FloatArray
    n_days: IntArray
    n_days_min: int
    is_scaled: bool
    is_pooled: bool

    def corrections(self) -> FloatArray:
        """What is added to each quantile, in units of the scores; 0 before enough is known.

        Returns
        -------
        ndarray, shape (n_slots, n_levels)
            Corrections; where the window is too short for a level, the most extreme score of it.
        """
        n_days_max, n_slots, n_levels = self.scores.shape
        if self.is_pooled:
            one = np.sort(self.scores.reshape(-1, 1, n_levels), axis=0)
            n_known = np.sum(np.minimum(self.n_days, n_days_max), keepdims=True)
            found = np.repeat(_of_rank(one, n_known, self.levels), n_slots, axis=0)
            enough = np.full(n_slots, np.max(self.n_days) >= self.n_days_min)
        else:
            found = _of_rank(np.sort(self.scores, axis=0), np.minimum(self.n_days, n_days_max), self.levels)
            enough = self.n_days >= self.n_days_min
        return np.where(enough[:, None], found, 0.0)


def score_window(
    levels: FloatArray,
    n_slots: int,
    *,
    n_days_max: int,
    n_days_min: int,
    is_scaled: bool = False,
    is_pooled: bool = False,
) -> ScoreWindow:
    """Begin with an empty window.

    Parameters
    ----------
    levels : ndarray, shape (n_levels,)
        Probabilities of the quantiles, in pairs around one half. [-]
    n_slots : int
        Slots of a day.
    n_days_max : int
        Length of the window; a slot on its own sees a level of 0.01 only over 99 days or more.
    n_days_min : int
        Days to learn from before anything is corrected.
    is_scaled : bool
        Measure scores in the forecast's own spread, the width of its band from level 0.1 to 0.9: a correction learned
        on calm days then grows on wild ones. A forecast without spread (PV at night) teaches nothing and stays.
    is_pooled : bool
        Let all slots share one correction: steadier, and right where slots differ in spread alone (see `is_scaled`).

    Returns
    -------
    ScoreWindow
        A state that changes no forecast yet.

    Raises
    ------
    ValueError
        If a level has no partner or a number is not 1 <= n_days_min <= n_days_max, n_slots >= 1.
    """
    levels = checked_symmetric_levels(levels)
    if not 1 <= n_days_min <= n_days_max or n_slots < 1:
        message = (
            f"n_days_min = {n_days_min}, n_days_max = {n_days_max}, n_slots = {n_slots}; "
            "give 1 <= n_days_min <= n_days_max and n_slots >= 1"
        )
        raise ValueError(message)
    return ScoreWindow(
        levels=levels, scores=np.full((n_days_max, n_slots, levels.size), np.nan),
        n_days=np.zeros(n_slots, dtype=np.int64), n_days_min=n_days_min, is_scaled=is_scaled, is_pooled=is_pooled,
    )  # fmt: skip


def corrected(state: ScoreWindow, quantiles: FloatArray) -> FloatArray:
    """Quantiles as the window would have them.

    Parameters
    ----------
    state : ScoreWindow
        Scores of the days before.
    quantiles : ndarray, shape (n_slots, n_levels)
        Forecast of the day, each row ascending; a row with a gap is no forecast.

    Returns
    -------
    ndarray, shape (n_slots, n_levels)
        Corrected quantiles, each row ascending, NaN where there was no forecast.

    Raises
    ------
    ValueError
        If quantiles do not fit the window, or cross.
    """
    quantiles = _fitting(state, quantiles)
    unit = _spread(state.levels, quantiles)[:, None] if state.is_scaled else 1.0
    found = np.sort(quantiles + state.corrections() * unit, axis=-1)
    found[np.any(np.isnan(quantiles), axis=-1)] = np.nan
    return found


def window_step(state: ScoreWindow, quantiles: FloatArray, values: FloatArray) -> ScoreWindow:
    """Learn from one day.

    Parameters
    ----------
    state : ScoreWindow
        Scores of the days before.
    quantiles : ndarray, shape (n_slots, n_levels)
        Forecast of the day before `corrected` changed it.
    values : ndarray, shape (n_slots,)
        What came; NaN where unknown.

    Returns
    -------
    ScoreWindow
        The next state. A slot without a value or a forecast keeps its scores; the same state where all are without.

    Raises
    ------
    ValueError
        If the shapes do not fit, or quantiles cross.

    References
    ----------
    .. [1] Y. Romano, E. Patterson, E. Candes, "Conformalized quantile regression", NeurIPS 32 (2019), section 4, the
       two ends each corrected by itself as in theorem 2.

    Examples
    --------
    >>> state = score_window(np.array([0.25, 0.75]), 1, n_days_max=7, n_days_min=1)
    >>> band = np.array([[10.0, 20.0]])
    >>> for value in (9.0, 15.0, 26.0):
    ...     state = window_step(state, band, np.array([value]))
    >>> corrected(state, band)
    array([[ 9., 26.]])
    """
    quantiles = _fitting(state, quantiles)
    if values.shape != quantiles.shape[:1] or np.any(np.isinf(values)):
        message = f"values {values.shape} do not fit quantiles {quantiles.shape}; give each slot one number or NaN"
        raise ValueError(message)
    known: BoolArray = ~np.isnan(values) & ~np.any(np.isnan(quantiles), axis=-1)
    if state.is_scaled:
        known &= _spread(state.levels, quantiles) > 0.0
    if not np.any(known):
        return state
    scores, n_days = state.scores.copy(), state.n_days.copy()
    newest = values[known, None] - quantiles[known]
    if state.is_scaled:
        newest /= _spread(state.levels, quantiles[known])[:, None]
    scores[n_days[known] % scores.shape[0], np.flatnonzero(known)] = newest
    n_days[known] += 1
    return replace(state, scores=scores, n_days=n_days)


def _fitting(state: ScoreWindow, quantiles: FloatArray) -> FloatArray:
    if quantiles.shape != state.scores.shape[1:]:
        message = f"quantiles {quantiles.shape} do not fit the window {state.scores.shape[1:]} of (n_slots, n_levels)"
        raise ValueError(message)
    return checked_quantiles(state.levels, quantiles)[1]


def _spread(levels: FloatArray, quantiles: FloatArray) -> FloatArray:
    """Width of the band that stands for the spread of each row, shape (n_slots,)."""
    low, high = (int(np.argmin(np.abs(levels - level))) for level in _SPREAD_LEVELS)
    return quantiles[:, high] - quantiles[:, low]


def _of_rank(ascending: FloatArray, n_known: IntArray, levels: FloatArray) -> FloatArray:
    """Score below which the share of each level lies, rounded away from the middle, shape (n_slots, n_levels).

    Of n scores and one more to come, any of the n + 1 places is as likely: the level's place among them is
    (n + 1) level. `ascending`, shape (n_days, n_slots, n_levels), has NaN at the end.
    """
    place = (n_known[:, None] + 1) * levels
    floor, ceil = np.floor(place + 1e-9), np.ceil(place - 1e-9)
    outward = np.where(levels > 0.5, ceil, floor)
    inward = np.where(np.abs(levels - 0.5) < 1e-9, floor + ceil - outward, outward)  # the median has no outside
    last = np.maximum(n_known[:, None] - 1, 0)
    ranks = [np.clip(each.astype(np.int64) - 1, 0, last)[None] for each in (outward, inward)]
    low, high = (np.take_along_axis(ascending, each, axis=0)[0] for each in ranks)
    return 0.5 * (low + high)
