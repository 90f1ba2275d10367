"""Wishes and what a chiller with its own thermostat makes of them."""

from dataclasses import replace

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from battuta.physics.container_parameters import container_parameters
from battuta.physics.thermal_kernels import next_mode
from battuta.site.cooling_foresight_nameplate import nameplate_of
from battuta.site.cooling_foresight_register import Thermostats, register_setpoint_c, should_cool, wished_c

CONTAINER = container_parameters("lfp_314ah")
PLATE = nameplate_of(CONTAINER, 2500.0)
ONE = np.ones(1)
THERMOSTATS = Thermostats.of([PLATE], 45.0 * ONE, 20.0 * ONE)


def written(wish_c, hottest_c, cooling=False):
    return float(register_setpoint_c(THERMOSTATS, wish_c * ONE, hottest_c * ONE, np.array([cooling]))[0])


def test_off_is_a_high_setpoint_that_still_protects_the_cells() -> None:
    assert written(np.nan, 40.0) == 35.0
    assert next_mode(CONTAINER.thermal, 0, 0.0, -1, 35.0, 30.0, 42.9) == 0
    assert next_mode(CONTAINER.thermal, 0, 0.0, -1, 35.0, 30.0, 43.1) == 1
    low = Thermostats.of([PLATE], 40.0 * ONE, 20.0 * ONE)
    assert low.off_setpoint_c[0] == 30.0


def test_a_wish_is_written_as_it_is_where_the_thermostat_agrees_and_lower_where_not() -> None:
    assert written(14.0, 40.0) == 14.0
    assert written(34.0, 40.0) == 31.5
    assert written(34.0, 40.0, cooling=True) == 34.0
    assert written(34.0, 38.0, cooling=True) == 32.5
    assert written(40.0, 44.0) == 35.0


def test_unseen_cells_are_cooled_as_the_data_sheet_says() -> None:
    assert written(np.nan, np.nan) == written(14.0, np.nan) == 20.0


def test_a_register_reads_as_off_from_there_on() -> None:
    read = wished_c(THERMOSTATS, np.array([34.9, 35.0, 40.0, 34.0, np.nan]))
    np.testing.assert_array_equal(read, [np.nan, np.nan, np.nan, 34.0, np.nan])


@given(st.floats(20.0, 44.0), st.sampled_from([14.0, 17.0, 20.0, 23.0, 26.0, 30.0, 34.0]), st.booleans())
def test_whatever_is_wished_the_plants_own_thermostat_does_it(hottest_c, wish_c, was_cooling) -> None:
    setpoint_c = written(wish_c, hottest_c, was_cooling)
    mode = next_mode(CONTAINER.thermal, int(was_cooling), 1e9, -1, setpoint_c, 20.0, hottest_c)
    assert setpoint_c <= wish_c
    assert mode == 1
    assert should_cool(THERMOSTATS, setpoint_c * ONE, hottest_c * ONE, np.array([was_cooling]))[0]


@given(st.floats(10.0, 60.0), st.floats(10.0, 50.0), st.booleans())
def test_what_it_says_of_the_thermostat_is_what_the_plant_does(hottest_c, setpoint_c, was_cooling) -> None:
    mode = next_mode(CONTAINER.thermal, int(was_cooling), 1e9, -1, setpoint_c, 20.0, hottest_c)
    says = should_cool(THERMOSTATS, setpoint_c * ONE, hottest_c * ONE, np.array([was_cooling]))[0]
    assert says == (mode == 1) or abs(hottest_c - setpoint_c - (5.0 if was_cooling else 8.0)) < 1e-9


def test_a_chiller_that_says_nothing_is_not_taken_to_cool() -> None:
    assert not should_cool(THERMOSTATS, np.nan * ONE, 40.0 * ONE, np.array([True]))[0]
    other = replace(PLATE, cool_on_k=3.0)
    assert Thermostats.of([PLATE, other], 45.0 * np.ones(2), 20.0 * np.ones(2)).on_k.tolist() == [8.0, 3.0]
