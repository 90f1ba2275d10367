"""Each loop that finds a string on its curve, and learns the curve, against plain NumPy."""

import numpy as np
import pytest

from battuta.health import curve_kernels as kernels

RNG = np.random.default_rng(12)
LOW, STEP, N_PLACES = -0.06, 0.005, 225
PLACES = LOW + STEP * np.arange(N_PLACES)


def curve_v(place):
    """An invented curve: steep at both ends, flat with a small step between."""
    return 3.3 + 0.03 * np.tanh((place - 0.6) / 0.03) - 0.3 * np.exp(-place / 0.05) + 0.2 * np.exp((place - 1.0) / 0.03)


def test_a_slow_current_is_a_sum_of_faded_steps_whatever_the_cut():
    time_s = np.cumsum(RNG.uniform(10.0, 400.0, 60))
    current_a = RNG.normal(0.0, 80.0, 60)
    faded = np.exp(-np.maximum(time_s[:, None] - time_s[None, :], 0.0) / 600.0)
    held = np.where(np.arange(59) < np.arange(60)[:, None], faded[:, 1:] - faded[:, :-1], 0.0)
    whole, cut = np.empty(60), np.empty(60)
    kernels.slow_currents(time_s, current_a, 600.0, np.full(3, np.nan), whole)
    np.testing.assert_allclose(whole, held @ current_a[:-1], rtol=1e-9, atol=1e-9)
    last = np.full(3, np.nan)
    for rows in (slice(0, 7), slice(7, 8), slice(8, 60)):
        kernels.slow_currents(time_s[rows], current_a[rows], 600.0, last, cut[rows])
    assert cut.tobytes() == whole.tobytes()
    assert last.tolist() == [time_s[-1], current_a[-1], whole[-1]]


def test_a_slow_current_fades_to_what_flows():
    slow_a = np.empty(200)
    kernels.slow_currents(60.0 * np.arange(200), np.full(200, 50.0), 600.0, np.full(3, np.nan), slow_a)
    assert slow_a[0] == 0.0
    assert abs(slow_a[10] - 50.0 * (1.0 - np.exp(-1.0))) < 1e-9
    assert abs(slow_a[-1] - 50.0) < 1e-3


def travelled_plainly(moved):
    """Over the whole past of each row: since when the other way was gone for more than counts as turned."""
    travel, away, back, sign = [], 0.0, 0.0, 0.0
    for step in moved:
        sign = sign or float(np.sign(step))
        if step * sign >= 0.0:
            away, back = away + abs(step), max(back - abs(step), 0.0)
        else:
            back += abs(step)
        if back > 0.003:
            away, back, sign = back, 0.0, -sign
        travel.append(away * sign)
    return np.array(travel)


def test_travel_is_counted_from_the_last_turn():
    moved = np.repeat([0.0, 0.01, -0.001, 0.002, -0.01, 0.0, 0.004], [3, 5, 2, 4, 6, 2, 5])
    travel, way = np.empty(moved.size), np.zeros(kernels.N_WAY)
    kernels.travelled(moved, way, travel)
    np.testing.assert_allclose(travel, travelled_plainly(moved), rtol=1e-12)
    assert (travel[:3] == 0.0).all()
    np.testing.assert_allclose(travel[[7, 9, 13, 19, 21, -1]], [0.05, 0.05, 0.058, -0.06, -0.06, 0.02])
    way, cut = np.zeros(kernels.N_WAY), np.empty(moved.size)
    for rows in (slice(0, 11), slice(11, 16), slice(16, None)):
        kernels.travelled(moved[rows], way, cut[rows])
    assert cut.tobytes() == travel.tobytes()


@pytest.mark.parametrize("seed", range(4))
def test_travel_of_any_walk_is_as_told_plainly(seed):
    moved = np.random.default_rng(seed).normal(0.0, 0.002, 300)
    travel = np.empty(300)
    kernels.travelled(moved, np.zeros(kernels.N_WAY), travel)
    np.testing.assert_allclose(travel, travelled_plainly(moved), rtol=1e-9, atol=1e-15)


