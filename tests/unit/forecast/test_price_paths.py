"""Courses keep the distribution of each slot to the last digit, and the hours move together as they did."""

from statistics import NormalDist

import numpy as np
import pytest

from battuta.domain.forecast import percent_levels
from battuta.forecast.price_paths import PastRanks, draw_paths, normal_scores, slot_correlation
from battuta.numerics.path_scores import joint_crps, variogram_score
from battuta.numerics.quantile_function import quantiles_at

LEVELS = percent_levels()
NORMAL = np.array([NormalDist().inv_cdf(float(level)) for level in LEVELS])
N_PATHS = 200


def forecast(n_slots=24):
    """A day whose evening is dear and uncertain."""
    hour = np.arange(n_slots) * 24.0 / n_slots
    return 50.0 + 20.0 * np.sin((hour - 12.0) * np.pi / 12.0)[:, None] + (4.0 + 0.3 * hour)[:, None] * NORMAL


def scores_of(n_days, n_slots=24, *, per_hour=0.9, seed=1):
    """Normal scores of days whose hours hang together."""
    lag_h = np.abs(np.arange(n_slots)[:, None] - np.arange(n_slots)) * 24.0 / n_slots
    factor = np.linalg.cholesky(per_hour**lag_h + 1e-9 * np.eye(n_slots))
    return np.random.default_rng(seed).normal(size=(n_days, n_slots)) @ factor.T


def past_of(scores, is_same_kind=None):
    n_days = len(scores)
    same = np.ones(n_days, dtype=bool) if is_same_kind is None else is_same_kind
    return PastRanks(scores=scores, age_days=np.arange(n_days, 0, -1), is_same_kind=same)


def step_correlation(paths):
    """Mean correlation of the ranks of neighbouring slots."""
    ranks = np.argsort(np.argsort(paths, axis=0), axis=0)
    return np.diag(np.corrcoef(ranks.T), 1).mean()


@pytest.mark.parametrize("n_slots", [24, 96])
@pytest.mark.parametrize("n_days", [0, 1, 10, 300])
def test_in_each_slot_they_are_the_quantiles(n_days, n_slots):
    quantiles = forecast(n_slots)
    paths = draw_paths(quantiles, LEVELS, past_of(scores_of(n_days, n_slots)), N_PATHS, 7)
    assert paths.shape == (N_PATHS, n_slots)
    expected = quantiles_at(LEVELS, quantiles, (np.arange(N_PATHS) + 0.5) / N_PATHS)
    np.testing.assert_array_equal(np.sort(paths, axis=0), expected.T)


def test_ninety_nine_paths_of_a_hundred_levels_lie_between_the_quantiles_given():
    paths = np.sort(draw_paths(forecast(), LEVELS, past_of(scores_of(20)), 50, 1), axis=0)
    np.testing.assert_allclose(paths, forecast()[:, ::2].T)  # levels 0.01, 0.03, ..., 0.99


def test_same_seed_same_paths_another_seed_others():
    past = past_of(scores_of(50))
    first, again, other = (draw_paths(forecast(), LEVELS, past, N_PATHS, seed) for seed in (3, 3, 4))
    assert np.array_equal(first, again)
    assert not np.array_equal(first, other)


@pytest.mark.parametrize("per_hour", [0.3, 0.7, 0.95])
def test_hours_hang_together_as_on_past_days(per_hour):
    paths = draw_paths(forecast(), LEVELS, past_of(scores_of(600, per_hour=per_hour)), 2000, 1)
    assert step_correlation(paths) == pytest.approx(per_hour, abs=0.08)


def test_without_past_days_neighbours_hang_together_and_evening_and_morning_less():
    paths = draw_paths(forecast(), LEVELS, past_of(np.empty((0, 24))), 4000, 1)
    assert step_correlation(paths) == pytest.approx(np.exp(-1.0 / 6.0), abs=0.05)
    assert abs(np.corrcoef(paths[:, 0], paths[:, 23])[0, 1]) < 0.1


def test_a_single_past_day_does_not_make_all_courses_alike():
    paths = draw_paths(forecast(), LEVELS, past_of(np.full((1, 24), 1.5)), 2000, 1)
    assert step_correlation(paths) < 0.97


def test_a_spike_that_came_with_its_neighbours_comes_with_them_again():
    scores = scores_of(300, per_hour=0.2)
    scores[::10, 17:20] = 2.5
    paths = draw_paths(forecast(), LEVELS, past_of(scores), 2000, 1)
    highest = forecast()[17:20, 94]  # the level that a tenth of the days lie above
    together = np.mean(np.all(paths[:, 17:20] > highest, axis=1))
    assert together > 0.015
    assert together > 10.0 * np.mean(np.all(paths[:, 4:7] > forecast()[4:7, 94], axis=1))


