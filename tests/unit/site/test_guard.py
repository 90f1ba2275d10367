"""The guard: base plus armed response, silence of the conductor, missing and frozen frequency, stop."""

from dataclasses import replace

import numpy as np
import pytest

from battuta.domain.command import Mandate, Reason
from battuta.domain.response_law import Droop
from battuta.site.dispatch import Dispatch
from battuta.site.guard import GuardState, guard
from battuta.site.limits import SafeState, SiteLimits, limit_table

TICK_S = 0.05
LAW = Droop(points_hz=(-0.2, 0.2), points_pu=(1.0, -1.0), deadband_hz=0.01, full_time_s=30.0)
RUNNING = np.zeros(1, dtype=np.bool_)


def limits_of(**safe):
    site = SiteLimits(power_kw=100.0, apparent_power_kva=110.0, energy_kwh=200.0, safe_state=SafeState(**safe))
    return limit_table([site], [Mandate(charge_kw_max=100.0, discharge_kw_max=100.0)], 0)


def dispatch_of(base_kw: float = 10.0, bounds_kw=(-100.0, 100.0, 20.0, 20.0), time_ns: int = 0) -> Dispatch:
    whole = np.zeros(1, dtype=np.int64)
    bounds = np.array(bounds_kw, dtype=np.float64)[:, None]
    return Dispatch(
        time_ns=time_ns,
        base_kw=np.array([base_kw]),
        bounds_kw=bounds,
        reactive_kvar=np.zeros(1),
        chiller_setpoint_c=np.full(1, np.nan),
        owner=whole,
        reason=whole,
    )


def moving(hz: float, seconds: float) -> np.ndarray:
    """Frequency of a meter that works: it moves by a mHz."""
    n_ticks = round(seconds / TICK_S)
    return (hz + 0.001 * (np.arange(n_ticks) % 2))[None, :]


def run(frequency_hz, *, dispatch=None, limits=None, state=None, start_ns=0, stopped=RUNNING):
    dispatch = dispatch or dispatch_of()
    return guard(
        dispatch,
        np.ascontiguousarray(frequency_hz),
        limits or limits_of(),
        state or GuardState.armed((LAW,)),
        start_ns=start_ns,
        silence_s=(start_ns - dispatch.time_ns) * 1e-9,
        tick_s=TICK_S,
        stopped=stopped,
    )


def test_base_plus_the_armed_share() -> None:
    block = run(moving(49.9, 1.0))
    assert block.power_kw[0, 0] == pytest.approx(10.0 + 0.5 * 20.0)
    assert block.power_kw[0, 1] == pytest.approx(10.0 + 0.495 * 20.0)
    assert Reason(int(block.reason[0])) == Reason.NONE


def test_the_way_down_has_its_own_armed_power() -> None:
    block = run(moving(50.1, 1.0), dispatch=dispatch_of(bounds_kw=(-100.0, 100.0, 20.0, 60.0)))
    assert block.power_kw[0, 0] == pytest.approx(10.0 - 0.5 * 60.0)


def test_bounds_clamp_and_say_so() -> None:
    block = run(moving(49.8, 1.0), dispatch=dispatch_of(bounds_kw=(-5.0, 12.5, 20.0, 20.0)))
    assert block.counts[0, 0] == 1250
    assert Reason(int(block.reason[0])) == Reason.BATTERY_LIMIT


def test_three_seconds_of_silence_hold_the_base_and_the_response_stays() -> None:
    block = run(moving(49.9, 1.0), start_ns=3 * 10**9)
    assert block.power_kw[0, 0] == pytest.approx(20.0)
    assert Reason(int(block.reason[0])) == Reason.NONE


@pytest.mark.parametrize("safe_kw", [0.0, 40.0, -40.0])
def test_ten_seconds_of_silence_ramp_to_the_safe_power_within_a_minute(safe_kw) -> None:
    limits, state = limits_of(link_power_kw=safe_kw, ramp_duration_s=60.0), GuardState.armed((LAW,))
    power_kw = []
    for second in range(72):
        block = run(
            moving(49.9, 1.0),
            dispatch=dispatch_of(80.0),
            limits=limits,
            state=state,
            start_ns=second * 10**9,
        )
        power_kw.append(block.power_kw[0])
        if second >= 11:
            assert Reason.STALE_DISPATCH in Reason(int(block.reason[0]))
    power_kw = np.concatenate(power_kw)
    assert power_kw[199] == pytest.approx(90.0, abs=0.2)
    assert power_kw[round(70 / TICK_S)] == pytest.approx(safe_kw)
    largest_kw = (100.0 + abs(safe_kw)) / 60.0 * TICK_S
    assert np.abs(np.diff(power_kw[200:])).max() <= largest_kw + 0.01 + 1e-9


def test_a_new_dispatch_ends_the_silence() -> None:
    state = GuardState.armed((LAW,))
    run(moving(50.0, 1.0), state=state, start_ns=20 * 10**9)
    block = run(moving(50.0, 1.0), dispatch=dispatch_of(time_ns=21 * 10**9), state=state, start_ns=21 * 10**9)
    assert block.counts[0].tolist() == [1000] * 20
    assert Reason(int(block.reason[0])) == Reason.NONE


def test_stop_is_no_power_at_once() -> None:
    state = GuardState.armed((LAW,))
    run(moving(49.8, 1.0), state=state)
    block = run(moving(49.8, 1.0), state=state, stopped=np.ones(1, dtype=np.bool_))
    assert block.counts[0].tolist() == [0] * 20
    assert Reason.FAST_LANE in Reason(int(block.reason[0]))


