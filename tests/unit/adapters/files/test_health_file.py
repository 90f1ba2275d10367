"""A file of measured health becomes rows; what is wrong with it is said with its place."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest

from battuta.adapters.files.health_file import read_measured_health
from battuta.domain.errors import DataError, UsageError
from battuta.domain.measured_health import TelemetryFile

if TYPE_CHECKING:
    from pathlib import Path

NAMED = TelemetryFile(path="soh.csv", lived_as="base", commissioned=dt.date(2024, 1, 1), deviation=0.01)


def read(folder: Path, text: str, named: TelemetryFile = NAMED):
    path = folder / "soh.csv"
    path.write_text(text, encoding="utf-8")
    return read_measured_health(path, named)


def test_dates_become_days_since_commissioning(tmp_path: Path) -> None:
    text = "date,unit,soh_capacity,deviation,is_synthetic\n2024-12-31,b,0.97,0.02,true\n2024-07-01,a,0.98,0.01,true\n"
    found = read(tmp_path, text, replace(NAMED, deviation=None))
    assert found.day.tolist() == [182.0, 365.0]
    assert found.unit == ("a", "b")
    assert found.deviation.tolist() == [0.01, 0.02]
    assert found.is_synthetic
    assert (found.own_site, found.source) == ("this site", "soh.csv")
    assert np.isnan(found.soh_resistance).all()


def test_sites_are_this_battery_or_sisters(tmp_path: Path) -> None:
    text = "days,site,soh_capacity\n100,north,0.99\n100,south,0.98\n"
    with pytest.raises(DataError, match=r"sites north, south; write .*own_site"):
        read(tmp_path, text)
    assert read(tmp_path, text, replace(NAMED, own_site="south")).own_site == "south"
    assert read(tmp_path, text, replace(NAMED, is_of_sister_sites=True)).own_site is None
    with pytest.raises(UsageError, match="no rows of own_site = 'west'"):
        read(tmp_path, text, replace(NAMED, own_site="west"))


@pytest.mark.parametrize(
    ("text", "named", "words"),
    [
        ("date,soh_capacity\n2023-12-01,0.99\n", NAMED, "row 2: 2023-12-01 lies 31 days before commissioning"),
        ("date,soh_capacity\n1.7.2024,0.99\n", NAMED, "row 2, column date: '1.7.2024' is no date; write YYYY-MM-DD"),
        ("date,soh_capacity\n2024-07-01,0.99\n", replace(NAMED, commissioned=None), "write .*commissioned"),
        ("days,soh_capacity\n10,95\n", NAMED, "95 % is 0.95"),
        ("days,soh_capacity,deviation\n10,0.95,-0.01\n", replace(NAMED, deviation=None), "deviation = -0.01"),
        ("days,soh_capacity\n10,0.95\n10,0.96\n", NAMED, "two rows of day 10"),
        ("days,soh_capacity\n10,\n", NAMED, "row 2, column soh_capacity: no number"),
        ("days,soh\n10,0.95\n", NAMED, "no column soh_capacity; it has days, soh"),
        ("days,soh_capacity\n10,0.95\n", replace(NAMED, deviation=None), "no column deviation"),
        ("days,soh_capacity,soh_resistance\n10,0.95,1.1\n", NAMED, "write .*soh_resistance_deviation"),
        ("days,soh_capacity,deviation\n10,0.95,0.01\n", NAMED, "column deviation, and .* = 0.01; leave one out"),
        (
            "days,soh_capacity\n10,0.95\n",
            replace(NAMED, soh_resistance_deviation=0.02),
            "no column soh_resistance, of which .* speaks",
        ),
        ("soh_capacity\n0.95\n", NAMED, "no column of ages"),
    ],
)
def test_what_is_wrong_is_said(tmp_path: Path, text: str, named: TelemetryFile, words: str) -> None:
    with pytest.raises(DataError, match=words):
        read(tmp_path, text, named)
