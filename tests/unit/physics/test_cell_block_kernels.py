"""Each stage of a block against plain NumPy."""

import numpy as np
import pytest

from battuta.physics import cell_block_kernels as block
from battuta.physics.cell_law_kernels import relaxation_step
from battuta.physics.cell_parameters import cell_parameters
from battuta.physics.cells import resting_cells

PARAMETERS = cell_parameters("lfp_314ah")
TABLES = PARAMETERS.tables()
GRID = np.linspace(0.0, 1.0, TABLES.ocv_v.size)
N = 40


def mixed_cells(seed=5):
    rng = np.random.default_rng(seed)
    cells = resting_cells(PARAMETERS, N, soc=0.5, temperature_c=25.0)
    for values, low, high in (
        (cells.soc, 0.05, 0.95), (cells.hysteresis, -1.0, 1.0), (cells.relaxation_v_first, -0.02, 0.02),
        (cells.relaxation_v_last, -0.02, 0.02), (cells.temperature_c, -25.0, 55.0), (cells.capacity_ah, 200.0, 320.0),
        (cells.resistance_factor, 0.8, 1.6), (cells.contact_ohm, 0.0, 1e-4),
    ):  # fmt: skip
        values[:] = rng.uniform(low, high, N)
    cells.leak_a[::3] = 0.4
    return cells


def charged(cells, current_a, step_s):
    scratch = np.full(block.SCRATCH, np.nan)
    largest = block.charge_block(TABLES, cells, 0, N, current_a, step_s, scratch)
    return scratch, largest


def row(scratch, first):
    return scratch[first : first + N]


@pytest.mark.parametrize(("current_a", "step_s"), [(100.0, 1.0), (-150.0, 60.0), (0.0, 1.0)])
def test_charge_and_open_circuit_voltage(current_a, step_s) -> None:
    cells = mixed_cells()
    scratch, largest = charged(cells, current_a, step_s)
    net, turn = current_a + cells.leak_a, step_s / (3600.0 * cells.capacity_ah)
    after = cells.soc - net * turn
    way = np.linspace(cells.soc, after, 20_001)
    np.testing.assert_allclose(row(scratch, block.AFTER), after, rtol=1e-14)
    np.testing.assert_allclose(row(scratch, block.OCV_END), np.interp(after, GRID, TABLES.ocv_v), rtol=1e-12)
    ocv_v, entropy = (np.trapezoid(np.interp(way, GRID, each), dx=1.0 / 20_000, axis=0)
                      for each in (TABLES.ocv_v, TABLES.entropy_v_per_k))  # fmt: skip
    np.testing.assert_allclose(row(scratch, block.OCV_MEAN), ocv_v, rtol=1e-8)
    np.testing.assert_allclose(row(scratch, block.ENTROPY), entropy, rtol=1e-6, atol=1e-10)
    assert largest == pytest.approx(np.max(np.abs(net) * turn))


@pytest.mark.parametrize("direction", [0, 1])
def test_series_resistance_is_bilinear_and_held_beyond_the_table(direction) -> None:
    cells = mixed_cells()
    scratch, _ = charged(cells, 100.0, 60.0)
    middle = 0.5 * (cells.soc + row(scratch, block.AFTER))
    block.resist_block(TABLES, cells, 0, N, direction, scratch)
    kelvin = cells.temperature_c + 273.15
    wanted = [
        np.interp(celsius, PARAMETERS.temperature_c, [np.interp(where, GRID, ohms) for ohms in
                                                      TABLES.resistance_ohm[direction]])
        for celsius, where in zip(cells.temperature_c, middle, strict=True)
    ]  # fmt: skip
    np.testing.assert_allclose(
        row(scratch, block.SERIES), wanted * cells.resistance_factor + cells.contact_ohm, rtol=1e-12
    )
    np.testing.assert_array_equal(row(scratch, block.KELVIN), kelvin)


