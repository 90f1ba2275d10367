"""A fading mean forgets as it says, leans on its guess at first, and keeps what it had where nothing came."""

import numpy as np
import pytest

from battuta.forecast.error_memory import FadingMean, guessed_error


def plain(rows, memory_days, guess, guess_days):
    """Twin: each row counts exp(-age / memory), the guess as some days before the first."""
    weight = np.exp(-np.arange(len(rows))[::-1] / memory_days)
    of_guess = guess_days * np.exp(-len(rows) / memory_days)
    return (weight @ np.array(rows) + of_guess * guess) / (weight.sum() + of_guess)


def test_it_begins_with_its_guess():
    assert FadingMean.guessed(30.0, 4.0, 2.0, 3).value().tolist() == [4.0, 4.0, 4.0]


def test_it_is_its_twin():
    rows = np.random.default_rng(1).exponential(5.0, size=(40, 24))
    mean = FadingMean.guessed(7.0, 3.0, 2.0, 24)
    for number, row in enumerate(rows, start=1):
        mean.learn(row)
        np.testing.assert_allclose(mean.value(), plain(rows[:number], 7.0, 3.0, 2.0), rtol=1e-12)


def test_a_slot_without_a_value_keeps_what_it_had():
    mean, whole = (FadingMean.guessed(7.0, 3.0, 2.0, 2) for _ in range(2))
    for row in ([1.0, 2.0], [np.nan, 4.0], [np.nan, np.nan], [5.0, 6.0]):
        mean.learn(np.array(row))
    for row in ([1.0, 2.0], [5.0, 4.0], [np.nan, 6.0]):
        whole.learn(np.array(row))
    np.testing.assert_array_equal(mean.value(), whole.value())


def test_a_mean_never_told_anything_is_its_guess():
    mean = FadingMean.guessed(7.0, 3.0, 2.0, 1)
    for _ in range(100):
        mean.learn(np.array([np.nan]))
    assert mean.value().tolist() == [3.0]


def test_what_a_learner_was_given_stays_as_it_was():
    total = np.array([6.0])
    mean = FadingMean(7.0, total, np.array([2.0]))
    mean.learn(np.array([1.0]))
    assert total.tolist() == [6.0]


def test_the_guess_is_half_the_mean_change_over_a_week():
    price = np.tile(np.repeat([[40.0], [46.0]], 7, axis=0), (2, 24))  # six up, six down, six up from week to week
    assert guessed_error(price) == 3.0
    holed = price.copy()
    holed[3] = holed[9, 5] = np.nan
    assert guessed_error(holed) == 3.0


@pytest.mark.parametrize("n_days", [0, 3, 7])
def test_without_two_weeks_the_guess_is_one(n_days):
    assert guessed_error(np.full((n_days, 24), 30.0)) == 1.0


def test_prices_that_never_change_still_leave_a_width():
    assert guessed_error(np.full((20, 24), 30.0)) == 1e-6
    assert guessed_error(np.full((20, 24), np.nan)) == 1.0
