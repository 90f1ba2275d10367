"""Drawn years: fair, persistent, and the same whoever asks."""

from dataclasses import replace

import numpy as np
import pytest

from battuta.domain.outlook import Availability, MarketOutlook
from battuta.twin.outlook import drawn_years

MARKET = MarketOutlook(
    capacity_price_per_mw_h=10.0,
    energy_price_per_mwh=50.0,
    capacity_trend_per_year=-0.1,
    deviation_share=0.3,
    persistence=0.8,
    level_deviation_share=0.0,
)


def drawn(n_lives=4000, first=0, **kw):
    return drawn_years(MARKET, Availability(**kw), seed=5, first_life=first, n_lives=n_lives, n_years=6)


def test_prices_spread_fairly_about_their_trend_and_persist():
    years = drawn()
    assert years.capacity_price_per_mw_h.mean(axis=0) == pytest.approx(10.0 * 0.9 ** np.arange(6), rel=0.02)
    logs = np.log(years.capacity_price_per_mw_h)
    assert logs[:, 3].std() == pytest.approx(0.3, rel=0.05)
    assert np.corrcoef(logs[:, 2], logs[:, 3])[0, 1] == pytest.approx(0.8, abs=0.03)
    assert np.corrcoef(logs[:, 2], years.availability[:, 2])[0, 1] == pytest.approx(0.0, abs=0.05)


def test_availability_stays_a_share():
    years = drawn(n_lives=500, mean=0.99, deviation=0.05)
    assert years.availability.max() == 1.0
    assert years.availability.min() < 0.99


def test_a_life_has_its_years_whoever_else_is_drawn():
    assert np.array_equal(drawn(10).capacity_price_per_mw_h[4:6], drawn(2, first=4).capacity_price_per_mw_h)


def test_the_level_of_each_price_is_unsure_by_itself():
    market = replace(MARKET, deviation_share=0.0, level_deviation_share=0.2, capacity_trend_per_year=0.0)
    years = drawn_years(market, Availability(), seed=5, first_life=0, n_lives=4000, n_years=6)
    capacity, energy = np.log(years.capacity_price_per_mw_h), np.log(years.energy_price_per_mwh)
    assert np.allclose(capacity, capacity[:, :1])
    assert capacity[:, 0].std() == pytest.approx(0.2, rel=0.05)
    assert years.energy_price_per_mwh.mean() == pytest.approx(50.0, rel=0.02)
    assert np.corrcoef(capacity[:, 0], energy[:, 0])[0, 1] == pytest.approx(0.0, abs=0.05)
