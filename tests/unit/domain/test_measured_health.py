"""Measured states of health are refused where they cannot be, with their place."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import numpy as np
import pytest

from battuta.domain.errors import BattutaError, DataError, UsageError
from battuta.domain.measured_health import ONLY_SITE, MeasuredHealth, TelemetryFile

ROWS = MeasuredHealth(
    site=("north", "north", "south"),
    unit=("a", "a", "b"),
    day=np.array([100.0, 200.0, 150.0]),
    soh_capacity=np.array([0.99, 0.98, 0.97]),
    deviation=np.full(3, 0.01),
    soh_resistance=np.array([np.nan, 1.02, np.nan]),
    own_site="north",
    source="soh.csv",
    is_synthetic=True,
)


def test_rows_are_told_apart() -> None:
    assert (ROWS.sites, ROWS.n_units, ROWS.last_day) == (("north", "south"), 2, 200.0)
    assert ROWS.rows_of("south").tolist() == [2]
    assert ROWS.digest_bytes() != replace(ROWS, deviation=np.full(3, 0.02)).digest_bytes()


def test_words_say_which_site_was_measured() -> None:
    assert ROWS.whose == "site 'north', which is this battery, and 1 sister site"
    assert replace(ROWS, own_site=None).whose == "sister sites (north, south), none of this battery"
    assert (
        replace(ROWS, site=("a",) * 3, own_site="a").whose == "site 'a', the one of the file and taken for this battery"
    )
    assert replace(ROWS, site=(ONLY_SITE,) * 3, own_site=ONLY_SITE).whose == "this battery"


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"soh_capacity": np.array([0.99, 95.0, 0.97])}, "95 of site 'north', unit 'a', day 200 .*95 % is 0.95"),
        ({"soh_capacity": np.array([0.99, np.nan, 0.97])}, "soh_capacity = nan"),
        ({"deviation": np.array([0.01, -0.01, 0.01])}, "deviation = -0.01 .*1 % is 0.01"),
        ({"day": np.array([-3.0, 200.0, 150.0])}, "days = -3 .*commissioning"),
        ({"soh_resistance": np.array([np.nan, 102.0, np.nan])}, "soh_resistance = 102"),
        ({"day": np.array([200.0, 200.0, 150.0])}, "two rows of day 200 .*0.99 and 0.98.*keep one"),
        ({"site": (), "unit": ()}, "no row"),
    ],
)
def test_what_cannot_be_is_refused(changed: dict[str, object], words: str) -> None:
    with pytest.raises(DataError, match=words):
        replace(ROWS, **changed)


def test_the_battery_has_to_be_among_the_sites() -> None:
    with pytest.raises(UsageError, match="no rows of own_site = 'west'; its sites are north, south"):
        replace(ROWS, own_site="west")


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"deviation": -0.01}, "deviation = -0.01"),
        ({"shared_deviation": 0.5}, "shared_deviation"),
        ({"independent_days": 0.0}, "independent_days"),
        ({"own_site": "north", "is_of_sister_sites": True}, "own_site = 'north'"),
    ],
)
def test_a_table_that_cannot_be_is_refused(given: dict[str, object], words: str) -> None:
    with pytest.raises(BattutaError, match=words):
        TelemetryFile(path="soh.csv", lived_as="base", **given)


def test_a_date_is_kept() -> None:
    named = TelemetryFile(path="soh.csv", lived_as="base", commissioned=dt.date(2024, 3, 1))
    assert named.commissioned == dt.date(2024, 3, 1)
