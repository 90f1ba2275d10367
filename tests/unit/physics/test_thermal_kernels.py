"""Heat against a plain NumPy network with tiny explicit steps, and its balance."""

import math

import numpy as np
import pytest

from battuta.physics.container_parameters import container_parameters
from battuta.physics.thermal_kernels import cop, implicitness, next_mode, step_heat

THERMAL = container_parameters("lfp_314ah").thermal
OFFSET = np.array([0, 10, 20])


def network(flow=1.0, cooling_w=0.0, step_s=60.0, ambient_c=35.0, heat_w=30.0, n_steps=1, cells_per_node=40.0):
    temperature = np.linspace(20.0, 30.0, 20)
    heat, tank, air, account_j = np.full(20, heat_w), 18.0, 28.0, np.zeros(3)
    for _ in range(n_steps):
        tank, air, _, cold, hot = step_heat(
            THERMAL, temperature, heat, OFFSET, 0, 2, cells_per_node, 6.0, flow, 2000.0, cooling_w, 0.0, 17.0, tank,
            air, ambient_c, step_s, account_j,
        )  # fmt: skip
        assert (cold, hot) == (temperature.min(), temperature.max())
    return temperature, tank, air, account_j


def explicit(flow, cooling_w, ambient_c, heat_w, duration_s, dt=0.1):
    """Plain NumPy twin: the network as it is drawn, explicit steps, chiller at constant heat."""
    th = THERMAL
    temperature = np.linspace(20.0, 30.0, 20).reshape(2, 10)
    tank, air = 18.0, 28.0
    w = flow * th.flow_w_per_k / 40.0
    for _ in range(round(duration_s / dt)):
        coolant = np.empty((2, 10))
        inlet = np.full(2, tank)
        for k in range(10):
            inlet = (w * inlet + th.cell_coolant_w_per_k * temperature[:, k]) / (w + th.cell_coolant_w_per_k)
            coolant[:, k] = inlet
        into_coolant = th.cell_coolant_w_per_k * (temperature - coolant)
        into_air = th.cell_air_w_per_k * (temperature - air)
        gain = 240.0 * into_coolant.sum() + 2000.0 - cooling_w - th.tank_air_w_per_k * (tank - air)
        gain_air = (
            240.0 * into_air.sum() + th.tank_air_w_per_k * (tank - air) + th.wall_w_per_k * (ambient_c - air)
            + th.controls_w
        )  # fmt: skip
        temperature = temperature + dt * (heat_w - into_coolant - into_air) / th.cell_j_per_k
        tank, air = tank + dt * gain / th.tank_j_per_k, air + dt * gain_air / th.air_j_per_k
    return temperature.ravel(), tank, air


@pytest.mark.parametrize("cooling_w", [0.0, 3000.0])
def test_small_steps_follow_the_explicit_network(cooling_w) -> None:
    """The chiller is far from its setpoint at 3 kW against 14 kW of heat, so it runs at its capacity."""
    wanted = explicit(1.0, cooling_w, 35.0, 30.0, 600.0)
    temperature, tank, air, _ = network(cooling_w=cooling_w, step_s=1.0, n_steps=600)
    np.testing.assert_allclose(temperature, wanted[0], atol=0.01)
    assert (tank, air) == pytest.approx(wanted[1:], abs=0.01)


def test_a_minute_is_nearly_as_good_as_a_second() -> None:
    fine, coarse = network(step_s=1.0, n_steps=3600), network(step_s=60.0, n_steps=60)
    np.testing.assert_allclose(coarse[0], fine[0], atol=0.02)
    assert coarse[1:3] == pytest.approx(fine[1:3], abs=0.02)


@pytest.mark.parametrize("step_s", [1e-3, 1.0, 60.0, 3600.0, 1e6])
@pytest.mark.parametrize("flow", [0.0, 0.3, 1.0])
@pytest.mark.parametrize("cooling_w", [0.0, 9000.0])
def test_heat_is_conserved_and_bounded_at_any_step(step_s, flow, cooling_w) -> None:
    temperature, tank, air, account_j = network(step_s=step_s, flow=flow, cooling_w=cooling_w)
    gained = 240.0 * THERMAL.cell_j_per_k * (temperature - np.linspace(20.0, 30.0, 20)).sum()
    gained += THERMAL.tank_j_per_k * (tank - 18.0) + THERMAL.air_j_per_k * (air - 28.0)
    given = (240.0 * 20 * 30.0 + 2000.0 + THERMAL.controls_w) * step_s
    scale = given + abs(account_j).sum() + 1e-4 * THERMAL.tank_j_per_k
    assert gained == pytest.approx(given - account_j[0] - account_j[2], abs=1e-9 * scale)
    assert np.all((temperature > 10.0) & (temperature < 35.0 + 30.0 / 0.05 + given / step_s / THERMAL.wall_w_per_k))


def test_the_coolant_warms_on_its_way() -> None:
    temperature, _, _, _ = network(step_s=3600.0, n_steps=24, cooling_w=1e9)
    assert np.all(np.diff(temperature[:10]) > 0.0)
    rise = 40.0 * 10 * 30.0 / THERMAL.flow_w_per_k
    assert temperature[9] - temperature[0] == pytest.approx(0.9 * rise, rel=0.1)


def test_a_strong_chiller_holds_the_setpoint_and_a_weak_one_its_capacity() -> None:
    _, tank, _, _ = network(step_s=60.0, n_steps=200, cooling_w=1e9)
    assert tank == pytest.approx(17.0, abs=1e-6)
    _, _, _, account_j = network(step_s=60.0, n_steps=10, cooling_w=1000.0)
    assert account_j[0] == pytest.approx(1000.0 * 600.0)


def test_cop_falls_with_the_ambient_and_is_capped() -> None:
    hot, mild, cold = (cop(THERMAL, ambient_c, 18.0) for ambient_c in (45.0, 25.0, -10.0))
    assert hot == pytest.approx(0.40 * (18.0 - 8.0 + 273.15) / (45.0 - 18.0 + 16.0))
    assert hot < mild <= cold == THERMAL.cop_max


@pytest.mark.parametrize(
    ("mode", "mode_s", "told", "cold_c", "hot_c", "wanted"),
    [
        (0, 0.0, -1, 20.0, 27.0, 0),
        (0, 0.0, -1, 20.0, 28.1, 1),
        (1, 400.0, -1, 20.0, 26.0, 1),
        (1, 400.0, -1, 20.0, 24.9, 0),
        (1, 100.0, -1, 20.0, 24.9, 1),
        (0, 0.0, -1, 9.0, 20.0, 2),
        (2, 400.0, -1, 13.0, 20.0, 2),
        (2, 400.0, -1, 15.0, 20.0, 0),
        (0, 0.0, 1, 9.0, 20.0, 1),
        (1, 0.0, 0, 9.0, 40.0, 0),
    ],
)
def test_bands_and_shortest_time_choose_the_mode(mode, mode_s, told, cold_c, hot_c, wanted) -> None:
    assert next_mode(THERMAL, mode, mode_s, told, 20.0, cold_c, hot_c) == wanted


def test_implicitness_makes_a_single_decay_exact() -> None:
    for x in (1e-4, 0.3, 2.0, 30.0):
        theta = implicitness(x)
        assert (1.0 - (1.0 - theta) * x) / (1.0 + theta * x) == pytest.approx(math.exp(-x), abs=1e-9)
