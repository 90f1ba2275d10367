"""Power to current: the wanted power is met, or the limit that forbids it is just reached."""

import math

import numpy as np
import pytest

from battuta.physics.cell_block_kernels import SCRATCH
from battuta.physics.cell_kernels import MEMORY, advance_string
from battuta.physics.cell_parameters import cell_parameters
from battuta.physics.cells import resting_cells
from battuta.physics.string_kernels import (
    predict_string,
    recall_current_a,
    solve_string,
    source_current_a,
    taper_share,
)

PARAMETERS = cell_parameters("lfp_314ah")
TABLES = PARAMETERS.tables()
N = 8


def string(soc=0.5, temperature_c=25.0):
    rng = np.random.default_rng(5)
    cells = resting_cells(PARAMETERS, N, soc=soc, temperature_c=temperature_c)
    cells.capacity_ah[:] *= rng.uniform(0.95, 1.0, N)
    cells.hysteresis[:] = rng.uniform(-1.0, 1.0, N)
    return cells


def achieved(cells, power_w, step_s):
    current, _, _ = solve_string(TABLES, cells, 0, N, power_w, 0.0, 0.0, step_s, 1.0)
    account_j = np.zeros(5)
    advance_string(TABLES, cells, 0, N, current, 0.0, step_s, 1.0, account_j, np.zeros(MEMORY), np.zeros(SCRATCH))
    return current, account_j[0] / step_s


@pytest.mark.parametrize("power_w", [4000.0, -4000.0, 10.0, 0.0])
@pytest.mark.parametrize("step_s", [1.0, 60.0])
def test_the_power_wanted_is_met(power_w, step_s) -> None:
    current, power = achieved(string(), power_w, step_s)
    assert power == pytest.approx(power_w, rel=1e-5, abs=1e-9)
    assert current * power_w >= 0.0


def test_the_straight_line_is_that_of_numpy() -> None:
    """Twin of the prediction: voltages of the stepped cells at two currents near the guess."""
    emf, resistance, series, low, high = predict_string(TABLES, string(), 0, N, 100.0, 1.0)
    for current in (99.0, 101.0):
        cells = string()
        volt = advance_string(
            TABLES, cells, 0, N, current, 0.0, 1.0, 1.0, np.zeros(5), np.zeros(MEMORY), np.zeros(SCRATCH)
        )
        assert emf - current * resistance == pytest.approx(volt, rel=1e-7)
    grid = np.linspace(0.0, 1.0, 201)
    at = [
        np.interp(25.0, PARAMETERS.temperature_c, [np.interp(0.5, grid, row) for row in PARAMETERS.resistance_ohm[1]])
    ]
    assert series == pytest.approx(N * at[0], rel=1e-3)
    assert (low, high) == pytest.approx((-0.6 * 314.0, 0.6 * 314.0))


@pytest.mark.parametrize("step_s", [1.0, 60.0])
def test_discharge_stops_at_the_lowest_voltage_of_the_weakest_cell(step_s) -> None:
    cells = string(soc=0.03)
    for _ in range(round(1200 / step_s)):
        achieved(cells, 4500.0, step_s)
        assert cells.voltage_v.min() > 2.5 - 2e-3 * step_s**0.5
        assert cells.soc.min() >= -1e-12
    assert cells.voltage_v.min() == pytest.approx(2.5, abs=0.02)


@pytest.mark.parametrize("step_s", [1.0, 60.0])
def test_charge_stops_at_the_highest_voltage(step_s) -> None:
    cells = string(soc=0.97)
    powers = [achieved(cells, -4500.0, step_s)[1] for _ in range(round(1800 / step_s))]
    assert cells.voltage_v.max() < 3.6 + 2e-3
    assert cells.soc.max() <= 1.0 + 1e-12
    assert abs(powers[-1]) < 0.2 * abs(powers[0])


@pytest.mark.parametrize(("temperature_c", "share"), [(-5.0, 0.0), (0.0, 0.0), (5.0, 0.5), (25.0, 1.0), (50.0, 0.5)])
def test_cold_and_hot_cells_take_less_charge(temperature_c, share) -> None:
    current, _ = achieved(string(temperature_c=temperature_c), -1e6, 1.0)
    assert current == pytest.approx(-share * 0.6 * 314.0)
    assert taper_share(TABLES, 0, temperature_c, temperature_c) == pytest.approx(share)


def test_one_cold_cell_holds_back_its_string() -> None:
    cells = string()
    cells.temperature_c[3] = -1.0
    assert achieved(cells, -1000.0, 1.0)[0] == 0.0
    assert achieved(cells, 1000.0, 1.0)[0] > 0.0


def test_more_power_than_there_is_gives_the_most_there_is() -> None:
    assert source_current_a(1e9, 10.0, 0.5) == pytest.approx(10.0)
    assert source_current_a(8.0, 10.0, 0.5) == pytest.approx(0.8348486)


def test_what_a_string_recalls_is_what_it_would_solve() -> None:
    cells, memory = string(), np.zeros(MEMORY)
    assert math.isnan(recall_current_a(TABLES, memory, N, 3000.0, 0.0, 1.0, 1.0, 1.0)), "nothing to recall yet"
    advance_string(TABLES, cells, 0, N, 100.0, 0.0, 1.0, 1.0, np.zeros(5), memory, np.zeros(SCRATCH))
    solved, _, _ = solve_string(TABLES, cells, 0, N, 3000.0, 0.0, 115.0, 1.0, 1.0)
    assert recall_current_a(TABLES, memory, N, 3000.0, 0.0, 1.0, 1.0, 1.0) == pytest.approx(solved, rel=1e-5)
    assert recall_current_a(TABLES, memory, N, 0.0, 0.0, 60.0, 1.0, 0.0) == 0.0, "no limit forbids rest"
    for power_w, step_s, share in ((-3000.0, 1.0, 1.0), (3000.0, 60.0, 1.0), (3000.0, 1.0, 0.3), (9000.0, 1.0, 1.0)):
        assert math.isnan(recall_current_a(TABLES, memory, N, power_w, 0.0, step_s, 1.0, share))


def test_near_a_limit_nothing_is_recalled() -> None:
    cells, memory = string(soc=0.02), np.zeros(MEMORY)
    cells.soc[2] = 0.002
    advance_string(TABLES, cells, 0, N, 100.0, 0.0, 1.0, 1.0, np.zeros(5), memory, np.zeros(SCRATCH))
    assert math.isnan(recall_current_a(TABLES, memory, N, 3000.0, 0.0, 1.0, 1.0, 1.0))
