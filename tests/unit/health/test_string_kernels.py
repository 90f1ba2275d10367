"""Each loop of the string filter against plain NumPy."""

import numpy as np
import pytest

from battuta.health import string_kernels as kernels

RNG = np.random.default_rng(4)
PLATEAU_V = 3.3
LEVELS_V = kernels.CHARGE_LOW_V + kernels.CHARGE_STEP_V * np.arange(kernels.N_CHARGES)
CHARGE = np.stack([np.cumsum(1e-3 / (0.2 + each * np.abs(LEVELS_V - PLATEAU_V))) for each in (20.0, 30.0)])
N_TIMES, N_CELLS, N_SHELVES = 90, 12, 4
HEAD, FOOT, CALM, LOADED = slice(0, 15), slice(15, 30), slice(30, 45), slice(45, None)


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


def side_plainly(distance_v, rest_v):
    """-1 or 1 where a cell is at least so far behind or ahead, by the bounds themselves."""
    lowest, highest = bounds(rest_v)
    return int(distance_v > highest) - int(distance_v < lowest)


def bounds(rest_v):
    if rest_v > PLATEAU_V:
        return max(PLATEAU_V + 0.045 - rest_v, -0.04), 0.04
    return -0.2, min(PLATEAU_V - 0.045 - rest_v, 0.2)


@pytest.mark.parametrize(
    ("distance_v", "rest_v", "side"),
    [
        (0.0, 3.42, 0), (-0.039, 3.42, 0), (-0.041, 3.42, -1), (0.041, 3.42, 1),
        (-0.02, 3.36, -1), (-0.01, 3.36, 0), (0.03, 3.36, 0),
        (0.0, 3.1, 0), (-0.19, 3.1, 0), (-0.21, 3.1, -1), (0.16, 3.1, 1), (0.15, 3.1, 0), (0.21, 2.9, 1),
    ],
)  # fmt: skip
def test_a_cell_beyond_a_bound_is_ahead_or_behind_and_no_more_is_told_of_it(distance_v, rest_v, side):
    assert kernels.side_of(distance_v, rest_v, PLATEAU_V) == side == side_plainly(distance_v, rest_v)
    told_v = kernels.bounded(distance_v, rest_v, PLATEAU_V)
    assert abs(told_v - np.clip(distance_v, *bounds(rest_v))) < 1e-12
    assert (told_v == distance_v) == (side == 0)


def test_charge_lies_between_the_millivolts_and_stays_within_the_table():
    for voltage_v in RNG.uniform(2.3, 3.85, 40):
        assert abs(kernels.charge_at(voltage_v, CHARGE[0]) - np.interp(voltage_v, LEVELS_V, CHARGE[0])) < 1e-12
    assert kernels.charge_at(1.0, CHARGE[0]) == CHARGE[0, 0]
    assert abs(kernels.charge_at(9.0, CHARGE[0]) - CHARGE[0, -1]) < 1e-5


def straightened(distance_v, linear_v, rest_v, slope_v, charge):
    """A cell's distance in charge by the table, as far as told, times the slope of the middle."""
    told_v = np.clip(distance_v - linear_v, *bounds(rest_v))
    away = np.interp(rest_v + told_v, LEVELS_V, charge) - np.interp(rest_v, LEVELS_V, charge)
    return slope_v * away + linear_v


@pytest.mark.parametrize("rest_v", [3.37, 3.45, 3.2, 3.0])
def test_distances_are_drawn_straight(rest_v):
    distance_v, linear_v = RNG.normal(0.0, 0.03, 30), RNG.normal(0.0, 0.003, 30)
    distance_v[4] = np.nan
    found = distance_v.copy()
    kernels.straighten(found, linear_v, rest_v, 2.5, CHARGE[1], PLATEAU_V)
    np.testing.assert_allclose(found, straightened(distance_v, linear_v, rest_v, 2.5, CHARGE[1]), rtol=1e-9)
    assert np.isnan(found[4])


def test_an_equal_difference_of_charge_gives_an_equal_distance_at_any_depth():
    behind = 0.002
    found = []
    for rest_v in (3.4, 3.45, 3.5):
        here = np.interp(rest_v, LEVELS_V, CHARGE[0])
        slope_v = 0.2 + 20.0 * (rest_v - PLATEAU_V)
        row = np.array([np.interp(here - behind, CHARGE[0], LEVELS_V) - rest_v])
        kernels.straighten(row, np.zeros(1), rest_v, slope_v, CHARGE[0], PLATEAU_V)
        found.append(row[0] / slope_v)
    np.testing.assert_allclose(found, -behind, rtol=1e-6)


