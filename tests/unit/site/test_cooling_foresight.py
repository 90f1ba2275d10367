"""Learning from minutes, cooling before a hot plan, and counting only on a chiller that obeys."""

from dataclasses import replace

import numpy as np
import pytest

from battuta.numerics.sampling import generator
from battuta.site.cooling_foresight import (
    BLOCK_MINUTES,
    CoolingDecision,
    CoolingMinute,
    decide,
    first_state,
    limit_without_margin,
    observe,
    plan_cooling,
)
from battuta.site.cooling_foresight_nameplate import CoolingNameplate

NAMEPLATE = CoolingNameplate(
    resistive_kw=48.0, constant_kw=8.0, heat_kwh_per_k=7.8, coolant_kw_per_k=7.3, wall_kw_per_k=0.06,
    tank_kwh_per_k=0.33, cooling_kw=60.0, cop=7.3, half_lift_k=16.0, cop_max=5.0, pump_kw=2.2,
)  # fmt: skip
ONE = np.ones(1)
LIMIT_C = 45.0 * ONE


def minute(cell_c=30.0, coolant_c=25.0, power_pu=0.0, asked_c=np.nan, read_back_c=np.nan, chiller_kw=0.0):
    return CoolingMinute(
        power_pu=power_pu * ONE, cell_c_mean=cell_c * ONE, cell_c_max=(cell_c + 1.0) * ONE, coolant_c=coolant_c * ONE,
        ambient_c=40.0 * ONE, chiller_kw=chiller_kw * ONE, asked_c=asked_c * ONE, read_back_c=read_back_c * ONE,
    )  # fmt: skip


def decision(now: CoolingMinute, power_pu: float, ageing: float = 0.3) -> CoolingDecision:
    state = first_state([NAMEPLATE], ageing)
    plan = plan_cooling(state, np.full((12, 1), power_pu), np.full((12, 1), 45.0), LIMIT_C)
    return decide(state, plan, now, 0.0, LIMIT_C)


def test_coefficients_move_towards_a_plant_that_heats_less_than_its_data_sheet() -> None:
    state, cell, rng = first_state([NAMEPLATE]), 30.0, generator(1, "plant")
    for turn in range(600):
        power = 1.0 if turn // 60 % 2 else 0.0
        coolant = cell - 4.0 if power else cell
        cell += (3.6 * power - 0.9 * (cell - coolant) * power) / 60.0
        state = observe(state, minute(cell + 0.05 * rng.standard_normal(), coolant, power))
    warming = state.theta[0] @ np.array([1.0, 1.0, -4.0, 0.0])
    assert first_state([NAMEPLATE]).theta[0] @ np.array([1.0, 1.0, -4.0, 0.0]) > 2.5
    assert warming == pytest.approx(0.0, abs=0.7)


def test_nothing_is_learned_before_a_block_is_full() -> None:
    state = first_state([NAMEPLATE])
    for _ in range(BLOCK_MINUTES):
        state = observe(state, minute(power_pu=1.0))
    np.testing.assert_array_equal(state.theta, first_state([NAMEPLATE]).theta)
    assert not np.array_equal(observe(state, minute(power_pu=1.0)).theta, state.theta)


def test_a_chiller_that_cannot_hold_its_setpoint_shows_its_capacity() -> None:
    state = first_state([NAMEPLATE])
    cell = 46.0
    for _ in range(20 * BLOCK_MINUTES):
        cell -= 3.6 / 60.0
        state = observe(state, minute(cell, cell - 4.0, 0.0, 20.0, 20.0, chiller_kw=10.0))
    assert state.capacity_k_per_h[0] == pytest.approx(3.6, rel=0.15)


def test_it_cools_before_a_hot_plan_and_rests_in_mild_cells_without_one() -> None:
    assert np.isfinite(decision(minute(36.0), 1.0).setpoint_c[0])
    assert np.isnan(decision(minute(24.0), 0.0, 0.0).setpoint_c[0])


def test_power_stands_while_the_chiller_obeys_and_is_narrowed_when_it_does_not() -> None:
    obeyed = decision(minute(38.0, 38.0, 1.0, 20.0, 20.0), 1.0)
    deaf = decision(minute(38.0, 38.0, 1.0, 20.0, 30.0), 1.0)
    assert obeyed.is_foreseen[0]
    assert not deaf.is_foreseen[0]
    assert deaf.power_share[0] < obeyed.power_share[0] <= 1.0


