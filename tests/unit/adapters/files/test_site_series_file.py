"""A meter file becomes a regular series: gaps stay gaps, and what cannot be is refused with its row."""

from datetime import timedelta

import numpy as np
import polars as pl
import pytest

from battuta.adapters.files.site_series_file import read_site_series, site_series_of
from battuta.domain.errors import ClockError, DataError, ImportRefusedError, UsageError
from battuta.domain.imports import FindingKind

ZONE = "Europe/Berlin"


def quarters(*numbers, day=1):
    return [f"2026-01-{day + n // 96:02d}T{n // 4 % 24:02d}:{15 * (n % 4):02d}Z" for n in numbers]


def frame(times, values=None, **columns):
    values = [float(n) for n in range(len(times))] if values is None else values
    return pl.DataFrame({"time": times, "load_kw": values, **columns})


def read(table, column="load_kw"):
    return site_series_of(table, column, ZONE, source="meter.csv")


def test_a_gap_stays_a_gap():
    site = read(frame(quarters(0, 1, 4, 5, 6, 9)))
    expected = [0.0, 1.0, np.nan, np.nan, 2.0, 3.0, 4.0, np.nan, np.nan, 5.0]
    np.testing.assert_array_equal(site.series.values_kw, expected)
    assert (site.series.step, site.series.zone, site.label) == (timedelta(minutes=15), ZONE, "")
    (gap,) = site.findings
    assert (gap.kind, gap.row, gap.is_refused) == (FindingKind.GAP, 4, False)
    assert "4 intervals have no row" in gap.message


@pytest.mark.parametrize("name", ["meter.csv", "meter.parquet"])
def test_files_are_read(name, tmp_path):
    table = frame(quarters(0, 1, 2), is_synthetic=[True] * 3)
    path = tmp_path / name
    if name.endswith("csv"):
        table.write_csv(path)
    else:
        table.with_columns(pl.col("time").str.to_datetime("%Y-%m-%dT%H:%M%#z")).write_parquet(path)
    site = read_site_series(path, "load_kw", ZONE)
    assert site.series.values_kw.tolist() == [0.0, 1.0, 2.0]
    assert site.label == f"SYNTHETIC: {name}, made up, not measured"


def test_the_hour_that_stands_twice_in_autumn_is_two_hours():
    times = ["2026-10-25T01:00+02:00", "2026-10-25T02:00+02:00", "2026-10-25T02:00+01:00", "2026-10-25T03:00+01:00"]
    assert read(frame(times)).series.values_kw.tolist() == [0.0, 1.0, 2.0, 3.0]


@pytest.mark.parametrize(
    ("times", "what"),
    [
        (quarters(0, 2, 1, 3), r"row 4, column time: 2026-01-01T00:15Z comes after a later time \[unsorted\]; sort"),
        (quarters(0, 1, 1, 2), r"row 4, column time: 2026-01-01T00:15Z stands in the row before already \[duplicate\]"),
        ([*quarters(0, 1, 2), "2026-01-01T00:50Z"], r"row 5, .* is off the grid of 15 min in UTC \[irregular_step\]"),
        (quarters(*range(40), *range(40, 160, 4)), r"row 42, .*Z on rows are 60 min apart, elsewhere 15 min"),
        ([*quarters(0, 1, 2), "2036-01-01T00:00Z"], r"row 5, .* 4 rows for \d+ intervals"),
    ],
)
def test_what_makes_no_grid_is_refused_with_its_row(times, what):
    with pytest.raises(ImportRefusedError, match=what):
        read(frame(times))


@pytest.mark.parametrize(
    ("table", "error", "what"),
    [
        (pl.DataFrame({"load_kw": [1.0]}), DataError, "no column time"),
        (pl.DataFrame({"time": quarters(0), "load_w": [1.0]}), DataError, "no column load_kw; name the mean power"),
        (pl.DataFrame({"time": quarters(0), "pv_kw": [1.0]}), UsageError, "ask for that with --what pv"),
        (
            pl.DataFrame({"time": quarters(0), "load_kw": [1.0], " load_kw": [2.0]}),
            DataError,
            "two columns of one name",
        ),
        (frame([]), DataError, "no rows"),
        (frame(quarters(0)), DataError, "a single interval"),
        (frame(quarters(0, 1), ["", ""]), DataError, "no value at all"),
        (frame(quarters(0, 12, 24)), ClockError, "not a whole part of an hour"),
        (frame(quarters(0, 1), [1.0, -1.0]), ImportRefusedError, "row 3"),
    ],
)
def test_what_cannot_be_used_is_named(table, error, what):
    with pytest.raises(error, match=what):
        read(table)


@pytest.mark.parametrize("text", ["", "time;load_kw\n1;2\n"])
def test_what_is_no_table_is_named(text, tmp_path):
    path = tmp_path / "meter.csv"
    path.write_text(text)
    with pytest.raises(DataError, match=r"meter\.csv"):
        read_site_series(path, "load_kw", ZONE)
    for nowhere in (tmp_path, tmp_path / "none.csv"):
        with pytest.raises(DataError, match="is no file"):
            read_site_series(nowhere, "load_kw", ZONE)


def test_a_name_is_taken_as_it_is_written(tmp_path):
    frame(quarters(0, 1)).write_csv(tmp_path / "meter[1].csv")
    assert read_site_series(tmp_path / "meter[1].csv", "load_kw", ZONE).series.n_known == 2


def test_a_zone_has_to_exist():
    with pytest.raises(UsageError, match="Europe/Bärlin"):
        site_series_of(frame(quarters(0, 1)), "load_kw", "Europe/Bärlin", source="meter.csv")


def test_a_reading_far_beyond_all_before_is_left_out_and_told():
    times = [f"2026-01-{1 + hour // 24:02d}T{hour % 24:02d}:00Z" for hour in range(20 * 24)]
    values = [50.0 + hour % 7 for hour in range(len(times))]
    values[-1] = 5e5
    site = read(frame(times[:10] + times[11:], values[:10] + values[11:]))
    (gap, far) = site.findings
    assert (gap.kind, far.kind, far.row, far.is_refused) == (FindingKind.GAP, FindingKind.IMPLAUSIBLE_VALUE, 480, False)
    assert far.message == (
        "1 reading far beyond all before, the highest 500000 kW at 2026-01-20T23:00Z; left out as missing"
    )
    assert np.isnan(site.series.values_kw[-1])
    values[-1] = 5e4
    with pytest.raises(DataError, match="W or MW"):
        read(frame(times, values))