def located_plainly(relative, rest_v, kind, weight, branch_v, is_known, starts, expected, sd, voltage_sd, is_first):
    costs = []
    for start in starts:
        x = (start + relative - LOW) / STEP
        inside = (x >= 0.0) & (x < N_PLACES - 1)
        lower, upper = (np.interp(x, np.arange(N_PLACES), each) for each in branch_v)
        k = np.clip(x, 0, N_PLACES - 1).astype(int)
        outside_both = np.maximum(rest_v - np.maximum(lower, upper), np.minimum(rest_v - np.minimum(lower, upper), 0.0))
        off = np.select([kind == 0, kind == 1], [rest_v - lower, rest_v - upper], outside_both)
        known = np.select([kind == 0, kind == 1], [is_known[0, k], is_known[1, k]], is_known[0, k] | is_known[1, k])
        square = np.minimum((off / voltage_sd) ** 2, 9.0)
        square = np.where(known, square, 0.2 * square if is_first else 7.0)
        square = np.where(inside, square, 9.0)
        costs.append(min(((start - expected) / sd) ** 2, 30.0) + np.sum(np.where(weight > 0.0, weight * square, 0.0)))
    best = int(np.argmin(costs))
    return starts[best], costs[best] / max(weight.sum(), 1e-9)


@pytest.mark.parametrize("is_first", [False, True])
def test_a_run_of_rows_lies_where_it_costs_least(is_first):
    relative = -np.linspace(0.0, 0.25, 80)
    branch_v = np.stack([curve_v(PLACES), curve_v(PLACES) + 0.01])
    is_known = np.stack([PLACES > 0.5, PLACES < 0.65])
    rest_v = curve_v(0.71 + relative) + 0.002 * RNG.normal(size=80)
    kind, weight = RNG.integers(0, 4, 80), RNG.uniform(0.0, 0.2, 80)
    weight[::7] = 0.0
    starts = np.arange(LOW, 1.2, 0.01)
    told = branch_v, is_known, LOW, STEP, starts, 0.6, 0.2, 0.008, is_first
    found = kernels.locate_rows(relative, rest_v, kind, weight, *told)
    plain = located_plainly(
        relative, rest_v, kind, weight, branch_v, is_known, starts, 0.6, 0.2, 0.008, is_first
    )  # fmt: skip
    np.testing.assert_allclose(found, plain, rtol=1e-9)
    assert abs(found[0] - 0.71) < 0.011


def test_rows_that_say_nothing_leave_the_string_where_it_was_expected():
    nothing = np.zeros(5)
    branch_v, is_known = np.stack([curve_v(PLACES)] * 2), np.ones((2, N_PLACES), dtype=np.bool_)
    starts = np.array([0.2, 0.5, 0.8])
    kind = np.zeros(5, dtype=np.int64)
    found = kernels.locate_rows(
        nothing, np.full(5, 3.3), kind, nothing, branch_v, is_known, LOW, STEP, starts, 0.5, 0.1, 0.008, False
    )
    assert found == (0.5, 0.0)


def test_branches_move_to_the_weighted_mean_of_what_was_read_nearest():
    place, rest_v = RNG.uniform(0.2, 0.4, 500), RNG.normal(3.3, 0.01, 500)
    kind, weight = RNG.integers(0, 4, 500), RNG.uniform(0.001, 0.004, 500)
    weight[::9] = 0.0
    place[:3] = (-0.2, 5.0, LOW - 1e-9)
    branch_v, memory = np.stack([curve_v(PLACES)] * 2), np.zeros((2, N_PLACES))
    memory[:, 55:70] = 0.3
    was_v, was = branch_v.copy(), memory.copy()
    kernels.learn_branches(place, rest_v, kind, weight, LOW, STEP, branch_v, memory)
    nearest = np.where(place < LOW, -1.0, np.rint((place - LOW) / STEP))
    for b in (0, 1):
        for k in range(N_PLACES):
            rows = (kind == b) & (nearest == k) & (weight > 0.0)
            if not rows.any():
                assert (branch_v[b, k], memory[b, k]) == (was_v[b, k], was[b, k])
                continue
            mean, count = np.average(rest_v[rows], weights=weight[rows]), min(weight[rows].sum(), 0.25)
            np.testing.assert_allclose(branch_v[b, k], np.average([was_v[b, k], mean], weights=[was[b, k], count]))
            np.testing.assert_allclose(memory[b, k], was[b, k] + count)
    assert np.count_nonzero(memory > was) > 60


