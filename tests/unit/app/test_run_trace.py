"""The trace of a run: means, extremes, owners and reasons of steps, missing values left out, memory bounded."""

from types import SimpleNamespace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from battuta.app.living import Moment
from battuta.app.run_trace import STEPS_MAX, STEPS_S, VALUES_MAX, RunTrace, owner_names, trace_step_s
from battuta.domain.command import Owner, Reason
from battuta.domain.image import N_SIGNALS, N_SOURCES, Signal, SiteImage
from battuta.site.dispatch import Dispatch

START_NS = 1_767_225_600 * 10**9
DAY_S = 86_400


def moment_of(second: int, *, owner=(Owner.MARKET, Owner.REST), reason=(Reason.MARKET, Reason.REST), **rows) -> Moment:
    """Two sites; rows by the name of their signal."""
    values = np.full((N_SIGNALS, 2), np.nan)
    for name, row in rows.items():
        values[Signal[name.upper()]] = row
    time_ns = START_NS + second * 10**9
    dispatch = Dispatch(
        time_ns=time_ns, base_kw=np.zeros(2), bounds_kw=np.zeros((4, 2)), reactive_kvar=np.zeros(2),
        chiller_setpoint_c=np.zeros(2), owner=np.array(owner, dtype=np.int64), reason=np.array(reason, dtype=np.int64),
    )  # fmt: skip
    image = SiteImage(time_ns=time_ns, values=values, age_s=np.zeros((N_SOURCES, 2)))
    return Moment(image=image, dispatch=dispatch, alarms=())


def traced(moments, *, duration_s: int = 3_600, price=lambda _: 50.0):
    trace = RunTrace(2, duration_s, START_NS)
    for second, moment in enumerate(moments):
        trace.add(moment, price(second), second)
    return trace.finish()


def test_a_step_is_the_mean_of_its_seconds_and_the_extreme_of_its_cells() -> None:
    moments = [
        moment_of(
            k, converter_power_kw=[k, -k], soc=[0.5, 0.25], cell_temperature_c_min=[20 - k, 10],
            cell_temperature_c_max=[20 + k, 30], frequency_hz=[50.0 + 0.01 * k, 50.0 + 0.01 * k],
        )
        for k in range(20)
    ]  # fmt: skip
    trace = traced(moments)
    assert trace.step_s == 10
    assert trace.time_ns.tolist() == [START_NS, START_NS + 10 * 10**9]
    np.testing.assert_allclose(trace.power_kw, [[4.5, -4.5], [14.5, -14.5]])
    np.testing.assert_allclose(trace.soc, [[0.5, 0.25]] * 2)
    np.testing.assert_allclose(trace.cell_temperature_c_min, [[11, 10], [1, 10]])
    np.testing.assert_allclose(trace.cell_temperature_c_max, [[29, 30], [39, 30]])
    np.testing.assert_allclose(trace.frequency_hz_min, [50.0, 50.1])
    np.testing.assert_allclose(trace.frequency_hz_max, [50.09, 50.19])
    assert trace.price_per_mwh.tolist() == [50.0, 50.0]


def test_what_is_missing_is_left_out_and_what_never_spoke_is_missing() -> None:
    moments = [moment_of(k, converter_power_kw=[np.nan if k < 5 else 8.0, np.nan]) for k in range(10)]
    trace = traced(moments, price=lambda second: np.nan if second else 30.0)
    assert trace.power_kw[0, 0] == 8.0
    assert np.isnan(trace.power_kw[0, 1])
    assert np.isnan(trace.frequency_hz_min[0])
    assert np.isnan(trace.cell_temperature_c_max).all()
    assert trace.price_per_mwh.tolist() == [30.0]
    np.testing.assert_allclose(trace.energy_out_kwh, [40.0 / 3600.0, 0.0])


def test_one_broken_meter_is_not_the_grid() -> None:
    trace = RunTrace(3, 600, START_NS)
    values = np.full((N_SIGNALS, 3), np.nan)
    values[Signal.FREQUENCY_HZ] = [50.01, 47.0, 50.02]
    image = SimpleNamespace(values=values)
    dispatch = SimpleNamespace(owner=np.zeros(3), reason=np.zeros(3))
    for second in range(10):
        trace.add(SimpleNamespace(image=image, dispatch=dispatch), 0.0, second)
    assert trace.finish().frequency_hz_min.tolist() == [50.01]


def test_the_owner_of_most_seconds_and_all_reasons_are_kept() -> None:
    moments = [
        moment_of(
            k,
            owner=(Owner.MARKET if k < 6 else Owner.SAFETY, Owner.REST),
            reason=(Reason.RAMP if k == 3 else Reason.MARKET, Reason.REST),
        )
        for k in range(10)
    ]
    trace = traced(moments)
    assert trace.owner.tolist() == [[Owner.MARKET, Owner.REST]]
    assert trace.reason.tolist() == [[Reason.RAMP | Reason.MARKET, Reason.REST]]
    expected = [0] * len(Owner)
    expected[Owner.MARKET], expected[Owner.SAFETY], expected[Owner.REST] = 6, 4, 10
    assert trace.owner_s.tolist() == [expected]