def test_a_register_within_its_step_counts_as_moved() -> None:
    assert minute(asked_c=20.0, read_back_c=20.1).is_obeyed[0]
    assert not minute(asked_c=20.0, read_back_c=21.0).is_obeyed[0]
    assert minute().is_obeyed[0]
    assert not minute(asked_c=20.0).is_obeyed[0]


def test_the_margin_grows_with_what_the_model_does_not_explain() -> None:
    state = first_state([NAMEPLATE])
    worse = replace(state, surprise_k_per_h=2.0 * state.surprise_k_per_h)
    assert limit_without_margin(worse, LIMIT_C)[0] < limit_without_margin(state, LIMIT_C)[0] < 45.0


def test_a_site_without_readings_is_left_alone() -> None:
    blind = decision(minute(np.nan, np.nan), 1.0)
    assert np.isnan(blind.setpoint_c[0])
    assert blind.power_share[0] == 1.0


def test_sites_learn_each_in_its_own_time_and_one_that_began_without_readings_begins_later() -> None:
    def both(cell_c, power_pu):
        return CoolingMinute(
            power_pu=power_pu * np.ones(2), cell_c_mean=cell_c, cell_c_max=cell_c + 1.0, coolant_c=cell_c - 2.0,
            ambient_c=40.0 * np.ones(2), chiller_kw=np.zeros(2), asked_c=np.full(2, np.nan),
            read_back_c=np.full(2, np.nan),
        )  # fmt: skip

    first = first_state([NAMEPLATE, NAMEPLATE])
    state = first
    for turn in range(BLOCK_MINUTES + 1):
        cell_c = 30.0 + 0.05 * turn
        state = observe(state, both(np.array([cell_c, np.nan if turn < 4 else cell_c]), 1.0))
    assert (state.theta[0] != first.theta[0]).any()
    np.testing.assert_array_equal(state.theta[1], first.theta[1])
    for turn in range(4):
        cell_c = 30.0 + 0.05 * (turn + BLOCK_MINUTES + 1)
        state = observe(state, both(np.full(2, cell_c), 1.0))
    assert (state.theta[1] != first.theta[1]).any()


def test_a_missing_minute_voids_its_block() -> None:
    state = first_state([NAMEPLATE])
    for turn in range(BLOCK_MINUTES):
        state = observe(state, minute(np.nan if turn == 6 else 30.0, power_pu=1.0))
    assert state.sums[0, 10] == 2.0
    assert np.isfinite(state.block_start_c).all()


def test_sites_of_different_size_decide_alike_when_all_else_is() -> None:
    small = replace(NAMEPLATE, **{
        name: getattr(NAMEPLATE, name) / 24.0 for name in
        ("resistive_kw", "constant_kw", "heat_kwh_per_k", "coolant_kw_per_k", "wall_kw_per_k", "tank_kwh_per_k",
         "cooling_kw", "pump_kw")
    })  # fmt: skip
    state = first_state([NAMEPLATE, small], 0.45)
    np.testing.assert_allclose(state.machine[1, 3:] * 24.0, state.machine[0, 3:])
    np.testing.assert_allclose(state.switching_kwh[1] * 24.0, state.switching_kwh[0])
    power, ambient = np.full((12, 2), 0.7), np.full((12, 2), 38.0)
    plan = plan_cooling(state, power, ambient, np.full(2, 45.0))
    for cell_c in (24.0, 30.0, 36.0, 40.0):
        two = CoolingMinute(**{
            name: np.repeat(getattr(minute(cell_c), name), 2) for name in
            ("power_pu", "cell_c_mean", "cell_c_max", "coolant_c", "ambient_c", "chiller_kw", "asked_c", "read_back_c")
        })  # fmt: skip
        answer = decide(state, plan, two, 0.0, np.full(2, 45.0))
        np.testing.assert_array_equal(answer.setpoint_c[0], answer.setpoint_c[1])
        assert answer.power_share[0] == answer.power_share[1]


def test_a_chiller_that_is_not_trusted_does_not_obey() -> None:
    assert not replace(minute(), is_trusted=np.array([False])).is_obeyed[0]
    assert replace(minute(asked_c=20.0, read_back_c=20.0), is_cooling=np.array([False])).is_on.tolist() == [False]
