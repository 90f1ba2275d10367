"""Scores of points, quantiles and intervals by hand; what is missing is left out and counted, what is wrong refused."""

import numpy as np
import pytest

from battuta.numerics import scores

LEVELS = np.arange(1, 100) / 100
CAME = np.array([30.0, 50.0, -10.0, np.nan])
SAID = np.array([33.0, 46.0, 10.0, 5.0])


def test_errors_of_points():
    assert scores.mae(CAME, SAID) == 9.0
    assert scores.rmse(CAME, SAID) == pytest.approx((425.0 / 3.0) ** 0.5)
    assert scores.smape(CAME, SAID) == pytest.approx((6.0 / 63.0 + 8.0 / 96.0 + 2.0) / 3.0)
    assert scores.rmae(CAME, SAID, CAME + 18.0) == 0.5


def test_days_and_slots_score_as_one_row():
    assert scores.mae(CAME.reshape(2, 2), SAID.reshape(2, 2)) == scores.mae(CAME, SAID)


def test_what_is_missing_on_any_side_is_left_out_and_counted():
    said = np.array([33.0, np.nan, 10.0, 5.0])
    assert scores.mae(CAME, said) == 11.5
    assert scores.n_left_out(CAME, said) == 2
    naive = np.array([np.nan, 0.0, 0.0, 0.0])
    assert scores.rmae(CAME, said, naive) == 20.0 / 10.0


@pytest.mark.parametrize(
    ("came", "said", "words"),
    [
        (CAME, SAID[:3], r"values \(4,\), forecast \(3,\)"),
        (CAME, SAID * np.nan, "none of 4 intervals"),
        (np.empty(0), np.empty(0), "none of 0 intervals"),
        (CAME, np.array([1.0, np.inf, np.nan, -np.inf]), "forecast holds 2 infinite"),
    ],
)
def test_nothing_to_score_is_said(came, said, words):
    for score in (scores.mae, scores.rmse, scores.smape):
        with pytest.raises(ValueError, match=words):
            score(came, said)


def test_a_naive_forecast_that_is_the_truth_is_no_yardstick():
    with pytest.raises(ValueError, match="naive forecast meets all 3 values"):
        scores.rmae(CAME, SAID, CAME)


def test_pinball_by_hand():
    levels = np.array([0.1, 0.5, 0.9])
    losses = scores.pinball_losses(np.array([50.0]), levels, np.array([[40.0, 52.0, 70.0]]))
    np.testing.assert_allclose(losses, [[1.0, 1.0, 2.0]])
    assert scores.pinball(np.array([50.0]), levels, np.array([[40.0, 52.0, 70.0]])) == pytest.approx(4.0 / 3.0)


def test_a_gap_in_one_quantile_leaves_the_whole_interval_out():
    quantiles = np.array([[40.0, 60.0], [np.nan, 60.0], [40.0, 60.0]])
    losses = scores.pinball_losses(np.array([50.0, 50.0, np.nan]), np.array([0.1, 0.9]), quantiles)
    np.testing.assert_allclose(losses, [[1.0, 1.0], [np.nan, np.nan], [np.nan, np.nan]])
    assert scores.pinball(np.array([50.0, 50.0, np.nan]), np.array([0.1, 0.9]), quantiles) == pytest.approx(1.0)


def test_crps_of_a_point_is_its_absolute_error():
    assert scores.crps_from_quantiles(np.array([50.0]), LEVELS, np.full((1, 99), 47.0)) == pytest.approx(3.0)
    assert scores.crps_from_quantiles(np.array([50.0]), np.array([0.5]), np.array([[47.0]])) == 3.0


@pytest.mark.parametrize("levels", [[0.05, 0.1, 0.9], [0.4, 0.5, 0.6], [0.01, 0.02, 0.03]])
def test_levels_over_which_a_plain_mean_is_no_integral_are_refused(levels):
    with pytest.raises(ValueError, match="do not spread evenly"):
        scores.crps_from_quantiles(np.array([50.0]), np.array(levels), np.zeros((1, 3)))


@pytest.mark.parametrize("levels", [LEVELS, (np.arange(50) + 0.5) / 50, np.arange(1, 20) / 20])
def test_even_levels_are_taken(levels):
    assert scores.crps_from_quantiles(np.zeros(1), levels, np.ones((1, len(levels)))) == pytest.approx(1.0)


def test_quantiles_that_do_not_fit_are_refused():
    with pytest.raises(ValueError, match="one quantile a level"):
        scores.pinball(np.zeros(3), LEVELS, np.zeros((3, 98)))
    with pytest.raises(ValueError, match="one quantile a level"):
        scores.pinball(np.zeros(3), LEVELS, np.zeros((2, 99)))


def test_coverage_counts_both_ends():
    lower, upper = np.zeros(5), np.array([2.0, 2.0, 2.0, np.nan, 2.0])
    assert scores.coverage(lower, upper, np.array([0.0, 2.0, 2.1, 1.0, -0.1])) == 0.5


def test_winkler_adds_what_lies_beyond():
    lower, upper, came = np.zeros(3), np.full(3, 4.0), np.array([2.0, 5.0, -2.0])
    assert scores.winkler(lower, upper, came, 0.8) == pytest.approx(4.0 + (10.0 + 20.0) / 3.0)


def test_an_interval_that_ends_before_it_starts_is_refused():
    with pytest.raises(ValueError, match="1 of 2 intervals end below their start"):
        scores.coverage(np.array([0.0, 3.0]), np.array([1.0, 2.0]), np.zeros(2))
    with pytest.raises(ValueError, match="nominal = 90"):
        scores.winkler(np.zeros(1), np.ones(1), np.zeros(1), 90.0)
