"""Quantiles of standardised errors: a Laplace distribution at first, then skewed as the errors are, always in order."""

import numpy as np
import pytest

from battuta.domain.forecast import percent_levels
from battuta.forecast.error_distribution import COARSE_LEVELS, ErrorDistribution
from battuta.forecast.error_scale import DISTANCE, LOWEST, N_SIGNS, WEEKEND, Signs

LEVELS = percent_levels()
N_FAMILIES = 2


def signs_of(n_slots=24, *, distance=0.0, is_weekend=False):
    values = np.zeros((n_slots, N_SIGNS))
    values[:, DISTANCE], values[:, LOWEST], values[:, WEEKEND] = distance, min(distance, 0.0), float(is_weekend)
    return Signs(values=values, base=1.0)


def regressors(distribution, n_slots=24, *, apart=0.0, distance=0.0, is_weekend=False):
    differences = np.full((N_FAMILIES, n_slots), apart) * np.array([[1.0], [-1.0]])
    return distribution.regressors(differences, signs_of(n_slots, distance=distance, is_weekend=is_weekend))


def skewed(rng, shape):
    """Errors of mean absolute value near one, with a long upper tail and a median at 0."""
    return rng.gumbel(size=shape) + np.log(np.log(2.0))


def taught(errors, n_slots=24, *, weekend_shift=0.0):
    """Learn the errors of some days, the weekends among them shifted."""
    distribution = ErrorDistribution(n_slots, N_FAMILIES)
    for day, error in enumerate(errors):
        is_weekend = day % 7 >= 5
        x = regressors(distribution, n_slots, is_weekend=is_weekend)
        distribution.learn(x, error + weekend_shift * is_weekend)
    return distribution


def asked(distribution, n_slots=24, **signs):
    return distribution.quantiles(regressors(distribution, n_slots, **signs), 0)


@pytest.fixture(scope="module")
def taught_250():
    return taught(skewed(np.random.default_rng(1), (250, 24)))


def test_nobody_has_erred_yet_so_errors_are_laplace_with_a_mean_root_of_one():
    quantiles = asked(ErrorDistribution(24, N_FAMILIES))
    at_coarse = quantiles[:, np.round(COARSE_LEVELS * 100).astype(int) - 1]
    tail = np.minimum(COARSE_LEVELS, 1.0 - COARSE_LEVELS)
    expected = np.sign(COARSE_LEVELS - 0.5) * -np.log(2.0 * tail) * 4.0 / np.pi
    np.testing.assert_allclose(at_coarse, np.tile(expected, (24, 1)), atol=1e-3)
    np.testing.assert_allclose(quantiles, -quantiles[:, ::-1], atol=1e-12)


def test_regressors_hold_differences_that_are_far_off():
    distribution = ErrorDistribution(24, N_FAMILIES)
    x = regressors(distribution, apart=9.0, distance=-2.0, is_weekend=True)
    assert x[0].tolist() == [1.0, 3.0, -3.0, -2.0, -2.0, 1.0, 0.0]
    assert regressors(distribution, apart=0.5, distance=1.5)[7].tolist() == [1.0, 0.5, -0.5, 1.5, 0.0, 0.0, 1.5]


def test_skewed_errors_give_skewed_quantiles(taught_250):
    quantiles = asked(taught_250)
    true = np.quantile(skewed(np.random.default_rng(2), 400_000), LEVELS)
    np.testing.assert_allclose(quantiles.mean(axis=0)[4:95], true[4:95], atol=0.15)
    upper, lower = quantiles[:, 94] - quantiles[:, 49], quantiles[:, 49] - quantiles[:, 4]
    assert np.all(upper > 1.5 * lower)


@pytest.mark.parametrize("share", [0.5, 0.8, 0.9, 0.98])
def test_what_comes_next_is_covered_as_promised(taught_250, share):
    edge = round((1.0 - share) * 50.0) - 1
    quantiles = asked(taught_250)
    came = skewed(np.random.default_rng(3), (4000, 24))
    inside = (came >= quantiles[:, edge]) & (came <= quantiles[:, 98 - edge])
    assert inside.mean() == pytest.approx(share, abs=0.02)


