"""Trees see prices measured against the four weeks before, whatever the level of the market."""

from datetime import date, timedelta

import numpy as np
import pytest

from battuta.forecast.day_table import KnownDays
from battuta.forecast.tree_inputs import tree_rows

N_DAYS = 70
RNG = np.random.default_rng(11)
PRICE = 50.0 + 12.0 * RNG.normal(size=(N_DAYS, 24))
LOAD = 100.0 + 10.0 * RNG.normal(size=(N_DAYS + 1, 24))
SLOT, WEEKDAY, DAY_OF_YEAR, RELATIVE_SPREAD = range(-4, 0)


def rows(price=PRICE, first=30, columns=None):
    dates = tuple(date(2026, 1, 5) + timedelta(days=k) for k in range(N_DAYS + 1))
    return tree_rows(KnownDays(day=N_DAYS, dates=dates, price_per_mwh=price, columns={}), columns or {}, first)


def test_level_and_spread_are_those_of_the_28_days_before():
    found = rows()
    assert found.inputs.shape == (41, 24, 15)
    for place, day in ((0, 30), (40, 70)):
        before = PRICE[day - 28 : day]
        assert found.level[place] == pytest.approx(before.mean())
        assert found.spread[place] == pytest.approx(before.std())
    np.testing.assert_allclose(found.target[5] * found.spread[5] + found.level[5], PRICE[35], rtol=1e-12)
    assert found.is_usable.tolist() == [True] * 40 + [False]


def test_lags_stand_beside_their_targets():
    found = rows()
    for place, lag in enumerate((1, 2, 3, 7)):
        expected = (PRICE[40 - lag] - found.level[10]) / found.spread[10]
        np.testing.assert_allclose(found.inputs[10, :, place], expected, rtol=1e-9)
    mean_of_seven = (PRICE[33:40].mean(axis=0) - found.level[10]) / found.spread[10]
    np.testing.assert_allclose(found.inputs[10, :, 4], mean_of_seven, rtol=1e-9, atol=1e-12)


def test_an_exogenous_series_is_seen_today_and_in_its_changes():
    today = rows(columns={"load_forecast_mw": LOAD}).inputs[-1, :, 11:23]
    assert today.shape == (24, 12)
    np.testing.assert_array_equal(today[:, 0], LOAD[-1])
    np.testing.assert_array_equal(today[:, 1], LOAD[-1] - LOAD[-2])
    np.testing.assert_array_equal(today[:, 2], LOAD[-1] - LOAD[-8])
    np.testing.assert_array_equal(today[:-1, 3], np.diff(LOAD[-1]))
    np.testing.assert_array_equal(today[1:, 4], np.diff(LOAD[-1]))
    assert today[LOAD[-1].argmax(), 5] == 23.0
    np.testing.assert_allclose(today[:, 11], (LOAD[-1] - LOAD[-29:-1].mean()) / LOAD[-29:-1].std(), rtol=1e-9)


def test_the_calendar_is_that_of_the_row():
    found = rows()
    assert found.inputs[3, :, SLOT].tolist() == list(range(24))
    assert set(found.inputs[0, :, WEEKDAY]) == {(date(2026, 1, 5) + timedelta(days=30)).weekday()}
    assert set(found.inputs[0, :, DAY_OF_YEAR]) == {35.0}


def test_neither_level_nor_size_of_the_prices_is_seen_but_in_their_ratio():
    plain, other = rows(), rows(price=5.0 * PRICE + 100.0)
    np.testing.assert_allclose(other.inputs[..., :RELATIVE_SPREAD], plain.inputs[..., :RELATIVE_SPREAD], atol=1e-8)
    np.testing.assert_allclose(other.target[:-1], plain.target[:-1], atol=1e-8)
    np.testing.assert_allclose(rows(price=5.0 * PRICE).inputs, plain.inputs, atol=1e-8)
    np.testing.assert_allclose(plain.inputs[..., 0, RELATIVE_SPREAD], plain.spread / plain.level, rtol=1e-12)


def test_a_gap_is_looked_back_on_as_a_week_before_but_not_learned_from():
    broken = PRICE.copy()
    broken[-1, 3] = np.nan
    found = rows(price=broken)
    assert found.is_usable.tolist() == [True] * 39 + [False, False]
    assert found.inputs[-1, 3, 0] * found.spread[-1] + found.level[-1] == pytest.approx(PRICE[-8, 3])


def test_the_day_alone_is_seen_as_among_others():
    both = rows(columns={"load_forecast_mw": LOAD}), rows(columns={"load_forecast_mw": LOAD}, first=N_DAYS)
    np.testing.assert_allclose(both[1].inputs[-1], both[0].inputs[-1], rtol=1e-12)


def test_flat_prices_and_quarter_hours_are_no_trouble():
    assert np.isfinite(rows(price=np.full_like(PRICE, 0.0)).inputs[-1]).all()
    fine = rows(price=np.repeat(PRICE, 4, axis=1), columns={"load_forecast_mw": np.repeat(LOAD, 4, axis=1)})
    assert fine.inputs.shape == (41, 96, 27)
    np.testing.assert_array_equal(fine.inputs[-1, :92:4, 14], np.diff(LOAD[-1]))
