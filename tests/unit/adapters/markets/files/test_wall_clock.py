"""The hour that spring skips exists nowhere; the hour that autumn repeats is told by order, or not at all."""

import numpy as np
import pytest

from battuta.adapters.markets.files.inspection import Inspection
from battuta.adapters.markets.files.wall_clock import MISSING_US, instants_of_wall_clock, wall_clock_of
from battuta.domain.errors import UsageError
from battuta.domain.imports import FindingKind

QUARTERS = ["02:00", "02:15", "02:30", "02:45"]


def read(labels, zone="Europe/Berlin"):
    inspection = Inspection("f.csv")
    label_us = np.array(labels, dtype="datetime64[us]").astype(np.int64)
    instant_us = instants_of_wall_clock(label_us, zone, np.arange(label_us.size) + 2, inspection)
    return instant_us, inspection.findings


def autumn(times, year=2026, day="10-25"):
    return [f"{year}-{day}T{each}" for each in times]


def text(instant_us):
    return [str(each)[11:] for each in instant_us.astype("datetime64[us]").astype("datetime64[m]")]


def test_both_hours_of_autumn_the_earlier_first():
    instant_us, findings = read(autumn(["01:45", *QUARTERS, *QUARTERS, "03:00"]))
    assert text(instant_us) == [
        "23:45", "00:00", "00:15", "00:30", "00:45", "01:00", "01:15", "01:30", "01:45", "02:00",
    ]  # fmt: skip
    assert findings == ()


def test_the_same_in_new_york():
    instant_us, findings = read(autumn(["00:00", "01:00", "01:00", "02:00"], day="11-01"), "America/New_York")
    assert text(instant_us) == ["04:00", "05:00", "06:00", "07:00"]
    assert findings == ()


@pytest.mark.parametrize(
    "times",
    [QUARTERS, [each for each in QUARTERS for _ in (1, 2)], [*QUARTERS, *QUARTERS, *QUARTERS], QUARTERS[::-1] * 2],
)
def test_an_autumn_hour_that_cannot_be_told(times):
    instant_us, findings = read(autumn(["01:45", *times, "03:00"]))
    assert (instant_us[1:-1] == MISSING_US).all()
    assert (instant_us[[0, -1]] != MISSING_US).all()
    assert [(each.kind, each.row, each.count) for each in findings] == [(FindingKind.AMBIGUOUS_HOUR, 3, len(times))]


def test_a_bad_autumn_does_not_spoil_another():
    instant_us, findings = read([*autumn(["02:00", "02:00"], 2025, "10-26"), *autumn(["02:00"])])
    assert (instant_us == MISSING_US).tolist() == [False, False, True]
    assert len(findings) == 1


def test_the_skipped_hour_of_spring():
    instant_us, findings = read([f"2026-03-29T{each}" for each in ("01:45", "02:00", "02:45", "03:00")])
    assert (instant_us == MISSING_US).tolist() == [False, True, True, False]
    assert text(instant_us[[0, -1]]) == ["00:45", "01:00"]
    assert [(each.kind, each.row, each.count) for each in findings] == [(FindingKind.INVENTED_DST_ROW, 3, 2)]


def test_there_and_back():
    instant_us = np.arange("2026-01-01", "2027-01-01", 15 * 60_000_000, dtype="datetime64[us]").astype(np.int64)
    again_us, findings = read(wall_clock_of(instant_us, "Europe/Berlin").astype("datetime64[us]"))
    np.testing.assert_array_equal(again_us, instant_us)
    assert findings == ()


def test_a_zone_that_is_none():
    with pytest.raises(UsageError, match="not known"):
        read(["2026-01-01T00:00"], "Mars/Olympus")
    with pytest.raises(UsageError, match="not known"):
        wall_clock_of(np.array([0]), "Mars/Olympus")
