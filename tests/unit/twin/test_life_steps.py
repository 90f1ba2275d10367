"""Steps of a life: every day once, shared by the years, sums that are sums."""

import datetime as dt

import numpy as np
import pytest

from battuta.domain.errors import InvalidQuantityError
from battuta.physics.ageing.ageing_law import ageing_law
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


def test_powers_add_up_and_sigmoids_are_means_by_how_far_a_day_goes():
    rng, law = np.random.default_rng(4), ageing_law("sony_lfp_3ah")
    rows = rng.uniform(0.1, 1.0, (2, 365, law.n_slots + 3))
    rows[..., 5] *= rng.uniform(0.0, 1.0, (2, 365)) > 0.8  # most days do not go along the break-in
    steps = life_steps(DAYS, 7)
    total = steps.summed(rows, law.terms)
    for number in (0, 40, steps.first.size - 1):
        own = rows[:, days_of_step(steps, number)]
        for column in (1, 3, 5, 7, 8, 9, 10, 11):
            np.testing.assert_allclose(total[:, number, column], own[..., column].sum(axis=1), rtol=1e-12)
        for first in (0, 4):
            goes = own[..., first + 1]
            weight = np.where(goes.sum(axis=1, keepdims=True) > 0.0, goes, 1.0)
            for column in (first, first + 2):
                np.testing.assert_allclose(
                    total[:, number, column], np.average(own[..., column], axis=1, weights=weight), rtol=1e-12
                )


def test_steps_of_no_day_are_refused():
    with pytest.raises(InvalidQuantityError, match="days_per_step"):
        life_steps(DAYS, 0)
