"""The clock of a column: judged where a planted hour would be seen, silent where it would not."""

import numpy as np
import pytest

from battuta.forecast.spoiled_clock import ClockCheck, follows_sun, sun_off_noon_h
from battuta.forecast.spoiled_inputs import ColumnWatch
from battuta.forecast.spoiled_record import DayRecord

HOUR = np.arange(24) + 0.5


def check_of(days):
    record = DayRecord(24, is_price=False)
    for day in days:
        record.append(day)
    check = ClockCheck(record)
    check.learn()
    return check


def shaped(n_days, noise):
    rng = np.random.default_rng(2)
    shape = np.exp(-(((HOUR - 9.0) / 2.0) ** 2)) + np.exp(-(((HOUR - 19.0) / 3.0) ** 2))
    return shape + rng.normal(0.0, noise, (n_days, 24))


def test_a_shape_shows_an_hour_and_chance_does_not():
    assert check_of(shaped(300, 0.05)).limits[7].seen_share > 0.95
    wandering = np.cumsum(np.random.default_rng(3).normal(size=300 * 24)).reshape(300, 24)
    assert check_of(wandering).limits[7].seen_share < 0.1


def test_too_little_history_is_not_judged():
    assert check_of(shaped(100, 0.05)).limits == {}


def test_quarter_hours_are_judged_as_hours_are():
    days = np.repeat(shaped(200, 0.05), 4, axis=1)
    record = DayRecord(96, is_price=False)
    for day in days[:180]:
        record.append(day)
    check = ClockCheck(record)
    check.learn()
    assert not any(check.judge(day) for day in range(180))
    for day in np.roll(days.ravel(), 4).reshape(-1, 96)[180:]:
        record.append(day)
    verdicts = [check.judge(day) for day in range(180, 200)]
    assert verdicts[-1] is not None
    assert "1 h late" in verdicts[-1].detail


def test_people_who_rise_later_are_odd_but_no_clock():
    check = check_of(shaped(300, 0.05))
    rng = np.random.default_rng(4)
    later = np.exp(-(((HOUR - 10.0) / 3.0) ** 2)) + 1.2 * np.exp(-(((HOUR - 20.0) / 3.0) ** 2))
    for day in later + rng.normal(0.0, 0.05, (20, 24)):
        check._record.append(day)
    assert not any(check.judge(day) for day in range(320))


@pytest.mark.parametrize(("turn_h", "middle_h"), [(0, np.nan), (2, np.nan), (5, 17.5), (-6, 6.5)])
def test_the_sun_stands_highest_about_noon(turn_h, middle_h):
    sun = np.tile(np.roll(np.maximum(np.cos((HOUR - 12.5) * np.pi / 12.0), 0.0), turn_h), (50, 1))
    assert follows_sun(sun)
    np.testing.assert_allclose(sun_off_noon_h(sun), middle_h, atol=0.1)


def test_a_load_does_not_follow_the_sun():
    assert not follows_sun(shaped(50, 0.1))


def test_a_clock_that_stays_moved_is_taken_for_that_of_the_source():
    days = shaped(400, 0.05)
    late = np.roll(days.ravel(), 1).reshape(days.shape)
    watch = ColumnWatch("load_mw", days[:200], is_price=False)
    found = [watch.update(day) for day in late[200:300]]
    refused = [any(each.is_refused for each in said) for said in found]
    n_refused = sum(refused)
    assert 20 < n_refused < 40
    assert not any(refused[n_refused + 5 :])
    told = [each for said in found for each in said if not each.is_refused]
    assert len(told) == 1
    assert "1 h late against that of past days since 35 days: taken for the clock of the source" in told[0].detail
    assert watch.is_sound[202:].all()
    back = [each.detail for day in days[300:308] for each in watch.update(day)]
    assert any("1 h early" in each for each in back)
