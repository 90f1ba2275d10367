"""Quantiles at any level and levels of any value, by hand, at the ends and where quantiles coincide."""

import math

import numpy as np
import pytest

from battuta.numerics.quantile_function import checked_levels, pit, quantiles_at

LEVELS = np.array([0.1, 0.2, 0.5, 0.8, 0.9])
QUANTILES = np.array([[10.0, 14.0, 20.0, 29.0, 35.0], [-2.0, -1.0, 0.0, 1.0, 3.0]])


def test_between_levels_lies_a_straight_line():
    at = np.array([0.65, 0.15, 0.5])
    np.testing.assert_allclose(quantiles_at(LEVELS, QUANTILES, at), [[24.5, 12.0, 20.0], [0.5, -1.5, 0.0]])


def test_given_levels_give_the_given_quantiles_bit_by_bit():
    odd = np.sort(np.random.default_rng(3).normal(size=(50, 99)), axis=1)
    levels = np.arange(1, 100) / 100
    assert np.array_equal(quantiles_at(levels, odd, levels), odd)


def test_the_tail_goes_on_with_the_decay_of_the_last_two():
    # Half the probability beyond is one more step of log(2) / log(2) times the gap on either side.
    found = quantiles_at(LEVELS, QUANTILES, np.array([0.05, 0.025, 0.95]))
    np.testing.assert_allclose(found, [[6.0, 2.0, 41.0], [-3.0, -4.0, 5.0]])


def test_levels_of_values():
    came = np.array([[24.5, 14.0, 6.0, 41.0], [0.5, -1.0, -3.0, 5.0]])
    expected = [[0.65, 0.2, 0.05, 0.95]] * 2
    found = pit(came, LEVELS, np.repeat(QUANTILES[:, None], 4, axis=1))
    np.testing.assert_allclose(found, expected)


def test_a_value_on_several_quantiles_gets_the_middle_of_their_levels():
    night = np.array([[0.0, 0.0, 0.0, 1.0, 2.0]])
    assert pit(np.zeros(1), LEVELS, night) == pytest.approx((0.1 + 0.5) / 2)
    assert pit(np.zeros(1), LEVELS, np.zeros((1, 5))) == pytest.approx(0.5)


@pytest.mark.parametrize(("came", "level"), [(-1e-9, 0.0), (1e-9, 1.0), (-1e9, 0.0), (1e9, 1.0)])
def test_beyond_quantiles_that_are_one_number_there_is_nothing(came, level):
    assert pit(np.array([came]), LEVELS, np.zeros((1, 5)))[0] == level


def test_a_far_value_is_no_warning():
    narrow = np.array([[0.0, 1e-9, 2e-9, 3e-9, 4e-9]])
    assert pit(np.array([1e6]), LEVELS, narrow)[0] == 1.0
    assert pit(np.array([-1e6]), LEVELS, narrow)[0] == 0.0


def test_unknown_stays_unknown():
    gap = QUANTILES.copy()
    gap[1, 2] = np.nan
    assert np.isnan(pit(np.array([np.nan, 0.0]), LEVELS, gap)).all()
    assert math.isnan(quantiles_at(LEVELS, gap, np.array([0.5]))[1, 0])


@pytest.mark.parametrize(
    ("levels", "words"),
    [
        ([5.0, 50.0, 95.0], "not percent"),
        ([0.0, 0.5], r"levels\[0\] = 0 is outside"),
        ([0.5, np.nan], "outside"),
        ([0.5, 0.4], r"levels\[1\] = 0.4 does not lie above 0.5"),
        ([0.5, 0.5], "does not lie above"),
        ([], "at least one"),
        ([[0.5]], "one row"),
    ],
)
def test_levels_that_are_none_are_refused(levels, words):
    with pytest.raises(ValueError, match=words):
        checked_levels(np.array(levels))


def test_what_does_not_fit_is_refused():
    with pytest.raises(ValueError, match="cross in 1 of 2 rows, first in row 1"):
        quantiles_at(LEVELS, np.array([[1.0, 2.0, 3.0, 4.0, 5.0], [1.0, 2.0, 3.0, 2.9, 5.0]]), LEVELS)
    with pytest.raises(ValueError, match=r"shape \(2, 4\) for 5 levels"):
        quantiles_at(LEVELS, QUANTILES[:, :4], LEVELS)
    with pytest.raises(ValueError, match=">= 2"):
        quantiles_at(np.array([0.5]), np.zeros((3, 1)), np.array([0.5]))
    with pytest.raises(ValueError, match=r"between 0\.5 and 1 are"):
        quantiles_at(LEVELS, QUANTILES, np.array([0.5, 1.0]))
    with pytest.raises(ValueError, match="each value a row"):
        pit(np.zeros(3), LEVELS, QUANTILES)
