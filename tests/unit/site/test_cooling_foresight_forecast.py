"""Air by the day before and power in half hours."""

import numpy as np
import pytest

from battuta.site.cooling_foresight_forecast import (
    SLOTS_OF_DAY,
    SWING_K,
    AmbientMemory,
    PowerCourse,
    ambient_forecast_c,
    remember,
    slot_of,
    slot_power_pu,
)

DAY_NS = 86400 * 10**9
MIDNIGHT_NS = 20_000 * DAY_NS
SLOT_NS = DAY_NS // 48


def seen_for_a_day(course_c) -> AmbientMemory:
    memory = AmbientMemory.empty(np.zeros(1))
    for minute in range(24 * 60 + 1):
        memory = remember(memory, MIDNIGHT_NS + minute * 60 * 10**9, np.array([course_c(minute / 60.0)]))
    return memory


def test_without_a_day_it_swings_about_what_is_read_now_warmest_at_three_in_the_afternoon() -> None:
    memory = remember(AmbientMemory.empty(np.array([0.0, 2.0])), MIDNIGHT_NS, np.array([20.0, 20.0]))
    air_c = ambient_forecast_c(memory, MIDNIGHT_NS, np.array([20.0, 20.0]), slot_of(MIDNIGHT_NS))
    assert air_c.shape == (SLOTS_OF_DAY, 2)
    np.testing.assert_allclose(air_c[0], 20.0, atol=0.4)
    assert np.ptp(air_c[:, 0]) == pytest.approx(2.0 * SWING_K, rel=0.02)
    warmest_h = (np.argmax(air_c, axis=0) + 0.5) / 2.0
    np.testing.assert_allclose(warmest_h, [15.0, 13.0], atol=0.5)


def test_after_a_day_it_is_the_day_before() -> None:
    memory, now_ns = seen_for_a_day(lambda h: 30.0 + h), MIDNIGHT_NS + DAY_NS
    air_c = ambient_forecast_c(memory, now_ns, np.array([np.nan]), slot_of(now_ns))[:, 0]
    np.testing.assert_allclose(air_c, 30.0 + (np.arange(48) + 0.5) / 2.0, atol=0.02)


def test_a_warmer_hour_counts_less_and_less_and_no_more_after_six() -> None:
    memory, now_ns = seen_for_a_day(lambda _: 30.0), MIDNIGHT_NS + DAY_NS
    air_c = ambient_forecast_c(memory, now_ns, np.array([36.0]), slot_of(now_ns))[:, 0]
    np.testing.assert_allclose(air_c[[0, 6, 11]], 30.0 + 6.0 * (1.0 - np.array([0.25, 3.25, 5.75]) / 6.0))
    np.testing.assert_allclose(air_c[12:], 30.0)


def test_a_silent_thermometer_leaves_what_was_known() -> None:
    memory = seen_for_a_day(lambda _: 30.0)
    before = memory.by_slot_c.copy()
    for minute in range(120):
        memory = remember(memory, MIDNIGHT_NS + DAY_NS + minute * 60 * 10**9, np.array([np.nan]))
    np.testing.assert_array_equal(memory.by_slot_c[1:], before[1:])
    assert np.isfinite(memory.by_slot_c).all()


def test_air_that_was_never_seen_is_mild() -> None:
    air_c = ambient_forecast_c(AmbientMemory.empty(np.zeros(1)), MIDNIGHT_NS, np.array([np.nan]), 0)
    np.testing.assert_array_equal(air_c, 25.0)


def test_power_of_half_hours_is_its_root_mean_square() -> None:
    course = PowerCourse(start_ns=MIDNIGHT_NS, step_s=900.0, power_kw=np.array([[100.0], [0.0], [-50.0], [-50.0]]))
    pu = slot_power_pu(course, np.array([100.0]), slot_of(MIDNIGHT_NS), 2)[:, 0]
    np.testing.assert_allclose(pu, [np.sqrt(0.5), 0.5])


def test_beyond_its_end_a_plan_repeats_its_last_day_and_before_its_begin_there_is_none() -> None:
    power_kw = np.arange(48.0)[:, None]
    course = PowerCourse(start_ns=MIDNIGHT_NS, step_s=1800.0, power_kw=power_kw)
    at = MIDNIGHT_NS + np.array([-1, 0, 10, 47, 48, 58, 96, 97]) * float(SLOT_NS)
    np.testing.assert_array_equal(course.at(at)[:, 0], [0.0, 0.0, 10.0, 47.0, 0.0, 10.0, 0.0, 1.0])


def test_a_plan_of_hours_is_not_taken_for_one_of_a_day() -> None:
    course = PowerCourse(start_ns=MIDNIGHT_NS, step_s=3600.0, power_kw=np.full((2, 1), 7.0))
    at = MIDNIGHT_NS + np.array([1.5, 2.5, 12.0, 24.5, 26.5]) * 3600e9
    np.testing.assert_array_equal(course.at(at)[:, 0], [7.0, 0.0, 0.0, 7.0, 0.0])
