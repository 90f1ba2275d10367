"""Weights follow past errors by block of hours, sum to one, forget slowly, and never leave anybody out."""

import numpy as np

from battuta.forecast.online_weights import OnlineWeights

PRICE = np.full(24, 50.0)


def learned(days, **errors):
    weights = OnlineWeights()
    for _ in range(days):
        weights.learn({name: PRICE + error for name, error in errors.items()}, PRICE)
    return weights


def test_they_begin_equal():
    assert OnlineWeights().of(("a", "b"), 6).tolist() == [[0.5] * 6] * 2


def test_the_better_one_counts_more_and_the_worse_one_still_counts():
    weights = learned(60, a=1.0, b=2.0).of(("a", "b"), 6)
    np.testing.assert_allclose(weights.sum(axis=0), 1.0)
    assert np.all(weights[0] > 0.8)
    assert np.all(weights[1] >= 0.15)


def test_alike_errors_keep_them_equal():
    np.testing.assert_allclose(learned(60, a=1.0, b=-1.0).of(("a", "b"), 6), 0.5)


def test_each_block_of_hours_has_its_own():
    morning = np.where(np.arange(24) < 12, 3.0, 1.0)
    weights = learned(60, a=morning, b=4.0 - morning).of(("a", "b"), 6)
    assert np.all(weights[0, :3] < 0.5)
    assert np.all(weights[0, 3:] > 0.5)


def test_neither_currency_nor_level_matters():
    small = learned(30, a=1.0, b=1.5).of(("a", "b"), 6)
    np.testing.assert_allclose(learned(30, a=100.0, b=150.0).of(("a", "b"), 6), small)


def test_one_who_came_late_is_judged_by_its_own_days():
    weights = learned(200, a=1.0)
    for _ in range(20):
        weights.learn({"a": PRICE + 1.0, "b": PRICE + 1.0}, PRICE)
    np.testing.assert_allclose(weights.of(("a", "b"), 6), 0.5)


def test_a_day_with_a_gap_teaches_nothing():
    weights = learned(30, a=1.0, b=2.0)
    before = weights.of(("a", "b"), 6)
    holed = PRICE.copy()
    holed[3] = np.nan
    weights.learn({"a": PRICE + 9.0, "b": PRICE}, holed)
    np.testing.assert_array_equal(weights.of(("a", "b"), 6), before)


def test_quarter_hours_take_the_weight_of_their_block():
    weights = learned(30, a=1.0, b=2.0)
    mixed = weights.mixed({"a": np.zeros(96), "b": np.ones(96)})
    np.testing.assert_allclose(mixed, weights.of(("a", "b"), 6)[1, 0])
