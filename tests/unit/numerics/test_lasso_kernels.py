"""The path ends where the LASSO's own conditions hold, and its best knot is the one that a plain search finds."""

import numpy as np
import pytest

from battuta.numerics.lasso_kernels import best_knot, criterion, enter, leave


def problem(n_rows, n_columns, seed):
    rng = np.random.default_rng(seed)
    factors = rng.normal(size=(n_rows, 6))
    x = factors @ rng.normal(size=(6, n_columns)) + 0.4 * rng.normal(size=(n_rows, n_columns))
    y = x[:, :5] @ rng.normal(size=5) + rng.normal(size=n_rows)
    return x - x.mean(axis=0), y - y.mean()


def solved(x, y, penalty=2.0, n_active_max=40, patience=1000):
    coefficient = np.empty(x.shape[1])
    level = best_knot(x.T @ x, x.T @ y, float(y @ y), len(y), penalty, n_active_max, patience, coefficient)
    return coefficient, level


def descended(x, y, level, n_sweeps=600):
    """Plain twin: cyclic coordinate descent on 1/2 |y - Xb|^2 + level |b|_1."""
    coefficient, rest = np.zeros(x.shape[1]), y.copy()
    for _ in range(n_sweeps):
        for j in range(x.shape[1]):
            pull = x[:, j] @ rest + (x[:, j] @ x[:, j]) * coefficient[j]
            new = np.sign(pull) * max(abs(pull) - level, 0.0) / (x[:, j] @ x[:, j])
            rest += x[:, j] * (coefficient[j] - new)
            coefficient[j] = new
    return coefficient


@pytest.mark.parametrize(("n_rows", "n_columns"), [(80, 12), (200, 30), (40, 60)])
def test_the_knot_is_a_lasso_solution(n_rows, n_columns):
    x, y = problem(n_rows, n_columns, 1)
    coefficient, level = solved(x, y, n_active_max=n_rows // 2)
    correlation = x.T @ (y - x @ coefficient)
    assert np.all(np.abs(correlation) <= level * (1.0 + 1e-9))
    chosen = coefficient != 0.0
    assert chosen.any()
    np.testing.assert_allclose(correlation[chosen], level * np.sign(coefficient[chosen]), rtol=1e-8)


def test_coordinate_descent_comes_to_the_same_place():
    x, y = problem(120, 15, 2)
    coefficient, level = solved(x, y)
    np.testing.assert_allclose(coefficient, descended(x, y, level), atol=1e-6)


def test_no_other_penalty_has_a_better_criterion():
    x, y = problem(120, 15, 3)
    coefficient, level = solved(x, y)

    def value(at):
        rest = y - x @ at
        return criterion(float(rest @ rest), len(y), int(np.sum(at != 0.0)), 2.0)

    best = value(coefficient)
    for other in level * np.geomspace(0.1, 10.0, 7):
        assert value(descended(x, y, other, 1500)) > best - 1e-6


def test_without_penalty_on_the_number_it_ends_at_least_squares():
    x, y = problem(90, 8, 4)
    coefficient, _ = solved(x, y, penalty=0.0)
    np.testing.assert_allclose(coefficient, np.linalg.lstsq(x, y, rcond=None)[0], atol=1e-7)


def test_noise_alone_is_left_at_its_mean_by_a_strict_criterion():
    rng = np.random.default_rng(5)
    x, y = rng.normal(size=(300, 20)), rng.normal(size=300)
    coefficient, _ = solved(x - x.mean(axis=0), y - y.mean(), penalty=12.0)
    assert not coefficient.any()


def test_a_column_twice_or_flat_is_no_trouble():
    x, y = problem(100, 10, 6)
    doubled = np.column_stack([x, x[:, 0], np.zeros(100)])
    coefficient, _ = solved(doubled, y)
    assert np.isfinite(coefficient).all()
    assert coefficient[-1] == 0.0
    np.testing.assert_allclose(doubled @ coefficient, x @ solved(x, y)[0], atol=1e-6)


def test_a_column_that_leaves_the_factor_was_never_there():
    x, _ = problem(60, 6, 7)
    gram = x.T @ x
    upper, active, sign = np.zeros((6, 6)), np.zeros(6, dtype=np.int64), np.ones(6)
    for place, column in enumerate([4, 1, 5, 2]):
        assert enter(gram, upper, active, place, column)
    leave(upper, active, sign, 4, 1)
    assert active[:3].tolist() == [4, 5, 2]
    kept = np.triu(upper[:3, :3])
    np.testing.assert_allclose(kept.T @ kept, gram[np.ix_([4, 5, 2], [4, 5, 2])], rtol=1e-10)