def test_what_is_new_counts_more_the_less_is_remembered_and_a_day_never_all():
    total, count = np.array([[0.1, 30.0, 0.0, 3.0]]), np.array([[0.1, 10.0, 0.0, 1.0]])
    values, memory = np.array([[9.0, 1.0, 5.0, 1.0]]), np.array([[0.0, 1.5, 0.7, 0.25]])
    kernels.blend(total, count, values, memory)
    np.testing.assert_allclose(values, [[1.0, 1.0 + 2.0 * 0.25 / 1.75, 5.0, 2.0]])
    np.testing.assert_allclose(memory, [[0.1, 1.5, 0.7, 0.5]])
    for _ in range(60):
        kernels.blend(3.0 * count, count, values, memory)
    np.testing.assert_allclose(values[0, [0, 1, 3]], 3.0, atol=0.01)
    assert memory.max() == 1.5


def walk(current_a, step_s=60.0):
    time_s = step_s * np.arange(current_a.size)
    between_a = 0.5 * (current_a[1:] + current_a[:-1])
    return time_s, 0.9 - np.concatenate([[0.0], np.cumsum(between_a)]) * step_s / 3600.0 / 100.0


def slopes(current_a, rest_v, time_s, is_wanted=None, reach=0.005):
    slope_v = np.empty(time_s.size)
    wanted = np.ones(time_s.size, dtype=np.bool_) if is_wanted is None else is_wanted
    kernels.walked_slopes(current_a, time_s, rest_v, wanted, 100.0, reach, slope_v)
    return slope_v


@pytest.mark.parametrize("sign", [1.0, -1.0])
def test_the_slope_of_a_walk_is_that_between_what_lies_a_reach_before_and_after(sign):
    current_a = np.full(300, sign * 20.0)
    time_s, soc = walk(current_a)
    found = slopes(current_a, curve_v(soc), time_s)
    n = 2  # a row moves 1/300 of the capacity, so that two go beyond the reach
    inner = slice(n, -n)
    plain = (curve_v(soc)[: -2 * n] - curve_v(soc)[2 * n :]) / (soc[: -2 * n] - soc[2 * n :])
    np.testing.assert_allclose(found[inner], plain, rtol=1e-9)
    assert np.isfinite(found[1])
    assert np.isnan(found[[0, -1]]).all()


def test_there_is_no_slope_where_current_changes_rows_are_missing_or_nothing_moves():
    current_a = np.full(60, 20.0)
    time_s, soc = walk(current_a)
    rest_v = curve_v(soc)
    jump_a, gap_s, missing_v, missing_a = current_a.copy(), time_s.copy(), rest_v.copy(), current_a.copy()
    jump_a[30:] = 26.0
    gap_s[30:] += 601.0
    missing_v[30] = missing_a[30] = np.nan
    edge = [29, 30]
    for found in (slopes(jump_a, rest_v, time_s), slopes(current_a, rest_v, gap_s)):
        assert np.flatnonzero(np.isnan(found)).tolist() == [0, *edge, 59]
    assert np.isnan(slopes(current_a, missing_v, time_s)[[29, 31]]).all()
    assert np.isnan(slopes(missing_a, rest_v, time_s)[[29, 30, 31]]).all()
    assert np.isnan(slopes(np.zeros(60), rest_v, time_s)).all()
    assert np.isfinite(slopes(current_a + np.where(np.arange(60) % 2, 1.5, 0.0), rest_v, time_s)[5:-5]).all()
    wanted = np.arange(60) == 30
    assert np.flatnonzero(np.isfinite(slopes(current_a, rest_v, time_s, wanted))).tolist() == [30]


def test_a_slope_that_would_take_hours_is_none():
    current_a = np.full(400, 0.1)
    time_s, soc = walk(current_a)
    assert np.isnan(slopes(current_a, curve_v(soc), time_s, reach=0.0075)).all()
    assert np.isfinite(slopes(current_a, curve_v(soc), time_s, reach=0.005)[200])
