"""Each stage of a pack against plain NumPy, and what a hysteresis of plays must do."""

import numpy as np
import pytest

from battuta._jit import jit_in_place
from battuta.world.foreign import cell_rows as rows
from battuta.world.foreign.cell_kernels import bend_pack, charge_pack, drop_pack
from battuta.world.foreign.cell_law import FORMS, SOC_LOW, cell_law

LAW = cell_law(2)
PACK = rows.PACK


@jit_in_place
def one_step(cells, law, current_a, mean_a, hours, bleed_a, above_v, contact_on):
    charge_pack(cells, mean_a, hours, bleed_a, 3.4, above_v)
    bend_pack(cells, law)
    shape = law.shape_discharge if current_a > 0.0 else law.shape_charge
    drop_pack(cells, current_a, mean_a, shape, 0.2, 0.95, contact_on)


def mixed_pack(seed=3):
    rng = np.random.default_rng(seed)
    cells = np.zeros(rows.N_ROWS * PACK)
    soc = rng.uniform(-0.02, 1.02, PACK)
    for row, values in (
        (rows.SOC, soc), (rows.PLAY_NARROW, soc + rng.uniform(-0.01, 0.01, PACK)),
        (rows.PLAY_MIDDLE, soc), (rows.PLAY_WIDE, soc + rng.uniform(-0.11, 0.11, PACK)),
        (rows.FAST_V, rng.uniform(-0.02, 0.02, PACK)), (rows.SLOW_V, rng.uniform(-0.02, 0.02, PACK)),
        (rows.VOLT, rng.uniform(2.5, 3.6, PACK)), (rows.READ_V, rng.uniform(3.3, 3.5, PACK)),
        (rows.PER_AH, 1.0 / rng.uniform(250.0, 320.0, PACK)), (rows.LEAK_S, np.where(np.arange(PACK) == 5, 0.1, 0.0)),
        (rows.SELF_A_NOW, rng.uniform(0.005, 0.01, PACK)), (rows.SERIES_OHM_NOW, rng.uniform(2e-4, 4e-4, PACK)),
        (rows.FAST_OHM_NOW, rng.uniform(1e-4, 2e-4, PACK)), (rows.SLOW_OHM_NOW, rng.uniform(1e-4, 2e-4, PACK)),
        (rows.OFFSET_V_NOW, rng.normal(0.0, 1e-3, PACK)), (rows.CONTACT_OHM, np.where(np.arange(PACK) == 7, 1e-3, 0.0)),
        (rows.CURVE_SHIFT, rng.normal(0.0, 0.005, PACK)),
        (rows.HEAT_W_SUM, np.ones(PACK)), (rows.BLED_AH_ROW, np.full(PACK, 0.5)),
    ):  # fmt: skip
        cells[row : row + PACK] = values
    return cells


def row(cells, first):
    return cells[first : first + PACK]


