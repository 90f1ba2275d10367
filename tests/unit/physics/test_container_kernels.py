"""One container step held against a plain composition of its parts."""

import numpy as np
import pytest

from battuta.physics.cell_block_kernels import SCRATCH
from battuta.physics.cell_kernels import MEMORY, advance_string
from battuta.physics.container import resting, step_container
from battuta.physics.container_kernels import SOC_STEP_MAX
from battuta.physics.container_parameters import container_parameters
from battuta.physics.string_kernels import solve_string
from battuta.physics.thermal_kernels import step_heat

PARAMETERS = container_parameters("lfp_314ah").coarse(8, 2)


def composed(state, power_kw, ambient_c, step_s):
    """Plain twin of one inner step of one container: solve and advance each string, then the heat."""
    cells, tables, account_j = state.cells, state.tables, np.zeros(8)
    nodes, strings = float(PARAMETERS.cells_per_node), float(PARAMETERS.strings_per_node)
    for s in range(2):
        wanted = power_kw * 1000.0 / 2.0 / strings
        guess = wanted / state.strings.emf_v[s]
        current, _, _ = solve_string(tables, cells, 8 * s, 8 * s + 8, wanted, 0.0, guess, step_s, nodes)
        advance_string(
            tables, cells, 8 * s, 8 * s + 8, current, 0.0, step_s, 1.0, account_j, np.zeros(MEMORY), np.zeros(SCRATCH)
        )
    tank, air, *_ = step_heat(
        PARAMETERS.thermal, cells.temperature_c, cells.heat_w, state.strings.cell_offset, 0, 2, nodes, strings, 1.0,
        PARAMETERS.thermal.pump_w, 0.0, 0.0, 20.0, 20.0, 20.0, ambient_c, step_s, account_j[5:],
    )  # fmt: skip
    return account_j[0] * nodes * strings / step_s / 1000.0, tank, air


@pytest.mark.parametrize("power_kw", [2000.0, -2000.0])
def test_a_step_is_its_parts_in_order(power_kw) -> None:
    state, twin = resting(PARAMETERS), resting(PARAMETERS)
    step_container(state, np.array([power_kw]), np.array([30.0]), 1.0)
    power, tank, air = composed(twin, power_kw, 30.0, 1.0)
    assert state.sites.power_kw[0] == pytest.approx(power, rel=1e-7)
    assert (state.sites.tank_c[0], state.sites.air_c[0]) == pytest.approx((tank, air), abs=1e-9)
    np.testing.assert_allclose(state.cells.soc, twin.cells.soc, rtol=1e-9)
    np.testing.assert_allclose(state.cells.temperature_c, twin.cells.temperature_c, rtol=1e-9)
    np.testing.assert_allclose(state.cells.voltage_v, twin.cells.voltage_v, rtol=1e-9)


def test_inner_steps_keep_the_change_of_soc_small() -> None:
    """An hour at 0.5 per hour in one inner step would be off by far more than this."""
    state, fine = (resting(PARAMETERS, soc=0.9) for _ in range(2))
    power, ambient = np.array([2500.0]), np.array([20.0])
    step_container(state, power, ambient, 3600.0, inner_s_max=1e9)
    for _ in range(60):
        step_container(fine, power, ambient, 60.0)
    np.testing.assert_allclose(state.cells.soc, fine.cells.soc, atol=SOC_STEP_MAX * 1e-2)


def test_throughput_counts_both_directions() -> None:
    state = resting(PARAMETERS)
    step_container(
        state, np.zeros(1), np.array([20.0]), 3600.0, power_rms_kw=np.array([100.0]),
        power_magnitude_kw=np.array([100.0]),
    )  # fmt: skip
    volt = state.strings.voltage_v[0]
    assert state.sites.throughput_ah[0] == pytest.approx(100e3 / volt, rel=1e-6)
    step_container(state, np.array([-100.0]), np.array([20.0]), 3600.0)
    assert state.sites.throughput_ah[0] == pytest.approx(200e3 / volt, rel=2e-2)
