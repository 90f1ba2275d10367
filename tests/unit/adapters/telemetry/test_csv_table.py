"""A logger's CSV: numbers as numbers, and whatever is none counted with its row."""

import gzip

import numpy as np
import polars as pl
import pytest

from battuta.adapters.telemetry import csv_table
from battuta.domain.errors import DataError
from battuta.ports.telemetry import TelemetryFlaw

HEADER = ("time", "i", "v1", "b1")


def load(path):
    return csv_table.load(path, ",", csv_table.read_header(path, ","), ("time", "b1"), ("i", "v1"), "time")[0]


def write(tmp_path, *lines):
    path = tmp_path / "log.csv"
    path.write_text("\n".join((" time, i,v1,b1", *lines)) + "\n", encoding="utf-8")
    return path


def test_numbers_are_numbers_and_empty_cells_missing(tmp_path, findings):
    path = write(tmp_path, "a,1.5,3.3,1", "b,,NaN,0", "c,-2e0,3.25,")
    assert csv_table.read_header(path, ",") == HEADER
    frame = load(path)
    assert frame.schema["v1"] == pl.Float64
    values = csv_table.floats(frame, ("i", "v1"), findings, "log.csv")
    np.testing.assert_array_equal(values, [[1.5, 3.3], [np.nan, np.nan], [-2.0, 3.25]])
    np.testing.assert_array_equal(csv_table.flags(frame, ("b1",), findings)[:, 0], [1.0, 0.0, np.nan])
    assert findings.taken() == ()


def test_text_in_numbers_is_missing_and_counted(tmp_path, findings):
    frame = load(write(tmp_path, "a,1.5,3.3,Y", "b,2.5,err,N", "c,3.5,ERR,maybe", "d,inf,3.3,off"))
    values = csv_table.floats(frame, ("i", "v1"), findings, "log.csv")
    np.testing.assert_array_equal(values[:, 1], [3.3, np.nan, np.nan, 3.3])
    assert np.isnan(values[3, 0])
    np.testing.assert_array_equal(csv_table.flags(frame, ("b1",), findings)[:, 0], [1.0, 0.0, np.nan, 0.0])
    seen = findings.taken()
    assert [(each.flaw, each.channel, each.row, each.count) for each in seen] == [
        (TelemetryFlaw.TEXT_IN_NUMBER, "v1", 3, 2),
        (TelemetryFlaw.TEXT_IN_NUMBER, "b1", 4, 1),
    ]


def test_a_column_without_a_number_is_refused(tmp_path, findings):
    frame = load(write(tmp_path, 'a,1.5,"3,3",0', 'b,1.5,"3,4",0'))
    with pytest.raises(DataError, match=r"log\.csv, row 2, column v1: '3,3' is no number, and no cell of the column"):
        csv_table.floats(frame, ("v1",), findings, "log.csv")


def test_gzip_and_nameless_columns_are_read(tmp_path):
    path = tmp_path / "log.csv.gz"
    path.write_bytes(gzip.compress(b",i,v1,b1\n2026-01-01,1,3.3,0\n"))
    assert csv_table.read_header(path, ",") == ("#1", "i", "v1", "b1")


def test_what_cannot_be_read_is_said(tmp_path):
    path = write(tmp_path)
    with pytest.raises(DataError, match="has a header and no rows"):
        load(path)
    with pytest.raises(DataError, match=r"there is a single column; look at the header and at the separator ';'"):
        csv_table.read_header(path, ";")
    path.write_text("time,i,i\n1,2,3\n")
    with pytest.raises(DataError, match="two columns are named i"):
        csv_table.read_header(path, ",")
    path.write_text("")
    with pytest.raises(DataError, match="cannot be read"):
        csv_table.read_header(path, ",")
    with pytest.raises(DataError, match=r"gone\.csv cannot be read"):
        csv_table.read_header(tmp_path / "gone.csv", ",")


def test_broken_lines_say_so_where_their_time_would_stand(tmp_path):
    path = write(tmp_path, "a,1,2,0", "b,1,2,0,5,6", "c,3,4", "d,5,6,\xff")
    frame = load(path)
    said = ["a", "6 cells where the header has 4", "3 cells where the header has 4", "d"]
    assert frame["time"].to_list() == said
    assert frame["v1"].to_list() == [2.0, None, None, 6.0]
