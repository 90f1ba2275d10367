"""Response laws: bounded, against the deviation, and the same bytes however the ticks are cut into calls."""

import numpy as np
from hypothesis import example, given
from hypothesis import strategies as st

from battuta.domain.response_law import Droop, TriggeredStep, law_rows
from battuta.physics.triggered_kernels import N_STATE, respond

DROOPS = st.builds(
    lambda half, deadband, ramp, hold, initiation: Droop(
        points_hz=(-half, half),
        points_pu=(1.0, -1.0),
        deadband_hz=deadband,
        full_time_s=30.0,
        ramp_pu_per_s=ramp,
        hold_missing_s=hold,
        initiation_s=initiation,
    ),
    st.floats(0.05, 1.0),
    st.floats(0.0, 0.04),
    st.floats(0.01, 100.0) | st.just(float("inf")),
    st.floats(0.0, 2.0),
    st.floats(0.0, 2.0),
)
STEPS = st.builds(
    lambda away, direction, ramp, hold, release, rearm: TriggeredStep(
        trigger_hz=50.0 - direction * away,
        direction=direction,
        full_time_s=2.0,
        ramp_s=ramp,
        hold_s=hold,
        release_pu_per_s=release,
        rearm_s=rearm,
    ),
    st.floats(0.01, 1.0),
    st.sampled_from([-1, 1]),
    st.floats(0.0, 2.0),
    st.floats(0.0, 3.0),
    st.floats(0.1, 10.0) | st.just(float("inf")),
    st.floats(0.0, 5.0),
)
LAWS = st.lists(DROOPS | STEPS | st.none(), min_size=1, max_size=4).map(tuple)


def frequencies(seed, n_sites, n_ticks):
    rng = np.random.default_rng(seed)
    frequency = 50.0 + np.cumsum(rng.normal(0.0, 0.1, (n_sites, n_ticks)), axis=1)
    frequency[rng.random(frequency.shape) < 0.1] = np.nan
    return frequency


@given(laws=LAWS, seed=st.integers(0, 2**32 - 1), chunk=st.integers(1, 30), dt_s=st.sampled_from([0.02, 0.05, 0.1]))
def test_calls_of_any_length_give_the_same_bytes(laws, seed, chunk, dt_s):
    frequency = frequencies(seed, len(laws), 120)
    rows = law_rows(laws)
    whole, state = np.empty_like(frequency), np.zeros((len(laws), N_STATE))
    respond(frequency, dt_s, rows, state, whole)
    cut, cut_state = np.empty_like(frequency), np.zeros((len(laws), N_STATE))
    for start in range(0, frequency.shape[1], chunk):
        part = np.ascontiguousarray(frequency[:, start : start + chunk])
        out = np.empty_like(part)
        respond(part, dt_s, rows, cut_state, out)
        cut[:, start : start + chunk] = out
    assert cut.tobytes() == whole.tobytes()
    assert cut_state.tobytes() == state.tobytes()


@given(laws=LAWS, seed=st.integers(0, 2**32 - 1))
def test_a_response_is_finite_and_at_most_what_was_sold(laws, seed):
    frequency = frequencies(seed, len(laws), 120)
    out = np.empty_like(frequency)
    respond(frequency, 0.05, law_rows(laws), np.zeros((len(laws), N_STATE)), out)
    assert np.all(np.abs(out) <= 1.0 + 1e-12)


@given(law=DROOPS, deviation=st.floats(0.0, 2.0))
def test_a_droop_opposes_the_deviation_and_is_symmetric(law, deviation):
    out = np.empty((2, 1))
    # Without ramp limit in one call: the tick is longer than any ramp.
    respond(
        np.array([[50.0 - deviation], [50.0 + deviation]]), 1000.0, law_rows((law, law)), np.zeros((2, N_STATE)), out
    )
    assert out[0, 0] >= 0.0 >= out[1, 0]
    assert abs(out[0, 0] + out[1, 0]) < 1e-9 or abs(deviation - law.deadband_hz) < 1e-9


@example(ramp=0.0, rest=0.0, hold=1e-5, release=0.1, limit=float("inf"), lag_share=0.0, delay=0, dt_s=0.05)
@given(
    ramp=st.floats(0.0, 2.0),
    rest=st.floats(0.0, 2.0),
    hold=st.floats(0.0, 4.0),
    release=st.floats(0.1, 10.0),
    limit=st.floats(0.4, 20.0) | st.just(float("inf")),
    lag_share=st.floats(0.0, 1.0),
    delay=st.integers(0, 10),
    dt_s=st.sampled_from([0.02, 0.05, 0.1]),
)
def test_support_at_full_lasts_the_hold_for_any_ramp_that_ends_in_time(
    ramp, rest, hold, release, limit, lag_share, delay, dt_s
):
    law = TriggeredStep(
        trigger_hz=49.5,
        full_time_s=ramp + rest,
        ramp_s=ramp,
        hold_s=hold,
        release_pu_per_s=release,
        ramp_pu_per_s=limit,
        rearm_s=900.0,
    )
    frequency = np.full((1, round(30.0 / dt_s)), 49.4)
    asked = np.empty_like(frequency)
    respond(frequency, dt_s, law_rows((law,)), np.zeros((1, N_STATE)), asked)
    # The plant: transport, then a ramp over as many ticks as the product leaves for it, at most.
    n_ramp = 1 + int(lag_share * rest / dt_s)
    late = np.concatenate((np.zeros(delay), asked[0]))
    meter = np.convolve(late, np.full(n_ramp, 1.0 / n_ramp))[: late.size]
    assert np.count_nonzero(meter >= 1.0 - 1e-9) * dt_s >= hold - 1e-6
    assert np.diff(asked[0]).min() >= -release * dt_s - 1e-9
    assert np.diff(np.concatenate(([0.0], asked[0]))).max() <= limit * dt_s + 1e-9
