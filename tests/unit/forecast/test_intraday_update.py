"""The first prices of a day move and narrow the forecast of the rest, as far as hours hang together."""

from statistics import NormalDist

import numpy as np
import pytest

from battuta.domain.errors import DataError
from battuta.domain.forecast import percent_levels
from battuta.forecast.intraday_update import updated_quantiles
from battuta.forecast.price_paths import PastRanks
from battuta.numerics.scores import crps_from_quantiles

LEVELS = percent_levels()
NORMAL = np.array([NormalDist().inv_cdf(float(level)) for level in LEVELS])
QUANTILES = 50.0 + 10.0 * np.tile(NORMAL, (24, 1))
RNG = np.random.default_rng(5)
LAG = np.abs(np.arange(24)[:, None] - np.arange(24))
FACTOR = np.linalg.cholesky(0.9**LAG + 1e-9 * np.eye(24))


def days(n):
    return RNG.normal(size=(n, 24)) @ FACTOR.T


def past(n=300):
    return PastRanks(scores=days(n), age_days=np.arange(n, 0, -1), is_same_kind=np.ones(n, dtype=bool))


def known(price, n):
    return np.where(np.arange(24) < n, price, np.nan)


def test_nothing_known_nothing_changed():
    assert updated_quantiles(QUANTILES, LEVELS, past(), np.full(24, np.nan)) is QUANTILES


def test_high_prices_raise_the_next_hour_most_and_narrow_it():
    new = updated_quantiles(QUANTILES, LEVELS, past(), known(np.full(24, 65.0), 6))
    assert np.all(new[:6] == 65.0)
    assert 60.0 < new[6, 49] < 65.0
    assert new[6, 49] > new[12, 49] > new[23, 49] > 48.0
    width = new[:, 94] - new[:, 4]
    assert width[6] < 0.7 * (QUANTILES[6, 94] - QUANTILES[6, 4])
    assert width[6] < width[23]
    assert np.all(np.diff(new, axis=1) >= 0.0)


def test_it_scores_better_than_what_was_issued():
    ranks, before, after = past(), [], []
    for price in 50.0 + 10.0 * days(200):
        new = updated_quantiles(QUANTILES, LEVELS, ranks, known(price, 8))
        before.append(crps_from_quantiles(price[8:], LEVELS, QUANTILES[8:]))
        after.append(crps_from_quantiles(price[8:], LEVELS, new[8:]))
    assert np.mean(after) < 0.95 * np.mean(before)


def test_the_whole_day_known_is_the_day():
    price = 50.0 + np.arange(24.0)
    np.testing.assert_array_equal(updated_quantiles(QUANTILES, LEVELS, past(), price)[:, 0], price)


def test_prices_of_another_length_are_refused():
    with pytest.raises(DataError, match="do not fit"):
        updated_quantiles(QUANTILES, LEVELS, past(), np.zeros(23))
