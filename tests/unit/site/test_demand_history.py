"""Past days speak for days of their kind at their time of day; what was not measured is missing."""

from datetime import UTC, datetime

import numpy as np
import pytest

from battuta.domain.errors import InvalidQuantityError
from battuta.numerics.sampling import generator
from battuta.site.demand_history import (
    KEPT_DAYS,
    PEAK_GROWTH,
    DemandHistory,
    forecast_demand,
    is_workday,
    local_time,
    past_workdays,
)

MONDAY = 20_521
ONE = np.array([0])
UTC_S = np.zeros(1, dtype=np.int64)


def record_days(history: DemandHistory, first: int, days_kw, above_kw: float = 0.0) -> None:
    for index, day_kw in enumerate(days_kw):
        for time, mean_kw in enumerate(day_kw):
            start_s = (first + index) * 86_400 + time * history.interval_s
            history.record(start_s, UTC_S, np.array([mean_kw]), np.array([mean_kw + above_kw]))


def two_weeks(seed: int = 1):
    """Days by the hour: workdays near 500, free days near 100."""
    level = np.where(is_workday(MONDAY + np.arange(14)), 500.0, 100.0)
    return level[:, None] + 20.0 * generator(seed, "days").standard_normal((14, 24))


def errors_of(days):
    """Each day less the median of the others of its kind."""
    is_work = is_workday(MONDAY + np.arange(len(days)))
    return np.stack([
        day - np.nanmedian(days[(is_work == is_work[own]) & (np.arange(len(days)) != own)], axis=0)
        for own, day in enumerate(days)
    ])  # fmt: skip


def levels_of(days, hour: int):
    """Median error of the three hours before an hour, for each day and the one that begins after the last."""
    errors = np.concatenate([np.full((1, 24), np.nan), errors_of(days), np.full((1, 24), np.nan)]).ravel()
    before = [errors[24 * (day + 1) + hour - 3 : 24 * (day + 1) + hour] for day in range(len(days) + 1)]
    return np.array([np.nanmedian(each) if np.isfinite(each).any() else 0.0 for each in before])


FADING = np.maximum(1.0 - np.arange(36) / 24.0, 0.0)


def asked(history: DemandHistory, start_s: int):
    return forecast_demand(history, start_s, UTC_S, ONE)


def test_a_workday_is_expected_as_the_median_of_workdays_and_the_level_that_fades() -> None:
    history, days = DemandHistory.empty(1, 3600), two_weeks()
    record_days(history, MONDAY, days)
    forecast = asked(history, (MONDAY + 14) * 86_400)
    work = days[is_workday(MONDAY + np.arange(14))]
    level_kw = levels_of(days, 0)[-1]
    assert level_kw != 0.0
    usual_kw = np.median(work, axis=0)[np.arange(36) % 24]
    np.testing.assert_allclose(forecast.median_kw[:, 0], usual_kw + FADING * level_kw)
    assert forecast.is_known.all()


def test_a_weekend_ahead_is_that_of_weekends() -> None:
    history, days = DemandHistory.empty(1, 3600), two_weeks()
    record_days(history, MONDAY, days[:12])
    forecast = asked(history, (MONDAY + 12) * 86_400 - 12 * 3600)
    assert (forecast.median_kw[:12, 0] > 400.0).all()
    assert (forecast.median_kw[12:, 0] < 200.0).all()


def test_a_high_morning_lifts_the_day_and_a_short_peak_does_not() -> None:
    for lasted_h, lifted_kw in ((3, 80.0), (1, 0.0)):
        history = DemandHistory.empty(1, 3600)
        record_days(history, MONDAY, [[300.0] * 24] * 4)
        record_days(history, MONDAY + 4, [[300.0] * (10 - lasted_h) + [380.0] * lasted_h])
        forecast = asked(history, (MONDAY + 4) * 86_400 + 10 * 3600)
        np.testing.assert_allclose(forecast.median_kw[:14, 0], 300.0 + FADING[:14] * lifted_kw)


