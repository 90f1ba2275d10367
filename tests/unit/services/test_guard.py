"""The guard's actor: nothing before the first dispatch, then the newest one."""

import numpy as np

from battuta.domain.command import Mandate
from battuta.services.guard import DispatchArrived, FrequencyMeasured, GuardMemory, step
from battuta.site.dispatch import Dispatch
from battuta.site.limits import SiteLimits, limit_table

SITE = SiteLimits(power_kw=100.0, apparent_power_kva=110.0, energy_kwh=200.0)
LIMITS = limit_table([SITE] * 2, [Mandate(charge_kw_max=100.0, discharge_kw_max=100.0)] * 2, 0)


def arrived(base_kw: float, stopped=(False, False)) -> DispatchArrived:
    dispatch = Dispatch(
        time_ns=0,
        base_kw=np.full(2, base_kw),
        bounds_kw=np.array([[-100.0] * 2, [100.0] * 2, [0.0] * 2, [0.0] * 2]),
        reactive_kvar=np.array([3.0, 4.0]),
        owner=np.zeros(2, dtype=np.int64),
        reason=np.zeros(2, dtype=np.int64),
    )
    return DispatchArrived(dispatch=dispatch, stopped=np.array(stopped))


def measured(start_ns: int = 0) -> FrequencyMeasured:
    return FrequencyMeasured(start_ns=start_ns, tick_s=0.05, frequency_hz=np.full((2, 20), 50.0))


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
