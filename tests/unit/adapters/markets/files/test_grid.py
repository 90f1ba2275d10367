"""Rows find their place on a regular grid, or are named; nothing is filled."""

from datetime import timedelta

import numpy as np
import pytest

from battuta.adapters.markets.files.grid import Rows, in_time_order, on_grid, step_of
from battuta.adapters.markets.files.inspection import Inspection
from battuta.domain.errors import DataError
from battuta.domain.imports import FindingKind

HOUR_US = 3_600_000_000


def rows(hours, price_per_mwh=None):
    time_us = (np.asarray(hours, dtype=np.float64) * HOUR_US).astype(np.int64)
    values = np.arange(time_us.size, dtype=np.float64) if price_per_mwh is None else np.asarray(price_per_mwh)
    return Rows(time_us=time_us, rows=np.arange(time_us.size) + 2, values={"price_per_mwh": values})


def found(inspection):
    return [(each.kind, each.row, each.count) for each in inspection.findings]


def test_a_regular_file_is_its_own_grid():
    inspection = Inspection("f.csv")
    table = in_time_order(rows(range(48)), inspection)
    assert step_of(table, None, "f.csv") == HOUR_US
    np.testing.assert_array_equal(on_grid(table, HOUR_US, inspection), np.arange(48))
    assert inspection.findings == ()


def test_sorting_is_stable_and_told():
    inspection = Inspection("f.csv")
    table = in_time_order(rows([0, 2, 1, 3]), inspection)
    assert table.rows.tolist() == [2, 4, 3, 5]
    assert found(inspection) == [(FindingKind.UNSORTED, 4, 1)]


def test_repetitions_same_and_other():
    inspection = Inspection("f.csv")
    table = in_time_order(rows([0, 1, 1, 2, 2, 2, 3], [5.0, 6.0, 6.0, 7.0, 7.0, 8.0, np.nan]), inspection)
    assert table.rows.tolist() == [2, 3, 5, 8]
    assert found(inspection) == [
        (FindingKind.DUPLICATE, 4, 1),
        (FindingKind.DUPLICATE, 6, 1),
        (FindingKind.CONFLICTING_DUPLICATE, 7, 1),
    ]


def test_missing_twice_is_the_same():
    inspection = Inspection("f.csv")
    in_time_order(rows([0, 0, 1], [np.nan, np.nan, 1.0]), inspection)
    assert found(inspection) == [(FindingKind.DUPLICATE, 3, 1)]


def test_the_step_is_the_usual_distance_or_what_the_source_promises():
    assert step_of(rows([0, 1, 2, 5, 6]), None, "f.csv") == HOUR_US
    assert step_of(rows([0]), timedelta(minutes=15), "f.csv") == HOUR_US // 4
    with pytest.raises(DataError, match="a single interval"):
        step_of(rows([0]), None, "f.csv")


def test_gaps_leave_their_places_free():
    inspection = Inspection("f.csv")
    assert on_grid(rows([0, 1, 4, 5, 7]), HOUR_US, inspection).tolist() == [0, 1, 4, 5, 7]
    assert found(inspection) == [(FindingKind.GAP, 4, 2), (FindingKind.GAP, 6, 1)]
    assert inspection.findings[0].message.endswith("1970-01-01T02:00Z to 1970-01-01T03:00Z")


def test_a_row_off_the_grid_is_named_even_if_it_is_the_first():
    for hours, row in (([0, 1, 1.5, 2, 3], 4), ([0.25, 1, 2, 3, 4], 2)):
        inspection = Inspection("f.csv")
        assert on_grid(rows(hours), HOUR_US, inspection) is None
        assert found(inspection) == [(FindingKind.IRREGULAR_STEP, row, 1)]


@pytest.mark.parametrize(
    ("hours", "row", "said"),
    [
        ([*range(30), *(30 + np.arange(120) / 4)], 32, "rows are 15 min apart, not 60 min"),
        ([*(np.arange(120) / 4), *range(30, 60)], 122, "rows are 60 min apart, not 15 min"),
        (range(60), 2, "rows are 60 min apart, not 15 min"),
    ],
)
def test_another_step_is_named_where_it_begins(hours, row, said):
    inspection = Inspection("f.csv")
    assert on_grid(rows(hours), HOUR_US // 4, inspection) is None
    assert said in inspection.findings[0].message
    assert inspection.findings[0].row == row


def test_rows_can_be_moved_and_chosen():
    table = rows([0, 1, 2]).moved(-HOUR_US)
    assert table.at(0) == "1969-12-31T23:00Z"
    assert table.take(np.array([False, True, True])).rows.tolist() == [3, 4]
