"""The data sheet that foresight begins with, beside what the simulated container really does."""

import numpy as np
import pytest

from battuta.physics.container import resting, step_container
from battuta.physics.container_parameters import container_parameters
from battuta.physics.thermal_kernels import cop
from battuta.site.cooling_foresight_nameplate import COOLANT_C, nameplate_of

CONTAINER = container_parameters("lfp_314ah")
PLATE = nameplate_of(CONTAINER, 2500.0)


def test_the_container_of_five_mwh() -> None:
    assert PLATE.heat_kwh_per_k == pytest.approx(5600.0 * 4992 / 3.6e6)
    assert (PLATE.cooling_kw, PLATE.pump_kw, PLATE.controls_kw) == pytest.approx((60.0, 2.2, 0.8))
    assert (PLATE.cool_on_k, PLATE.cool_off_k, PLATE.cop_max) == (8.0, 5.0, 5.0)
    current_a = 2.5e6 / (4992 * 3.25)
    assert PLATE.constant_kw == pytest.approx(4992 * current_a * 0.010 / 1000.0, rel=0.02)


def test_its_heat_is_what_the_container_makes_at_rated_power() -> None:
    state = resting(CONTAINER.coarse(8), soc=0.9, temperature_c=30.0)
    heat_kw = []
    for _ in range(90):
        step_container(state, np.array([2500.0]), np.array([30.0]), 60.0)
        state.cells.temperature_c[:] = 30.0
        heat_kw.append(float(state.sites.heat_kw[0]))
    assert PLATE.resistive_kw == pytest.approx(np.mean(heat_kw[30:]), rel=0.1)


def test_resistive_heat_grows_with_the_square_of_the_power_and_hysteresis_with_the_power() -> None:
    half = nameplate_of(CONTAINER, 1250.0)
    assert half.resistive_kw == pytest.approx(PLATE.resistive_kw / 4.0)
    assert half.constant_kw == pytest.approx(PLATE.constant_kw / 2.0)


def test_the_cop_is_that_of_the_chiller_without_lift_and_halves_where_it_says() -> None:
    thermal = CONTAINER.thermal._replace(cop_max=99.0)
    assert PLATE.cop == pytest.approx(cop(thermal, COOLANT_C, COOLANT_C))
    assert PLATE.cop / 2.0 == pytest.approx(cop(thermal, COOLANT_C + PLATE.half_lift_k, COOLANT_C))


def test_lumping_changes_nothing_and_a_cabinet_is_a_share() -> None:
    assert nameplate_of(CONTAINER.coarse(8), 2500.0).resistive_kw == pytest.approx(PLATE.resistive_kw)
    assert nameplate_of(CONTAINER.coarse(8), 2500.0).coolant_kw_per_k == pytest.approx(PLATE.coolant_kw_per_k)
    cabinet = nameplate_of(CONTAINER.scaled(208), 2500.0 / 24.0)
    assert cabinet.resistive_kw == pytest.approx(PLATE.resistive_kw / 24.0)
    assert cabinet.coolant_kw_per_k == pytest.approx(PLATE.coolant_kw_per_k / 24.0)
