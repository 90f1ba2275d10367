"""Courses that hang together as prices do score better than the same values shuffled apart."""

import numpy as np

from battuta.studies.path_evaluation import ratios, score_paths

RNG = np.random.default_rng(2)


def correlated(n):
    return 50.0 + 10.0 * RNG.normal(size=(n, 1)) + RNG.normal(size=(n, 24))


def test_joint_courses_beat_their_own_hours_shuffled_apart():
    scored = tuple(score_paths(correlated(300), correlated(1)[0], day) for day in range(40))
    energy, variogram = ratios(scored)
    assert energy < 1.0
    assert variogram < 0.9


def test_independent_prices_gain_nothing():
    scored = tuple(score_paths(RNG.normal(size=(300, 24)), RNG.normal(size=24), day) for day in range(40))
    energy, variogram = ratios(scored)
    assert abs(energy - 1.0) < 0.02
    assert abs(variogram - 1.0) < 0.02


def test_a_day_with_gaps_is_not_scored():
    assert score_paths(correlated(10), np.full(24, np.nan), 1) is None
