"""The mix leans to the voice that was right, level by level, forgets, and keeps its quantiles in order."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from battuta.numerics.quantile_mix import mix_step, mixed, quantile_mix, weights

LEVELS = np.arange(1, 100) / 100.0
NORMAL = np.quantile(np.random.default_rng(0).normal(size=100_000), LEVELS)


def taught(voices, values):
    state = quantile_mix(LEVELS, voices.shape[0], 60.0, 30.0)
    for day in values:
        state = mix_step(state, voices, day)
    return state


def voices_of(*scales):
    return np.array([np.tile(scale * NORMAL, (24, 1)) for scale in scales])


def test_nobody_has_spoken_yet_so_all_count_alike():
    np.testing.assert_allclose(weights(quantile_mix(LEVELS, 3, 60.0, 30.0)), 1.0 / 3.0)


def test_the_voice_with_the_right_width_wins_and_the_mix_scores_like_it():
    voices = voices_of(1.0, 3.0)
    state = taught(voices, np.random.default_rng(1).normal(size=(100, 24)))
    assert weights(state)[0, [4, 94]].min() > 0.95
    assert np.abs(mixed(state, voices) - voices[0]).max() < 0.2


def test_a_voice_may_count_in_one_tail_alone():
    skewed = np.where(LEVELS > 0.5, 1.0, 4.0) * NORMAL
    voices = np.array([np.tile(each, (24, 1)) for each in (skewed, -skewed[::-1])])
    state = taught(voices, np.random.default_rng(2).normal(size=(100, 24)))
    assert weights(state)[0, 94] > 0.95
    assert weights(state)[0, 4] < 0.05


def test_what_was_long_ago_is_forgotten():
    rng, voices = np.random.default_rng(3), voices_of(1.0, 3.0)
    state = taught(voices, rng.normal(size=(100, 24)))
    for day in 3.0 * rng.normal(size=(300, 24)):
        state = mix_step(state, voices, day)
    assert weights(state)[1, 94] > 0.9


@given(st.lists(st.floats(-50.0, 50.0), min_size=24, max_size=24), st.integers(0, 2**32 - 1))
def test_a_mix_is_ascending_and_between_its_voices(values, seed):
    voices = np.sort(np.random.default_rng(seed).normal(size=(3, 24, 99)), axis=2)
    state = mix_step(quantile_mix(LEVELS, 3, 60.0, 30.0), voices, np.array(values))
    both = mixed(state, voices)
    assert np.all(np.diff(both, axis=1) >= 0.0)
    assert np.all(both >= voices.min(axis=0) - 1e-12)
    assert np.all(both <= voices.max(axis=0) + 1e-12)


def test_unknown_values_teach_nothing():
    state = quantile_mix(LEVELS, 2, 60.0, 30.0)
    assert mix_step(state, voices_of(1.0, 2.0), np.full(24, np.nan)) is state


@pytest.mark.parametrize(("n_voices", "half_life_days", "rate"), [(0, 60.0, 30.0), (2, 0.0, 30.0), (2, 60.0, 0.0)])
def test_what_cannot_be_mixed_is_refused(n_voices, half_life_days, rate):
    with pytest.raises(ValueError, match="voices"):
        quantile_mix(LEVELS, n_voices, half_life_days, rate)