def day_of_rows():
    """Rows at the head, at the foot, at rest and under load on the plateau, with what is missing and far off."""
    rng = np.random.default_rng(9)
    rest_v = np.concatenate([np.linspace(3.35, 3.45, 15), np.linspace(3.2, 2.95, 15), np.full(N_TIMES - 30, 3.31)])
    end = np.ones(N_TIMES, dtype=np.int64)
    end[[3, 8, 20]] = 2
    end[CALM], end[LOADED] = -1, 0
    x = np.abs(rng.normal(1.0, 0.5, (N_TIMES, 5)))
    x[60:, 0] = 0.0
    middle_v = rest_v - 0.01
    voltage_v = middle_v[:, None] + 0.01 * rng.normal(size=(N_TIMES, N_CELLS))
    voltage_v[HEAD, 3] -= 0.06
    voltage_v[FOOT, 4] += 0.25
    voltage_v[CALM, 5] += 0.06
    voltage_v[7, 2] = voltage_v[50, 2] = np.nan
    weight = rng.uniform(0.5, 2.0, N_TIMES)
    weight[[2, 40, 70]] = 0.0
    shelf = rng.integers(0, N_SHELVES, N_TIMES)
    states = 1e-3 * rng.normal(size=(5, N_CELLS))
    states[0, 3] = -0.03
    return voltage_v, middle_v, x, weight, shelf, end, rest_v, states, 1e-3 * rng.normal(size=(N_SHELVES, N_CELLS))


def innovations(voltage_v, middle_v, x, shelf, end, rest_v, states, shifts):
    """What each value says beyond what was expected, NaN where it says nothing, shape (n_times, n_cells)."""
    told = np.full(voltage_v.shape, np.nan)
    for t in range(N_TIMES):
        for i in range(N_CELLS):
            distance_v, linear_v = voltage_v[t, i] - middle_v[t], x[t, 2:] @ states[2:, i]
            expected = x[t, 0] * (states[0, i] + shifts[shelf[t], i]) + x[t, 1] * states[1, i] + linear_v
            if end[t] < 0 and abs(rest_v[t] + distance_v - PLATEAU_V) > 0.052:
                continue
            side = 0
            if end[t] > 0:
                side = side_plainly(distance_v - linear_v, rest_v[t])
                distance_v = straightened(distance_v, linear_v, rest_v[t], x[t, 0], CHARGE[end[t] - 1])
            if (distance_v - expected) * side >= 0.0:
                told[t, i] = distance_v - expected
    return told


def test_what_cells_say_is_a_weighted_sum_of_clipped_innovations():
    voltage_v, middle_v, x, weight, shelf, end, rest_v, states, shifts = day_of_rows()
    moments, by_shelf = np.full((kernels.N_MOMENTS, N_CELLS), 7.0), np.full((N_SHELVES, N_CELLS), 7.0)
    counts = np.full((2, N_CELLS), 7)
    kernels.regress_cells(
        voltage_v, middle_v, x, weight, shelf, end, rest_v, CHARGE, PLATEAU_V, states, shifts, 0.012, moments, by_shelf,
        counts,
    )  # fmt: skip
    told = innovations(voltage_v, middle_v, x, shelf, end, rest_v, states, shifts)
    told[weight <= 0.0] = np.nan
    raw, limit_v = np.nan_to_num(told), (0.012 + 0.06 * x[:, 0])[:, None]
    clipped = np.clip(raw, -limit_v, limit_v)
    weighted = weight[:, None] * clipped
    np.testing.assert_allclose(moments[:5], x.T @ weighted, rtol=1e-9, atol=1e-12)
    np.testing.assert_allclose(moments[5], np.sum(weighted * clipped, axis=0), rtol=1e-9)
    for k in range(N_SHELVES):
        np.testing.assert_allclose(by_shelf[k], x[shelf == k, 0] @ weighted[shelf == k], rtol=1e-9, atol=1e-12)
    used = np.where(weight[:, None] > 0.0, voltage_v, np.nan)
    np.testing.assert_array_equal(moments[6], np.nanmin(used, axis=0))
    np.testing.assert_array_equal(moments[7], np.nanmax(used, axis=0))
    loaded = (end == 0) & (x[:, 0] == 0.0)
    plain = [np.sum(weighted * clipped, axis=0, where=loaded[:, None]), weighted[loaded].sum(axis=0)]
    np.testing.assert_allclose(moments[8:10], plain, rtol=1e-9)
    np.testing.assert_allclose(moments[10], x[loaded, 2] @ weighted[loaded], rtol=1e-9)
    np.testing.assert_array_equal(counts[0], np.isfinite(told).sum(axis=0))
    np.testing.assert_array_equal(counts[1], (raw != clipped).sum(axis=0))
    assert counts[1].sum() > 0
    assert counts[0, 5] < counts[0, 6], "at rest, a cell that is at its end already says nothing"


