"""Columns of a file: found by their names, read as numbers, refused with row and the columns that there are."""

from datetime import UTC, datetime, timedelta

import numpy as np
import polars as pl
import pytest

from battuta.adapters.files.series_columns import columns_of, numbers, one_column, read_table, texts
from battuta.domain.errors import ClockError, DataError


def read(folder, text, column="x"):
    path = folder / "series.csv"
    path.write_bytes(text.encode())
    return columns_of(read_table(path, "things"), column, "series.csv")


def test_a_mark_of_order_an_unnamed_column_and_blanks_around_names_are_no_trouble(tmp_path):
    got = read(tmp_path, "\ufeff, Time_s ,x\r\n0,0,1.5\r\n1,60,\r\n")
    assert got.time_s.tolist() == [0.0, 60.0]
    assert got.values[0] == 1.5
    assert np.isnan(got.values[1])
    assert not got.is_synthetic
    assert read(tmp_path, "\ufefft_hours,x\n0,1\n0.5,2\n").time_s.tolist() == [0.0, 1800.0]


def test_times_with_offset_count_from_the_nearest_new_year_in_utc(tmp_path):
    assert read(tmp_path, "time,x\n2026-01-01T00:00+01:00,1\n2026-01-01T01:00+01:00,1\n").time_s.tolist() == [-3600, 0]
    assert read(tmp_path, "time,x\n2026-03-01T00:00Z,1\n").time_s.tolist() == [59 * 86_400.0]
    whole = pl.DataFrame({"time": [datetime(2026, 1, 2, tzinfo=UTC) + timedelta(seconds=0.25)], "x": [1]})
    assert columns_of(whole, "x", "whole").time_s.tolist() == [86_400.25]


@pytest.mark.parametrize(("said", "is_synthetic"), [("false", False), ("true", True), ("", True)])
def test_what_may_be_made_up_is_marked(tmp_path, said, is_synthetic):
    got = read(tmp_path, f"time_s,x,is_synthetic\n0,1,false\n1,1,{said}\n")
    assert got.is_synthetic is is_synthetic


@pytest.mark.parametrize(
    ("text", "error", "words"),
    [
        ("when,x\n0,1\n", DataError, "no column of times; .* time or Time_s .* it has when, x"),
        ("time_s,t_hours,x\n0,0,1\n", DataError, "2 columns of times; keep one of time_s, t_hours; it has"),
        ("time,x\n2026-01-01T00:00,1\n", ClockError, "no offset"),
        ("time_s,x\n0,1\n,2\n", DataError, "row 3, column time_s: no time"),
        ('time_s,x\n0,1\n1,"2,5"\n', DataError, "row 3, column x: '2,5' is no number; .* point"),
        ("time_s,x\n", DataError, "no rows"),
        ("time_s,x, x\n0,1,2\n", DataError, "two columns of one name"),
        ("time,x\nsoon,1\n", DataError, "'soon' is no time"),
    ],
)
def test_what_is_unclear_is_refused(tmp_path, text, error, words):
    with pytest.raises(error, match=words):
        read(tmp_path, text)


def test_absent_and_broken_files_are_named(tmp_path):
    with pytest.raises(DataError, match="is no file; name a CSV or Parquet file of things"):
        read_table(tmp_path / "none.csv", "things")
    broken = tmp_path / "broken.parquet"
    broken.write_bytes(b"PAR1 no")
    with pytest.raises(DataError, match="cannot be read"):
        read_table(broken, "things")


def test_columns_of_other_kinds_are_refused():
    with pytest.raises(DataError, match="it holds Boolean, not numbers"):
        numbers(pl.Series("x", [True]), "frame")
    with pytest.raises(DataError, match=r"\(no name\)"):
        one_column(pl.DataFrame({"": [1]}), ("x",), "x", "frame")


@pytest.mark.parametrize("cell", [["a"], b"\xff", timedelta(days=1)])
def test_what_is_no_text_is_named_with_its_column(cell):
    frame = pl.DataFrame({"time_s": [0.0], "x": [1.0], "is_synthetic": [cell]})
    with pytest.raises(DataError, match=r"a\.parquet, column is_synthetic: it holds .*, not text"):
        columns_of(frame, "x", "a.parquet")
    with pytest.raises(DataError, match="column is_synthetic"):
        texts(frame["is_synthetic"], "a.parquet")
