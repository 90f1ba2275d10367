"""Clock changes, regularised days and a stray year are told."""

import numpy as np

from battuta.adapters.markets.files.calendar_notes import (
    note_dst_days,
    note_other_offsets,
    note_regularised_days,
    note_stray_year,
)
from battuta.adapters.markets.files.grid import Rows
from battuta.adapters.markets.files.inspection import Inspection
from battuta.domain.imports import FindingKind
from battuta.domain.time import Clock

HOUR_US = 3_600_000_000


def hourly(start, n_rows, price_per_mwh=None):
    first_us = int(np.datetime64(start, "us").astype(np.int64))
    values = np.arange(n_rows) ** 2.0 if price_per_mwh is None else price_per_mwh
    return Rows(
        time_us=first_us + np.arange(n_rows) * HOUR_US,
        rows=np.arange(n_rows) + 2,
        values={"price": np.asarray(values)},
        is_benchmark=True,
    )


def test_days_of_23_and_25_hours():
    inspection = Inspection("f.csv")
    note_dst_days(hourly("2025-12-31T23:00", 8_760), "Europe/Berlin", inspection)
    (note,) = inspection.findings
    assert (note.kind, note.count) == (FindingKind.DST_DAY, 2)
    assert "2026-03-29 (23 h), 2026-10-25 (25 h)" in note.message


def test_a_zone_without_clock_changes_is_quiet():
    inspection = Inspection("f.csv")
    note_dst_days(hourly("2026-01-01T00:00", 8_760), "UTC", inspection)
    note_regularised_days(hourly("2026-01-01T00:00", 8_760), "price", "UTC", HOUR_US, inspection)
    note_regularised_days(hourly("2026-01-01T00:00", 24), "price", "Europe/Berlin", HOUR_US, inspection)
    assert inspection.findings == ()


def test_what_stands_in_the_skipped_hour():
    for change, said in (("copy", "1 with the price"), ("mean", "1 with the mean")):
        price_per_mwh = np.arange(48) ** 2.0
        price_per_mwh[26] = price_per_mwh[25] if change == "copy" else (price_per_mwh[25] + price_per_mwh[27]) / 2
        inspection = Inspection("f.csv")
        note_regularised_days(
            hourly("2026-03-28T00:00", 48, price_per_mwh), "price", "Europe/Berlin", HOUR_US, inspection
        )
        (note,) = inspection.findings
        assert (note.row, note.count) == (28, 1)
        assert said in note.message


def test_a_single_row_of_the_next_year():
    table = hourly("2026-12-30T00:00", 49, np.r_[np.arange(48.0), 47.0])
    inspection = Inspection("f.csv")
    note_stray_year(table, table.time_us, "price", inspection)
    (note,) = inspection.findings
    assert (note.kind, note.row) == (FindingKind.STRAY_YEAR, 50)
    assert "of 2027" in note.message
    assert "repeats the price beside it" in note.message


def test_two_rows_of_a_year_are_not_stray():
    table = hourly("2026-12-30T00:00", 50)
    inspection = Inspection("f.csv")
    note_stray_year(table, table.time_us, "price", inspection)
    note_stray_year(hourly("2026-12-31T20:00", 5), table.time_us[:5], "price", inspection)
    assert inspection.findings == ()


def noted_offsets(start, n_rows, offset_h, zone, clock="offset"):
    """Note the offsets of hourly labels: hours east of UTC, one for all rows or one for each."""
    table = hourly(start, n_rows)
    inspection = Inspection("f.csv")
    label_us = table.time_us + (np.broadcast_to(np.asarray(offset_h), n_rows) * HOUR_US).astype(np.int64)
    note_other_offsets(table, label_us, Clock.parse(clock), zone, inspection)
    return inspection.findings


def test_labels_of_another_zone_are_named():
    (note,) = noted_offsets("2026-01-01T00:00", 48, -5, "Europe/Berlin")
    assert (note.kind, note.row, note.column, note.count) == (FindingKind.OTHER_OFFSET, 2, "time", 48)
    assert not note.is_refused
    assert "first 2025-12-31 19:00-05:00 where they show 2026-01-01 01:00+01:00: rows 2 to 49" in note.message
    assert "state the zone of the market" in note.mend


def test_labels_that_keep_winter_time_are_named_where_clocks_do_not():
    offset_h = np.ones(8_760, dtype=np.int64)
    summer = slice(24 * 31 + 24 * 28 + 24 * 28 + 1, None)  # to 2026-03-29 01:00 UTC
    (note,) = noted_offsets("2026-01-01T00:00", 8_760, offset_h, "Europe/Berlin")
    assert note.count == 24 * 210
    assert note.row == summer.start + 2
    assert f"rows {summer.start + 2} to {summer.start + 1 + 24 * 210}" in note.message
    offset_h[summer][: 24 * 210] = 2
    assert noted_offsets("2026-01-01T00:00", 8_760, offset_h, "Europe/Berlin") == ()
    offset_h[[100, 102, 103]] = -3
    (note,) = noted_offsets("2026-01-01T00:00", 8_760, offset_h, "Europe/Berlin")
    assert note.message.endswith("rows 102, 104 to 105")


def test_labels_in_utc_and_clocks_that_were_stated_contradict_nothing():
    assert noted_offsets("2026-06-01T00:00", 48, 0, "Europe/Berlin") == ()
    assert noted_offsets("2026-06-01T00:00", 48, 5, "Europe/Berlin", "fixed:+05:00") == ()
    assert noted_offsets("2026-06-01T00:00", 48, 5.5, "+05:30") == ()
    (note,) = noted_offsets("2026-06-01T00:00", 48, 2, "UTC")
    assert note.count == 48
