"""Derivatives are those of the rounded pinball loss, and the fit ends where nothing else comes lower."""

import numpy as np
import pytest
from scipy.optimize import minimize

from battuta.numerics.quantile_regression_kernels import derivatives, fit_quantiles

HALF_WIDTH = 0.25
LEVELS = np.array([0.01, 0.05, 0.25, 0.5, 0.9, 0.99])


def rows(n_rows, n_columns, seed):
    rng = np.random.default_rng(seed)
    x = np.column_stack([np.ones(n_rows), rng.normal(size=(n_rows, n_columns - 1))])
    y = 1.0 + 0.5 * x[:, -1] + np.exp(0.4 * x[:, 1]) * rng.laplace(size=n_rows)
    return x, y, rng.uniform(0.2, 1.0, n_rows)


def loss_twin(x, y, weight, level, half_width, coefficient):
    """Plain twin: the pinball loss as it is beyond the half width of its corner, a parabola within."""
    rest = y - x @ coefficient
    corner = rest**2 / (4.0 * half_width) + (level - 0.5) * rest + half_width / 4.0
    beyond = np.where(rest > 0.0, level * rest, (level - 1.0) * rest)
    return np.sum(weight * np.where(np.abs(rest) > half_width, beyond, corner))


def derivatives_twin(x, y, weight, level, half_width, coefficient):
    """Plain twin of the kernel: the loss is a pinball loss averaged over a uniform shift of the target."""
    rest = y - x @ coefficient
    slope = np.clip(0.5 - 0.5 * rest / half_width, 0.0, 1.0) - level
    bend = np.where(np.abs(rest) <= half_width, 0.5 / half_width, 0.0)
    return x.T @ (weight * slope), (x.T * (weight * bend)) @ x


def written(*given):
    n_columns = given[0].shape[1]
    gradient, curvature = np.full(n_columns, 7.0), np.full((n_columns, n_columns), 7.0)
    derivatives(*given, gradient, curvature)
    return gradient, curvature


def fitted(x, y, weight, levels, half_width=HALF_WIDTH, ridge=0.05, start=None):
    coefficients = np.zeros((len(levels), x.shape[1])) if start is None else start.copy()
    fit_quantiles(x, y, weight, levels, half_width, ridge, coefficients)
    return coefficients


def penalised(x, y, weight, level, ridge, coefficient):
    slopes = coefficient[1:]
    return loss_twin(x, y, weight, level, HALF_WIDTH, coefficient) + 0.5 * ridge * weight.sum() * slopes @ slopes


def best(x, y, weight, level, ridge, start):
    def gradient(at):
        return derivatives_twin(x, y, weight, level, HALF_WIDTH, at)[0] + ridge * weight.sum() * np.r_[0.0, at[1:]]

    return minimize(lambda at: penalised(x, y, weight, level, ridge, at), start, jac=gradient, method="BFGS").x


@pytest.mark.parametrize("level", LEVELS)
@pytest.mark.parametrize("half_width", [0.05, 0.25, 2.0])
def test_the_kernel_is_its_twin(level, half_width):
    x, y, weight = rows(70, 5, 1)
    at = np.random.default_rng(2).normal(size=5)
    gradient, curvature = written(x, y, weight, level, half_width, at)
    expected = derivatives_twin(x, y, weight, level, half_width, at)
    np.testing.assert_allclose(gradient, expected[0], rtol=1e-12, atol=1e-12)
    np.testing.assert_allclose(curvature, expected[1], rtol=1e-12, atol=1e-12)
    assert np.array_equal(curvature, curvature.T)


def test_the_gradient_is_the_slope_of_the_loss():
    x, y, weight = rows(70, 4, 3)
    at, step = np.array([0.4, -0.2, 0.1, 0.3]), 1e-6
    gradient, _ = written(x, y, weight, 0.2, 1.0, at)
    for column in range(4):
        moved = step * np.eye(4)[column]
        rise = loss_twin(x, y, weight, 0.2, 1.0, at + moved) - loss_twin(x, y, weight, 0.2, 1.0, at - moved)
        assert gradient[column] == pytest.approx(rise / (2.0 * step), rel=1e-5)


@pytest.mark.parametrize("seed", [1, 2, 3])
@pytest.mark.parametrize("n_rows", [40, 150, 1500])
def test_no_other_coefficients_come_lower(n_rows, seed):
    x, y, weight = rows(n_rows, 6, seed)
    for level, ours in zip(LEVELS, fitted(x, y, weight, LEVELS), strict=True):
        theirs = best(x, y, weight, level, 0.05, ours)
        found, lowest = (penalised(x, y, weight, level, 0.05, each) for each in (ours, theirs))
        assert found <= lowest * (1.0 + 1e-5)


def test_where_it_starts_does_not_matter_even_where_few_rows_bend_the_loss():
    """Newton steps of full length leap across such a minimum for ever: a few rows, a level near one."""
    for seed in range(20):
        x, y, weight = rows(30, 7, seed)
        levels = np.array([0.02, 0.04, 0.96, 0.98])
        one = fitted(x, y, weight, levels, ridge=1.0)
        other = fitted(x, y, weight, levels, ridge=1.0, start=one + np.random.default_rng(seed).normal(size=one.shape))
        for level, first, second in zip(levels, one, other, strict=True):
            found = [penalised(x, y, weight, level, 1.0, each) for each in (first, second)]
            assert found[0] == pytest.approx(found[1], rel=2e-4)


def test_a_small_half_width_gives_the_quantiles_of_the_sample():
    y = np.random.default_rng(4).gumbel(size=4001)
    found = fitted(np.ones((4001, 1)), y, np.ones(4001), LEVELS, half_width=0.02)[:, 0]
    # As far as the loss is rounded, and as far as the step that ends the search.
    np.testing.assert_allclose(found, np.quantile(y, LEVELS), atol=0.025)


def test_quantiles_of_noise_alone_ascend_with_their_level():
    levels = np.arange(1, 20) / 20.0
    x, _, weight = rows(500, 4, 5)
    y = np.random.default_rng(6).normal(size=500)
    intercepts = fitted(x, y, weight, levels)[:, 0]
    assert np.all(np.diff(intercepts) > 0.0)


def test_weights_count_as_repeated_rows():
    x, y, _ = rows(120, 3, 7)
    times = np.random.default_rng(8).integers(1, 4, 120)
    weighted = fitted(x, y, times.astype(float), LEVELS)
    repeated = fitted(np.repeat(x, times, axis=0), np.repeat(y, times), np.ones(times.sum()), LEVELS)
    np.testing.assert_allclose(weighted, repeated, atol=1e-6)


def test_a_strong_ridge_leaves_the_intercept_alone():
    x, y, weight = rows(400, 4, 9)
    coefficients = fitted(x, y, weight, LEVELS, ridge=1e4)
    alone = fitted(np.ones((400, 1)), y, weight, LEVELS)
    assert np.abs(coefficients[:, 1:]).max() < 1e-3
    np.testing.assert_allclose(coefficients[:, 0], alone[:, 0], atol=5e-3)


def test_a_planted_width_is_found():
    rng = np.random.default_rng(10)
    x = np.column_stack([np.ones(20_000), rng.uniform(-1.0, 1.0, 20_000)])
    y = (2.0 + x[:, 1]) * rng.uniform(-1.0, 1.0, 20_000)
    low, high = fitted(x, y, np.ones(20_000), np.array([0.1, 0.9]), half_width=0.05, ridge=0.0)
    np.testing.assert_allclose(high, [1.6, 0.8], atol=0.04)
    np.testing.assert_allclose(low, [-1.6, -0.8], atol=0.04)
