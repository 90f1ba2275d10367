"""Regressions that an outlier does not move, leads, and quantiles that count unequally."""

import numpy as np

from battuta.forecast.site_regression import absolute_fit, between_nodes, lead_nodes, weighted_quantiles


def test_a_line_is_found_in_spite_of_outliers() -> None:
    rng = np.random.default_rng(3)
    x = np.column_stack([np.ones(400), rng.normal(size=400)])
    y = x @ [2.0, -1.0] + 0.01 * rng.normal(size=400)
    y[::10] += 50.0
    np.testing.assert_allclose(absolute_fit(x, y, np.ones(400), 1e-9), [2.0, -1.0], atol=0.05)
    least_squares = np.linalg.lstsq(x, y, rcond=None)[0]
    assert abs(least_squares[0] - 2.0) > 1.0


def test_without_rows_the_prior_stands_and_a_strong_pull_keeps_it() -> None:
    prior = np.array([0.5, 0.5])
    nothing = absolute_fit(np.full((3, 2), np.nan), np.ones(3), np.ones(3), 1e-3, prior)
    np.testing.assert_array_equal(nothing, prior)
    pulled = absolute_fit(np.ones((3, 2)), np.full(3, 9.0), np.ones(3), 1e9, prior)
    np.testing.assert_allclose(pulled, prior, atol=1e-6)


def test_rows_without_weight_do_not_count() -> None:
    y = np.array([1.0, 1.0, 7.0, 7.0, 7.0])
    fitted = absolute_fit(np.ones((5, 1)), y, np.array([1.0, 1.0, 0.0, 0.0, 0.0]), 1e-9)
    np.testing.assert_allclose(fitted, [1.0])


def test_leads_of_a_quarter_hour_reach_two_days() -> None:
    nodes = lead_nodes(96)
    assert (nodes[0], nodes[-1]) == (1, 192)
    assert np.all(np.diff(nodes) > 0)
    assert {96, 97} <= set(nodes.tolist())


def test_a_node_is_itself_and_beyond_the_last_nothing_changes() -> None:
    nodes = lead_nodes(24)
    below, share = between_nodes(nodes, np.concatenate([nodes, [500]]))
    weight = np.zeros((nodes.size + 1, nodes.size))
    at = np.arange(nodes.size + 1)
    weight[at, below] += 1.0 - share
    weight[at, below + 1] += share
    np.testing.assert_allclose(weight, np.vstack([np.eye(nodes.size), np.eye(nodes.size)[-1]]), atol=1e-12)


def test_quantiles_follow_the_weights() -> None:
    values, levels = np.array([1.0, 2.0, np.nan, 3.0]), np.array([0.25, 0.5, 0.75])
    heavy = weighted_quantiles(values, np.array([1.0, 1.0, 1.0, 98.0]), levels)
    assert np.all(heavy[1:] > 2.9)
    assert weighted_quantiles(np.array([np.nan]), np.ones(1), levels).tolist() == [0.0, 0.0, 0.0]
