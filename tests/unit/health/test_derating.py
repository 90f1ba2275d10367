"""What findings leave of a string, by class, level, evidence and time that is left; the strictest of several."""

import math
from dataclasses import replace

import pytest

from battuta.domain.errors import DataError
from battuta.domain.health import Derating, FaultClass, Finding, FindingLevel
from battuta.domain.time import NS_PER_DAY
from battuta.health.decisions import StringDecisions
from battuta.health.derating import WholeString, derating_of, power_share, strictest, urgent_level
from battuta.health.derating_settings import DeratingSettings
from battuta.health.string_filter import StringFilter
from battuta.physics.cell_parameters import cell_parameters
from battuta.world.foreign.faults import ForeignFault, ForeignFaultKind
from battuta.world.foreign.foreign_fleet import FleetPlan, StringLife

WHOLE = WholeString(string_id="a", soc_min=0.05, soc_max=0.95, resistance_ohm=5e-4)


def finding(fault: FaultClass, level: FindingLevel = FindingLevel.ACT, **changes) -> Finding:
    usual = {"string_id": "a", "cell": 7, "since_ns": 0, "found_ns": 0, "probability": 0.5, "evidence": {}}
    return Finding(fault=fault, level=level, **(usual | changes))


def test_a_leak_is_not_run_empty_before_somebody_comes() -> None:
    slow = finding(FaultClass.MICRO_SHORT, evidence={"charge_lost_per_day": 0.003, "others_median": 0.001})
    left = derating_of([slow], WHOLE)
    assert (left.power_share_max, left.soc_max, left.temperature_c_max) == (0.5, 0.8, 40.0)
    assert left.soc_min == pytest.approx(0.05 + 0.002 * 14.0)
    known = finding(FaultClass.MICRO_SHORT, found_ns=6 * NS_PER_DAY, evidence=dict(slow.evidence))
    assert derating_of([known], WHOLE).soc_min == pytest.approx(0.05 + 0.002 * 20.0)
    fast = finding(FaultClass.MICRO_SHORT, evidence={"charge_lost_per_day": 0.5})
    assert derating_of([fast], WHOLE).soc_min == pytest.approx(0.25), "what is kept free has an end"


def test_a_joint_heats_no_more_than_before() -> None:
    risen = finding(FaultClass.RESISTANCE_RISE, evidence={"resistance_ohm": 3.2e-4, "others_median": 0.2e-4})
    share = derating_of([risen], WHOLE).power_share_max
    assert share**2 * (5e-4 + 3e-4) == pytest.approx(5e-4)
    broken = finding(FaultClass.RESISTANCE_RISE, evidence={"resistance_ohm": 1.0})
    assert derating_of([broken], WHOLE).power_share_max == 0.2
    assert power_share(-1.0, 5e-4) == 1.0
    restless = finding(FaultClass.LOOSE_CONTACT, evidence={"unrest_log": 1.2})
    assert derating_of([restless], WHOLE).power_share_max == 0.5


def test_what_decisions_tell_of_a_leak_and_of_a_resistance_is_read_by_its_own_names() -> None:
    """From the days of a string (SYNTHETIC) to what may be used, no name written twice."""
    cases = (
        (ForeignFaultKind.LEAK, 60.0, FaultClass.MICRO_SHORT),
        (ForeignFaultKind.RESISTANCE_RISE, 0.6, FaultClass.RESISTANCE_RISE),
    )
    policy = DeratingSettings()
    whole = WholeString(string_id="", soc_min=0.05, soc_max=0.95, resistance_ohm=4.4e-4)
    for kind, size, fault in cases:
        told = [each for each in told_of(kind, size) if each.fault is fault]
        assert told, kind
        acts = [replace(each, level=FindingLevel.ACT, days_to_limit=None) for each in told]
        for each in acts:
            left = derating_of([each], replace(whole, string_id=each.string_id), policy)
            bare = derating_of([replace(each, evidence={})], replace(whole, string_id=each.string_id), policy)
            assert left is not None, each
            assert left != bare, f"{dict(each.evidence)} was not read"


