"""Scores are proper and keep their symmetries; conformal corrections cover what they promise, drift or not."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from battuta.numerics import scores
from battuta.numerics.conformal import aci_step, adapted, adaptive_levels
from battuta.numerics.conformal_window import corrected, score_window, window_step
from battuta.numerics.path_scores import crps_ensemble, joint_crps, variogram_score
from battuta.numerics.quantile_function import pit, quantiles_at

LEVELS = np.arange(1, 100) / 100
NUMBERS = st.floats(-500.0, 3000.0, allow_subnormal=False)


def days(n_times):
    return arrays(np.float64, (n_times,), elements=NUMBERS)


def rows(n_rows, n_levels):
    return arrays(np.float64, (n_rows, n_levels), elements=NUMBERS).map(lambda each: np.sort(each, axis=1))


@given(days(24), days(24), st.floats(0.1, 10.0))
def test_scores_scale_with_the_unit_and_smape_does_not(came, said, unit):
    assert scores.mae(unit * came, unit * said) == pytest.approx(unit * scores.mae(came, said), abs=1e-9)
    assert scores.rmse(came, said) >= scores.mae(came, said) - 1e-9
    assert 0.0 <= scores.smape(came, said) <= 2.0 + 1e-12
    assert scores.smape(said, came) == scores.smape(came, said)


@given(days(6), rows(6, 99))
def test_twice_the_pinball_loss_of_a_median_is_its_error(came, quantiles):
    medians = quantiles[:, 49]
    assert 2.0 * scores.pinball(came, np.array([0.5]), medians[:, None]) == pytest.approx(scores.mae(came, medians))
    assert scores.crps_from_quantiles(came, LEVELS, np.tile(came[:, None], 99)) == 0.0
    assert scores.crps_from_quantiles(came, LEVELS, quantiles) >= 0.0


@given(NUMBERS, arrays(np.float64, 9, elements=st.floats(0.01, 500.0)), st.floats(0.001, 0.999))
def test_the_level_of_a_quantile_is_its_level(start, gaps, level):
    levels, quantiles = np.arange(1, 10) / 10, start + np.cumsum(gaps)[None]
    assert pit(quantiles_at(levels, quantiles, np.array([level]))[0], levels, quantiles) == pytest.approx(level)


@given(rows(3, 9), arrays(np.float64, 20, elements=st.floats(1e-6, 1.0 - 1e-6)))
def test_quantiles_ascend_with_their_level(quantiles, at):
    assert np.all(np.diff(quantiles_at(np.arange(1, 10) / 10, quantiles, np.sort(at)), axis=1) >= -1e-9)


@given(arrays(np.float64, (5, 4), elements=NUMBERS), days(4), NUMBERS)
def test_path_scores_know_no_level_and_are_never_negative(paths, came, shift):
    for score in (joint_crps, variogram_score):
        assert score(paths, came) >= -1e-7
        assert score(paths + shift, came + shift) == pytest.approx(score(paths, came), rel=1e-4, abs=1e-3)
    assert joint_crps(paths[:, :1], came[:1]) == pytest.approx(crps_ensemble(paths, came)[0], abs=1e-9)


def drifting(seed, n_days, n_slots=24):
    """A normal forecast of one shape; what comes grows wilder, jumps and is skewed as the days pass."""
    rng = np.random.default_rng(seed)
    quantiles = np.sort(rng.normal(size=4000))[np.int64(LEVELS * 4000)]
    scale = np.linspace(0.8, 1.6, n_days) * np.where(np.arange(n_days) > n_days / 2, 1.2, 1.0)
    values = scale[:, None] * rng.gumbel(-0.3, 0.8, (n_days, n_slots))
    values[rng.random(values.shape) < 0.02] = np.nan
    return np.tile(10.0 * quantiles, (n_slots, 1)), 10.0 * values


def covered(issued, values, share):
    edge = round((1.0 - share) * 50) - 1
    return scores.coverage(issued[:, :, edge], issued[:, :, -1 - edge], values)


@pytest.mark.parametrize("seed", [0, 1])
def test_adaptive_levels_cover_what_they_promise_while_the_world_drifts(seed):
    n_days, rate = 1000, 0.05
    quantiles, values = drifting(seed, n_days)
    state, issued = adaptive_levels(LEVELS, rate), []
    for day in values:
        issued.append(adapted(state, quantiles))
        assert np.all(np.diff(issued[-1], axis=1) >= 0.0)
        state = aci_step(state, quantiles, day)
    issued = np.array(issued)
    assert covered(np.tile(quantiles, (n_days, 1, 1)), values, 0.9) < 0.85
    for share in (0.5, 0.8, 0.9, 0.98):
        # Gibbs and Candes (2021), proposition 4.1: no drift moves the mean further from what is promised.
        bound = (max(share, 1.0 - share) + rate) / (n_days * rate)
        assert abs(covered(issued, values, share) - share) < bound


@settings(max_examples=5)
@given(st.integers(0, 1000), st.booleans(), st.booleans())
def test_a_window_covers_each_level_of_a_world_that_stands_still(seed, is_scaled, is_pooled):
    rng = np.random.default_rng(seed)
    quantiles, _ = drifting(seed, 1)
    state = score_window(LEVELS, 24, n_days_max=120, n_days_min=20, is_scaled=is_scaled, is_pooled=is_pooled)
    below = []
    for day in range(320):
        values = 15.0 * rng.gumbel(0.5, 0.8, 24)
        issued = corrected(state, quantiles)
        assert np.all(np.diff(issued, axis=1) >= 0.0)
        if day >= 120:
            below.append(values[:, None] <= issued)
        state = window_step(state, quantiles, values)
    assert np.mean(below, axis=(0, 1)) == pytest.approx(LEVELS, abs=0.025)


@pytest.mark.parametrize("is_scaled", [False, True])
def test_a_window_shorter_than_a_drift_follows_it(is_scaled):
    quantiles, values = drifting(3, 1000)
    state = score_window(LEVELS, 24, n_days_max=60, n_days_min=20, is_scaled=is_scaled, is_pooled=True)
    issued = []
    for day in values:
        issued.append(corrected(state, quantiles))
        state = window_step(state, quantiles, day)
    issued = np.array(issued)
    for share in (0.5, 0.8, 0.9, 0.98):
        assert covered(issued[60:], values[60:], share) == pytest.approx(share, abs=0.015)
    low, high = (scores.coverage(np.full_like(values, -1e6), issued[:, :, edge], values) for edge in (4, 94))
    assert (low, high) == pytest.approx((0.05, 0.95), abs=0.015)  # skewed though the forecast is not


@given(rows(4, 99), arrays(np.float64, (6, 4), elements=NUMBERS), st.integers(0, 6))
def test_unknown_days_leave_every_state_as_it_is(quantiles, values, at):
    unknown = np.full(4, np.nan)
    levels, window = adaptive_levels(LEVELS, 0.05), score_window(LEVELS, 4, n_days_max=3, n_days_min=1)
    gapped_levels, gapped_window = levels, window
    for number, day in enumerate(np.insert(values, at, unknown, axis=0)):
        gapped_levels, gapped_window = (
            aci_step(gapped_levels, quantiles, day),
            window_step(gapped_window, quantiles, day),
        )
        if number != at:
            levels, window = aci_step(levels, quantiles, day), window_step(window, quantiles, day)
    assert np.array_equal(levels.asked, gapped_levels.asked)
    assert np.array_equal(corrected(window, quantiles), corrected(gapped_window, quantiles))
