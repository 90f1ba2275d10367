"""Climates: three figures, or samples of a year."""

import numpy as np
import pytest

from battuta.domain.errors import DataError
from battuta.domain.studied_battery import SteadyClimate
from battuta.twin.climate import steady_year_c, year_of_samples_c

HOURS = 3600.0 * np.arange(8760)


def test_a_steady_climate_is_coldest_in_january_and_warmest_in_the_afternoon():
    year = steady_year_c(SteadyClimate(mean_c=8.0, yearly_swing_k=10.0, daily_swing_k=5.0))
    days = year.reshape(365, 1440)
    assert int(days.mean(axis=1).argmin()) == 20
    assert int(days[100].argmax()) // 60 == 15
    assert year.mean() == pytest.approx(8.0)


def test_samples_are_joined_by_straight_lines():
    year = year_of_samples_c(HOURS, np.arange(8760.0) % 24, "file")
    assert year[0] == 0.0
    assert year[90] == pytest.approx(1.5)
    assert year[-1] == 23.0


@pytest.mark.parametrize(
    ("time_s", "temperature_c", "words"),
    [
        (HOURS, np.where(np.arange(8760) == 7, np.nan, 20.0), "1 of 8760 temperatures are missing"),
        (HOURS[::-1], np.full(8760, 20.0), "ascend"),
        (HOURS[:8000], np.full(8000, 20.0), "333.3 days"),
        (np.delete(HOURS, [5, 6, 7]), np.full(8757, 20.0), "4.0 h without a temperature after row 5"),
        (HOURS, np.full(8760, 293.0), "another unit"),
    ],
)
def test_what_is_no_year_of_temperatures_is_refused(time_s, temperature_c, words):
    with pytest.raises(DataError, match=words):
        year_of_samples_c(time_s, temperature_c, "file")
