"""Days of a life on the calendar."""

import datetime as dt

import numpy as np
import pytest

from battuta.domain.errors import InvalidQuantityError
from battuta.twin.lives_days import life_days


def test_twenty_years_have_their_leap_days() -> None:
    days = life_days(dt.date(2027, 1, 1), 20, [365])
    assert days.n_years == 20
    assert days.table_day.size == days.year_start[-1] == 20 * 365 + 5
    assert np.diff(days.year_start).tolist()[:6] == [365, 366, 365, 365, 365, 366]


def test_the_leap_day_repeats_the_28th_of_february_of_a_common_year() -> None:
    year = life_days(dt.date(2028, 1, 1), 1, [365]).table_day
    assert year[57:62].tolist() == [57, 58, 58, 59, 60]
    assert year[-1] == 364


def test_a_leap_year_of_duty_leaves_its_29th_out() -> None:
    common = life_days(dt.date(2027, 1, 1), 1, [366]).table_day
    assert common[57:62].tolist() == [57, 58, 60, 61, 62]
    assert common[-1] == 365
    assert life_days(dt.date(2028, 1, 1), 1, [366]).table_day.tolist() == list(range(366))


def test_several_years_of_duty_follow_one_another() -> None:
    days = life_days(dt.date(2026, 1, 1), 3, [365, 365])
    assert days.table_day[days.year_start[:3]].tolist() == [0, 365, 0]
    assert days.table_day[days.year_start[1:] - 1].tolist() == [364, 729, 364]


def test_a_life_that_begins_in_summer_keeps_the_seasons() -> None:
    days = life_days(dt.date(2026, 7, 1), 2, [365])
    assert days.table_day[0] == 181
    assert days.table_day[184] == 0, "first of January"
    assert days.year_start.tolist() == [0, 365, 731]
    assert days.table_day[days.year_start[1]] == 181


def test_a_life_may_begin_on_a_leap_day() -> None:
    days = life_days(dt.date(2028, 2, 29), 4, [365])
    assert days.year_start.tolist() == [0, 366, 731, 1096, 1461]


def test_a_duty_of_other_length_is_repeated() -> None:
    year = life_days(dt.date(2027, 1, 1), 1, [90]).table_day
    assert year[88:92].tolist() == [88, 89, 0, 1]


@pytest.mark.parametrize(("years", "duty"), [(0, [365]), (1, []), (1, [0])])
def test_no_years_and_no_days_are_refused(years, duty) -> None:
    with pytest.raises(InvalidQuantityError, match="days of a life"):
        life_days(dt.date(2027, 1, 1), years, duty)
