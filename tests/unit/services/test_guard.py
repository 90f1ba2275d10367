"""The guard's actor: nothing before the first dispatch, then the newest one."""

import numpy as np

from battuta.domain.command import Mandate, Reason
from battuta.domain.health import Derating
from battuta.services.conductor_events import DeratingsSet
from battuta.services.guard import DispatchArrived, FrequencyMeasured, GuardMemory, step
from battuta.site.dispatch import Dispatch
from battuta.site.limits import SiteLimits, limit_table

SITE = SiteLimits(power_kw=100.0, apparent_power_kva=110.0, energy_kwh=200.0)
LIMITS = limit_table([SITE] * 2, [Mandate(charge_kw_max=100.0, discharge_kw_max=100.0)] * 2, 0)


def arrived(base_kw: float, stopped=(False, False), steady_s: float = 0.0, chiller_c=np.nan) -> DispatchArrived:
    dispatch = Dispatch(
        time_ns=0,
        base_kw=np.full(2, base_kw),
        bounds_kw=np.array([[-100.0] * 2, [100.0] * 2, [0.0] * 2, [0.0] * 2]),
        reactive_kvar=np.array([3.0, 4.0]),
        chiller_setpoint_c=np.array([chiller_c, np.nan]),
        owner=np.zeros(2, dtype=np.int64),
        reason=np.zeros(2, dtype=np.int64),
    )
    return DispatchArrived(dispatch=dispatch, stopped=np.array(stopped), steady_ns=round(steady_s * 1e9))


def measured(start_ns: int = 0, steady_s: float = 0.0) -> FrequencyMeasured:
    steady_ns = round(steady_s * 1e9)
    return FrequencyMeasured(start_ns=start_ns, steady_ns=steady_ns, tick_s=0.05, frequency_hz=np.full((2, 20), 50.0))


def test_before_the_first_dispatch_nothing_flows() -> None:
    memory = GuardMemory.at_rest(LIMITS, (None, None), 0)
    _, (written,) = step(memory, measured())
    assert not written.block.counts.any()
    assert written.stopped.tolist() == [False, False]


def test_the_newest_dispatch_is_written_with_its_reactive_power() -> None:
    memory = GuardMemory.at_rest(LIMITS, (None, None), 0)
    memory, effects = step(memory, arrived(5.0))
    assert effects == ()
    memory, _ = step(memory, arrived(7.0))
    _, (written,) = step(memory, measured())
    assert written.block.counts.tolist() == [[700] * 20] * 2
    assert written.reactive_kvar.tolist() == [3.0, 4.0]


def test_a_stop_holds_for_its_site_alone_and_until_it_is_lifted() -> None:
    memory = GuardMemory.at_rest(LIMITS, (None, None), 0)
    memory, _ = step(memory, arrived(5.0, (True, False)))
    memory, (written,) = step(memory, measured())
    assert written.block.counts[:, -1].tolist() == [0, 500]
    assert written.stopped.tolist() == [True, False]
    memory, _ = step(memory, arrived(5.0))
    _, (written,) = step(memory, measured())
    assert written.block.counts[:, 0].tolist() == [500, 500]


def test_a_stopped_site_gives_no_reactive_power() -> None:
    memory, _ = step(GuardMemory.at_rest(LIMITS, (None, None), 0), arrived(5.0, (True, False)))
    _, (written,) = step(memory, measured())
    assert written.reactive_kvar.tolist() == [0.0, 4.0]


def test_silence_goes_by_the_clock_that_nobody_sets() -> None:
    memory, _ = step(GuardMemory.at_rest(LIMITS, (None, None), 0), arrived(5.0, steady_s=100.0))
    memory, (written,) = step(memory, measured(start_ns=10**15, steady_s=101.0))
    assert not (written.block.reason & int(Reason.STALE_DISPATCH)).any()
    _, (written,) = step(memory, measured(start_ns=10**15, steady_s=112.0))
    assert (written.block.reason & int(Reason.STALE_DISPATCH)).all()
    assert written.reactive_kvar.tolist() == [0.0, 0.0]


def test_a_mandate_that_runs_out_allows_no_power_from_that_tick() -> None:
    mandate = Mandate(charge_kw_max=100.0, discharge_kw_max=100.0, not_after_ns=10**9)
    limits = limit_table([SITE] * 2, [mandate, Mandate(charge_kw_max=100.0, discharge_kw_max=100.0)], 0)
    memory, _ = step(GuardMemory.at_rest(limits, (None, None), 0), arrived(5.0))
    memory, (written,) = step(memory, measured(start_ns=10**9 - 1))
    assert written.block.counts[:, 0].tolist() == [500, 500]
    _, (written,) = step(memory, measured(start_ns=10**9))
    assert written.block.counts[:, 0].tolist() == [0, 500]


def test_a_coolant_temperature_is_written_when_it_changes_and_once_a_minute() -> None:
    memory, _ = step(GuardMemory.at_rest(LIMITS, (None, None), 0), arrived(5.0, chiller_c=17.0))
    said = []
    for second in range(70):
        memory, _ = step(memory, arrived(5.0, steady_s=second, chiller_c=17.0 if second < 5 else 20.0))
        memory, (written,) = step(memory, measured(steady_s=second))
        said.append(written.chiller_setpoint_c.copy())
    assert [k for k, each in enumerate(said) if not np.isnan(each[0])] == [0, 5, 65]
    assert [said[0][0], said[5][0]] == [17.0, 20.0]
    assert np.isnan(np.array(said)[:, 1]).all()


def test_without_a_conductor_the_chiller_falls_back_to_its_own_setpoint() -> None:
    site = SiteLimits(power_kw=100.0, apparent_power_kva=100.0, energy_kwh=200.0, chiller_setpoint_c=22.0)
    limits = limit_table([site] * 2, [Mandate(charge_kw_max=100.0, discharge_kw_max=100.0)] * 2, 0)
    memory, _ = step(GuardMemory.at_rest(limits, (None, None), 0), arrived(5.0, chiller_c=34.0))
    memory, (written,) = step(memory, measured())
    assert written.chiller_setpoint_c[0] == 34.0
    _, (written,) = step(memory, measured(steady_s=11.0))
    assert written.chiller_setpoint_c.tolist() == [22.0, 22.0]


def test_a_derating_holds_at_the_guard_even_where_the_dispatch_allows_more() -> None:
    left = Derating(
        string_id="site-1", power_share_max=0.1, soc_min=0.0, soc_max=1.0, temperature_c_max=60.0, reason=""
    )
    memory = GuardMemory.at_rest(LIMITS, (None, None), 0)
    memory, _ = step(memory, arrived(50.0))
    memory, effects = step(memory, DeratingsSet(deratings=(None, left)))
    assert effects == ()
    memory, (written,) = step(memory, measured())
    assert written.block.power_kw[:, -1].tolist() == [50.0, 10.0]
    memory, _ = step(memory, DeratingsSet(deratings=(None, None)))
    _, (written,) = step(memory, measured())
    assert written.block.power_kw[:, -1].tolist() == [50.0, 50.0]
