"""Pooled quantiles are those of NumPy over the hour and its neighbours, whatever is missing."""

import numpy as np

from battuta.domain.forecast import percent_levels
from battuta.forecast.error_pool import ErrorPool

LEVELS = percent_levels()


def taught(errors):
    pool = ErrorPool(errors.shape[1])
    for day in errors:
        pool.learn(day)
    return pool


def test_too_few_errors_say_nothing():
    assert ErrorPool(24).quantiles(LEVELS) is None
    assert taught(np.zeros((32, 24))).quantiles(LEVELS) is None
    assert taught(np.zeros((33, 24))).quantiles(LEVELS) is not None


def test_quantiles_are_those_of_three_hours_around_midnight_as_well():
    errors = np.random.default_rng(1).normal(size=(80, 24))
    errors[3, 5] = errors[7, 23] = np.nan
    told = taught(errors).quantiles(LEVELS)
    for slot in (0, 5, 12, 23):
        near = errors[:, [(slot - 1) % 24, slot, (slot + 1) % 24]].ravel()
        np.testing.assert_allclose(told[slot], np.nanquantile(near, LEVELS), rtol=1e-12)


def test_quarter_hours_pool_an_hour_on_either_side():
    errors = np.random.default_rng(2).normal(size=(20, 96))
    told = taught(errors).quantiles(LEVELS)
    np.testing.assert_allclose(told[50], np.quantile(errors[:, 46:55], LEVELS), rtol=1e-12)


def test_errors_of_more_than_a_year_ago_are_forgotten():
    errors = np.concatenate([np.full((400, 24), 9.0), np.random.default_rng(3).normal(size=(364, 24))])
    assert taught(errors).quantiles(LEVELS).max() < 9.0
