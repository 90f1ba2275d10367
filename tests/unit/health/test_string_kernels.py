"""Each loop of the string filter against plain NumPy."""

import numpy as np
import pytest

from battuta.health import string_kernels as kernels
from battuta.physics.cell_parameters import cell_parameters

RNG = np.random.default_rng(4)
PARAMETERS = cell_parameters("lfp_314ah")
GRID = np.linspace(0.0, 1.0, PARAMETERS.ocv_v.size)


def test_the_middle_is_the_clipped_mean_and_bad_cells_do_not_drag_it():
    voltage_v = 3.3 + 0.002 * RNG.normal(size=(40, 31))
    voltage_v[:, 3] += 0.4
    voltage_v[5, :7] = np.nan
    voltage_v[6, :20] = np.nan
    expected = np.full(40, np.nan)
    for t in range(40):
        row = voltage_v[t, np.isfinite(voltage_v[t])]
        if 2 * row.size < 31:
            continue
        middle = row.mean()
        for _ in range(2):
            middle += np.clip(row - middle, -0.02, 0.02).mean()
        expected[t] = middle
    found = np.empty(40)
    kernels.middle_of_string(voltage_v, 0.02, found)
    np.testing.assert_allclose(found, expected, rtol=1e-12)
    assert np.isnan(found[6])
    assert np.nanmax(np.abs(found - 3.3)) < 0.003


def test_columns_are_added_up_over_what_is_missing():
    values = RNG.normal(size=(9, 5))
    values[2, 3] = np.nan
    np.testing.assert_allclose(kernels.add_up(values), np.nansum(values, axis=0), rtol=1e-12)


def walk(current_a, soc_start=0.9, step_s=60.0):
    time_s = np.arange(current_a.size) * step_s
    soc = soc_start - np.concatenate([[0.0], np.cumsum(0.5 * (current_a[1:] + current_a[:-1]) * step_s / 3600 / 314)])
    return time_s, soc


def test_a_string_is_followed_by_its_charge_and_found_where_its_voltage_is_steep():
    current_a = np.where(np.arange(600) < 180, 100.0, 0.0)
    time_s, soc = walk(current_a, soc_start=0.99)
    resistance = np.full(GRID.size, 3e-4)
    fade, slow_a = np.exp(-0.1), np.zeros(600)
    for t in range(1, 600):
        slow_a[t] = fade * slow_a[t - 1] + (1.0 - fade) * current_a[t - 1]
    middle_v = np.interp(soc, GRID, PARAMETERS.ocv_v) - 3e-4 * current_a - 1.3e-4 * slow_a
    slope = np.gradient(PARAMETERS.ocv_v, GRID)
    track = np.full(kernels.N_TRACK, np.nan)
    out = [np.empty(600) for _ in range(4)]
    kernels.follow_string(
        time_s,
        current_a,
        middle_v,
        np.ones(600),
        PARAMETERS.ocv_v,
        slope,
        resistance,
        314.0,
        600.0,
        1.3e-4,
        track,
        *out,
    )
    assert abs(out[0][-1] - soc[-1]) < 0.05
    np.testing.assert_allclose(out[2], slow_a, rtol=1e-9, atol=1e-9)
    kernels.follow_string(
        time_s[:1] + 600 * 60.0, np.array([np.nan]), middle_v[:1], np.ones(1), PARAMETERS.ocv_v, slope, resistance,
        314.0, 600.0, 1.3e-4, track, *(each[:1] for each in out),
    )  # fmt: skip
    assert np.isnan(out[0][0])
    assert np.isfinite(track).all()


@pytest.mark.parametrize("sign", [1.0, -1.0])
def test_the_slope_of_the_walk_is_that_of_the_curve_whatever_the_direction(sign):
    current_a = np.full(300, sign * 80.0)
    time_s, soc = walk(current_a, soc_start=0.95 if sign > 0 else 0.02)
    curve = np.interp(soc, GRID, PARAMETERS.ocv_v)
    slope = np.empty(300)
    kernels.walked_slope(current_a, time_s, curve - 3e-4 * current_a, 314.0, 3e-4, 0.0075, slope)
    inner = slice(4, 296)
    high, low = np.interp(soc + 0.0085, GRID, PARAMETERS.ocv_v), np.interp(soc - 0.0085, GRID, PARAMETERS.ocv_v)
    np.testing.assert_allclose(slope[inner], ((high - low) / 0.017)[inner], atol=0.02)


def test_there_is_no_slope_where_the_current_changes_or_nothing_moves():
    current_a = np.where(np.arange(60) % 2 == 0, 80.0, 20.0)
    slope = np.empty(60)
    kernels.walked_slope(current_a, np.arange(60) * 60.0, np.full(60, 3.3), 314.0, 3e-4, 0.0075, slope)
    assert np.isnan(slope).all()
    kernels.walked_slope(np.zeros(60), np.arange(60) * 60.0, np.full(60, 3.3), 314.0, 3e-4, 0.0075, slope)
    assert np.isnan(slope).all()


def test_a_place_that_was_walked_lately_is_known_and_an_old_one_is_not():
    way = 0.1 + 0.0025 * np.arange(9)
    walked = np.concatenate([np.full(9, 2.0), np.full(4, np.nan)])
    moved = np.concatenate([way, [0.11, 0.1, 0.3, 0.11]])
    time_s = np.concatenate([60.0 * np.arange(11), [660.0, 90_000.0]])
    table, seen_s = np.zeros(800), np.full(800, -np.inf)
    slope, is_known = np.full(13, 7.0), np.empty(13)
    kernels.known_slope(walked, moved, time_s, table, seen_s, 43_200.0, slope, is_known)
    assert slope[9:].tolist() == [2.0, 7.0, 7.0, 7.0], "in the middle of the way, at its end, elsewhere, too late"
    assert is_known[9:].tolist() == [1.0, 0.0, 0.0, 0.0]


def test_what_cells_say_is_a_weighted_sum_of_clipped_innovations():
    n_times, n_cells = 50, 9
    voltage_v = 3.3 + 0.01 * RNG.normal(size=(n_times, n_cells))
    voltage_v[4, 2] = np.nan
    middle_v, weight = np.full(n_times, 3.3), RNG.uniform(0.0, 2.0, n_times)
    weight[7] = 0.0
    x, states = RNG.normal(size=(n_times, 5)), 1e-3 * RNG.normal(size=(5, n_cells))
    moments, counts = np.empty((kernels.N_MOMENTS, n_cells)), np.empty((2, n_cells), dtype=np.int64)
    kernels.regress_cells(voltage_v, middle_v, x, weight, states, 0.012, moments, counts)
    raw = np.where(np.isfinite(voltage_v), voltage_v - 3.3 - x @ states, 0.0)
    clipped = np.clip(raw, -0.012, 0.012)
    np.testing.assert_allclose(moments[:5], x.T @ (weight[:, None] * clipped), rtol=1e-9, atol=1e-12)
    np.testing.assert_allclose(moments[5], weight @ clipped**2, rtol=1e-9)
    used = np.where(weight[:, None] > 0.0, voltage_v, np.nan)
    np.testing.assert_array_equal(moments[6], np.nanmin(used, axis=0))
    np.testing.assert_array_equal(moments[7], np.nanmax(used, axis=0))
    assert counts[0].tolist() == [49, 49, 48, *[49] * 6]
    np.testing.assert_array_equal(counts[1], (raw != clipped)[weight > 0.0].sum(axis=0))
