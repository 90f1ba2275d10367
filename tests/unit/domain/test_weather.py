"""Weather forecasts: what they hold, and which of several vintages a decision may see."""

from datetime import timedelta

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from battuta.domain.errors import DataError, InvalidQuantityError, UsageError
from battuta.domain.time import NS_PER_HOUR
from battuta.domain.weather import Place, WeatherForecast

BERLIN = Place(latitude_deg=52.52, longitude_deg=13.41, name="Berlin")


def weather(hours, known, **columns):
    settings = {
        "time_ns": np.array(hours, dtype=np.int64) * NS_PER_HOUR,
        "known_at_ns": np.array(known, dtype=np.int64) * NS_PER_HOUR,
        "columns": {name: np.array(values, dtype=float) for name, values in columns.items()},
        "step": timedelta(hours=1),
        "place": BERLIN,
    }
    return WeatherForecast(**settings)


def test_the_latest_vintage_known_by_then_counts():
    forecast = weather([40, 40, 40, 41], [10, 12, 14, 12], temperature_c=[1.0, 2.0, 3.0, 9.0])
    by = np.array([9, 10, 11, 12, 13, 14, 99]) * NS_PER_HOUR
    answer = forecast.known_values("temperature_c", np.full(7, 40 * NS_PER_HOUR), by)
    np.testing.assert_array_equal(answer, [np.nan, 1.0, 1.0, 2.0, 2.0, 3.0, 3.0])
    assert (forecast.n_times, forecast.n_distinct_times) == (4, 2)


def test_times_nobody_forecast_are_missing():
    forecast = weather([40, 42], [10, 10], temperature_c=[1.0, 2.0])
    answer = forecast.known_values("temperature_c", np.array([39, 40, 41, 42, 43]) * NS_PER_HOUR, np.full(5, 2**62))
    np.testing.assert_array_equal(answer, [np.nan, 1.0, np.nan, 2.0, np.nan])


def test_a_vintage_without_a_value_hides_no_older_one():
    forecast = weather([40, 40], [10, 12], temperature_c=[1.0, np.nan], cloud_cover=[np.nan, np.nan])
    at = np.array([40 * NS_PER_HOUR])
    assert forecast.known_values("temperature_c", at, np.array([2**62]))[0] == 1.0
    assert np.isnan(forecast.known_values("cloud_cover", at, np.array([2**62]))[0])


@given(
    rows=st.dictionaries(
        st.tuples(st.integers(0, 5), st.integers(0, 8)),
        st.one_of(st.just(float("nan")), st.floats(-20.0, 30.0)),
        min_size=1,
        max_size=20,
    ),
    queries=st.lists(st.tuples(st.integers(-1, 6), st.integers(-1, 9)), min_size=1, max_size=20),
)
def test_it_is_what_looking_through_all_rows_gives(rows, queries):
    pairs = sorted(rows)
    forecast = weather([t for t, _ in pairs], [k for _, k in pairs], temperature_c=[rows[pair] for pair in pairs])
    asked = np.array(queries, dtype=np.int64) * NS_PER_HOUR
    answer = forecast.known_values("temperature_c", asked[:, 0], asked[:, 1])
    for (at, by), value in zip(queries, answer, strict=True):
        known = [rows[t, k] for t, k in pairs if t == at and k <= by and rows[t, k] == rows[t, k]]
        assert (np.isnan(value) and not known) or value == known[-1]


def test_it_says_what_it_holds():
    text = repr(weather([40, 40], [10, 12], temperature_c=[1.0, 2.0]))
    assert "2 rows for 1 times" in text
    assert "Berlin (52.520 N, 13.410 E)" in text
    assert str(Place(latitude_deg=-33.9, longitude_deg=-70.0)) == "33.900 S, 70.000 W"


@pytest.mark.parametrize(
    ("hours", "known", "columns", "error", "words"),
    [
        ([], [], {"temperature_c": []}, DataError, "at least one time"),
        ([1], [0], {}, DataError, "one column"),
        ([1, 2], [0], {"temperature_c": [1.0, 2.0]}, DataError, r"known_at_ns has shape \(1,\)"),
        ([1, 2], [0, 0], {"temperature_c": [1.0]}, DataError, r"temperature_c has shape \(1,\)"),
        ([2, 1], [0, 0], {"temperature_c": [1.0, 2.0]}, DataError, "1970-01-01T01:00Z is out of order"),
        ([1, 1], [0, 0], {"temperature_c": [1.0, 2.0]}, DataError, "stands twice"),
        ([1, 1], [1, 0], {"temperature_c": [1.0, 2.0]}, DataError, "out of order"),
        ([1], [0], {"temperature": [1.0]}, UsageError, "does not say its unit"),
        ([1], [0], {"temperature_c": [290.0]}, DataError, "kelvin"),
        ([1], [0], {"wind_speed_m_per_s": [-1.0]}, InvalidQuantityError, r"= -1 m/s is outside \[0, 60\]"),
    ],
)
def test_what_cannot_be_is_refused(hours, known, columns, error, words):
    with pytest.raises(error, match=words):
        weather(hours, known, **columns)


def test_an_uneven_grid_is_refused():
    with pytest.raises(DataError, match="off the grid"):
        WeatherForecast(
            time_ns=np.array([0, NS_PER_HOUR // 2]),
            known_at_ns=np.zeros(2, dtype=np.int64),
            columns={"temperature_c": np.zeros(2)},
            step=timedelta(hours=1),
            place=BERLIN,
        )
    with pytest.raises(DataError, match="intervals of 0:07:00"):
        WeatherForecast(
            time_ns=np.zeros(1, dtype=np.int64),
            known_at_ns=np.zeros(1, dtype=np.int64),
            columns={"temperature_c": np.zeros(1)},
            step=timedelta(minutes=7),
            place=BERLIN,
        )
    with pytest.raises(InvalidQuantityError, match="latitude_deg = 91"):
        Place(latitude_deg=91.0, longitude_deg=0.0)