def test_each_path_is_a_day_judged_by_the_others_and_by_its_own_morning() -> None:
    history, days = DemandHistory.empty(1, 3600), two_weeks()
    record_days(history, MONDAY, days)
    newest_first = np.flatnonzero(is_workday(MONDAY + np.arange(14)))[::-1]
    error_kw = asked(history, (MONDAY + 14) * 86_400).error_kw
    expected = errors_of(days)[newest_first] - FADING[:24] * levels_of(days, 0)[newest_first, None]
    np.testing.assert_allclose(error_kw[:, :24, 0], expected)
    error_kw = asked(history, (MONDAY + 14) * 86_400 + 9 * 3600).error_kw
    expected = errors_of(days)[newest_first, 9:] - FADING[:15] * levels_of(days, 9)[newest_first, None]
    np.testing.assert_allclose(error_kw[:, :15, 0], expected)


def test_a_silent_hour_is_missing_and_never_zero() -> None:
    history, days = DemandHistory.empty(1, 3600), two_weeks()
    days[[1, 2, 3, 4, 7, 8, 9], 9] = np.nan
    record_days(history, MONDAY, days)
    forecast = asked(history, (MONDAY + 14) * 86_400)
    left, levels_kw = days[[0, 10, 11], 9], levels_of(days, 0)
    assert forecast.median_kw[9, 0] == pytest.approx(np.median(left) + FADING[9] * levels_kw[-1])
    assert np.isfinite(forecast.error_kw).all()
    own = [left[at] - np.median(np.delete(left, at)) - FADING[9] * levels_kw[[0, 10, 11][at]] for at in range(3)]
    assert set(np.round(forecast.error_kw[:, 9, 0], 6)) == set(np.round(own, 6))


def test_with_no_day_of_a_kind_the_other_kind_speaks_and_errs() -> None:
    history, days = DemandHistory.empty(1, 3600), two_weeks()
    record_days(history, MONDAY, days[:5])
    saturday = asked(history, (MONDAY + 5) * 86_400)
    lifted_kw = FADING[:24] * levels_of(days[:5], 0)[-1]
    np.testing.assert_allclose(saturday.median_kw[:24, 0], np.median(days[:5], axis=0) + lifted_kw)
    record_days(history, MONDAY + 5, days[5:6])
    sunday = asked(history, (MONDAY + 6) * 86_400)
    np.testing.assert_allclose(sunday.median_kw[:24, 0], days[5])  # a single day judges nothing
    np.testing.assert_allclose(sunday.error_kw[:, :24], saturday.error_kw[:, :24])


def test_with_no_day_at_all_it_is_the_mean_so_far_and_the_highest_minute() -> None:
    history = DemandHistory.empty(1, 3600)
    nothing = asked(history, MONDAY * 86_400)
    assert np.isnan(nothing.median_kw).all()
    assert not nothing.is_known[0]
    record_days(history, MONDAY, [[100.0, 200.0]], above_kw=60.0)
    forecast = asked(history, MONDAY * 86_400 + 2 * 3600)
    assert (forecast.median_kw[:22] == 150.0).all()
    assert (forecast.error_kw == 110.0).all()
    assert forecast.median_kw[22:24, 0].tolist() == [100.0, 200.0]  # tomorrow at the times seen today
    assert not forecast.is_known[0]
    assert forecast.peak_kw[0] == 150.0 + PEAK_GROWTH * 110.0


def test_a_peak_reaches_what_the_highest_minute_nearby_reached_and_more() -> None:
    history, days = DemandHistory.empty(1, 3600), np.full((10, 24), 300.0)
    record_days(history, MONDAY, days, above_kw=10.0)
    history.record((MONDAY + 3) * 86_400 + 10 * 3600, UTC_S, np.array([320.0]), np.array([500.0]))
    near, far = (asked(history, (MONDAY + 10) * 86_400 + hour * 3600).peak_kw[0] for hour in (9, 6))
    assert near == pytest.approx(300.0 + PEAK_GROWTH * 200.0)
    assert far == pytest.approx(300.0 + PEAK_GROWTH * 10.0)


