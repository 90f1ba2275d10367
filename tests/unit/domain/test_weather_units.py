"""Columns of weather say their unit, and values that cannot be in it hint at the unit they are in."""

import numpy as np
import pytest

from battuta.domain.errors import UsageError
from battuta.domain.weather_units import UNITS, mean_of, suspected_unit, weather_unit

WEEK = 168
WIND_M_PER_S = np.random.Generator(np.random.Philox(1)).rayleigh(3.2, 4 * WEEK)


def test_the_unit_is_read_from_the_name():
    assert [weather_unit(name).unit for name in ("temperature_c", "wind_speed_100m_m_per_s", "rain_mm")] == [
        "degC",
        "m/s",
        "mm",
    ]
    assert all(unit.low < unit.high for unit in UNITS)


@pytest.mark.parametrize("name", ["temperature", "temperature_k", "wind_speed_kmh", "cloud_cover_percent", "c"])
def test_a_name_without_a_known_unit_is_refused(name):
    with pytest.raises(UsageError, match=r"does not say its unit; .*_m_per_s \(m/s\)"):
        weather_unit(name)


@pytest.mark.parametrize(
    ("name", "values", "words"),
    [
        ("temperature_c", [265.0, 291.0], "kelvin"),
        ("temperature_c", [20.0, 88.0], "Fahrenheit"),
        ("wind_speed_m_per_s", 3.6 * WIND_M_PER_S, "km/h"),
        ("wind_speed_m_per_s", np.concatenate([WIND_M_PER_S, 3.6 * WIND_M_PER_S]), "km/h"),
        ("radiation_w_per_m2", [0.0, 2.1e6], "J/m2"),
        ("radiation_w_per_m2", np.tile([0.0, 0.8], WEEK), "kW/m2"),
        ("cloud_cover", [0.0, 100.0], "percent"),
        ("humidity_fraction", [0.4, 88.0], "percent"),
        ("pressure_hpa", [101_325.0], "Pa"),
    ],
)
def test_another_unit_is_named(name, values, words):
    assert words in suspected_unit(name, np.array(values), WEEK)


@pytest.mark.parametrize(
    ("name", "values"),
    [
        ("temperature_c", [-25.0, 44.0]),
        ("temperature_c", [np.nan, np.nan]),
        ("temperature_c", [170.0]),  # impossible, but like no other unit
        ("wind_speed_m_per_s", WIND_M_PER_S),
        ("wind_speed_m_per_s", [40.0] * 5),  # a hurricane, for less than a week
        ("wind_speed_100m_m_per_s", [24.0] * WEEK),  # a storm at sea
        ("radiation_w_per_m2", [0.0] * WEEK),  # polar night
        ("radiation_w_per_m2", np.tile([0.0, 12.0], WEEK)),
        ("cloud_cover", [0.0, 1.0]),
        ("pressure_hpa", [1030.0]),
    ],
)
def test_weather_itself_is_not_suspected(name, values):
    assert suspected_unit(name, np.array(values), WEEK) == ""


def test_directions_are_averaged_round_the_compass():
    parts = np.array([[350.0, 90.0, 0.0, np.nan], [10.0, 180.0, 180.0, 90.0]])
    north, south_east, nowhere, unknown = mean_of("wind_direction_deg", parts)
    assert abs((north + 180.0) % 360.0 - 180.0) < 1e-9
    assert south_east == pytest.approx(135.0)
    assert np.isnan([nowhere, unknown]).all()


def test_other_columns_are_averaged_plainly():
    np.testing.assert_array_equal(mean_of("wind_speed_m_per_s", np.array([[2.0, np.nan], [5.0, 1.0]])), [3.5, np.nan])
