"""Intervals hold the share they promise, whatever the errors look like, and refuse what they cannot promise."""

import numpy as np
import pytest

from battuta.numerics.conformal import jackknife_plus, n_min_for


def test_ranks_are_those_of_the_paper():
    rng = np.random.default_rng(0)
    left_out, errors = rng.normal(size=(19, 3)), rng.normal(size=19)
    low, high = jackknife_plus(left_out, errors, 0.9)
    for new in range(3):
        assert high[new] == sorted(left_out[:, new] + abs(errors))[18 - 1]  # ceil(0.9 * 20) = 18
        assert low[new] == sorted(left_out[:, new] - abs(errors))[2 - 1]  # floor(0.1 * 20) = 2


@pytest.mark.parametrize("draw", ["normal", "standard_cauchy", "exponential"])
def test_a_mean_is_held_as_often_as_promised(draw):
    rng = np.random.default_rng(1)
    held = []
    for _ in range(1500):
        values = getattr(rng, draw)(size=31)
        past, new = values[:-1], values[-1]
        left_out = (past.sum() - past) / (past.size - 1)
        low, high = jackknife_plus(left_out[:, None], past - left_out, 0.9)
        held.append(low[0] <= new <= high[0])
    assert 0.88 < np.mean(held) < 0.96


def test_widening_moves_both_bounds_of_its_case_only():
    errors = np.linspace(0.1, 1.0, 10)
    low, high = jackknife_plus(np.zeros((10, 2)), errors, 0.8, np.array([1.0, 3.0]))
    np.testing.assert_allclose([low[1], high[1]], [3.0 * low[0], 3.0 * high[0]])


@pytest.mark.parametrize(("coverage", "n_min"), [(0.5, 1), (0.8, 4), (0.9, 9), (0.95, 19)])
def test_too_few_errors_are_refused_and_enough_are_taken(coverage, n_min):
    assert n_min_for(coverage) == n_min
    jackknife_plus(np.zeros((n_min, 1)), np.ones(n_min), coverage)
    if n_min > 1:
        with pytest.raises(ValueError, match=f"at least {n_min}"):
            jackknife_plus(np.zeros((n_min - 1, 1)), np.ones(n_min - 1), coverage)


@pytest.mark.parametrize(
    ("left_out", "errors", "coverage", "words"),
    [
        (np.zeros((20, 1)), np.ones(19), 0.9, "a row for each error"),
        (np.full((20, 1), np.nan), np.ones(20), 0.9, "not finite"),
        (np.zeros((20, 1)), np.ones(20), 90.0, "not percent"),
    ],
)
def test_what_does_not_fit_is_refused(left_out, errors, coverage, words):
    with pytest.raises(ValueError, match=words):
        jackknife_plus(left_out, errors, coverage)
