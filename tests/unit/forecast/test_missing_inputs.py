"""What usually is there and is not today is named; what never is there is not."""

from datetime import date, timedelta

import numpy as np

from battuta.forecast.day_table import KnownDays
from battuta.forecast.missing_inputs import missing_inputs

DAY = 40
DATES = tuple(date(2026, 1, 1) + timedelta(days=k) for k in range(DAY + 1))
PRICE = np.ones((DAY, 24))
LOAD = np.ones((DAY + 1, 24))


def known(price=PRICE, **columns):
    return KnownDays(day=DAY, dates=DATES, price_per_mwh=price, columns=columns)


def test_nothing_missing_nothing_said():
    assert missing_inputs(known(load_mw=LOAD, wind_mw=LOAD[:-1])) == ()


def test_a_series_that_is_missing_today_is_named():
    broken = LOAD.copy()
    broken[-1, :3] = np.nan
    assert missing_inputs(known(load_mw=broken)) == (
        "load_mw: 3 of 24 values of the day are missing, forecast without it",
    )


def test_a_series_that_hardly_ever_is_there_is_not_missed():
    assert missing_inputs(known(load_mw=np.where(np.arange(DAY + 1)[:, None] < 20, LOAD, np.nan))) == ()


def test_old_prices_are_named():
    holed = PRICE.copy()
    holed[-2:, 5] = np.nan
    assert missing_inputs(known(price=holed)) == ("price: the latest whole day is 3 days old",)
    assert missing_inputs(known(price=PRICE[:-1])) == ()  # such prices always come a day later


def test_a_series_with_many_gaps_is_named():
    short = np.where(np.arange(DAY + 1)[:, None] < 20, np.nan, LOAD)
    assert missing_inputs(known(load_mw=short)) == (
        "load_mw: 49% of its days have gaps, members with long windows leave it out",
    )
