"""A profile cut in days: throughput, cycles with their closing day and rate; gaps and half days are refused."""

import numpy as np
import pytest

from battuta.domain.errors import DataError, InvalidQuantityError
from battuta.physics.ageing.duty_days import duty_days


def triangle(days=2, step_s=3600.0):
    """One cycle a day between 0.9 and 0.1: empty by noon, full by midnight."""
    half = round(43_200.0 / step_s)
    down, up = np.linspace(0.9, 0.1, half + 1)[1:], np.linspace(0.1, 0.9, half + 1)[1:]
    soc = np.tile(np.concatenate((down, up)), days)
    c_rate = np.tile(np.repeat([0.8 / 12.0, -0.8 / 12.0], half), days)
    return soc, np.full(soc.size, 25.0), c_rate, step_s


def test_a_cycle_a_day():
    days = duty_days(*triangle(days=3))
    assert days.soc.shape == (3, 24)
    assert days.full_cycles == pytest.approx([0.8, 0.8, 0.8])
    assert days.cycle_count @ days.cycle_depth == pytest.approx(2.4 - 0.4 / 12, abs=1e-9)
    assert days.cycle_c_rate == pytest.approx(np.full(days.cycle_c_rate.size, 0.8 / 12.0))
    assert days.cycle_full_cycles().sum() == pytest.approx(2.4)


def test_a_cycle_counts_in_the_day_that_closes_it():
    soc = np.full(72, 0.5)
    soc[20:30] = 0.3
    soc[44:60] = 0.4
    days = duty_days(soc, np.full(72, 25.0), np.zeros(72), 3600.0)
    closed = zip(days.cycle_day.tolist(), days.cycle_depth.round(6).tolist(), strict=True)
    assert sorted(closed) == [(1, 0.2), (2, 0.1), (2, 0.2)]
    assert days.sum_by_day(days.cycle_count).tolist() == [0.0, 0.5, 1.5]


def test_the_rate_of_a_full_cycle_is_the_mean_of_its_halves_and_rests_do_not_count():
    soc = np.full(24, 0.9)
    soc[2:] = 0.4
    soc[5:] = 0.6
    soc[9:] = 0.5
    soc[12:] = 0.1
    c_rate = np.zeros(24)
    c_rate[[2, 5, 9, 12]] = [0.5, -0.2, 0.1, 0.4]
    days = duty_days(soc, np.full(24, 25.0), c_rate, 3600.0)
    full = days.cycle_count == 1.0
    assert days.cycle_depth[full] == pytest.approx([0.2])
    assert days.cycle_c_rate[full] == pytest.approx([0.5 * (0.2 + 0.25)])


def test_an_aged_cell_moves_less_charge_by_the_same_swing():
    soc, temperature_c, c_rate, step_s = triangle()
    days = duty_days(soc, temperature_c, 0.7 * c_rate, step_s)
    assert days.cycle_full_cycles().sum() == pytest.approx(0.7 * 1.6)


def test_standing_still_has_no_cycles():
    days = duty_days(np.full(48, 0.5), np.full(48, 25.0), np.zeros(48), 1800.0)
    assert days.cycle_depth.size == 0
    assert days.cycle_full_cycles().size == 0
    assert days.sum_by_day(days.cycle_depth).tolist() == [0.0]


@pytest.mark.parametrize(
    ("change", "error", "says"),
    [
        ({"soc": np.full(25, 0.5)}, DataError, "temperature_c has shape"),
        ({"soc": np.full(48, 1.2)}, InvalidQuantityError, "soc = 1.2"),
        ({"temperature_c": np.where(np.arange(48) == 30, np.nan, 25.0)}, DataError, r"step 30 \(day 2\)"),
        ({"step_s": 7000.0}, DataError, "whole number of steps"),
        ({"step_s": -1.0}, InvalidQuantityError, "step_s"),
        ({"step_s": 1000.0 / 3 * 2.592}, DataError, "not whole days of 100 steps"),
    ],
)
def test_what_is_not_whole_days_is_refused(change, error, says):
    given = dict(zip(("soc", "temperature_c", "c_rate", "step_s"), triangle(), strict=True)) | change
    with pytest.raises(error, match=says):
        duty_days(**given)
