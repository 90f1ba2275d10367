"""Dynamic Containment through guard and converter: full in a second after a step, inside the band hour after hour."""

from datetime import date

import numpy as np
import pytest

from battuta.domain.command import Mandate
from battuta.domain.product_catalogue import product
from battuta.numerics.sampling import generator
from battuta.physics.pcs_kernels import pcs_follow
from battuta.physics.response import envelope_pu, outside_envelope_pu
from battuta.site.dispatch import Dispatch
from battuta.site.guard import GuardState, guard
from battuta.site.limits import SiteLimits, limit_table
from battuta.world.grid_character import GREAT_BRITAIN_LIKE, GridEvent
from battuta.world.grid_frequency import GridFrequency

LAW = product("gb_dc", date(2026, 1, 1)).law
LIMITS = limit_table(
    [SiteLimits(power_kw=100.0, apparent_power_kva=110.0, energy_kwh=205.0)],
    [Mandate(charge_kw_max=100.0, discharge_kw_max=100.0)],
    0,
)
TICKS_PER_S, STEPS_PER_TICK = 50, 2
LAG_S, RAMP_PU_PER_S = 0.05, 10.0
METER_HZ = 0.001


def delivered_pu(meter_hz, late_s=0.02):
    """Power at the end of each 10 ms of a site that sold 100 kW, its commands so late."""
    state, whole = GuardState.armed((LAW,)), np.zeros(1, dtype=np.int64)
    asked_pu = []
    for second, ticks_hz in enumerate(meter_hz.reshape(-1, TICKS_PER_S)):
        decided = Dispatch(
            time_ns=second * 10**9,
            base_kw=np.zeros(1),
            bounds_kw=np.array([[-100.0], [100.0], [100.0], [100.0]]),
            reactive_kvar=np.zeros(1),
            chiller_setpoint_c=np.full(1, np.nan),
            owner=whole,
            reason=whole,
        )
        block = guard(
            decided,
            ticks_hz[None, :].copy(),
            LIMITS,
            state,
            start_ns=second * 10**9,
            tick_s=1.0 / TICKS_PER_S,
            stopped=np.zeros(1, dtype=np.bool_),
        )
        asked_pu.append(block.power_kw[0] / 100.0)
    steps_pu = np.repeat(np.concatenate(asked_pu), STEPS_PER_TICK)
    n_late = round(late_s * TICKS_PER_S * STEPS_PER_TICK)
    steps_pu = np.concatenate((np.full(n_late, steps_pu[0]), steps_pu[: steps_pu.size - n_late]))[None, :]
    followed_pu = np.empty(steps_pu.shape)
    pcs_follow(steps_pu, steps_pu[:, 0].copy(), np.array([LAG_S]), np.array([RAMP_PU_PER_S]), 0.01, followed_pu)
    return followed_pu[0]


@pytest.mark.parametrize(("sign", "stepped_hz"), [(1.0, 49.5), (-1.0, 50.5)])
def test_a_step_of_half_a_hertz(sign, stepped_hz):
    """The step comes just after the tick at 2 s; a meter that works moves by a mHz."""
    ticks = np.arange(4 * TICKS_PER_S)
    meter_hz = np.where(ticks > 2 * TICKS_PER_S, stepped_hz, 50.0) - sign * METER_HZ * (ticks % 2)
    power_pu = sign * delivered_pu(meter_hz)
    assert np.abs(power_pu[:200]).max() == 0.0
    begun_s, full_s = ((np.flatnonzero(power_pu[200:] >= share)[0] + 1) * 0.01 for share in (0.01, 0.999))
    assert begun_s <= LAW.initiation_s
    assert full_s <= LAW.full_time_s
    # One tick until it is seen, 20 ms of transport, 50 ms of straight ramp, then half of the power by the lag of 50 ms.
    assert full_s == pytest.approx(0.02 + 0.02 + 0.05 + LAG_S * np.log(0.5 / 0.001), abs=0.011)


@pytest.fixture(scope="module")
def world():
    """Ten minutes like Great Britain with a loss of 1.6 GW: true frequency at 20 Hz and what a meter says at 50 Hz."""
    event = GridEvent(at_s=120.0, lost_power_mw=1600.0)
    grid = GridFrequency(7, character=GREAT_BRITAIN_LIKE, planted=(event,), random_events=False)
    true_hz = grid.samples(0, 601, 20).ravel()[: 600 * 20 + 1]
    at_ticks_hz = grid.samples(0, 600, TICKS_PER_S)
    error_hz = generator(7, "test.meter").uniform(-0.5, 0.5, at_ticks_hz.shape) * METER_HZ
    return true_hz, np.rint((at_ticks_hz + error_hz) / METER_HZ) * METER_HZ


def outside(power_pu, true_hz, meter_hz):
    """How far each sample lies outside the band of all frequencies within an accuracy of the meter."""
    low_pu = envelope_pu(true_hz + meter_hz, 0.05, LAW)[0]
    high_pu = envelope_pu(true_hz - meter_hz, 0.05, LAW)[1]
    return outside_envelope_pu(power_pu[4::5], low_pu[1:], high_pu[1:])


def test_a_large_loss_stays_inside_the_band(world):
    true_hz, meter_hz = world
    power_pu = delivered_pu(meter_hz)
    assert true_hz.min() < 49.5
    assert power_pu.max() == pytest.approx(1.0, abs=1e-6)
    assert outside(power_pu, true_hz, METER_HZ).max() < 1e-9
    # Against the band of the true frequency alone: no more than a mHz on the steep part of the curve.
    assert 0.0 < outside(power_pu, true_hz, 0.0).max() < 0.95 / 0.3 * METER_HZ + 1e-4


def test_a_late_delivery_is_outside(world):
    true_hz, meter_hz = world
    beyond_pu = outside(delivered_pu(meter_hz, late_s=1.2), true_hz, METER_HZ)
    assert np.count_nonzero(beyond_pu) > 20
    assert beyond_pu.max() > 0.05
