"""What is left for the market to serve, from whatever a market publishes."""

import numpy as np
import pytest

from battuta.forecast.residual_load import residual_load_mw

VALUES = {"load": 50.0, "wind": 20.0, "solar": 5.0, "renewables": 12.0, "generation": 45.0, "other": 3.0}


def columns(*names):
    return {name: np.full((2, 24), VALUES[name.split("_")[0]]) for name in names}


@pytest.mark.parametrize(
    ("names", "left"),
    [
        (("load_forecast_mw", "wind_forecast_mw"), 30.0),
        (("wind_forecast_mw", "load_forecast_mw"), 30.0),
        (("load_forecast_mw", "wind_forecast_mw", "solar_forecast_mw"), 25.0),
        (("load_forecast_mw", "renewables_forecast_mw"), 38.0),
        (("load_forecast_mw", "wind_forecast_mw", "generation_forecast_mw"), 30.0),
        (("generation_forecast_mw", "load_forecast_mw"), -5.0),
        (("load_forecast_mw", "wind_forecast_mw", "other_price_eur"), 30.0),
    ],
)
def test_it_is_what_sun_and_wind_leave(names, left):
    np.testing.assert_array_equal(residual_load_mw(columns(*names)), np.full((2, 24), left))


@pytest.mark.parametrize(
    "names",
    [
        (),
        ("load_forecast_mw",),
        ("wind_forecast_mw",),
        ("load_forecast_mw", "wind_speed"),
        ("load_forecast_mw", "generation_forecast_mw", "other_mw"),
    ],
)
def test_nothing_to_subtract_is_nothing(names):
    assert residual_load_mw(columns(*names)) is None


def test_a_gap_in_one_is_a_gap_in_what_is_left():
    holed = columns("load_forecast_mw", "wind_forecast_mw")
    holed["wind_forecast_mw"][1, 3] = np.nan
    assert np.flatnonzero(np.isnan(residual_load_mw(holed)).ravel()).tolist() == [27]


def test_lines_to_neighbours_are_no_load():
    columns = {"load_forecast_mw": np.ones((1, 24)), "import_capacity_fr_mw": np.ones((1, 24))}
    assert residual_load_mw(columns) is None


def test_what_is_residual_already_is_taken_as_it_stands_and_nothing_is_taken_off_twice():
    ones = np.ones((1, 24))
    given = {"load_mw": 9.0 * ones, "residual_load_forecast_mw": 3.5 * ones, "wind_mw": ones}
    assert residual_load_mw(given)[0, 0] == 3.5
    whole = {"load_mw": 9.0 * ones, "renewables_mw": 5.0 * ones, "wind_mw": 2.0 * ones, "solar_mw": 3.0 * ones}
    assert residual_load_mw(whole)[0, 0] == 4.0
