"""A string learns the curve it walks on, whatever its kind was thought to be, and finds its place on it."""

from copy import deepcopy
from dataclasses import replace

import numpy as np
import pytest

from battuta.health import string_curve
from battuta.health.scan_state import restore_state, save_state
from unit.health.curve_walks import CAPACITY_AH, PARAMETERS, Walk

STEEP_V = 0.4


@pytest.mark.parametrize("form", range(4))
@pytest.mark.parametrize("rate_a", [60.0, 110.0])
def test_the_slope_of_a_foreign_curve_is_learned_where_it_is_steep(form, rate_a):
    where, _, true_v = Walk(form, rate_a=rate_a).follow(14)
    wrong = np.abs(where.slope_v / true_v - 1.0)
    steep = (true_v > STEEP_V) & np.isfinite(where.slope_v)
    assert (steep | (where.end <= 0) | (true_v <= STEEP_V)).all(), "at its ends a slope is always known"
    for end in (0, 1, 2):
        assert np.median(wrong[steep & (where.end == end)]) < 0.2
    assert np.mean(wrong[steep] < 0.2) > 0.9


@pytest.mark.parametrize("stretch", [0.6, 1.6])
def test_what_was_learned_is_better_than_a_table_of_another_kind(stretch):
    walk = Walk(2)
    ocv_v = 3.3 + stretch * (PARAMETERS.ocv_v - 3.3)
    walk.curve = string_curve.StringCurve(replace(PARAMETERS, ocv_v=ocv_v), CAPACITY_AH, walk.resistance)
    by_kind_v = string_curve.slope_by_level(ocv_v, walk.curve.plateau_v)
    where, _, true_v = walk.follow(14)
    for end in (1, 2):
        rows = (where.end == end) & (true_v > STEEP_V)
        level = np.rint((where.rest_v[rows] - string_curve.LEVEL_LOW_V) / string_curve.LEVEL_STEP_V).astype(int)
        by_kind, learned = (np.abs(np.log(v / true_v[rows])) for v in (by_kind_v[level], where.slope_v[rows]))
        assert np.median(learned) < 0.7 * np.median(by_kind)


def test_flat_is_flat_and_what_was_never_walked_is_not_known():
    where, soc, _ = Walk().follow(14)
    flat = (soc > 0.4) & (soc < 0.55) & (where.end == 0)
    assert flat.sum() > 10
    assert (where.slope_v[flat] == 0.0).all()
    walk = Walk()
    time_s, current_a, middle_v, *_ = walk.live(low=0.6, high=0.62)
    first = walk.curve.take(time_s, np.where(np.arange(1440) < 60, 0.0, current_a), middle_v, np.ones(1440))
    assert np.isnan(first.slope_v).any()


def away(where, soc):
    return float(np.median(where.place - soc))


def test_the_place_follows_the_charge_from_a_zero_of_its_own():
    walk = Walk()
    walk.follow(6)
    for _ in range(4):
        where, soc, _ = walk.follow(1)
        assert np.ptp(where.place - soc) < 0.003
        assert abs(away(where, soc)) < 0.03


@pytest.mark.parametrize("gap", [slice(500, None), slice(900, None)])
def test_a_string_is_found_again_after_hours_in_which_charge_moved_unseen(gap):
    walk = Walk()
    where, soc, _ = walk.follow(8)
    before = away(where, soc)
    rows = np.arange(1440)[gap]
    where, soc, _ = walk.follow(1, rows=rows)
    assert abs(away(where, soc) - before) < 0.04, "the rest of such a day lies on the plateau"
    where, soc, _ = walk.follow(1)
    assert abs(away(where, soc) - before) < 0.015


def test_days_without_any_row_are_a_gap_too():
    walk = Walk()
    where, soc, _ = walk.follow(8)
    before = away(where, soc)
    for low, high in ((0.1, 0.5), (0.2, 0.7), (0.3, 0.4)):
        walk.live(low, high)
    where, soc, _ = walk.follow(1)
    assert abs(away(where, soc) - before) < 0.02


@pytest.mark.parametrize("bend", [lambda a: a + 0.4, lambda a: a - 0.4, lambda a: 1.04 * a])
def test_a_bent_current_sensor_does_not_carry_the_string_away(bend):
    walk = Walk()
    where, soc, true_v = walk.follow(24, bent=bend)
    assert abs(away(where, soc)) < 0.05
    steep = (true_v > STEEP_V) & (where.end == 1)
    assert np.median(np.abs(where.slope_v[steep] / true_v[steep] - 1.0)) < 0.3