def test_weekends_are_told_apart():
    rng = np.random.default_rng(4)
    distribution = taught(rng.laplace(size=(200, 24)), weekend_shift=1.0)
    working, weekend = (asked(distribution, is_weekend=each)[:, 49].mean() for each in (False, True))
    assert 0.5 < weekend - working < 1.1  # a ridge holds it back
    even = taught(rng.laplace(size=(200, 24)))
    working, weekend = (asked(even, is_weekend=each)[:, 49].mean() for each in (False, True))
    assert weekend == pytest.approx(working, abs=0.15)


def test_an_evening_unlike_the_rest_has_quantiles_of_its_own():
    rng, evening = np.random.default_rng(5), np.arange(24) >= 18
    distribution = taught(rng.laplace(size=(200, 24)) * np.where(evening, 3.0, 1.0))
    width = np.ptp(asked(distribution)[:, [4, 94]], axis=1)
    assert width[21:].mean() / width[6:12].mean() == pytest.approx(3.0, rel=0.15)


def test_the_family_that_was_right_draws_the_middle_towards_it():
    rng, distribution = np.random.default_rng(6), ErrorDistribution(24, N_FAMILIES)
    for _ in range(150):
        apart = rng.normal(size=24)
        x = distribution.regressors(apart * np.array([[1.0], [-1.0]]), signs_of())
        distribution.learn(x, apart + 0.3 * rng.laplace(size=24))
    high, low = (asked(distribution, apart=each)[:, 49].mean() for each in (1.0, -1.0))
    assert high - low == pytest.approx(2.0, abs=0.4)


@pytest.mark.parametrize("n_days", [0, 1, 2, 5, 30])
def test_quantiles_are_in_order_and_finite_whatever_is_asked(n_days):
    rng = np.random.default_rng(7)
    distribution = taught(5.0 * rng.standard_t(2, size=(n_days, 24)))
    for apart, distance in ((0.0, 0.0), (50.0, 4.0), (-50.0, -4.0)):
        quantiles = asked(distribution, apart=apart, distance=distance, is_weekend=True)
        assert quantiles.shape == (24, 99)
        assert np.all(np.isfinite(quantiles))
        assert np.all(np.diff(quantiles, axis=1) >= 0.0)


def test_lines_that_cross_where_nobody_has_been_are_put_in_order():
    rng, distribution = np.random.default_rng(12), ErrorDistribution(24, N_FAMILIES)
    for _ in range(100):
        apart = rng.uniform(0.0, 3.0, 24)
        x = distribution.regressors(apart * np.array([[1.0], [-1.0]]), signs_of())
        distribution.learn(x, (0.2 + apart) * rng.laplace(size=24))
    narrow, wide, beyond = (asked(distribution, apart=each) for each in (0.2, 3.0, -3.0))
    assert np.ptp(wide[:, [4, 94]]) > 1.5 * np.ptp(narrow[:, [4, 94]])
    assert np.all(np.diff(beyond, axis=1) >= 0.0)


def test_unknown_errors_teach_nothing():
    errors = np.random.default_rng(8).laplace(size=(40, 24))
    holed = errors.copy()
    holed[::2, 3] = np.nan
    wild = np.where(np.isnan(holed), 1e6, errors)
    np.testing.assert_array_equal(asked(taught(holed)), asked(taught(np.where(wild == 1e6, np.nan, wild))))
    assert np.abs(asked(taught(holed))).max() < 20.0
    gone = taught(np.full((5, 24), np.nan))
    np.testing.assert_allclose(asked(gone), asked(ErrorDistribution(24, N_FAMILIES)), atol=0.2)


def test_a_year_ago_is_forgotten():
    rng = np.random.default_rng(9)
    before = np.concatenate([rng.laplace(size=(30, 24)) + 50.0, rng.laplace(size=(364, 24))])
    np.testing.assert_allclose(asked(taught(before)), asked(taught(before[30:])), atol=0.05)


def test_fits_stand_on_dates_of_the_calendar():
    distribution = taught(np.random.default_rng(10).laplace(size=(20, 24)))
    x = regressors(distribution)
    even = distribution.quantiles(x, 2)
    distribution.learn(x, np.full(24, 30.0))
    assert np.array_equal(distribution.quantiles(x, 3), even)
    assert not np.array_equal(distribution.quantiles(x, 7), even)


def test_quarter_hours_are_known_as_well_as_hours():
    rng = np.random.default_rng(11)
    of_hours, of_quarters = (asked(taught(skewed(rng, (120, n)), n), n).mean(axis=0) for n in (24, 96))
    np.testing.assert_allclose(of_quarters[4:95], of_hours[4:95], atol=0.25)
