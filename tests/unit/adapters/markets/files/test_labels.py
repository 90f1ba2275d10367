"""Labels become instants by a stated clock; a contradiction is an error, never a choice."""

import numpy as np
import polars as pl
import pytest

from battuta.adapters.markets.files.inspection import Inspection
from battuta.adapters.markets.files.labels import ISO_8601, LabelStyle, read_labels
from battuta.domain.errors import ClockError, DataError
from battuta.domain.imports import FindingKind
from battuta.domain.time import Clock

MTU = LabelStyle(formats=("%d/%m/%Y %H:%M:%S",), until=" - ", example="01/01/2024 00:00:00")


def read(cells, clock="offset", style=ISO_8601):
    inspection = Inspection("f.csv")
    column = cells if isinstance(cells, pl.Series) else pl.Series("time", cells, dtype=pl.String)
    labels = read_labels(column, style, Clock.parse(clock), np.arange(column.len()) + 2, inspection)
    return labels, inspection


def text(instant_us):
    return [str(each) for each in instant_us.astype("datetime64[us]").astype("datetime64[m]")]


@pytest.mark.parametrize(
    "cell",
    [
        "2026-01-01T01:00+01:00",
        "2026-01-01 01:00:00+0100",
        "2026-01-01T00:00:00Z",
        "2025-12-31T16:00:00.000-08:00",
        " 2026-01-01 05:30+05:30 ",
    ],
)
def test_forms_of_one_instant(cell):
    labels, _ = read([cell])
    assert text(labels.instant_us) == ["2026-01-01T00:00"]


def test_offsets_may_change_within_a_file():
    labels, _ = read(["2026-03-29T01:00+01:00", "2026-03-29T03:00+02:00", "2026-03-29T02:00Z"])
    assert text(labels.instant_us) == ["2026-03-29T00:00", "2026-03-29T01:00", "2026-03-29T02:00"]


@pytest.mark.parametrize(
    ("clock", "expected"),
    [
        ("utc", "2026-07-01T12:00"),
        ("local_24h", "2026-07-01T12:00"),
        ("fixed:+01:00", "2026-07-01T11:00"),
        ("fixed:-08:00", "2026-07-01T20:00"),
        ("local:Europe/Berlin", "2026-07-01T10:00"),
    ],
)
def test_naive_labels_by_clock(clock, expected):
    labels, _ = read(["2026-07-01 12:00"], clock)
    assert text(labels.instant_us) == [expected]
    assert text(labels.label_us) == ["2026-07-01T12:00"]


@pytest.mark.parametrize("clock", ["utc", "local_24h", "fixed:+02:00", "local:Europe/Berlin"])
def test_an_offset_that_contradicts_the_clock(clock):
    with pytest.raises(ClockError, match=r"row 3: the label carries its own offset"):
        read(["2026-07-01 11:00", "2026-07-01 12:00-03:00"], clock)


def test_an_offset_that_agrees_with_the_clock():
    labels, _ = read(["2026-07-01 12:00+01:00"], "fixed:+01:00")
    assert text(labels.instant_us) == ["2026-07-01T11:00"]


def test_start_of_a_written_interval_and_its_season():
    cells = [
        f"27/10/2024 0{h}:00:00{mark} - 27/10/2024 03:00:00" for h, mark in ((1, ""), (2, " (CEST)"), (2, " (CET)"))
    ]
    labels, _ = read(cells, "local:Europe/Brussels", MTU)
    assert text(labels.instant_us) == ["2024-10-26T23:00", "2024-10-27T00:00", "2024-10-27T01:00"]


def test_what_is_no_time_is_named():
    labels, inspection = read(["2026-01-01T00:00Z", "soon", None, "0202-01-01T00:00Z", "2026-01-01"])
    assert labels.is_read.tolist() == [True, False, False, False, False]
    assert [(each.kind, each.row, each.count) for each in inspection.findings] == [(FindingKind.BAD_TIME, 3, 4)]


def test_no_time_at_all():
    with pytest.raises(DataError, match=r"row 2, column time: '01/02/2026' is no time; write it as 2026-01-01T00:00"):
        read(["01/02/2026"])


def test_typed_times():
    moments = pl.datetime_range(pl.datetime(2026, 7, 1), pl.datetime(2026, 7, 1, 1), "1h", eager=True)
    assert text(read(moments.dt.replace_time_zone("Europe/Berlin"))[0].instant_us)[0] == "2026-06-30T22:00"
    assert text(read(moments.cast(pl.Datetime("ns")), "local:Europe/Berlin")[0].instant_us)[0] == "2026-06-30T22:00"
    with pytest.raises(ClockError, match="no offset"):
        read(moments)