def test_a_step_of_several_minutes_remembers_all_of_them() -> None:
    moments = [
        moment_of(
            k,
            soc=[k / 200.0, 0.5],
            cell_temperature_c_min=[10 + abs(k - 30), 10],
            cell_temperature_c_max=[40 - abs(k - 30), 30],
            frequency_hz=50.0 + 0.1 * np.sign(k - 30) * (abs(k - 30) < 5),
            reason=(Reason.RAMP if k == 30 else Reason.MARKET, Reason.REST),
            owner=(Owner.SAFETY if k < 110 else Owner.MARKET, Owner.REST),
        )
        for k in range(200)
    ]
    trace = traced(moments, duration_s=3 * DAY_S)
    assert (trace.step_s, trace.soc.shape) == (300, (1, 2))
    np.testing.assert_allclose(trace.soc[0, 0], 99.5 / 200.0)
    assert (trace.cell_temperature_c_min[0, 0], trace.cell_temperature_c_max[0, 0]) == (10, 40)
    np.testing.assert_allclose([trace.frequency_hz_min[0], trace.frequency_hz_max[0]], [49.9, 50.1])
    assert trace.reason[0, 0] == Reason.RAMP | Reason.MARKET
    assert trace.owner[0, 0] == Owner.SAFETY
    assert trace.price_per_mwh.tolist() == [50.0]


def test_a_run_that_was_interrupted_keeps_its_last_short_step() -> None:
    trace = traced([moment_of(k, soc=[0.1 * (k < 10), 0.5]) for k in range(13)])
    np.testing.assert_allclose(trace.soc, [[0.1, 0.5], [0.0, 0.5]])
    assert trace.owner_s.sum(axis=1).tolist() == [20, 6]


def test_the_highest_quarter_hour_is_one_that_was_lived_to_its_end() -> None:
    meter = [*[-10.0] * 900, *[-40.0] * 900, *[-500.0] * 890]
    trace = traced([moment_of(k, meter_power_kw=[kw, np.nan]) for k, kw in enumerate(meter)])
    assert trace.import_kw_max[0] == 40.0
    assert np.isnan(trace.import_kw_max[1])


def test_a_second_that_came_late_leaves_its_steps_empty() -> None:
    trace = RunTrace(2, 3_600, START_NS)
    for second in [*range(5), *range(25, 30)]:
        trace.add(moment_of(second, soc=[0.5, 0.5], meter_power_kw=[-1.0, -2.0]), 1.0, second)
    kept = trace.finish()
    assert kept.time_ns.shape == (3,)
    np.testing.assert_array_equal(kept.soc[:, 0], np.array([0.5, np.nan, 0.5], dtype=np.float32))
    assert kept.owner[:, 0].tolist() == [Owner.MARKET, -1, Owner.MARKET]
    assert kept.owner_s.sum(axis=1).tolist() == [10, 0, 10]
    assert np.isnan(kept.price_per_mwh[1])


def test_moments_beyond_the_run_are_not_kept() -> None:
    assert traced([moment_of(k) for k in range(50)], duration_s=30).time_ns.shape == (3,)


@given(st.integers(1, 366 * DAY_S), st.integers(1, 10_000))
def test_memory_is_bounded(duration_s: int, n_sites: int) -> None:
    step_s = trace_step_s(duration_s, n_sites)
    n_steps = -(-duration_s // step_s)
    assert n_steps <= STEPS_MAX
    assert step_s == STEPS_S[-1] or n_steps * n_sites <= VALUES_MAX
    finer = [each for each in STEPS_S if each < step_s]
    assert all(-(-duration_s // each) > STEPS_MAX or -(-duration_s // each) * n_sites > VALUES_MAX for each in finer)


@settings(deadline=None, max_examples=20)
@given(st.integers(0, 2**31), st.integers(1, 150))
def test_steps_weighted_by_their_seconds_give_the_mean_of_all(seed: int, n_seconds: int) -> None:
    power_kw = np.random.default_rng(seed).uniform(-100.0, 100.0, (n_seconds, 2))
    trace = traced([moment_of(k, converter_power_kw=row) for k, row in enumerate(power_kw)])
    seconds = trace.owner_s.sum(axis=1)[:, None] / 2
    assert seconds.sum() == n_seconds
    np.testing.assert_allclose((trace.power_kw * seconds).sum(axis=0), power_kw.sum(axis=0), atol=1e-2)
    np.testing.assert_allclose(trace.energy_out_kwh, np.maximum(power_kw, 0.0).sum(axis=0) / 3600.0)


@pytest.mark.parametrize(("days", "step_s"), [(0.1, 10), (1, 60), (2, 60), (3, 300), (20, 900), (90, 3600)])
def test_steps_widen_with_the_duration(days: float, step_s: int) -> None:
    assert trace_step_s(int(days * DAY_S), 20) == step_s


def test_every_owner_has_a_name() -> None:
    assert owner_names()[Owner.PEAK_SHAVING] == "peak shaving"
    assert len(owner_names()) == len(Owner)