def test_a_cell_behind_the_bound_is_only_told_to_be_further_behind_never_nearer():
    voltage_v, middle_v, x, weight, shelf, end, rest_v, states, shifts = day_of_rows()
    for behind, speaks in ((-0.001, True), (-0.2, False)):
        states[0, 3] = behind
        told = innovations(voltage_v, middle_v, x, shelf, end, rest_v, states, shifts)[HEAD, 3]
        moments, by_shelf = np.empty((kernels.N_MOMENTS, N_CELLS)), np.empty((N_SHELVES, N_CELLS))
        counts, head = np.empty((2, N_CELLS), dtype=np.int64), np.where(np.arange(N_TIMES) < 15, weight, 0.0)
        kernels.regress_cells(
            voltage_v, middle_v, x, head, shelf, end, rest_v, CHARGE, PLATEAU_V, states, shifts, 1.0, moments, by_shelf,
            counts,
        )  # fmt: skip
        assert (moments[0, 3] < 0.0) == speaks
        assert counts[0, 3] == np.count_nonzero(np.isfinite(told) & (head[HEAD] > 0.0))
        assert (counts[0, 3] > 0) == speaks


def test_what_one_cell_can_tell_are_the_squares_of_its_own_rows():
    voltage_v, middle_v, x, weight, shelf, end, rest_v, states, shifts = day_of_rows()
    told = innovations(voltage_v, middle_v, x, shelf, end, rest_v, states, shifts)
    for cell in range(N_CELLS):
        squares = np.full((N_SHELVES, 5, 5), 7.0)
        kernels.inform_cell(
            voltage_v, cell, middle_v, x, weight, shelf, end, rest_v, CHARGE, PLATEAU_V, states, shifts, squares
        )
        for k in range(N_SHELVES):
            rows = np.isfinite(told[:, cell]) & (shelf == k) & (weight > 0.0)
            np.testing.assert_allclose(squares[k], (x[rows].T * weight[rows]) @ x[rows], rtol=1e-9, atol=1e-12)


def test_rows_at_an_end_count_where_four_fifths_of_the_cells_are_there():
    rest_v, end = np.array([3.42, 3.42, 3.42, 3.31, 3.0, 3.42, 3.42, 3.42]), np.array([1, 1, 2, 0, 1, -1, 1, 1])
    voltage_v = np.repeat(rest_v[:, None], 10, axis=1)
    voltage_v[0, :2] -= 0.05
    voltage_v[1, :3] -= 0.05
    voltage_v[2, :3] += 0.05
    voltage_v[3, :5] += 0.05
    voltage_v[4, :3] += 0.28
    voltage_v[5, :3] -= 0.05
    voltage_v[6, :2], voltage_v[6, 2:4] = np.nan, 3.37
    voltage_v[7, :2], voltage_v[7, 2] = np.nan, 3.37
    weight = np.ones(8)
    kernels.drop_split_rows(voltage_v, rest_v, rest_v, end, PLATEAU_V, weight)
    inside = [
        np.mean([side_plainly(v - r, r) == 0 for v in row[np.isfinite(row)]])
        for row, r in zip(voltage_v, rest_v, strict=True)
    ]
    plain = [0.0 if e > 0 and share < 0.8 else 1.0 for e, share in zip(end, inside, strict=True)]
    assert weight.tolist() == plain == [1.0, 0.0, 0.0, 1.0, 0.0, 1.0, 0.0, 1.0]


def test_time_below_is_added_up_row_by_row():
    voltage_v = 3.3 + 0.05 * np.random.default_rng(9).normal(size=(40, 6))
    voltage_v[3, 2], voltage_v[5, 1] = np.nan, 2.0
    middle_v, dt_s = np.full(40, 3.3), np.where(np.arange(40) % 3 == 0, 0.0, 60.0)
    middle_v[7] = np.nan
    limit_v = np.full(40, 0.04)
    found = np.zeros(6)
    kernels.time_below(voltage_v, middle_v, dt_s, limit_v, 2.5, found)
    below = (voltage_v < (middle_v - limit_v)[:, None]) | (voltage_v < 2.5)
    np.testing.assert_allclose(found, dt_s @ below)
    assert found[1] >= 60.0
