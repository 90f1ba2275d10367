"""The kernel against NumPy: fine Euler steps of the same equations, and the balance of its energies."""

import numpy as np
import pytest

from battuta.physics.cell_block_kernels import SCRATCH
from battuta.physics.cell_kernels import MEMORY, advance_string, step_cells
from battuta.physics.cell_parameters import cell_parameters
from battuta.physics.cells import resting_cells, stored_j

PARAMETERS = cell_parameters("lfp_314ah")
TABLES = PARAMETERS.tables()
ROOM = np.zeros(SCRATCH)


def mixed_cells(n_cells=6, seed=3):
    rng = np.random.default_rng(seed)
    cells = resting_cells(PARAMETERS, n_cells, soc=0.5, temperature_c=25.0)
    cells.soc[:] = rng.uniform(0.15, 0.9, n_cells)
    cells.hysteresis[:] = rng.uniform(-1.0, 1.0, n_cells)
    cells.relaxation_v_first[:] = rng.normal(0.0, 0.01, n_cells)
    cells.relaxation_v_last[:] = rng.normal(0.0, 0.02, n_cells)
    cells.temperature_c[:] = rng.uniform(-15.0, 45.0, n_cells)
    cells.capacity_ah[:] *= rng.uniform(0.8, 1.0, n_cells)
    cells.resistance_factor[:] = rng.uniform(0.8, 1.6, n_cells)
    cells.contact_ohm[:] = rng.uniform(0.0, 1e-4, n_cells)
    cells.leak_a[::2] = 0.3
    return cells


def euler(cells, current_a, duration_s, n_steps=40_000):
    """Plain NumPy twin: terminal energy and heats by the differential equations as they are written."""
    grid = np.linspace(0.0, 1.0, TABLES.ocv_v.size)
    soc, h = cells.soc.copy(), cells.hysteresis.copy()
    v1, v2 = cells.relaxation_v_first.copy(), cells.relaxation_v_last.copy()
    (r1, t1), (r2, t2) = TABLES.relaxation
    dt, charge = duration_s / n_steps, cells.capacity_ah * 3600.0
    ohms = TABLES.resistance_ohm[1 if current_a >= 0.0 else 0]
    net = current_a + cells.leak_a
    middle = soc - 0.5 * net * duration_s / charge
    series = np.empty_like(soc)
    for c, (kelvin, where) in enumerate(zip(cells.temperature_c, middle, strict=True)):
        column = [np.interp(where, grid, row) for row in ohms]
        series[c] = np.interp(kelvin, PARAMETERS.temperature_c, column)
    series = series * cells.resistance_factor + cells.contact_ohm
    sums = np.zeros(5)
    for _ in range(n_steps):
        ocv, amplitude = np.interp(soc, grid, TABLES.ocv_v), TABLES.hysteresis_v
        volt = ocv + amplitude * h - current_a * series - v1 - v2
        back = -net * (cells.temperature_c + 273.15) * np.interp(soc, grid, TABLES.entropy_v_per_k)
        sums += dt * np.array([
            (current_a * volt).sum(), (current_a**2 * series + v1**2 / r1 + v2**2 / r2).sum(),
            (amplitude * np.abs(net) * h**2).sum(), (cells.leak_a * (ocv + amplitude * h)).sum(), back.sum(),
        ])  # fmt: skip
        v1, v2 = v1 + dt * (current_a * r1 - v1) / t1, v2 + dt * (current_a * r2 - v2) / t2
        h = h - dt * TABLES.hysteresis_rate / charge * (np.abs(net) * h + net)
        soc = soc - dt * net / charge
    return soc, h, v1, v2, sums


@pytest.mark.parametrize("current_a", [150.0, -150.0, 0.0])
def test_a_step_is_what_the_equations_say(current_a) -> None:
    cells = mixed_cells()
    soc, h, v1, v2, sums = euler(cells, current_a, 60.0)
    account_j = np.zeros(5)
    advance_string(TABLES, cells, 0, 6, current_a, 0.0, 60.0, 1.0, account_j, np.zeros(MEMORY), ROOM)
    np.testing.assert_allclose(cells.soc, soc, rtol=1e-10)
    np.testing.assert_allclose(cells.hysteresis, h, atol=2e-6)
    np.testing.assert_allclose(cells.relaxation_v_first, v1, atol=1e-6)
    np.testing.assert_allclose(cells.relaxation_v_last, v2, atol=1e-6)
    np.testing.assert_allclose(account_j, sums, rtol=2e-5, atol=1e-2)


@pytest.mark.parametrize("duration_s", [1e-3, 1.0, 60.0, 900.0, 3600.0])
def test_energy_is_conserved_at_any_step(duration_s) -> None:
    cells = mixed_cells()
    moved = 0.0
    account_j = np.zeros((2, 5))
    before = stored_j(TABLES, cells).sum()
    for current_a in (40.0, -60.0, 0.0, 25.0):
        currents = np.array([current_a, -0.3 * current_a])
        step_cells(TABLES, cells, np.array([0, 2, 6]), currents, 1.5 * np.abs(currents), duration_s, account_j,
                   np.zeros((2, MEMORY)), ROOM)  # fmt: skip
        moved += 6 * 3.3 * abs(current_a) * duration_s
    fall = before - stored_j(TABLES, cells).sum()
    assert fall == pytest.approx(account_j[:, :4].sum(), abs=max(1e-9 * moved, 1e-13 * before))


