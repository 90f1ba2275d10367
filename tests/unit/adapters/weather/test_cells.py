"""Cells become instants and numbers, or are named."""

from datetime import UTC, datetime

import numpy as np
import polars as pl
import pytest

from battuta.adapters.weather.cells import Findings, read_numbers, read_times
from battuta.domain.errors import ClockError, DataError, ImportRefusedError
from battuta.domain.imports import FindingKind
from battuta.domain.time import to_ns

ROWS = np.arange(2, 12)
MIDNIGHT_NS = to_ns(datetime(2026, 7, 1, tzinfo=UTC))


@pytest.mark.parametrize(
    "label",
    [
        "2026-07-01T00:00Z",
        "2026-07-01 02:00+02:00",
        "2026-06-30T19:00:00-0500",
        " 2026-07-01T00:00:00.000z ",
        "2026-07-01T00:00 +00:00",
    ],
)
def test_labels_with_an_offset_are_instants(label):
    findings = Findings("w.csv")
    assert read_times(pl.Series("time", [label]), ROWS, findings)[0] == MIDNIGHT_NS
    assert findings.all == ()


def test_timestamps_of_a_zone_are_instants():
    column = pl.Series("time", np.array(["2026-07-01T02:00"], dtype="M8[us]")).dt.replace_time_zone("Europe/Berlin")
    assert read_times(column, ROWS, Findings("w.parquet"))[0] == MIDNIGHT_NS


@pytest.mark.parametrize(
    ("column", "error", "words"),
    [
        (pl.Series("time", ["2026-07-01T00:00Z", "2026-07-01T01:00"]), ClockError, "row 3, .* has no offset; write it"),
        (
            pl.Series("time", np.array(["2026-07-01"], dtype="M8[us]")),
            ClockError,
            "row 2, column time: .* has no offset",
        ),
        (pl.Series("time", [1.5]), DataError, "holds Float64, not times"),
    ],
)
def test_times_without_offset_are_not_guessed(column, error, words):
    with pytest.raises(error, match=words):
        read_times(column, ROWS, Findings("w.csv"))


def test_what_is_no_time_is_named_with_its_row():
    findings = Findings("w.csv")
    read_times(pl.Series("time", ["2026-07-01T00:00Z", "noon Z", None, "9999-01-01T00:00Z"]), ROWS, findings)
    with pytest.raises(ImportRefusedError, match=r"row 3, column time: 'noon Z' is no time .*\(3 rows\)"):
        findings.raise_if_refused()


def test_numbers_are_read_and_empty_cells_stay_missing():
    findings = Findings("w.csv")
    values = read_numbers(pl.Series("temperature_c", ["1.5", " -2 ", "", None, "NaN"]), ROWS, findings)
    np.testing.assert_array_equal(values, [1.5, -2.0, np.nan, np.nan, np.nan])
    (finding,) = findings.all
    assert (finding.kind, finding.row, finding.count, finding.is_refused) == (FindingKind.MISSING_VALUE, 4, 3, False)
    findings.raise_if_refused()


@pytest.mark.parametrize("cell", ["1,5", "mild", "inf"])
def test_text_in_a_number_is_named_with_its_row(cell):
    findings = Findings("w.csv")
    read_numbers(pl.Series("temperature_c", ["1.0", cell]), ROWS, findings)
    with pytest.raises(ImportRefusedError, match=f"row 3, column temperature_c: '{cell}' is no number"):
        findings.raise_if_refused()


def test_typed_columns_hold_numbers():
    np.testing.assert_array_equal(
        read_numbers(pl.Series("cloud_cover", [1, 0], dtype=pl.Int8), ROWS, Findings("w")), [1.0, 0.0]
    )
    with pytest.raises(DataError, match="holds Boolean, not numbers"):
        read_numbers(pl.Series("cloud_cover", [True]), ROWS, Findings("w"))
