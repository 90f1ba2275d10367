"""Coolant that is lost, a pump that weakens or stands; heat, work and refills are no fault."""

import numpy as np
import pytest

from battuta.domain.health import FaultClass, FindingLevel
from battuta.health.site_checks_cooling import coolant_findings
from battuta.health.site_checks_limits import SiteLimits
from unit.health.site_logs import DAY, LATE, RAMP, found_day, noise, site_log, with_days

SEASON_C = 6.0 * np.sin(DAY / 20.0) + 3.0 * np.sin(2.0 * np.pi * DAY)
SPEED = 0.6 + 0.2 * np.sin(2.0 * np.pi * DAY)


def coolant(*, level=0.0, flow=1.0, pressure=0.0, speed=1.0, command=SPEED):
    return site_log(
        coolant_in_c=20.0 + SEASON_C,
        coolant_level=0.8 + 0.008 * SEASON_C + level + noise(0.005),
        coolant_pressure_bar=1.6 + 0.01 * SEASON_C + 0.3 * SPEED**2 + pressure + noise(0.01, 2),
        coolant_flow_l_per_min=200.0 * SPEED * speed * flow * (1.0 + noise(0.01, 3)),
        pump_speed=SPEED * speed,
        pump_command=command,
    )


def said(log):
    return coolant_findings(*with_days(log), SiteLimits())


def test_heat_is_no_fault() -> None:
    assert said(coolant()) == []


def test_a_refill_and_a_better_pump_are_no_fault() -> None:
    assert said(coolant(level=-0.0005 * DAY + 0.1 * LATE, flow=1.0 + 0.04 * LATE)) == []


@pytest.mark.parametrize(
    ("broken", "fault"),
    [
        ({"level": -0.2 * RAMP}, FaultClass.COOLANT_LEVEL),
        ({"flow": 1.0 - 0.3 * RAMP}, FaultClass.COOLANT_FLOW),
        ({"pressure": -0.6 * RAMP}, FaultClass.COOLANT_PRESSURE),
    ],
)
def test_what_fades_is_told_weeks_ahead(broken, fault) -> None:
    told = said(coolant(**broken))
    assert {each.fault for each in told} == {fault}
    first = min(told, key=found_day)
    assert 60.0 < found_day(first) < 100.0
    assert first.level < FindingLevel.ACT
    assert first.days_to_limit is not None


def test_a_pump_that_stands_is_told_at_once() -> None:
    told = [each for each in said(coolant(speed=np.where(LATE, 0.0, 1.0))) if each.level is FindingLevel.ACT]
    assert found_day(told[0]) < 60.1
    assert told[0].fault is FaultClass.COOLANT_FLOW


def test_a_pump_that_is_told_to_stand_is_none() -> None:
    stands = (DAY > 50.0) & (DAY < 50.4)
    log = coolant(speed=np.where(stands, 0.0, 1.0), command=np.where(stands, 0.0, SPEED))
    assert said(log) == []


def test_too_low_is_too_low_from_the_first_day() -> None:
    told = said(coolant(level=-0.6))
    assert told[0].level is FindingLevel.ACT
    assert found_day(told[0]) < 0.1


def test_what_is_not_logged_is_not_judged() -> None:
    assert said(site_log(pump_speed=SPEED)) == []