def test_a_steady_signal_gives_the_same_at_any_step() -> None:
    ends = []
    for duration_s in (1.0, 60.0, 900.0, 3600.0):
        cells = mixed_cells()
        account_j = np.zeros((1, 5))
        for _ in range(round(3600.0 / duration_s)):
            step_cells(TABLES, cells, np.array([0, 6]), np.array([40.0]), np.array([40.0]), duration_s, account_j,
                       np.zeros((1, MEMORY)), ROOM)  # fmt: skip
        ends.append((cells.soc, account_j[0] / account_j[0, 0], cells.voltage_v))
    for soc, shares, voltage_v in ends[1:]:
        np.testing.assert_allclose(soc, ends[0][0], atol=1e-12)
        np.testing.assert_allclose(shares, ends[0][1], atol=2e-5)
        np.testing.assert_allclose(voltage_v, ends[0][2], atol=1.5e-3)  # a cell at -14 degC near empty


def test_a_down_sampled_signal_keeps_its_series_losses_and_its_charge() -> None:
    """Ten seconds on, ten seconds off against one step with mean and root mean square; no relaxation in this cell."""
    sony = cell_parameters("sony_lfp_3ah")
    tables, room = sony.tables(), np.zeros((1, MEMORY))
    fine, coarse = (resting_cells(sony, 1, soc=0.6, temperature_c=25.0) for _ in range(2))
    fine_j, coarse_j = np.zeros((1, 5)), np.zeros((1, 5))
    offset = np.array([0, 1])
    for second in range(120):
        current = np.array([3.0 if second % 20 < 10 else 0.0])
        step_cells(tables, fine, offset, current, current, 1.0, fine_j, room, ROOM)
    step_cells(tables, coarse, offset, np.array([1.5]), np.array([3.0 * 0.5**0.5]), 120.0, coarse_j, room, ROOM)
    assert coarse.soc[0] == pytest.approx(fine.soc[0], abs=1e-12)
    assert coarse_j[0, 1] == pytest.approx(fine_j[0, 1], rel=1e-3)
    assert coarse_j[0, 0] == pytest.approx(fine_j[0, 0], rel=1e-5)


def test_reversible_heat_of_a_cycle_is_nil_whatever_the_steps() -> None:
    cells = resting_cells(PARAMETERS, 1, soc=0.83, temperature_c=25.0)
    account_j, room, offset = np.zeros((1, 5)), np.zeros((1, MEMORY)), np.array([0, 1])
    out_j = 0.0
    for current_a, duration_s, count in ((100.0, 3600.0, 1), (-100.0, 90.0, 40)):
        for _ in range(count):
            current = np.array([current_a])
            step_cells(TABLES, cells, offset, current, np.abs(current), duration_s, account_j, room, ROOM)
        out_j = out_j or account_j[0, 4]
    assert abs(account_j[0, 4]) < 1e-9 * abs(out_j)


def test_a_leak_empties_a_cell_no_further_than_empty() -> None:
    cells = resting_cells(PARAMETERS, 2, soc=0.001, temperature_c=25.0)
    cells.leak_a[1] = 5.0
    for _ in range(10):
        step_cells(TABLES, cells, np.array([0, 2]), np.zeros(1), np.zeros(1), 3600.0, np.zeros((1, 5)),
                   np.zeros((1, MEMORY)), ROOM)  # fmt: skip
    assert cells.soc[0] == 0.001
    assert cells.soc[1] == pytest.approx(0.0, abs=1e-15)


def test_the_memory_of_a_string_sums_its_cells() -> None:
    cells, memory = mixed_cells(), np.zeros(MEMORY)
    advance_string(TABLES, cells, 0, 6, 50.0, 0.0, 1.0, 1.0, np.zeros(5), memory, ROOM)
    idle_v = cells.voltage_v.sum() + 50.0 * memory[4]
    assert memory[0] - memory[1] - memory[2] == pytest.approx(idle_v)
    assert memory[8:].tolist() == [cells.soc.min(), cells.soc.max(), 1.0]


@pytest.mark.parametrize("current_a", [50.0, -120.0, 0.0])
@pytest.mark.parametrize("step_s", [1.0, 60.0])
def test_cells_of_a_long_string_are_stepped_as_each_alone(current_a, step_s) -> None:
    """More than two blocks, the last one short; to the byte, and the sums in the order of the cells."""
    together, alone = mixed_cells(150), mixed_cells(150)
    account_j, sums, memory = np.zeros(5), np.zeros(5), np.zeros(MEMORY)
    voltage = advance_string(TABLES, together, 0, 150, current_a, 2.0, step_s, 1.0, account_j, memory, ROOM)
    volts = [
        advance_string(TABLES, alone, c, c + 1, current_a, 2.0, step_s, 1.0, sums, np.zeros(MEMORY), ROOM)
        for c in range(150)
    ]
    for ours, theirs in zip(together, alone, strict=True):
        np.testing.assert_array_equal(ours, theirs)
    assert voltage == sum(volts)
    assert account_j[1:] == pytest.approx(sums[1:], rel=1e-12)
    assert memory[8:10].tolist() == [alone.soc.min(), alone.soc.max()]