def test_stop_wins_over_silence() -> None:
    block = run(
        moving(49.8, 1.0),
        limits=limits_of(link_power_kw=40.0),
        start_ns=30 * 10**9,
        stopped=np.ones(1, dtype=np.bool_),
    )
    assert block.counts[0].tolist() == [0] * 20


@pytest.mark.parametrize(("frequency_hz", "known_s"), [(np.nan, 0.0), (49.9, 3.0)])
def test_a_frequency_missing_or_frozen_is_held_then_led_to_nothing(frequency_hz, known_s) -> None:
    state = GuardState.armed((replace(LAW, hold_missing_s=2.0, missing_ramp_pu_per_s=0.25),))
    before = run(moving(49.9, 1.0), state=state)
    assert Reason.FREQUENCY_LOST not in Reason(int(before.reason[0]))
    block = run(np.full((1, 400), frequency_hz), state=state)
    assert Reason.FREQUENCY_LOST in Reason(int(block.reason[0]))
    held = round((known_s + 2.0) / TICK_S)
    response_kw = block.power_kw[0] - 10.0
    assert response_kw[: held - 2] == pytest.approx(10.0, abs=0.2)
    assert response_kw[held + 3] < response_kw[held - 2]
    assert np.all(np.diff(response_kw[held + 3 :]) <= 0.0)
    assert np.all(np.diff(response_kw) >= -0.25 * 20.0 * TICK_S - 0.011)
    assert response_kw[held + round(0.5 / 0.25 / TICK_S) + 3] == 0.0


@pytest.mark.parametrize("far_hz", [0.0, 44.9, 55.1, 60.0])
def test_a_frequency_of_another_grid_is_none_and_says_so(far_hz) -> None:
    block = run(moving(far_hz, 8.0))
    assert Reason.FREQUENCY_LOST in Reason(int(block.reason[0]))
    assert block.power_kw[0, -1] == 10.0


def test_a_frequency_that_moves_again_is_answered_at_once() -> None:
    state = GuardState.armed((LAW,))
    run(np.full((1, 400), 49.9), state=state)
    block = run(moving(49.85, 1.0), state=state)
    assert block.power_kw[0, 0] == pytest.approx(10.0 + 0.75 * 20.0)
    assert Reason.FREQUENCY_LOST not in Reason(int(block.reason[0]))


def test_a_site_without_a_law_never_answers() -> None:
    block = run(moving(49.0, 1.0), state=GuardState.armed((None,)))
    assert block.counts[0].tolist() == [1000] * 20


def test_a_single_tick_a_call_writes_the_same_bytes_as_twenty() -> None:
    random = np.random.default_rng(2)
    frequency_hz = np.rint((50.0 + 0.1 * random.standard_normal((1, 400))) * 1000.0) / 1000.0
    frequency_hz[0, 60:90] = np.nan
    frequency_hz[0, 150:260] = 49.87
    whole, single, limits = GuardState.armed((LAW,)), GuardState.armed((LAW,)), limits_of(link_power_kw=33.0)
    for first in range(0, 400, 20):
        start_ns = first * 50_000_000
        options = {"dispatch": dispatch_of(55.5), "limits": limits}
        block = run(frequency_hz[:, first : first + 20], state=whole, start_ns=start_ns, **options)
        ticks = [
            run(frequency_hz[:, k : k + 1], state=single, start_ns=k * 50_000_000, **options)
            for k in range(first, first + 20)
        ]
        assert np.hstack([each.counts for each in ticks]).tobytes() == block.counts.tobytes()
        assert np.bitwise_or.reduce([each.reason for each in ticks]).tolist() == block.reason.tolist()
    for name in ("response", "setpoint_kw", "meter"):
        assert getattr(whole, name).tobytes() == getattr(single, name).tobytes()


@pytest.mark.parametrize(
    "bounds_kw", [(-100.0, 100.0, 20.0, 20.0), (np.nan, 100.0, 0.0, 0.0), (-100.0, np.nan, 0.0, 0.0)]
)
def test_a_dispatch_that_is_no_number_is_none(bounds_kw) -> None:
    base_kw = np.nan if np.isfinite(bounds_kw).all() else 50.0
    limits, state = limits_of(link_power_kw=7.0, ramp_duration_s=1.0), GuardState.armed((LAW,))
    block = run(moving(50.0, 2.0), dispatch=dispatch_of(base_kw, bounds_kw), limits=limits, state=state)
    assert block.counts[0, -1] == 700
    assert Reason.STALE_DISPATCH in Reason(int(block.reason[0]))
    block = run(moving(50.0, 1.0), limits=limits, state=state)
    assert block.counts[0, 0] == 1000


@pytest.mark.parametrize("cause", ["silence", "stop"])
def test_what_was_away_comes_back_by_the_ramp_of_its_mode(cause) -> None:
    site = SiteLimits(power_kw=100.0, apparent_power_kva=100.0, energy_kwh=200.0, mode_ramp_kw_per_s=10.0)
    limits = limit_table([site], [Mandate(charge_kw_max=100.0, discharge_kw_max=100.0)], 0)
    state = GuardState.armed((None,))
    options = {"limits": limits, "state": state, "dispatch": dispatch_of(80.0)}
    run(moving(50.0, 1.0), **options)
    if cause == "silence":
        for second in range(11, 61):
            run(moving(50.0, 1.0), start_ns=second * 10**9, **options)
    else:
        run(moving(50.0, 1.0), stopped=np.ones(1, dtype=np.bool_), **options)
    assert state.setpoint_kw[0] == 0.0
    back_kw = np.concatenate([run(moving(50.0, 1.0), **options).power_kw[0] for _ in range(10)])
    assert np.diff([0.0, *back_kw]).max() <= 10.0 * TICK_S + 0.011
    assert back_kw[-1] == 80.0
    assert not state.returning.any()
