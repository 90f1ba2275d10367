"""A line is found through noise, penalties follow the evidence, and a bend that a line cannot follow is followed."""

import numpy as np
import pytest

from battuta.health.life_regression import bayesian_ridge, matern_line


def line_and_noise(n_cells, n_features, noise, seed=0):
    rng = np.random.default_rng(seed)
    features = rng.normal(size=(n_cells, n_features))
    features -= features.mean(axis=0)
    weight = rng.normal(size=n_features)
    return features, features @ weight + 3.0 + noise * rng.normal(size=n_cells), weight


def test_ridge_finds_the_line():
    features, target, weight = line_and_noise(200, 4, 0.01)
    line = bayesian_ridge(features, target)
    np.testing.assert_allclose(line.weight, weight, atol=0.01)
    np.testing.assert_allclose(line.predict(features), target, atol=0.05)


def test_ridge_is_the_penalised_solution_and_shrinks_noise_to_nothing():
    features, _, _ = line_and_noise(40, 30, 0.0)
    target = np.random.default_rng(5).normal(size=40)
    line = bayesian_ridge(features, target)
    plain = np.linalg.lstsq(features, target - target.mean(), rcond=None)[0]
    assert np.linalg.norm(line.weight) < 0.2 * np.linalg.norm(plain)


def test_ridge_takes_more_features_than_cells():
    features, target, _ = line_and_noise(20, 60, 0.01)
    assert np.corrcoef(bayesian_ridge(features, target).predict(features), target)[0, 1] > 0.95


def test_bend_is_followed_where_a_line_fails():
    x = np.linspace(-1.7, 1.7, 41)[:, None]
    target = np.abs(x[:, 0]) + np.random.default_rng(1).normal(0.0, 0.03, size=41)
    between = x[:-1] + 0.5 * np.diff(x, axis=0)
    bent = matern_line(x, target).predict(between) - np.abs(between[:, 0])
    straight = bayesian_ridge(x, target).predict(between) - np.abs(between[:, 0])
    assert np.sqrt((bent**2).mean()) < 0.05
    assert np.sqrt((straight**2).mean()) > 0.3


def test_far_from_what_was_seen_the_line_remains():
    features, target, weight = line_and_noise(60, 1, 0.05)
    far = np.array([[8.0], [12.0]])
    told = matern_line(features, target).predict(far)
    assert (told[1] - told[0]) / 4.0 == pytest.approx(weight[0], rel=0.1)


def test_a_target_that_does_not_move_is_told_as_it_is():
    features, _, _ = line_and_noise(20, 3, 0.0)
    for fit in (bayesian_ridge, matern_line):
        np.testing.assert_allclose(fit(features, np.full(20, 6.5)).predict(features), 6.5, atol=1e-6)
