"""The state machine against a plain one, and its phases one by one."""

import math

import numpy as np
import pytest

from battuta.domain.response_law import Droop, TriggeredStep, law_rows
from battuta.physics.pcs_kernels import pcs_follow
from battuta.physics.triggered_kernels import N_STATE, OUTPUT_PU, PHASE, SPENT, respond

FFR = TriggeredStep(trigger_hz=49.5, full_time_s=0.7, ramp_s=0.5, hold_s=5.0, release_pu_per_s=0.2, rearm_s=900.0)
CE = Droop(points_hz=(-0.2, 0.2), points_pu=(1.0, -1.0), deadband_hz=0.01, full_time_s=30.0)


def run(law, frequency_hz, dt_s, state=None):
    frequency_hz = np.array([frequency_hz], dtype=float)
    out = np.empty_like(frequency_hz)
    state = np.zeros((1, N_STATE)) if state is None else state
    respond(frequency_hz, dt_s, law_rows((law,)), state, out)
    return out[0]


def plain_step(law, frequency_hz, dt_s):
    """The course of one activation as a function of the time since its trigger."""
    out = np.zeros(len(frequency_hz))
    beyond = (law.trigger_hz - frequency_hz) * law.direction >= 0.0
    free = 0
    while True:
        at = next((k for k in range(free, len(beyond)) if beyond[k]), None)
        if at is None:
            return out
        since = np.arange(len(out) - at) * dt_s
        full = math.ceil(law.ramp_s / dt_s - 1e-6) * dt_s
        end = full + law.full_time_s - law.ramp_s + law.hold_s
        back = 1.0 - law.release_pu_per_s * (since - end) if law.release_pu_per_s < math.inf else np.zeros(len(since))
        course = np.where(since < end - 1e-7, 1.0, np.maximum(back, 0.0))
        if law.ramp_s > 0.0:
            course = np.where(since < law.ramp_s - 1e-7, since / law.ramp_s, course)
        out[at:] = law.direction * course
        recovered = next((k for k in range(at, len(beyond)) if not beyond[k]), len(beyond))
        done = at + next((int(k) for k in np.flatnonzero(since > end - 1e-7) if course[k] <= 1e-6), len(beyond))
        free = max(recovered, done, at + math.ceil(law.rearm_s / dt_s - 1e-6))


@pytest.mark.parametrize(
    "law",
    [
        FFR,
        TriggeredStep(trigger_hz=50.3, direction=-1, full_time_s=1.0, hold_s=2.0, rearm_s=4.0),
        TriggeredStep(trigger_hz=49.7, full_time_s=1.3, ramp_s=1.0, hold_s=1.0, release_pu_per_s=0.5, rearm_s=10.0),
        TriggeredStep(trigger_hz=49.7, full_time_s=1.3, ramp_s=0.52, hold_s=1.01, release_pu_per_s=0.7, rearm_s=9.0),
    ],
)
def test_the_machine_is_the_plain_course(law):
    rng = np.random.default_rng(7)
    frequency = 50.0 + np.cumsum(rng.normal(0.0, 0.02, 4000))
    frequency = 50.0 + 0.6 * np.sin(frequency * 3.0)
    got = run(law, frequency, 0.05)
    assert np.any(got != 0.0)
    assert np.max(np.abs(got - plain_step(law, frequency, 0.05))) < 1e-9


def test_ramp_hold_release_and_ready_again():
    dip = np.full(20_000, 49.4)
    dip[100:] = 50.0
    out = run(FFR, dip, 0.05)
    assert out[:11] == pytest.approx(np.linspace(0.0, 1.0, 11))
    assert np.all(out[10:114] == 1.0)
    assert out[114] == 1.0
    assert np.all(np.diff(out[114:215]) == pytest.approx(-0.01))
    assert np.all(out[215:] == 0.0)
    again = np.concatenate((dip[:18_000], np.full(100, 49.4)))
    assert run(FFR, again, 0.05)[18_000:18_020].max() == 1.0
    early = np.concatenate((dip[:17_000], np.full(100, 49.4)))
    assert run(FFR, early, 0.05)[17_000:].max() == 0.0


def test_frequency_that_stays_low_does_not_fire_twice():
    law = TriggeredStep(trigger_hz=49.5, full_time_s=0.7, hold_s=1.0, rearm_s=2.0)
    assert np.flatnonzero(run(law, np.full(400, 49.3), 0.05)).tolist() == list(range(34))


