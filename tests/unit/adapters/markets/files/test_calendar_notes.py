"""Clock changes, regularised days and a stray year are told."""

import numpy as np

from battuta.adapters.markets.files.calendar_notes import note_dst_days, note_regularised_days, note_stray_year
from battuta.adapters.markets.files.grid import Rows
from battuta.adapters.markets.files.inspection import Inspection
from battuta.domain.imports import FindingKind

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