def test_days_beyond_four_weeks_are_forgotten() -> None:
    history = DemandHistory.empty(1, 3600)
    record_days(history, MONDAY, [[900.0] * 24])
    record_days(history, MONDAY + 1, [[100.0] * 24] * 28)
    assert asked(history, (MONDAY + KEPT_DAYS) * 86_400).error_kw.max() == 800.0
    assert asked(history, (MONDAY + KEPT_DAYS + 1) * 86_400).error_kw.max() == 0.0


def test_a_day_that_is_left_out_leaves_no_trace_of_the_one_its_place_held() -> None:
    history = DemandHistory.empty(1, 3600)
    record_days(history, MONDAY, [[900.0] * 24])
    record_days(history, MONDAY + KEPT_DAYS + 1, [[100.0]])
    assert np.nansum(history.mean_kw) == 100.0


def test_local_days_follow_the_offset_of_the_moment() -> None:
    history = DemandHistory.empty(1, 3600)
    for day, offset_h in ((27, 1), (30, 2)):  # a Friday before and a Monday after the change of clocks
        midnight_s = int(datetime(2026, 3, day, tzinfo=UTC).timestamp()) - offset_h * 3600
        for hour in range(24):
            load_kw = np.array([500.0 if 8 <= hour < 16 else 100.0])
            history.record(midnight_s + hour * 3600, np.array([offset_h * 3600]), load_kw, load_kw)
    tuesday = forecast_demand(history, midnight_s + 86_400, np.array([7200]), ONE)
    assert (tuesday.error_kw == 0.0).all()
    assert np.flatnonzero(tuesday.median_kw[:24, 0] == 500.0).tolist() == list(range(8, 16))
    day, time = local_time(np.array([midnight_s + 7200 + 3600]), 3600)
    assert ((int(day[0]) + 3) % 7, int(time[0])) == (0, 1)


def test_past_workdays_leave_out_today_and_days_hardly_measured() -> None:
    history, days = DemandHistory.empty(1, 3600), two_weeks()
    days[2, 3:] = np.nan
    days[3, 5] = np.nan
    record_days(history, MONDAY, days)
    median_kw, actual_kw = past_workdays(history, (MONDAY + 11) * 86_400 + 12 * 3600, UTC_S, 0)
    assert median_kw.shape == actual_kw.shape == (8, 24, 1)
    np.testing.assert_allclose(actual_kw[0, :, 0], days[10])
    assert np.isfinite(actual_kw).all()
    median_kw, _ = past_workdays(DemandHistory.empty(1), MONDAY * 86_400, UTC_S, 0)
    assert median_kw.shape == (0, 96, 1)


def test_sites_do_not_see_each_other() -> None:
    alone, both = DemandHistory.empty(1, 3600), DemandHistory.empty(2, 3600)
    for hour in range(24 * 9):
        load_kw = 100.0 + (hour * 37 % 50) * np.array([1.0, 3.0])
        alone.record(MONDAY * 86_400 + hour * 3600, UTC_S, load_kw[1:], load_kw[1:])
        both.record(MONDAY * 86_400 + hour * 3600, np.array([-7200, 0]), load_kw, load_kw)
    start_s = (MONDAY + 9) * 86_400
    single = forecast_demand(alone, start_s, UTC_S, ONE)
    pair = forecast_demand(both, start_s, np.array([-7200, 0]), np.array([0, 1]))
    np.testing.assert_array_equal(pair.median_kw[:, 1], single.median_kw[:, 0])
    assert pair.peak_kw[1] == single.peak_kw[0]


def test_an_interval_that_does_not_divide_the_day_is_refused() -> None:
    with pytest.raises(InvalidQuantityError):
        DemandHistory.empty(1, 1000)
