"""A calibration window holds lags of what is known, and leaves out what is not there."""

from dataclasses import replace
from datetime import date, timedelta

import numpy as np
import pytest

from battuta.domain.errors import StaleDataError
from battuta.forecast.day_table import KnownDays
from battuta.forecast.regressors import by_hour, regressors

N_DAYS = 40
RNG = np.random.default_rng(3)
PRICE = 50.0 + RNG.normal(size=(N_DAYS, 24)) * np.linspace(5.0, 15.0, 24)
LOAD = 1000.0 + 80.0 * RNG.normal(size=(N_DAYS + 1, 24))


def known(price=PRICE, columns=None):
    dates = tuple(date(2026, 1, 1) + timedelta(days=k) for k in range(N_DAYS + 1))
    return KnownDays(day=N_DAYS, dates=dates, price_per_mwh=price, columns=columns or {})


def block(window, name, lag_days):
    return next(each.values for each in window.blocks if each.name == name and each.lag_days == lag_days)


def test_lags_stand_beside_their_targets():
    window = regressors(known(columns={"load": LOAD}), 20)
    assert window.matrix().shape == (21, 4 * 24 + 3 * 24 + 7)
    np.testing.assert_array_equal(block(window, "price", 1)[1:], window.target)
    np.testing.assert_array_equal(block(window, "price", 3)[3:], window.target[:-2])
    np.testing.assert_array_equal(block(window, "load", 0)[:-1], block(window, "load", 1)[1:])
    np.testing.assert_allclose(window.scale.invert(window.target), PRICE[20:], rtol=1e-12)


def test_the_weekday_is_that_of_the_row():
    window = regressors(known(), 20)
    assert [int(row.argmax()) for row in block(window, "weekday", 0)] == [
        (date(2026, 1, 21) + timedelta(days=k)).weekday() for k in range(21)
    ]


def test_a_series_that_is_late_is_left_out():
    window = regressors(known(columns={"wind": LOAD[:-1]}), 20)
    assert {each.name for each in window.blocks} == {"price", "weekday"}


def test_a_series_that_is_missing_today_is_left_out():
    broken = LOAD.copy()
    broken[-1, 5:8] = np.nan
    window = regressors(known(columns={"load": broken}), 20)
    assert {each.name for each in window.blocks} == {"price", "weekday"}


def test_a_series_with_many_gaps_is_left_out_of_long_windows():
    broken = LOAD.copy()
    broken[10:25] = np.nan
    long, short = (regressors(known(columns={"load": broken}), window_days) for window_days in (33, 8))
    assert {each.name for each in long.blocks} == {"price", "weekday"}
    assert {each.name for each in short.blocks} == {"price", "load", "weekday"}


def test_a_daily_value_enters_once_with_its_latest_day():
    gas = np.repeat(20.0 + RNG.normal(size=(N_DAYS - 1, 1)), 24, axis=1)
    window = regressors(known(columns={"gas": gas}), 20)
    values = block(window, "gas", 2)
    assert values.shape == (21, 1)
    assert np.argsort(values[:, 0]).tolist() == np.argsort(gas[18:, 0]).tolist()


def test_a_day_with_a_gap_is_looked_back_on_but_not_learned_from():
    broken = PRICE.copy()
    broken[-1, 3] = np.nan
    window = regressors(known(price=broken), 20)
    assert window.is_usable.tolist() == [True] * 19 + [False]
    assert window.target[-1, 3] == window.target[-8, 3]


def test_stale_prices_and_no_history_are_refused():
    with pytest.raises(StaleDataError, match="5 days old"):
        regressors(known(price=PRICE[:-4]), 20)
    young = KnownDays(day=7, dates=tuple(date(2026, 1, k) for k in range(1, 9)), price_per_mwh=PRICE[:7], columns={})
    with pytest.raises(StaleDataError, match="7 days of history"):
        regressors(young, 20)


def test_quarter_hours_are_looked_at_by_the_hour():
    quarters = np.arange(96.0)[None]
    np.testing.assert_array_equal(by_hour(quarters)[0], 1.5 + 4.0 * np.arange(24))
    fine = np.repeat(PRICE, 4, axis=1)
    window = regressors(known(price=fine), 20)
    assert window.target.shape == (20, 96)
    assert block(window, "price", 1).shape == (21, 24)


def test_lags_are_counted_from_the_latest_day_that_is_published():
    late = regressors(known(price=PRICE[:-1]), 20)
    assert sorted({each.lag_days for each in late.blocks if each.name == "price"}) == [2, 3, 4, 7]
    assert late.is_usable.tolist() == [True] * 19 + [False]


def test_a_holiday_is_a_sunday_where_the_line_bends_and_its_own_day_in_lear_as_published():
    with_holiday = replace(known(), holidays=frozenset({date(2026, 2, 6)}))
    at, straight = 36 - 20, block(regressors(with_holiday, 20), "weekday", 0)
    bent = block(regressors(with_holiday, 20, is_bent=True), "weekday", 0)
    assert (int(straight[at].argmax()), int(bent[at].argmax())) == (4, 6)
    np.testing.assert_array_equal(np.delete(bent, at, axis=0), np.delete(straight, at, axis=0))