@pytest.mark.parametrize(("current_a", "step_s"), [(5.0, 1.0), (-5.0, 1.0), (150.0, 60.0)])
def test_hysteresis_in_short_and_long_steps(current_a, step_s) -> None:
    cells = mixed_cells()
    scratch, largest = charged(cells, current_a, step_s)
    block.lag_block(TABLES.hysteresis_rate, largest, N, scratch)
    net = current_a + cells.leak_a
    x = np.abs(net) * TABLES.hysteresis_rate * step_s / (3600.0 * cells.capacity_ah)
    towards = -np.sign(net)
    np.testing.assert_allclose(
        row(scratch, block.LAG_END), towards + (cells.hysteresis - towards) * np.exp(-x), atol=1e-13
    )
    np.testing.assert_allclose(
        row(scratch, block.LAG_MEAN), towards + (cells.hysteresis - towards) * -np.expm1(-x) / x, atol=1e-12
    )


def test_what_leaves_the_stores_is_delivered_or_heat() -> None:
    """Voltages and heats of one step, and the cells after it."""
    cells, before, current_a, step_s = mixed_cells(), mixed_cells(), 80.0, 60.0
    scratch, largest = charged(cells, current_a, step_s)
    block.resist_block(TABLES, cells, 0, N, 1, scratch)
    block.lag_block(TABLES.hysteresis_rate, largest, N, scratch)
    first, last = relaxation_step(TABLES, 0, step_s), relaxation_step(TABLES, 1, step_s)
    amplitude, rate = TABLES.hysteresis_v, TABLES.hysteresis_rate
    block.balance_block(
        current_a, current_a**2 + 9.0, step_s, amplitude, 1800.0 * amplitude / rate, first, last, N, scratch
    )
    block.settle_block(cells, 0, N, current_a, 0.5, scratch)
    for (end, mean, ohm, _), start, now in (
        (first, before.relaxation_v_first, cells.relaxation_v_first),
        (last, before.relaxation_v_last, cells.relaxation_v_last),
    ):
        np.testing.assert_allclose(now, current_a * ohm * (1.0 - end) + start * end, rtol=1e-12)
        assert 0.0 < end < mean < 1.0
    electrode_v = row(scratch, block.OCV_MEAN) + amplitude * row(scratch, block.LAG_MEAN)
    stores = 0.0
    for (_, _, _, half), start, now in (
        (first, before.relaxation_v_first, cells.relaxation_v_first),
        (last, before.relaxation_v_last, cells.relaxation_v_last),
    ):
        stores = stores + half * (start**2 - now**2)
    lag_store = 0.5 * 3600.0 * cells.capacity_ah * amplitude / rate * (before.hysteresis**2 - cells.hysteresis**2)
    net_j = row(scratch, block.NET) * row(scratch, block.OCV_MEAN) * step_s
    delivered = current_a * row(scratch, block.MEAN_V) * step_s - 9.0 * row(scratch, block.SERIES) * step_s
    spent = row(scratch, block.HEAT) + row(scratch, block.LAG_J) + row(scratch, block.LEAK_J)
    np.testing.assert_allclose(delivered + spent, net_j + stores + lag_store, rtol=1e-12)
    np.testing.assert_allclose(row(scratch, block.LEAK_J), cells.leak_a * electrode_v * step_s, rtol=1e-14)
    back = -row(scratch, block.NET) * (cells.temperature_c + 273.15) * row(scratch, block.ENTROPY)
    np.testing.assert_allclose(cells.heat_w, spent / step_s + back, rtol=1e-11)
    np.testing.assert_allclose(cells.voltage_v_mean - before.voltage_v_mean, 0.5 * row(scratch, block.MEAN_V))
    free_v = np.interp(cells.soc, GRID, TABLES.ocv_v) + amplitude * cells.hysteresis
    drops = cells.relaxation_v_first + cells.relaxation_v_last + current_a * row(scratch, block.SERIES)
    np.testing.assert_allclose(cells.voltage_v, free_v - drops, rtol=1e-12)
