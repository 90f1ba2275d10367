"""Contactors that wear or do not follow, a bus that fills at another pace, strings that carry nothing."""

import numpy as np

from battuta.domain.health import FaultClass, FindingLevel
from battuta.health.site_checks_limits import SiteLimits
from battuta.health.site_checks_switching import contactor_findings, event_moves, fuse_findings, precharge_findings
from battuta.health.wear_counters import ElectricalLife
from unit.health.site_logs import DAY, LATE, RAMP, found_day, noise, site_log, with_days

IS_OPEN = (DAY % 1.0) < 0.05
COMMAND = np.column_stack([1.0 - IS_OPEN, 1.0 - IS_OPEN])
FLOWS = 100.0 * np.sin(2.0 * np.pi * DAY)
LIMITS, LIFE = SiteLimits(), ElectricalLife()


def said(log, **more):
    return contactor_findings(*with_days(log), LIMITS, LIFE, **more)


def events(values, every=1.0):
    return np.where(np.isclose(DAY % every, 0.0), values, np.nan)


def test_contactors_that_follow_are_not_told() -> None:
    assert said(site_log(contactor_command=COMMAND, contactor_state=COMMAND)) == []


def test_a_welded_contactor_is_told_at_the_next_opening() -> None:
    state = COMMAND.copy()
    state[LATE, 1] = 1.0
    told = said(site_log(contactor_command=COMMAND, contactor_state=state))
    assert len(told) == 1
    assert told[0].evidence == {"contactor": 1.0, "command": 0.0, "state": 1.0}
    assert found_day(told[0]) < 61.1


def test_switching_without_load_wears_little_and_under_load_much() -> None:
    idle, loaded = events(np.full(DAY.size, 1.0))[:, None], events(np.where(LATE, 120.0, 1.0), 0.125)[:, None]
    assert said(site_log(contactor_open_current_a=idle)) == []
    told = said(site_log(contactor_open_current_a=loaded))
    assert [each.fault for each in told] == [FaultClass.CONTACTOR_WEAR] * len(told)
    assert told[0].level < told[-1].level
    early, middle, late = told[0].days_to_limit
    assert early < middle < late


def test_what_was_used_before_counts() -> None:
    told = said(site_log(contactor_open_current_a=events(np.ones(DAY.size))[:, None]), used_before=np.array([0.9]))
    assert told[0].level is FindingLevel.PLAN


def test_a_slower_pre_charge_is_told_and_a_steady_one_is_not() -> None:
    steady = events(0.8 * (1.0 + noise(0.02)))
    assert precharge_findings(site_log(precharge_s=steady), LIMITS) == []
    for share in (0.5, -0.35):
        told = precharge_findings(site_log(precharge_s=steady * (1.0 + share * RAMP)), LIMITS)
        assert told[0].fault is FaultClass.PRECHARGE
        assert 65.0 < found_day(told[0]) < 100.0
        assert told[0].days_to_limit is None


def test_a_bus_that_does_not_fill_asks_for_somebody() -> None:
    told = precharge_findings(site_log(precharge_share=events(np.where(LATE, 0.8, 0.99))), LIMITS)
    assert told[0].level is FindingLevel.ACT
    assert found_day(told[0]) == 61.0


def test_events_count_their_own_pace_in_days() -> None:
    values = events(24.0 - 2.5 * RAMP + noise(0.02), 2.0)
    told = event_moves(
        site_log(), values, LIMITS.ups, FaultClass.AUXILIARY_SUPPLY, LIMITS, name="ups_v", shown=lambda x: x, limit=21.0
    )
    assert told[-1].evidence["trend_per_day"] < -0.02
    assert told[-1].days_to_limit[1] < 90.0


def test_a_string_without_current_is_named_unless_it_is_open() -> None:
    current = np.column_stack([FLOWS, np.where(LATE, 0.2, FLOWS), FLOWS])
    told = fuse_findings(site_log(string_current_a=current), LIMITS)
    assert [each.evidence["string"] for each in told] == [1.0]
    assert found_day(told[0]) < 60.2
    opened = np.ones((DAY.size, 3))
    opened[LATE, 1] = 0.0
    assert fuse_findings(site_log(string_current_a=current, contactor_state=opened), LIMITS) == []
    assert fuse_findings(site_log(string_current_a=current[:, :1]), LIMITS) == []