@pytest.mark.parametrize("late_ticks", [0, 1, 5, 6])
def test_a_converter_that_is_full_in_time_supports_for_the_whole_hold(late_ticks):
    """Transport of some ticks, then a converter that reaches full power in a straight line, just in time."""
    law = TriggeredStep(trigger_hz=49.5, full_time_s=0.7, hold_s=5.0, release_pu_per_s=0.2, rearm_s=900.0)
    asked = run(law, np.where(np.arange(1000) < 50, 50.0, 49.4), 0.05)
    arrived = np.concatenate((np.zeros(late_ticks), asked))[np.newaxis, :1000]
    meter = np.empty_like(arrived)
    ramp_pu_per_s = np.array([1.0 / (0.7 - 0.05 * late_ticks)])
    pcs_follow(np.ascontiguousarray(arrived), np.zeros(1), np.zeros(1), ramp_pu_per_s, 0.05, meter)
    full = np.flatnonzero(meter[0] >= 1.0 - 1e-9)
    assert (full[0] + 1 - 50) * 0.05 <= 0.7 + 1e-9
    assert np.all(np.diff(full) == 1)
    assert full.size * 0.05 >= 5.0 - 1e-9


def test_a_ramp_limit_delays_the_hold_and_does_not_shorten_it():
    law = TriggeredStep(trigger_hz=49.5, full_time_s=0.5, hold_s=2.0, ramp_pu_per_s=0.5, rearm_s=900.0)
    out = run(law, np.full(400, 49.4), 0.05)
    assert np.flatnonzero(out == 1.0).tolist() == list(range(39, 39 + 50))
    assert np.max(np.abs(np.diff(out))) == pytest.approx(0.025)


def test_a_droop_holds_a_missing_frequency_and_then_lets_go():
    frequency = np.full(400, np.nan)
    frequency[0] = 49.9
    out = run(CE, frequency, 0.05)
    assert np.all(out[:11] == out[0])
    assert out[0] == pytest.approx(0.5)
    assert out[11] == pytest.approx(0.5 - 0.1 * 0.05)
    assert np.all(out[115:] == 0.0)
    dead_line = np.where(np.isnan(frequency), 0.0, frequency)
    assert run(CE, dead_line, 0.05).tobytes() == out.tobytes()


def test_a_latched_step_runs_its_course_without_frequency_but_none_starts():
    frequency = np.full(300, np.nan)
    assert np.all(run(FFR, frequency, 0.05) == 0.0)
    frequency[0] = 49.4
    assert run(FFR, frequency, 0.05)[10:110].min() == 1.0


def test_a_ramp_limit_holds_both_ways():
    law = Droop(points_hz=(-0.2, 0.2), points_pu=(1.0, -1.0), full_time_s=30.0, ramp_pu_per_s=0.1)
    out = run(law, np.repeat([49.5, 50.5], 200), 0.05)
    assert np.max(np.abs(np.diff(out))) == pytest.approx(0.005)
    assert (out[199], out[-1]) == (pytest.approx(1.0), pytest.approx(0.0))


def test_sites_do_not_touch_each_other_and_a_new_law_starts_armed():
    rows = law_rows((CE, None, FFR))
    state = np.zeros((3, N_STATE))
    out = np.empty((3, 300))
    respond(np.full((3, 300), 49.4), 0.05, rows, state, out)
    assert out[:, 20].tolist() == [1.0, 0.0, 1.0]
    assert np.all(out[1] == 0.0)
    assert state[2, PHASE] == SPENT
    respond(np.full((3, 1), 50.0), 0.05, law_rows((None, CE, CE)), state, out[:, :1].copy())
    assert state[:, OUTPUT_PU].tolist() == [0.0, 0.0, 0.0]
    assert state[2, PHASE] == 0.0


def test_a_droop_forgets_what_was_before_a_gap_and_before_another_law():
    droop = Droop(points_hz=(-0.2, 0.2), points_pu=(1.0, -1.0), initiation_s=0.5, full_time_s=30.0)
    frequency = np.array([49.9] * 10 + [np.nan] + [49.904, 49.902])
    state = np.zeros((1, N_STATE))
    out = run(droop, frequency, 0.05, state)
    assert out[9:] == pytest.approx([0.5, 0.5, 0.48, 0.485])
    run(FFR, [50.0], 0.05, state)
    assert run(droop, [49.9], 0.05, state)[0] == pytest.approx(0.5)