def told_of(kind: ForeignFaultKind, size: float) -> list[Finding]:
    fault = ForeignFault(kind=kind, string=0, cell=20, start_day=26, size=size)
    life = StringLife(FleetPlan(seed=305, n_strings=1, n_cells=48, faults=(fault,), has_events=False), 0)
    filtered, decisions = StringFilter(cell_parameters("lfp_314ah"), 48), StringDecisions(48, usual_ohm=4.4e-4)
    said = [filtered.take(life.block(1)) for _ in range(38)]
    return [each for day in said if day is not None for each in decisions.take(day) if each.cell == 20]


def test_the_weakest_cell_keeps_the_margins_of_the_string() -> None:
    weak = finding(FaultClass.CAPACITY_OUTLIER, evidence={"capacity_lost_share": 0.1, "others_median": 0.0})
    left = derating_of([weak], WHOLE)
    for soc in (left.soc_min, left.soc_max):
        cell_soc = 0.5 + (soc - 0.5) / 0.9
        assert 0.05 - 1e-12 <= cell_soc <= 0.95 + 1e-12
    assert (left.soc_min, left.soc_max) == pytest.approx((0.095, 0.905))
    assert left.power_share_max == 1.0


def test_a_wrong_sensor_costs_margins_and_no_power() -> None:
    left = derating_of([finding(FaultClass.STUCK_VALUE)], WHOLE)
    assert (left.power_share_max, left.soc_min, left.soc_max) == pytest.approx((1.0, 0.1, 0.9))
    assert math.isinf(left.temperature_c_max)
    assert derating_of([finding(FaultClass.TEMPERATURE_SENSOR)], WHOLE).temperature_c_max == 50.0
    assert derating_of([finding(FaultClass.WATER, cell=None)], WHOLE).power_share_max == 0.0


def test_what_is_only_watched_and_what_calls_for_a_visit_alone_leave_all() -> None:
    assert derating_of([], WHOLE) is None
    assert derating_of([finding(FaultClass.MICRO_SHORT, FindingLevel.WATCH)], WHOLE) is None
    assert derating_of([finding(FaultClass.CONTACTOR_WEAR)], WHOLE) is None
    assert derating_of([finding(FaultClass.CAPACITY_OUTLIER)], WHOLE) is None, "nothing was measured to go by"


def test_a_limit_that_is_near_makes_any_finding_urgent() -> None:
    near = finding(FaultClass.MICRO_SHORT, FindingLevel.WATCH, days_to_limit=(14.0, 30.0, 60.0))
    assert urgent_level(near, DeratingSettings()) is FindingLevel.ACT
    assert derating_of([near], WHOLE).power_share_max == 0.5
    far = finding(FaultClass.MICRO_SHORT, FindingLevel.WATCH, days_to_limit=(14.1, 30.0, 60.0))
    assert derating_of([far], WHOLE) is None


def test_of_several_the_strictest_of_each_holds() -> None:
    both = [finding(FaultClass.MICRO_SHORT), finding(FaultClass.STUCK_VALUE, cell=3)]
    left = derating_of(both, WHOLE)
    assert (left.power_share_max, left.soc_min, left.soc_max) == pytest.approx((0.5, 0.1, 0.8))
    assert left.reason == "micro short of cell 7 (act); stuck value of cell 3 (act)"
    assert strictest([derating_of([each], WHOLE) for each in reversed(both)]).soc_max == 0.8


def test_windows_that_do_not_meet_leave_one_point() -> None:
    def window(soc_min: float, soc_max: float) -> Derating:
        return Derating(
            string_id="a", power_share_max=1.0, soc_min=soc_min, soc_max=soc_max, temperature_c_max=45.0, reason="x"
        )

    left = strictest([window(0.6, 0.9), window(0.1, 0.4)])
    assert (left.soc_min, left.soc_max) == (0.4, 0.4)


def test_a_finding_of_another_string_is_refused() -> None:
    with pytest.raises(DataError, match="a finding of string b cannot derate string a"):
        derating_of([finding(FaultClass.MICRO_SHORT, string_id="b")], WHOLE)
