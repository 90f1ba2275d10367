"""Widths of a forecast hold what they promise on a market whose errors come and go, and know no unit of money."""

from datetime import date, timedelta

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from battuta.forecast.day_table import KnownDays
from battuta.forecast.member import MemberRow
from battuta.forecast.price_forecaster import PriceForecaster
from battuta.forecast.price_model import PriceModel
from battuta.numerics.path_scores import joint_crps, variogram_score
from battuta.numerics.scores import coverage, crps_from_quantiles

MODEL = PriceModel(families=("kernel", "trees"))
N_HISTORY, N_DAYS = 30, 400
FIRST_DATE = date(2025, 1, 6)
HOUR = np.arange(24)
IS_EVENING = (HOUR >= 18) & (HOUR < 21)
LEVELS = np.arange(1, 100) / 100


def market(n_days, seed):
    """Synthetic: evenings three times as uncertain, calm and wild weeks, skewed errors that last for hours."""
    rng = np.random.default_rng(seed)
    n_all = N_HISTORY + n_days
    truth = 50.0 + 15.0 * np.sin((HOUR - 9.0) * np.pi / 12.0) + np.cumsum(rng.normal(size=n_all))[:, None]
    wild = np.exp(0.5 * np.sin(np.arange(n_all) / 12.0) + 0.2 * rng.normal(size=n_all))[:, None]
    factor = np.linalg.cholesky(0.8 ** np.abs(HOUR[:, None] - HOUR))
    normal = rng.normal(size=(n_all, 24)) @ factor.T
    error = normal + 0.25 * (normal**2 - 1.0)
    price = truth + np.where(IS_EVENING, 9.0, 3.0) * wild * error
    said = {name: truth + wild * rng.normal(size=truth.shape) for name in MODEL.families}
    return price, said


def known_at(price, day):
    dates = tuple(FIRST_DATE + timedelta(days=each) for each in range(day + 1))
    return KnownDays(day=day, dates=dates, price_per_mwh=price[:day], columns={})


def issued(price, said, stop):
    """Quantiles of each day, issued before it was known, and the forecaster as it stands."""
    forecaster, quantiles = PriceForecaster(MODEL, 24), []
    for day in range(N_HISTORY, stop):
        known = known_at(price, day)
        forecaster.learn(known)
        row = MemberRow(day=day, values={name: each[day] for name, each in said.items()})
        quantiles.append(forecaster.predict(row, known).quantiles)
    return np.array(quantiles)


@pytest.fixture(scope="module")
def year():
    price, said = market(N_DAYS, 11)
    return price[N_HISTORY:], issued(price, said, N_HISTORY + N_DAYS)


@pytest.fixture(scope="module")
def three_years(year):
    """Three seeds, without their first 100 days: one hour of the day has 300 prices a year, too few for 3 points."""
    lived = [year]
    for seed in (12, 13):
        price, said = market(N_DAYS, seed)
        lived.append((price[N_HISTORY:], issued(price, said, N_HISTORY + N_DAYS)))
    price, quantiles = (np.concatenate([each[place][100:] for each in lived]) for place in (0, 1))
    return price, quantiles, np.tile(N_HISTORY + np.arange(100, N_DAYS), 3)


def covered(quantiles, price, share):
    edge = round((1.0 - share) * 50.0) - 1
    return coverage(quantiles[..., edge], quantiles[..., 98 - edge], price)


def test_nine_in_ten_prices_lie_in_the_band_from_the_start(year):
    price, quantiles = year
    assert 0.88 < covered(quantiles, price, 0.9) < 0.92
    assert 0.85 < covered(quantiles[:60], price[:60], 0.9) < 0.95


@pytest.mark.parametrize("share", [0.5, 0.8, 0.98])
def test_so_do_other_shares(year, share):
    price, quantiles = year
    assert covered(quantiles[100:], price[100:], share) == pytest.approx(share, abs=0.02)


def test_evenings_and_nights_calm_and_wild_weeks_and_weekends_each_get_their_own(three_years):
    price, quantiles, day = three_years
    around = slice(17, 22)  # widths are smoothed over an hour on either side: a sharp edge is shared by both
    for hours in (slice(0, 16), around, slice(19, 20)):
        assert covered(quantiles[:, hours], price[:, hours], 0.9) == pytest.approx(0.9, abs=0.03)
    is_wild, is_weekend = np.sin(day / 12.0) > 0.0, day % 7 >= 5
    for days in (is_wild, ~is_wild, is_weekend, ~is_weekend):
        assert covered(quantiles[days], price[days], 0.9) == pytest.approx(0.9, abs=0.04)


def test_widths_that_follow_beat_fixed_ones(year):
    price, quantiles = year
    error = price - quantiles[..., 49]
    of_all = np.tile(np.quantile(error[:100], LEVELS), (24, 1))
    of_hours = np.quantile(error[:100], LEVELS, axis=0).T
    ours, *fixed = (
        crps_from_quantiles(price[100:], LEVELS, each)
        for each in (quantiles[100:], *(quantiles[100:, :, [49]] + each for each in (of_all, of_hours)))
    )
    assert ours < 0.97 * fixed[0]
    assert ours < 0.99 * fixed[1]


def test_quantiles_are_always_in_order(year):
    assert np.all(np.diff(year[1], axis=-1) >= 0.0)
    assert np.isfinite(year[1]).all()


def test_courses_of_later_days_score_better_than_hours_drawn_apart():
    price, said = market(180, 12)
    forecaster, rng, marks = PriceForecaster(MODEL, 24), np.random.default_rng(1), []
    for day in range(N_HISTORY, N_HISTORY + 180):
        known = known_at(price, day)
        forecaster.learn(known)
        issue = forecaster.predict(MemberRow(day=day, values={name: each[day] for name, each in said.items()}), known)
        if day >= N_HISTORY + 100:
            paths = forecaster.paths(issue, known, 100, day)
            both = (paths, rng.permuted(paths, axis=0))
            marks.append([(joint_crps(each, price[day]), variogram_score(each, price[day])) for each in both])
    (energy, variogram), (energy_apart, variogram_apart) = np.mean(marks, axis=0)
    assert energy < 0.99 * energy_apart
    assert variogram < 0.97 * variogram_apart


@settings(max_examples=4)
@given(st.integers(0, 2**32 - 1), st.sampled_from([0.25, 4.0, 64.0]))
def test_another_currency_another_number_the_same_forecast(seed, rate):
    price, said = market(12, seed)
    theirs = issued(rate * price, {name: rate * each for name, each in said.items()}, N_HISTORY + 12)
    np.testing.assert_allclose(theirs, rate * issued(price, said, N_HISTORY + 12), rtol=1e-6, atol=1e-4 * rate)


@settings(max_examples=4)
@given(st.integers(0, 2**32 - 1), st.integers(1, 11))
def test_no_issue_sees_what_comes(seed, day):
    price, said = market(12, seed)
    other = price.copy()
    other[N_HISTORY + day :] = np.random.default_rng(seed).normal(0.0, 500.0, other[N_HISTORY + day :].shape)
    both = (issued(each, said, N_HISTORY + day + 1) for each in (price, other))
    np.testing.assert_array_equal(*both)