@pytest.mark.parametrize(("current_a", "contact_on"), [(120.0, 1.0), (-90.0, 1.0), (0.0, 0.0)])
def test_a_step_is_its_plain_twin(current_a, contact_on) -> None:
    before, cells = mixed_pack(), mixed_pack()
    hours = 1.0 / 60.0
    mean_a = 0.9 * current_a
    one_step(cells, LAW, current_a, mean_a, hours, 0.08, 3.45, contact_on)
    bled = np.where(row(before, rows.READ_V) > 3.45, 0.08, 0.0) * hours
    lost = (row(before, rows.SELF_A_NOW) + row(before, rows.LEAK_S) * row(before, rows.VOLT)) * hours
    soc = row(before, rows.SOC) - (mean_a * hours + lost + bled) * row(before, rows.PER_AH)
    np.testing.assert_allclose(row(cells, rows.SOC), soc, rtol=1e-13)
    np.testing.assert_allclose(row(cells, rows.LEAKED_AH), lost)
    np.testing.assert_allclose(row(cells, rows.BLED_AH), bled)
    np.testing.assert_allclose(row(cells, rows.BLED_AH_ROW), 0.5 + bled)
    lag = np.zeros(PACK)
    for first, width, weight in (
        (rows.PLAY_NARROW, LAW.play_narrow, LAW.weight_narrow),
        (rows.PLAY_MIDDLE, LAW.play_middle, LAW.weight_middle),
        (rows.PLAY_WIDE, LAW.play_wide, LAW.weight_wide),
    ):
        play = np.clip(row(before, first), soc - width, soc + width)
        np.testing.assert_allclose(row(cells, first), play, rtol=1e-13)
        lag += weight * (soc - play) / width
    grid = SOC_LOW + np.arange(LAW.curve_v.shape[1]) / LAW.per_soc
    placed = soc + row(before, rows.CURVE_SHIFT) * 4.0 * soc * (1.0 - soc)
    lag_v = lag * np.interp(placed, grid, LAW.curve_v[1])
    np.testing.assert_allclose(row(cells, rows.LAG_V), lag_v, atol=1e-12)
    flat, low, high = LAW.shape_discharge if current_a > 0.0 else LAW.shape_charge
    shape = flat + low / (np.maximum(soc, -0.03) + 0.09) + high * np.maximum(soc, -0.03) ** 4
    fast_v = 0.2 * row(before, rows.FAST_V) + 0.8 * mean_a * row(before, rows.FAST_OHM_NOW) * shape
    slow_v = 0.95 * row(before, rows.SLOW_V) + 0.05 * mean_a * row(before, rows.SLOW_OHM_NOW) * shape
    lost_v = current_a * row(before, rows.SERIES_OHM_NOW) * shape + fast_v + slow_v
    volt = np.interp(placed, grid, LAW.curve_v[0]) + lag_v - lost_v
    joint_v = contact_on * current_a * row(before, rows.CONTACT_OHM)
    np.testing.assert_allclose(row(cells, rows.VOLT), volt, rtol=1e-12)
    np.testing.assert_allclose(row(cells, rows.READ_V), volt + row(before, rows.OFFSET_V_NOW) - joint_v, rtol=1e-12)
    np.testing.assert_allclose(row(cells, rows.HEAT_W_SUM), 1.0 + current_a * (lost_v + joint_v), rtol=1e-12)


def lag_after(turns):
    """Hysteresis of a cell that is carried through turning points of soc. [V]"""
    cells = mixed_pack()
    for first in (rows.SOC, rows.PLAY_NARROW, rows.PLAY_MIDDLE, rows.PLAY_WIDE):
        cells[first : first + PACK] = 0.5
    cells[rows.SELF_A_NOW : rows.SELF_A_NOW + PACK] = 0.0
    cells[rows.LEAK_S : rows.LEAK_S + PACK] = 0.0
    cells[rows.CURVE_SHIFT : rows.CURVE_SHIFT + PACK] = 0.0
    at = 0.5
    for turn in turns:
        amps = (at - turn) / cells[rows.PER_AH] / 100.0
        for _ in range(100):
            one_step(cells, LAW, amps, amps, 1.0, 0.0, 9.0, 0.0)
        at = turn
    assert cells[rows.SOC] == pytest.approx(at)
    return cells[rows.LAG_V] / FORMS[2].half_gap_v(np.array([at]))[0]


def test_small_loops_close_and_are_forgotten() -> None:
    """What a one-state law cannot do: after a small loop the cell is back on the branch that it left."""
    assert lag_after([0.8]) == pytest.approx(1.0, abs=1e-4)
    assert lag_after([0.8, 0.3]) == pytest.approx(-1.0, abs=1e-4)
    assert lag_after([0.8, 0.6]) < lag_after([0.8, 0.7]) < 1.0
    assert lag_after([0.8, 0.75, 0.78, 0.75]) == pytest.approx(lag_after([0.8, 0.75]), abs=1e-9)
    assert lag_after([0.8, 0.79, 0.8, 0.75]) == pytest.approx(lag_after([0.8, 0.75]), abs=1e-9)
