"""Answers of Open-Meteo: the documented one is read, each deviation has a name."""

import json
from datetime import UTC, datetime

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from battuta.adapters.weather.open_meteo.mapping import read_hourly, reason_of_refusal
from battuta.adapters.weather.open_meteo.variables import variable_of
from battuta.domain.errors import BattutaError, DataError, SourceUnavailableError
from battuta.domain.time import NS_PER_HOUR, to_ns

START_NS = to_ns(datetime(2026, 7, 1, tzinfo=UTC))
START = START_NS // 10**9
END_NS = START_NS + 2 * NS_PER_HOUR
ASKED = tuple(map(variable_of, ("temperature_c", "radiation_w_per_m2")))


def body(hourly=None, units=None, **changes):
    """Write an answer of the documented shape for two hours and the one after; values are invented."""
    answer = {
        "latitude": 52.52,
        "longitude": 13.42,
        "generationtime_ms": 0.1,
        "utc_offset_seconds": 0,
        "timezone": "GMT",
        "timezone_abbreviation": "GMT",
        "elevation": 38.0,
        "hourly_units": {"time": "unixtime", "temperature_2m": "°C", "shortwave_radiation": "W/m²"} | (units or {}),
        "hourly": {
            "time": [START, START + 3600, START + 7200],
            "temperature_2m": [15.1, 14.7, 14.4],
            "shortwave_radiation": [0.0, 10.0, 20.0],
        }
        | (hourly or {}),
    } | changes
    for part in (answer, answer["hourly"]):
        if isinstance(part, dict):
            for key in [key for key, value in part.items() if value is ...]:
                del part[key]
    return json.dumps(answer).encode()


def read(raw):
    return read_hourly(raw, ASKED, START_NS, END_NS)


def test_the_documented_answer_is_read():
    answer = read(body())
    np.testing.assert_array_equal(answer.time_ns, [START_NS, START_NS + NS_PER_HOUR])
    np.testing.assert_array_equal(answer.columns["temperature_c"], [15.1, 14.7])
    np.testing.assert_array_equal(answer.columns["radiation_w_per_m2"], [10.0, 20.0])
    assert (answer.latitude_deg, answer.longitude_deg, answer.n_null) == (52.52, 13.42, {})


@pytest.mark.parametrize(
    ("raw", "words"),
    [
        (b"", "cut off or damaged"),
        (b"  <!DOCTYPE html><html>", "a web page instead of JSON"),
        (body()[:80], "cut off or damaged"),
        (b"\xff\xfe{}", "cut off or damaged"),
        (b"[" * 100_000, "cut off or damaged"),
        (b"[]", "not an object"),
        (b"{}", "lacks latitude, longitude, utc_offset_seconds, hourly_units, hourly"),
        (b'{"error": true, "reason": "no data"}', "an error within a good answer: no data"),
        (body(utc_offset_seconds=7200), "utc_offset_seconds is 7200"),
        (body(units={"time": "iso8601"}), "times are in 'iso8601'"),
        (body(latitude="north"), "'north' is no value of latitude"),
        (body(hourly_units=[]), "hourly_units is not an object"),
        (body(hourly={"time": "now"}), "hourly.time is not a list"),
        (body(hourly={"time": ["2026-07-01T00:00"]}), "is no time in unix seconds"),
        (body(hourly={"temperature_2m": ...}), "hourly lacks temperature_2m; it has time, shortwave_radiation"),
        (body(hourly={"temperature_2m": [1.0]}), "3 times but 1 values of temperature_2m"),
        (body(hourly={"temperature_2m": "warm"}), "temperature_2m is not a list"),
        (body(hourly={"temperature_2m": [1.0, "1", 1.0]}), "'1' is no value of temperature_2m"),
        (body(hourly={"temperature_2m": [1.0, float("nan"), 1.0]}), "NaN is no number"),
        (body(hourly={"temperature_2m": [1.0, True, 1.0]}), "True is no value"),
    ],
)
def test_what_is_not_documented_is_refused(raw, words):
    with pytest.raises(SourceUnavailableError, match=words):
        read(raw)


@pytest.mark.parametrize(
    ("raw", "words"),
    [
        (body(units={"temperature_2m": "°F"}), "temperature_2m is in '°F', not in °C as asked for"),
        (body(units={"shortwave_radiation": None}), "shortwave_radiation is in None"),
        (body(hourly={"time": [START, START + 3600, START + 10800]}), "hour after 2026-07-01T01:00Z is missing"),
        (body(hourly={"time": [START, START - 3600, START + 3600]}), "missing or out of order"),
        (
            body(hourly={"time": [START + 3600 * k for k in (1, 2, 3)]}),
            "answered 2026-07-01T01:00Z to 2026-07-01T03:00Z, not 2026-07-01T00:00Z to 2026-07-01T02:00Z",
        ),
        (body(hourly={"time": []}), "answered no hour"),
        (body(hourly={"temperature_2m": [None] * 3}), "temperature_2m is null for every hour from 2026-07-01"),
    ],
)
def test_answers_that_cannot_be_used_are_named(raw, words):
    with pytest.raises(DataError, match=words):
        read(raw)


def test_a_null_stays_missing_and_is_counted():
    answer = read(body(hourly={"temperature_2m": [None, 14.7, 14.4]}))
    np.testing.assert_array_equal(answer.columns["temperature_c"], [np.nan, 14.7])
    assert answer.n_null == {"temperature_c": 1}


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
        (b'{"error": true, "reason": "Daily API request\\n limit exceeded."}', "Daily API request limit exceeded."),
        (b'{"reason": 5}', ""),
        (b"<html>", ""),
        (b"[" * 100_000, ""),
    ],
)
def test_the_reason_of_a_refusal_is_found(raw, reason):
    assert reason_of_refusal(raw) == reason
