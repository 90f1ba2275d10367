"""The record of a column: levels, resolution, and the days that a new one is held against."""

import numpy as np
import pytest

from battuta.forecast.spoiled_record import DayRecord, level_of, quantum_of


def record_of(n_days):
    record = DayRecord(24, is_price=False)
    for day in range(n_days):
        record.append(np.full(24, float(day)))
    return record


def test_references_are_four_weeks_and_three_of_the_year_before():
    rows = record_of(500).references(500)
    np.testing.assert_array_equal(rows, [*range(126, 147), *range(472, 500)])


def test_refused_days_are_no_references_and_older_ones_take_their_place():
    record = record_of(200)
    record.refuse(150, 200)
    np.testing.assert_array_equal(record.references(200), np.arange(122, 150))


def test_a_level_is_above_night_and_below_a_spike():
    day = np.array([0.0] * 14 + [5.0] * 9 + [9000.0])
    assert level_of(day) == level_of(-day) == 5.0
    assert np.isnan(level_of(np.where(np.arange(24) < 13, np.nan, 5.0)))


@pytest.mark.parametrize(("values", "quantum"), [([100.0, 350.0], 10.0), ([0.25, 3.0], 0.01), ([0.0, np.nan], 0.0)])
def test_a_quantum_is_how_finely_a_column_is_written(values, quantum):
    assert quantum_of(np.array(values)) == quantum


def test_a_shape_may_keep_another_clock_than_the_wall():
    record = DayRecord(24, is_price=False)
    record.append(np.arange(24.0), 2)
    assert record.clock_days[0, 0] == 2.0
    assert record.days[0, 0] == 0.0


def test_days_can_be_taken_back():
    record = DayRecord(24, is_price=False)
    for _ in range(5):
        record.append(np.ones(24))
    record.refuse(1, 4)
    record.restore([1, 3])
    assert record.is_sound.tolist() == [True, True, False, True, True]
