"""The day to forecast is the first without prices; the series is made to reach over it."""

from datetime import UTC, date, datetime

import numpy as np
import pytest

from battuta.adapters.markets.simulated import simulated_prices
from battuta.domain.errors import StaleDataError
from battuta.domain.time import to_ns
from battuta.studies.next_day import with_next_day


def series_of(n_days, waiting=0, start=date(2026, 3, 20)):
    """Days of a synthetic market, the last of them without prices."""
    series = simulated_prices(1, start, n_days)
    if waiting:
        series.price_per_mwh[-waiting:] = np.nan
    return series


def test_the_day_after_the_last_price_is_added():
    series, day = with_next_day(series_of(5))
    assert (day, series.days().dates[day]) == (5, date(2026, 3, 25))
    assert series.n_times == (5 + 2) * 24
    assert np.isnan(series.price_per_mwh[5 * 24 :]).all()
    assert np.isnan(series.values("load_forecast_mw")[5 * 24 :]).all()


def test_a_day_that_waits_for_its_prices_is_the_one():
    given = series_of(6, waiting=24)
    series, day = with_next_day(given)
    assert (day, series.n_times) == (5, 7 * 24)
    assert np.isfinite(series.values("load_forecast_mw")[5 * 24 : 6 * 24]).all()
    again, same = with_next_day(series)
    assert (same, again.n_times) == (day, series.n_times)


def test_a_short_day_in_spring_is_seen():
    series, day = with_next_day(series_of(9))
    steps = series.days().steps(day)
    assert (series.days().dates[day], steps.stop - steps.start) == (date(2026, 3, 29), 23)
    assert int(series.time_ns[-1]) == to_ns(datetime(2026, 3, 30, 21, tzinfo=UTC))


def test_a_day_whose_first_prices_are_there_is_the_one():
    series, day = with_next_day(series_of(6, waiting=3))
    assert (day, series.days().dates[day]) == (5, date(2026, 3, 25))
    assert np.isfinite(series.price_per_mwh[5 * 24 : 6 * 24]).sum() == 21
    series, day = with_next_day(series_of(6).slice(slice(0, 6 * 24 - 5)))
    assert (day, series.n_times) == (5, 7 * 24)


def test_no_price_is_no_history():
    with pytest.raises(StaleDataError, match="no price is known"):
        with_next_day(series_of(2, waiting=48))
