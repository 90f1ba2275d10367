"""Market years: drawn in stretches of history, around what is expected, the same whoever else is drawn."""

from dataclasses import replace

import numpy as np
import pytest

from battuta.domain.errors import DataError
from battuta.domain.market_history import ExpectedYear
from battuta.domain.outlook import MarketOutlook
from battuta.twin.market_years import expected_factors, market_years, year_correlation

MARKET = MarketOutlook(
    capacity_price_per_mw_h=0.0,
    energy_price_per_mwh=50.0,
    energy_trend_per_year=0.1,
    spread_trend_per_year=-0.1,
    spread_share_min=0.75,
    persistence=0.6,
    spread_deviation_share=0.2,
)
N_LIVES, N_YEARS = 3000, 6


def drawn(market=MARKET, first=0, n_lives=N_LIVES, n_history=4):
    factors = expected_factors(market, None, first_year=2027, n_years=N_YEARS)
    return market_years(market, np.ones((n_lives, N_YEARS)), factors, n_history=n_history, seed=5, first_life=first)


def test_trends_say_what_is_expected_and_saturation_ends():
    found = expected_factors(MARKET, None, first_year=2027, n_years=5)
    assert found.level == pytest.approx(1.1 ** np.arange(5))
    assert found.spread == pytest.approx([1.0, 0.9, 0.81, 0.75, 0.75])


def test_own_figures_stand_in_place_of_trends_and_need_each_year():
    own = [ExpectedYear(year=year, energy_price_factor=year / 2027, spread_factor=0.5) for year in range(2025, 2030)]
    found = expected_factors(MARKET, own, first_year=2027, n_years=3)
    assert found.level == pytest.approx([1.0, 2028 / 2027, 2029 / 2027])
    assert np.all(found.spread == 0.5)
    with pytest.raises(DataError, match=r"2030, 2031 is not said.*2027 to 2031"):
        expected_factors(MARKET, own, first_year=2027, n_years=5)


def test_history_is_drawn_evenly_and_in_stretches():
    number = drawn().number
    assert np.bincount(number[:, 3], minlength=4) / N_LIVES == pytest.approx(np.full(4, 0.25), abs=0.03)
    follows = np.mean(number[:, 1:] == (number[:, :-1] + 1) % 4)
    assert follows == pytest.approx(0.6 + 0.4 / 4, abs=0.02)
    alone = drawn(replace(MARKET, persistence=0.0)).number
    assert np.mean(alone[:, 1:] == (alone[:, :-1] + 1) % 4) == pytest.approx(0.25, abs=0.02)
    assert not drawn(n_history=1).number.any()


def test_a_life_has_its_years_whoever_else_is_drawn():
    whole, part = drawn(n_lives=10), drawn(first=4, n_lives=2)
    assert np.array_equal(whole.number[4:6], part.number)
    assert np.array_equal(whole.spread_factor[4:6], part.spread_factor)


def test_the_spread_is_unsure_by_life_around_what_is_expected():
    spread = drawn().spread_factor
    assert spread.mean(axis=0) == pytest.approx([1.0, 0.9, 0.81, 0.75, 0.75, 0.75], rel=0.02)
    assert np.allclose(spread / spread[:, :1], spread[0] / spread[0, 0])
    assert np.log(spread[:, 0]).std() == pytest.approx(0.2, rel=0.05)
    scaled = drawn().scaled(0.5)
    assert np.allclose(scaled.spread_factor, 0.5 * spread)
    assert np.allclose(scaled.level_factor, 0.5 * drawn().level_factor)


def test_years_that_share_a_level_are_correlated_and_free_ones_are_not():
    rng = np.random.default_rng(1)
    free, level = rng.normal(size=(4000, 5)), rng.normal(size=(4000, 1))
    assert year_correlation(free + np.arange(5)) == pytest.approx(0.0, abs=0.03)
    assert year_correlation(free + level) == pytest.approx(0.5, abs=0.03)
    assert np.isnan(year_correlation(np.ones((1, 5))))
    assert np.isnan(year_correlation(np.ones((4, 5))))
