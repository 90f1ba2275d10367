"""A change of unit is told from weather, seasons and prices that climb."""

import numpy as np
import pytest

from battuta.forecast.spoiled_record import DayRecord
from battuta.forecast.spoiled_scale import scale

ROWS = np.arange(40)


def record_of(low, high, *, is_price=False):
    record = DayRecord(24, is_price=is_price)
    for level in np.geomspace(low, high, 40):
        record.append(np.full(24, level))
    return record


@pytest.mark.parametrize("factor", [1000.0, 1e-3, 100.0, 1e-2, 3.6, 1 / 3.6])
@pytest.mark.parametrize("level", [50.0, 70.0])
def test_each_ratio_of_units_is_named(factor, level):
    verdict = scale(record_of(50.0, 70.0), np.full(24, factor * level), ROWS)
    assert verdict is not None
    assert f"{factor:g}" in verdict.detail or f"1/{1 / factor:g}" in verdict.detail


@pytest.mark.parametrize("ratio", [0.45, 0.7, 1.5, 2.0, 10.0, 30.0])
def test_a_level_that_is_no_ratio_of_units_is_not_called_one(ratio):
    record = record_of(50.0, 60.0)
    assert scale(record, np.full(24, 55.0 * ratio), ROWS) is None


def test_wind_may_range_over_thirty_but_not_over_a_thousand():
    record = record_of(100.0, 3000.0)
    assert scale(record, np.full(24, 40.0), ROWS) is None
    assert scale(record, np.full(24, 9000.0), ROWS) is None
    assert scale(record, np.full(24, 100_000.0), ROWS) is not None
    assert scale(record, np.full(24, 3.0), ROWS) is not None


def test_a_price_may_fall_a_hundredfold():
    assert scale(record_of(40.0, 80.0, is_price=True), np.full(24, 0.6), ROWS) is None
    assert scale(record_of(40.0, 80.0, is_price=True), np.full(24, 0.06), ROWS) is not None


def test_little_history_gives_no_verdict():
    assert scale(record_of(50.0, 70.0), np.full(24, 6e4), ROWS[:10]) is None
