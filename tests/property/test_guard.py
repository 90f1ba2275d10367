"""Whatever happens, a setpoint stays inside rating, mandate and bounds, and is a number."""

import math

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from battuta.domain.command import Mandate
from battuta.domain.response_law import Droop, TriggeredStep
from battuta.site.dispatch import Dispatch
from battuta.site.guard import SETPOINT_STEP_KW, GuardState, guard
from battuta.site.limits import SafeState, SiteLimits, limit_table

TICK_S = 0.05
DROOP = Droop(points_hz=(-0.2, 0.2), points_pu=(1.0, -1.0), deadband_hz=0.01, full_time_s=30.0)
STEP = TriggeredStep(trigger_hz=49.7, full_time_s=0.7, hold_s=5.0, release_pu_per_s=0.2, rearm_s=10.0)

powers_kw = st.floats(-250.0, 250.0)
sizes_kw = st.floats(0.0, 250.0)
frequencies_hz = st.one_of(st.floats(40.0, 60.0), st.floats(), st.sampled_from([math.nan, math.inf, -math.inf, 0.0]))


@st.composite
def cases(draw):
    low_kw, high_kw = sorted((draw(powers_kw), draw(powers_kw)))
    mandate = Mandate(charge_kw_max=draw(sizes_kw), discharge_kw_max=draw(sizes_kw))
    site = SiteLimits(
        power_kw=draw(st.floats(1.0, 200.0)),
        apparent_power_kva=250.0,
        energy_kwh=200.0,
        safe_state=SafeState(link_power_kw=draw(powers_kw), ramp_duration_s=draw(st.floats(1.0, 60.0))),
    )
    dispatch = Dispatch(
        time_ns=0,
        base_kw=np.array([draw(powers_kw)]),
        bounds_kw=np.array([[low_kw], [high_kw], [draw(sizes_kw)], [draw(sizes_kw)]]),
        reactive_kvar=np.zeros(1),
        chiller_setpoint_c=np.full(1, np.nan),
        owner=np.zeros(1, dtype=np.int64),
        reason=np.zeros(1, dtype=np.int64),
    )
    frequency_hz = np.array([draw(st.lists(frequencies_hz, min_size=1, max_size=40))])
    start_ns = draw(st.integers(-(10**12), 10**12))
    return (
        site,
        mandate,
        dispatch,
        frequency_hz,
        start_ns,
        draw(st.sampled_from([None, DROOP, STEP])),
        draw(st.booleans()),
    )


@settings(max_examples=300)
@given(cases())
def test_no_input_moves_a_setpoint_out_of_its_limits(case) -> None:
    site, mandate, dispatch, frequency_hz, start_ns, law, stopped = case
    limits, state = limit_table([site], [mandate], 0), GuardState.armed((law,))
    low_kw = max(-site.power_kw, -mandate.charge_kw_max)
    high_kw = min(site.power_kw, mandate.discharge_kw_max)
    for repeat in range(3):
        start = start_ns + repeat * 10**10
        block = guard(
            dispatch,
            frequency_hz,
            limits,
            state,
            start_ns=start,
            silence_s=start * 1e-9,
            tick_s=TICK_S,
            stopped=np.array([stopped]),
        )
        half_kw = 0.5 * SETPOINT_STEP_KW + 1e-9  # setpoints are rounded to the nearest step
        assert np.all(block.power_kw >= low_kw - half_kw)
        assert np.all(block.power_kw <= high_kw + half_kw)
        assert np.isfinite(state.setpoint_kw).all()
        if stopped:
            assert not block.counts.any()
        last_tick_s = start * 1e-9 + (frequency_hz.shape[1] - 1) * TICK_S
        if start * 1e-9 >= -10.0 and last_tick_s <= 10.0 and not stopped:
            bound_low, bound_high = dispatch.bounds_kw[:2, 0]
            if max(low_kw, bound_low) <= min(high_kw, bound_high):
                assert np.all(block.power_kw >= bound_low - half_kw)
                assert np.all(block.power_kw <= bound_high + half_kw)


@settings(max_examples=100)
@given(cases(), st.integers(1, 39))
def test_where_a_call_is_cut_makes_no_difference(case, cut) -> None:
    site, mandate, dispatch, frequency_hz, _, law, stopped = case
    limits, whole, pieces = limit_table([site], [mandate], 0), GuardState.armed((law,)), GuardState.armed((law,))
    stop = np.array([stopped])
    block = guard(dispatch, frequency_hz, limits, whole, start_ns=0, silence_s=0.0, tick_s=TICK_S, stopped=stop)
    parts = [
        guard(
            dispatch,
            np.ascontiguousarray(part),
            limits,
            pieces,
            start_ns=start,
            silence_s=start * 1e-9,
            tick_s=TICK_S,
            stopped=stop,
        ).counts
        for part, start in ((frequency_hz[:, :cut], 0), (frequency_hz[:, cut:], cut * 50_000_000))
        if part.size
    ]
    assert np.hstack(parts).tobytes() == block.counts.tobytes()
    assert whole.response.tobytes() == pieces.response.tobytes()