def test_days_of_the_same_kind_count_twice_and_recent_ones_more():
    together, apart = scores_of(200, per_hour=0.98, seed=1), scores_of(200, per_hour=0.1, seed=2)
    mixed = np.where((np.arange(400) % 2 == 0)[:, None], np.repeat(together, 2, axis=0), np.repeat(apart, 2, axis=0))
    kind = np.arange(400) % 2 == 0
    as_together, as_apart = (
        step_correlation(draw_paths(forecast(), LEVELS, past_of(mixed, each), 2000, 1)) for each in (kind, ~kind)
    )
    assert as_together > as_apart + 0.15
    lately, long_ago = (
        step_correlation(draw_paths(forecast(), LEVELS, past_of(each), 2000, 1))
        for each in (np.vstack([apart, together]), np.vstack([together, apart]))
    )
    assert lately > long_ago + 0.2


def test_days_with_gaps_are_left_out():
    scores = scores_of(60)
    holed = np.insert(scores, [10, 30, 60], np.nan, axis=0)
    age_days = np.insert(np.arange(60, 0, -1), [10, 30, 60], 5)
    partly = np.where(np.isnan(holed), np.where(np.arange(24) == 3, np.nan, 9.0), holed)
    same = np.ones(63, dtype=bool)
    past = PastRanks(scores=partly, age_days=age_days, is_same_kind=same)
    without = draw_paths(forecast(), LEVELS, past_of(scores), N_PATHS, 1)
    np.testing.assert_array_equal(draw_paths(forecast(), LEVELS, past, N_PATHS, 1), without)
    nothing = PastRanks(scores=np.full((9, 24), np.nan), age_days=np.arange(9, 0, -1), is_same_kind=same[:9])
    bare = draw_paths(forecast(), LEVELS, past_of(np.empty((0, 24))), N_PATHS, 1)
    np.testing.assert_array_equal(draw_paths(forecast(), LEVELS, nothing, N_PATHS, 1), bare)


def test_scores_are_those_of_the_levels():
    quantiles = forecast()
    scores = normal_scores(quantiles[:, 94], LEVELS, quantiles)
    np.testing.assert_allclose(scores, NormalDist().inv_cdf(0.95), atol=1e-3)
    gone = normal_scores(np.where(np.arange(24) == 5, np.nan, quantiles[:, 9]), LEVELS, quantiles)
    assert np.flatnonzero(np.isnan(gone)).tolist() == [5]
    far = normal_scores(np.full(24, 1e4), LEVELS, quantiles)
    assert np.all(np.isfinite(far) & (far > 3.0))


def test_courses_score_better_than_hours_drawn_apart_and_nearly_as_the_truth():
    """On days that were never learned from: 250 to draw on, 100 to be scored, the margins the same on both sides."""
    quantiles, rng, n_learned = forecast(), np.random.default_rng(5), 250
    spread = (quantiles[:, 83] - quantiles[:, 15]) / (NORMAL[83] - NORMAL[15])
    days = scores_of(n_learned + 100, per_hour=0.92)
    marks = {"joint": [], "apart": [], "truth": []}
    for day in range(n_learned, len(days)):
        price = quantiles[:, 49] + spread * days[day]
        joint = draw_paths(quantiles, LEVELS, past_of(days[:day]), N_PATHS, day)
        truth = quantiles[:, 49] + spread * scores_of(N_PATHS, per_hour=0.92, seed=1000 + day)
        for name, paths in (("joint", joint), ("apart", rng.permuted(joint, axis=0)), ("truth", truth)):
            marks[name].append((joint_crps(paths, price), variogram_score(paths, price)))
    energy, variogram = zip(*(np.mean(each, axis=0) for each in marks.values()), strict=True)
    assert energy[0] < 0.98 * energy[1]
    assert variogram[0] < 0.88 * variogram[1]
    assert energy[0] < 1.02 * energy[2]
    assert variogram[0] < 1.1 * variogram[2]


@pytest.mark.parametrize("n_days", [0, 3, 300])
@pytest.mark.parametrize("n_slots", [24, 96])
def test_a_correlation_is_one_on_its_diagonal_and_positive_definite(n_days, n_slots):
    correlation = slot_correlation(past_of(scores_of(n_days, n_slots)))
    np.testing.assert_allclose(np.diag(correlation), 1.0)
    np.testing.assert_allclose(correlation, correlation.T)
    assert np.linalg.eigvalsh(correlation).min() > 0.0
