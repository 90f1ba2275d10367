"""Cells of a meter file: instants with their offset, magnitudes, and the row of whatever is neither."""

import numpy as np
import polars as pl
import pytest

from battuta.adapters.files.site_series_cells import Cells
from battuta.domain.errors import ClockError, DataError, ImportRefusedError
from battuta.domain.imports import FindingKind
from battuta.domain.time import NS_PER_HOUR


def cells(n_rows):
    return Cells("meter.csv", np.arange(n_rows) + 2)


def read(column):
    seen = cells(column.len())
    return seen.times(column), seen


def test_an_instant_is_read_however_it_is_written():
    written = ["1970-01-01T02:00+01:00", "1970-01-01 01:00:00Z", "1970-01-01T00:00:00-0100", "1970-01-01T01:00:00.000Z"]
    time_ns, seen = read(pl.Series("time", written))
    assert time_ns.tolist() == [NS_PER_HOUR] * 4
    assert seen.findings == ()


@pytest.mark.parametrize("unit", ["ms", "us", "ns"])
def test_timestamps_of_a_zone_are_instants(unit):
    column = pl.Series("time", [3_600_000]).cast(pl.Datetime("ms", "Europe/Berlin")).cast(pl.Datetime(unit, "UTC"))
    assert read(column)[0].tolist() == [NS_PER_HOUR]


@pytest.mark.parametrize(
    "column",
    [
        pl.Series("time", ["2026-01-01T00:00Z", "2026-01-01T01:00"]),
        pl.Series("time", [0, 1]).cast(pl.Datetime("us")),
    ],
)
def test_a_time_without_offset_is_refused_with_its_row(column):
    with pytest.raises(ClockError, match=r"row [23], column time: .* has no offset; write it"):
        read(column)


@pytest.mark.parametrize("cell", ["soon", "", "2026-13-01T00:00Z", "0026-01-01T00:00Z", None])
def test_what_is_no_time_is_refused_with_its_row(cell):
    _, seen = read(pl.Series("time", ["2026-01-01T00:00Z", cell, cell]))
    with pytest.raises(ImportRefusedError, match=r"row 3, column time: .* is no time \[bad_time\].*\(2 rows\)"):
        seen.raise_if_refused()


def test_a_column_of_numbers_is_no_column_of_times():
    with pytest.raises(DataError, match="it holds Int64, not times"):
        read(pl.Series("time", [1, 2]))


def test_an_empty_cell_stays_missing():
    seen = cells(4)
    values = seen.magnitudes(pl.Series("load_kw", ["1.5", "", "NaN", " 0 "]))
    np.testing.assert_array_equal(values, [1.5, np.nan, np.nan, 0.0])
    assert [(each.kind, each.row, each.count) for each in seen.findings] == [(FindingKind.MISSING_VALUE, 3, 2)]
    seen.raise_if_refused()


@pytest.mark.parametrize(
    ("column", "what"),
    [
        (["1", "2,5"], "row 3, column load_kw: '2,5' is no number"),
        (["1", "inf"], "row 3, column load_kw: 'inf' is no number"),
        (["1", "-2"], "row 3, column load_kw: -2 is below 0 .*; load and PV are magnitudes"),
        ([1.0, -0.5], "row 3, column load_kw: -0.5 is below 0"),
        ([1.0, 1e300], "row 3, column load_kw: 1e.300 is beyond any site"),
    ],
)
def test_what_is_no_magnitude_is_refused_with_its_row(column, what):
    seen = cells(2)
    seen.magnitudes(pl.Series("load_kw", column))
    with pytest.raises(ImportRefusedError, match=what):
        seen.raise_if_refused()


def test_a_column_of_something_else_holds_no_numbers():
    with pytest.raises(DataError, match="it holds Boolean, not numbers"):
        cells(1).magnitudes(pl.Series("load_kw", [True]))


@pytest.mark.parametrize(("column", "is_marked"), [(["true"] * 2, True), ([False, False], False), ([True, True], True)])
def test_what_is_made_up_says_so(column, is_marked):
    seen = cells(2)
    assert seen.is_marked(pl.Series("is_synthetic", column)) is is_marked
    seen.raise_if_refused()


@pytest.mark.parametrize("column", [["true", "false"], ["false", None], ["perhaps", "perhaps"]])
def test_half_a_mark_is_refused(column):
    seen = cells(2)
    seen.is_marked(pl.Series("is_synthetic", column))
    with pytest.raises(ImportRefusedError, match="every row must say"):
        seen.raise_if_refused()
