"""Answers of energy-charts: the documented one is read, each deviation has a name."""

import json
from dataclasses import fields
from datetime import UTC, date, datetime, timedelta

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from battuta.adapters.markets.bidding_zones import bidding_zone
from battuta.adapters.markets.energy_charts.fake import CC_BY, FakeEnergyCharts
from battuta.adapters.markets.energy_charts.mapping import read_day_ahead, reason_of_refusal
from battuta.domain.errors import BattutaError, DataError, SourceUnavailableError, StaleDataError
from battuta.domain.time import from_ns

ZONE = bidding_zone("DE-LU")
DAY = date(2026, 3, 28)


def body(first=DAY, last=DAY, **changes):
    known = {field.name for field in fields(FakeEnergyCharts)}
    fake = FakeEnergyCharts(**{key: value for key, value in changes.items() if key in known and key != "unit"})
    answer = json.loads(fake.reply("/price", {"bzn": "DE-LU", "start": str(first), "end": str(last)}).body)
    answer |= {key: value for key, value in changes.items() if key not in known or key == "unit"}
    return json.dumps({key: value for key, value in answer.items() if value is not ...}).encode()


def read(raw, first=DAY, last=DAY, **settings):
    return read_day_ahead(raw, ZONE, *ZONE.range_ns(first, last), **settings)


def test_the_documented_answer_is_read():
    # the shape of the service's own example: hours of 2024-12-08, prices invented here
    start = 1733612400
    raw = json.dumps(
        {
            "license_info": CC_BY,
            "unix_seconds": [start + 3600 * hour for hour in range(24)],
            "price": [10.5 * hour - 20.0 for hour in range(24)],
            "unit": "EUR / MWh",
            "deprecated": False,
        }
    ).encode()
    answer = read(raw, date(2024, 12, 8), date(2024, 12, 8))
    assert from_ns(int(answer.time_ns[0])) == datetime(2024, 12, 7, 23, tzinfo=UTC)
    np.testing.assert_allclose(answer.price_per_mwh, 10.5 * np.arange(24) - 20.0)
    assert (answer.step, answer.licence, answer.is_deprecated) == (timedelta(hours=1), CC_BY, False)


@pytest.mark.parametrize(
    ("day", "step_min", "n_times"),
    [
        (date(2025, 3, 30), 60, 23),
        (date(2025, 9, 30), 60, 24),
        (date(2025, 10, 1), 15, 96),
        (date(2025, 10, 26), 15, 100),
        (date(2026, 3, 29), 15, 92),
    ],
)
def test_days_and_resolutions_are_those_of_the_source(day, step_min, n_times):
    answer = read(body(day, day), day, day)
    assert (answer.step, answer.time_ns.size) == (timedelta(minutes=step_min), n_times)


def test_a_range_over_the_change_to_quarter_hours_is_refused_with_the_date():
    first, last = date(2025, 9, 29), date(2025, 10, 2)
    with pytest.raises(DataError, match="from 60 to 15 min on 2025-10-01; ask for days before 2025-10-01"):
        read(body(first, last), first, last)


def test_what_was_not_asked_for_is_dropped():
    assert read(body(DAY - timedelta(days=1), DAY + timedelta(days=1))).time_ns.size == 96


def test_a_null_is_named_and_never_filled():
    first_s = ZONE.range_ns(DAY, DAY)[0] // 10**9
    holes = {first_s + 900 * 7, first_s + 900 * 8}
    with pytest.raises(DataError, match=r"2 prices are null, the first at 2026-03-28T00:45Z"):
        read(body(price_per_mwh=lambda at: None if at in holes else 1.0))


def test_a_null_outside_of_what_was_asked_for_does_no_harm():
    start_ns, end_ns = ZONE.range_ns(DAY, DAY)
    raw = body(DAY, DAY + timedelta(days=1), price_per_mwh=lambda at: 1.0 if at * 10**9 < end_ns else None)
    assert read(raw).time_ns[0] == start_ns


def test_a_gap_is_named():
    first_s = ZONE.range_ns(DAY, DAY)[0] // 10**9
    with pytest.raises(DataError, match="1 intervals are missing after 2026-03-27T23:00Z"):
        read(body(hidden={first_s + 900}))