def test_a_drift_of_the_charge_count_is_learned_with_its_sign():
    rates = []
    for offset_a in (-0.4, 0.4):
        walk = Walk()
        walk.follow(24, bent=lambda current_a, by=offset_a: current_a + by)
        rates.append(walk.curve.state.rate_per_day)
    true = 0.4 * 24.0 / CAPACITY_AH
    assert rates[0] < -0.3 * true
    assert rates[1] > 0.3 * true


def test_missing_values_leave_no_trace_in_what_is_carried():
    walk = Walk()
    walk.follow(4)
    time_s, current_a, middle_v, *_ = walk.live()
    current_a[[0, 40, 800]] = np.nan
    middle_v[[0, 1, 60, 900]] = np.nan
    middle_v[1000:1200] = np.nan
    where = walk.curve.take(time_s, current_a, middle_v, np.ones(1440))
    assert np.isfinite(where.place).all()
    assert np.isfinite(where.rest_v).all()
    assert np.isfinite(where.slow_a).all()
    assert (where.end[[0, 1, 60, 800, 900, 1100]] == 0).all()
    state = walk.curve.state
    for each in (state.branch_v, state.branch_memory, state.steeper, state.steeper_memory, state.slow, state.way):
        assert np.isfinite(each).all()
    assert np.isfinite([state.place, state.rate_per_day, state.time_s]).all()


@pytest.mark.parametrize(
    ("current_a", "middle_v"),
    [(np.full(1440, np.nan), np.full(1440, 3.3)), (np.full(1440, 50.0), np.full(1440, np.nan)), (np.zeros(1), [3.3])],
)
def test_days_that_say_nothing_harm_nothing(current_a, middle_v):
    walk = Walk()
    walk.follow(6)
    walk.live(0.5, 0.51)
    memory = walk.curve.state.branch_memory.copy()
    time_s = 86_400.0 * 6 + 60.0 * np.arange(current_a.size)
    where = walk.curve.take(time_s, current_a, np.asarray(middle_v), np.ones(current_a.size))
    assert np.isfinite(where.place).all()
    np.testing.assert_array_equal(walk.curve.state.branch_memory, memory)
    where, soc, _ = walk.follow(1)
    assert abs(away(where, soc)) < 0.04


def test_a_restart_changes_not_a_bit():
    walk = Walk()
    walk.follow(5)
    other = deepcopy(walk)
    other.curve.state = restore_state(save_state(other.curve.state))
    (one, *_), (same, *_) = walk.follow(3), other.follow(3)
    for name in ("place", "slope_v", "slow_a", "rest_v", "end", "charge"):
        assert getattr(one, name).tobytes() == getattr(same, name).tobytes()


def test_charge_by_voltage_is_one_over_the_slope_added_up():
    where, *_ = Walk().follow(8)
    assert (np.diff(where.charge, axis=1) > 0.0).all()
    end = np.flatnonzero(where.end == 2)
    for row in end[:: max(end.size // 8, 1)]:
        x = (where.rest_v[row] - 2.3) / 0.001
        here = where.charge[1, int(x) + 1] - where.charge[1, int(x) - 1]
        assert abs(0.002 / here / where.slope_v[row] - 1.0) < 0.05


def test_the_slope_of_a_kind_by_voltage_grows_beyond_its_table():
    soc = np.linspace(0.0, 1.0, 201)
    ocv_v = 3.3 + 0.05 * (soc - 0.5) - 0.5 * np.exp(-soc / 0.05) + 0.15 * np.exp((soc - 1.0) / 0.02)
    slope_v = string_curve.slope_by_level(ocv_v, 3.3)
    levels_v = string_curve.LEVEL_LOW_V + string_curve.LEVEL_STEP_V * np.arange(string_curve.N_LEVELS)
    for place in (0.02, 0.05, 0.1, 0.97):
        true_v = np.interp(place, soc, np.gradient(ocv_v, soc))
        assert abs(np.interp(np.interp(place, soc, ocv_v), levels_v, slope_v) / true_v - 1.0) < 0.1
    below, above = levels_v < ocv_v.min(), levels_v > ocv_v.max()
    assert (np.diff(slope_v[below]) < 0.0).all()
    assert (np.diff(slope_v[above]) > 0.0).all()
    assert slope_v.min() >= 0.05
