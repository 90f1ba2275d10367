"""Steps of a life: every day once, shared by the years, sums that are sums."""

import datetime as dt

import numpy as np
import pytest

from battuta.domain.errors import InvalidQuantityError
from battuta.twin.life_steps import life_steps
from battuta.twin.lives_days import life_days

DAYS = life_days(dt.date(2027, 3, 1), 9, [365])


def days_of_step(steps, number):
    first = steps.first[number]
    return steps.table_day[first : first + int(steps.n_days[number])]


@pytest.mark.parametrize("days_per_step", [1, 7, 31, 366])
def test_every_day_is_lived_once_and_in_its_year(days_per_step):
    steps = life_steps(DAYS, days_per_step)
    lived = np.concatenate([days_of_step(steps, each) for each in steps.step])
    np.testing.assert_array_equal(lived, DAYS.table_day)
    assert steps.n_days.max() <= days_per_step
    length = steps.n_days[steps.step]
    for year in range(DAYS.n_years):
        own = length[steps.year_start[year] : steps.year_start[year + 1]]
        assert own.sum() == np.diff(DAYS.year_start)[year]
        assert np.ptp(own) <= 1.0


def test_years_share_their_steps():
    steps = life_steps(DAYS, 7)
    assert steps.step.size == 9 * 53
    assert steps.first.size == 53 + 6  # the leap day, near the end of these years, makes the last six others


def test_the_days_of_a_step_add_up():
    rows = np.random.default_rng(4).uniform(0.1, 1.0, (2, 365, 5))
    steps = life_steps(DAYS, 7)
    total = steps.summed(rows)
    assert total.shape == (2, steps.first.size, 5)
    for number in (0, 40, steps.first.size - 1):
        np.testing.assert_allclose(total[:, number], rows[:, days_of_step(steps, number)].sum(axis=1), rtol=1e-12)


def test_steps_of_no_day_are_refused():
    with pytest.raises(InvalidQuantityError, match="days_per_step"):
        life_steps(DAYS, 0)