def test_days_that_are_not_published_yet_are_named():
    with pytest.raises(StaleDataError, match=r"ends at 2026-03-28T23:00Z, not at 2026-03-29T22:00Z"):
        read(body(DAY, DAY), DAY, date(2026, 3, 29))
    with pytest.raises(DataError, match="begins at"):
        read(body(DAY, DAY), DAY - timedelta(days=1), DAY)


@pytest.mark.parametrize("unit", ["EUR / MWh", "EUR/MWh"])
def test_the_unit_is_read(unit):
    assert read(body(unit=unit)).time_ns.size == 96


@pytest.mark.parametrize("unit", ["EUR / kWh", "ct / kWh", "PLN / MWh", "", None, 5])
def test_another_unit_is_refused_and_cannot_be_allowed(unit):
    with pytest.raises(DataError, match=r"the unit is .*, not EUR/MWh$"):
        read(body(unit=unit), allow_unstated_unit=True)


def test_an_unstated_unit_is_taken_by_name_only():
    with pytest.raises(DataError, match="'No Unit', not EUR/MWh; allow_unstated_unit=True"):
        read(body(unit="No Unit"))
    assert read(body(unit="No Unit"), allow_unstated_unit=True).time_ns.size == 96


def test_deprecation_and_licence_are_kept():
    answer = read(body(is_deprecated=True, licence="private and\n internal use only"))
    assert (answer.is_deprecated, answer.licence) == (True, "private and internal use only")
    assert read(body(licence="")).licence == "no licence stated"


@pytest.mark.parametrize(
    ("raw", "words"),
    [
        (b"", "cut off or damaged"),
        (b"  <!DOCTYPE html><html>", "a web page instead of JSON"),
        (b'{"license_info": "x", "unix_seconds": [1', "cut off or damaged"),
        (b"\xff\xfe{}", "cut off or damaged"),
        (b"[" * 100_000, "cut off or damaged"),
        (b"[]", "not an object"),
        (b"null", "not an object"),
        (b"{}", "lacks license_info, unix_seconds, price, unit"),
        (body(price=...), "lacks price"),
        (body(price=[1.0]), "96 times but 1 prices"),
        (body(price="1"), "price is not a list"),
        (body(unix_seconds={}), "unix_seconds is not a list"),
        (body(unix_seconds=[1.5]), "1.5 is no time"),
        (body(unix_seconds=[True]), "True is no time"),
        (body(unix_seconds=[10**300]), "is no time"),
        (body(price=["1"]), "'1' is no value of price"),
        (body(price=[False]), "False is no value of price"),
        (body(price=[float("nan")]), "NaN is no number"),
        (body(price=[float("inf")]), "Infinity is no number"),
        (body().replace(b'"price": [', b'"price": [1e999, '), "inf is no value of price"),
        (body().replace(b'"price": [', b'"price": [1' + b"0" * 400 + b", "), "is no value of price"),
        (body().replace(b'"price": [', b'"price": [1' + b"0" * 5000 + b", "), "cut off or damaged"),
    ],
)
def test_what_is_not_documented_is_refused(raw, words):
    with pytest.raises(SourceUnavailableError, match=words):
        read(raw)


@pytest.mark.parametrize(
    ("raw", "words"),
    [
        (body(unix_seconds=[], price=[]), "has no prices of DE-LU between 2026-03-27 and 2026-03-28"),
        (body(unix_seconds=[0, 900], price=[1.0, 1.0]), "answered 1970-01-01T00:00Z to .*nothing of what was asked"),
    ],
)
def test_an_empty_answer_is_named(raw, words):
    with pytest.raises(DataError, match=words):
        read(raw)


@given(at=st.integers(0, len(body()) - 1), garbage=st.binary(min_size=1, max_size=3))
def test_a_damaged_answer_is_read_or_refused_but_never_a_traceback(at, garbage):
    raw = body()
    try:
        read(raw[:at] + garbage + raw[at + len(garbage) :])
    except BattutaError:
        return


@pytest.mark.parametrize(
    ("raw", "reason"),
    [
        (b'{"detail": "no content available"}', "no content available"),
        (b'{"detail": ["x"]}', ""),
        (b"<html>", ""),
        (b"[]", ""),
        (b"[" * 100_000, ""),
        (b"\xff", ""),
    ],
)
def test_the_reason_of_a_refusal_is_found(raw, reason):
    assert reason_of_refusal(raw) == reason
