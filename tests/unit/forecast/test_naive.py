"""Naive forecasts copy what was known at the gate, laid on the wall clock of the day."""

from datetime import UTC, datetime, timedelta

import numpy as np
import pytest

from battuta.domain.errors import StaleDataError
from battuta.domain.prices import History, PriceSeries
from battuta.domain.time import NS_PER_HOUR, to_ns
from battuta.forecast.naive import median_profile, persistence, recent_profiles, similar_day

N_HOURS = 14 * 24 - 1  # from Monday 16 March 2026, local; the 14th day is the one of 23 hours
SERIES = PriceSeries(
    time_ns=to_ns(datetime(2026, 3, 15, 23, tzinfo=UTC)) + np.arange(N_HOURS) * NS_PER_HOUR,
    price_per_mwh=np.arange(float(N_HOURS)),
    step=timedelta(hours=1),
    currency="EUR",
    zone="Europe/Berlin",
)
HISTORY = History(SERIES)


def view_before(day):
    return HISTORY.view(int(HISTORY.days.start_ns[day]) - 12 * NS_PER_HOUR)


def test_persistence_is_yesterday():
    np.testing.assert_array_equal(persistence(view_before(9), 9), SERIES.price_per_mwh[8 * 24 : 9 * 24])


def test_a_monday_is_like_last_monday_and_a_tuesday_like_yesterday():
    np.testing.assert_array_equal(similar_day(view_before(7), 7), SERIES.price_per_mwh[:24])
    np.testing.assert_array_equal(similar_day(view_before(8), 8), SERIES.price_per_mwh[7 * 24 : 8 * 24])


def test_the_median_of_three_days_is_the_middle_one():
    np.testing.assert_array_equal(median_profile(view_before(9), 9, 3), SERIES.price_per_mwh[7 * 24 : 8 * 24])


def test_a_day_of_23_hours_leaves_out_the_hour_that_is_skipped():
    forecast = recent_profiles(view_before(13), 13, 1)[0]
    np.testing.assert_array_equal(forecast, np.delete(SERIES.price_per_mwh[12 * 24 : 13 * 24], 2))


def test_no_history_is_refused():
    with pytest.raises(StaleDataError, match="no complete day"):
        persistence(view_before(0), 0)
