"""Each loop over a charge against plain NumPy."""

import numpy as np
import pytest

from battuta.health import charge_features_kernels as kernels

RNG = np.random.default_rng(21)
CHARGE_AH = np.cumsum(RNG.uniform(0.8, 1.2, 120))
CURVE_V = 3.3 + 0.02 * np.tanh((CHARGE_AH - 60.0) / 9.0) + 2e-4 * CHARGE_AH


def test_slopes_are_those_of_straight_lines():
    found = np.empty(120)
    kernels.local_slope(CHARGE_AH, CURVE_V, 5.0, found)
    for t in range(120):
        near = np.abs(CHARGE_AH - CHARGE_AH[t]) <= 5.0
        if CHARGE_AH[t] - 5.0 < CHARGE_AH[0] or CHARGE_AH[t] + 5.0 > CHARGE_AH[-1]:
            assert np.isnan(found[t])
        else:
            assert found[t] == pytest.approx(np.polyfit(CHARGE_AH[near], CURVE_V[near], 1)[0], rel=1e-9)


def test_a_difference_is_summed_up_along_the_shifted_curve():
    slope = np.gradient(CURVE_V, CHARGE_AH)
    voltage_v = CURVE_V[:, None] + 1e-3 * RNG.normal(size=(120, 2))
    voltage_v[44, 1] = np.nan
    found = np.empty(kernels.N_SUMS)
    kernels.hold_against(CHARGE_AH, CURVE_V, slope, voltage_v, 1, 40, 80, 2.3, found)
    rows = np.array([t for t in range(40, 80) if t != 44])
    m = np.interp(CHARGE_AH[rows] + 2.3, CHARGE_AH, CURVE_V)
    x, y = np.interp(CHARGE_AH[rows] + 2.3, CHARGE_AH, slope), voltage_v[rows, 1] - m
    m = m - CURVE_V[40]
    expected = [39, x.sum(), y.sum(), x @ x, x @ y, y @ y, m.sum(), m @ m, m @ y]
    np.testing.assert_allclose(found, expected, rtol=1e-9, atol=1e-15)


def test_cells_are_placed_where_they_are_and_told_how_well():
    slope = np.gradient(CURVE_V, CHARGE_AH)
    lead_ah, shift_v = np.array([0.0, 3.0, -4.0, 20.0]), np.array([0.0, 0.01, -0.02, 0.0])
    voltage_v = np.stack([np.interp(CHARGE_AH + each, CHARGE_AH, CURVE_V) for each in lead_ah], axis=1) + shift_v
    voltage_v[:, 0] += 1e-4 * RNG.normal(size=120)
    placed = np.empty((kernels.N_PLACED, 4))
    kernels.place_cells(CHARGE_AH, CURVE_V, slope, voltage_v, 35, 85, 8.0, placed)
    np.testing.assert_allclose(placed[kernels.LEAD_AH, :3], lead_ah[:3], atol=0.1)
    np.testing.assert_allclose(placed[kernels.SHIFT_V, :3], shift_v[:3], atol=2e-4)
    np.testing.assert_allclose(placed[kernels.HEIGHT_SHARE, :3], 1.0, atol=0.02)
    assert placed[kernels.COUNT].tolist() == [50, 50, 50, 0]
    assert np.isnan(placed[kernels.LEAD_AH, 3])
    assert placed[kernels.SQUARES_V, 0] == pytest.approx(50 * 1e-8, rel=0.5)
