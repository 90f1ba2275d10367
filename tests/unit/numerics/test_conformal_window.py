"""Corrections from a window of days as a loop over slots and levels would find them."""

import math

import numpy as np
import pytest

from battuta.numerics.conformal_window import corrected, score_window, window_step

LEVELS = np.arange(1, 10) / 10
N_SLOTS = 6


def dataset(seed, n_days):
    """A forecast that is too low and too narrow, and what came; one value in ten unknown."""
    rng = np.random.default_rng(seed)
    quantiles = np.sort(rng.normal(40.0, 8.0, (n_days, N_SLOTS, LEVELS.size)), axis=2)
    values = rng.normal(45.0, 15.0, (n_days, N_SLOTS))
    values[rng.random(values.shape) < 0.1] = np.nan
    return quantiles, values


def twin(quantiles, values, new, *, n_days_max, is_scaled, is_pooled):
    """By the definition: sorted past scores of each slot and level, rank (n + 1) level, away from the middle."""
    result = np.empty(new.shape)
    for slot in range(N_SLOTS):
        for column, level in enumerate(LEVELS):
            scores = []
            for each in range(N_SLOTS) if is_pooled else [slot]:
                days = np.flatnonzero(~np.isnan(values[:, each]))[-n_days_max:]
                width = quantiles[days, each, 8] - quantiles[days, each, 0] if is_scaled else 1.0
                scores.extend((values[days, each] - quantiles[days, each, column]) / width)
            place, n = (len(scores) + 1) * level, len(scores)
            down, up = math.floor(place + 1e-9), math.ceil(place - 1e-9)
            ranks = {True: (down, down), False: (up, up)}[level < 0.5] if level != 0.5 else (down, up)
            score = np.mean([sorted(scores)[min(max(rank, 1), n) - 1] for rank in ranks])
            result[slot, column] = new[slot, column] + score * (new[slot, 8] - new[slot, 0] if is_scaled else 1.0)
    return np.sort(result, axis=1)


@pytest.mark.parametrize("is_scaled", [False, True])
@pytest.mark.parametrize("is_pooled", [False, True])
@pytest.mark.parametrize("n_days", [3, 14, 60])
def test_it_is_its_twin(is_scaled, is_pooled, n_days):
    quantiles, values = dataset(n_days, n_days + 1)
    state = score_window(LEVELS, N_SLOTS, n_days_max=20, n_days_min=1, is_scaled=is_scaled, is_pooled=is_pooled)
    for day in range(n_days):
        state = window_step(state, quantiles[day], values[day])
    expected = twin(
        quantiles[:n_days], values[:n_days], quantiles[-1], n_days_max=20, is_scaled=is_scaled, is_pooled=is_pooled
    )
    np.testing.assert_allclose(corrected(state, quantiles[-1]), expected, rtol=1e-12)


def test_by_hand():
    # Of three scores and one to come a quarter lies below the first: -1 and +6 are what the ends lacked.
    state, band = score_window(np.array([0.25, 0.75]), 1, n_days_max=7, n_days_min=1), np.array([[10.0, 20.0]])
    for value in (9.0, 15.0, 26.0):
        state = window_step(state, band, np.array([value]))
    assert corrected(state, band).tolist() == [[9.0, 26.0]]


@pytest.mark.parametrize("is_pooled", [False, True])
def test_nothing_is_corrected_before_enough_days(is_pooled):
    quantiles, values = dataset(2, 12)
    values = np.nan_to_num(values, nan=45.0)
    state = score_window(LEVELS, N_SLOTS, n_days_max=20, n_days_min=10, is_pooled=is_pooled)
    for day in range(9):
        state = window_step(state, quantiles[day], values[day])
    assert np.array_equal(corrected(state, quantiles[-1]), quantiles[-1])
    assert not np.array_equal(corrected(window_step(state, quantiles[9], values[9]), quantiles[-1]), quantiles[-1])


def test_a_step_leaves_the_state_before_as_it_was():
    quantiles, values = dataset(3, 1)
    state = score_window(LEVELS, N_SLOTS, n_days_max=20, n_days_min=1)
    after = window_step(state, quantiles[0], values[0])
    assert np.isnan(state.scores).all()
    assert state.n_days.tolist() == [0] * N_SLOTS
    assert after.n_days.sum() == np.count_nonzero(~np.isnan(values[0]))


@pytest.mark.parametrize("is_scaled", [False, True])
def test_unknown_days_teach_nothing_and_gaps_stay_gaps(is_scaled):
    quantiles, _ = dataset(4, 1)
    state = score_window(LEVELS, N_SLOTS, n_days_max=20, n_days_min=1, is_scaled=is_scaled)
    assert window_step(state, quantiles[0], np.full(N_SLOTS, np.nan)) is state
    quantiles[0, 2, 4] = np.nan
    after = window_step(state, quantiles[0], np.full(N_SLOTS, 40.0))
    assert after.n_days.tolist() == [1, 1, 0, 1, 1, 1]
    assert np.flatnonzero(np.isnan(corrected(after, quantiles[0])).any(axis=1)).tolist() == [2]


def test_a_night_without_spread_is_left_alone_when_scaled():
    night = np.zeros((N_SLOTS, LEVELS.size))
    state = score_window(LEVELS, N_SLOTS, n_days_max=20, n_days_min=1, is_scaled=True, is_pooled=True)
    assert window_step(state, night, np.zeros(N_SLOTS)) is state
    quantiles, values = dataset(5, 1)
    state = window_step(state, quantiles[0], np.nan_to_num(values[0]))
    assert np.array_equal(corrected(state, night), night)


def test_what_does_not_fit_is_refused():
    for days in ({"n_days_max": 5, "n_days_min": 6}, {"n_days_max": 5, "n_days_min": 0}):
        with pytest.raises(ValueError, match="n_days_min <= n_days_max"):
            score_window(LEVELS, N_SLOTS, **days)
    with pytest.raises(ValueError, match="no partner"):
        score_window(LEVELS[1:], N_SLOTS, n_days_max=5, n_days_min=1)
    state = score_window(LEVELS, N_SLOTS, n_days_max=5, n_days_min=1)
    quantiles, values = dataset(6, 1)
    with pytest.raises(ValueError, match="do not fit the window"):
        corrected(state, quantiles[0, :5])
    with pytest.raises(ValueError, match="one number"):
        window_step(state, quantiles[0], values[0, :5])
    with pytest.raises(ValueError, match="one number"):
        window_step(state, quantiles[0], np.full(N_SLOTS, -np.inf))
    with pytest.raises(ValueError, match="cross"):
        corrected(state, quantiles[0, :, ::-1])
