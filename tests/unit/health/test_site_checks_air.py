"""Condensation, water, supplies and the fire panel: what stays is told, a flicker and a visit are not."""

import numpy as np
import pytest

from battuta.domain.health import FaultClass, FindingLevel
from battuta.health.site_checks_air import air_findings, dew_point_c, panel_findings, supply_findings
from battuta.health.site_checks_limits import SiteLimits
from unit.health.site_logs import DAY, LATE, RAMP, found_day, noise, site_log, with_days

LIMITS = SiteLimits()
AMBIENT_C = 15.0 + 8.0 * np.sin(DAY / 3.0)


def air(damper=0.0):
    return site_log(
        humidity=0.4 + 0.005 * (AMBIENT_C - 15.0) + damper + noise(0.01),
        air_c=np.full(DAY.size, 24.0),
        surface_c=np.full(DAY.size, 18.0),
        ambient_c=AMBIENT_C,
    )


def test_the_dew_point_is_the_air_where_it_is_saturated() -> None:
    assert dew_point_c(np.array([5.0, 20.0]), np.array([1.0, 1.0])) == pytest.approx([5.0, 20.0])


def test_damper_weather_is_no_fault_and_a_dryer_that_fails_is_told_before_water_condenses() -> None:
    assert air_findings(*with_days(air()), LIMITS) == []
    told = sorted(air_findings(*with_days(air(0.4 * RAMP)), LIMITS), key=found_day)
    assert told[0].level is FindingLevel.WATCH
    act = [each for each in told if each.level is FindingLevel.ACT]
    assert found_day(told[0]) < found_day(act[0]) - 5.0


def test_water_is_told_and_one_wet_row_is_not() -> None:
    water = np.zeros((DAY.size, 2))
    water[100, 0] = 1.0
    assert air_findings(*with_days(site_log(water=water)), LIMITS) == []
    water[LATE, 1] = 1.0
    told = air_findings(*with_days(site_log(water=water)), LIMITS)
    assert [each.evidence["sensor"] for each in told] == [1.0]


def test_a_sagging_supply_is_told_before_its_limit() -> None:
    steady = (24.0 + noise(0.05))[:, None]
    assert supply_findings(*with_days(site_log(auxiliary_voltage_v=steady)), LIMITS) == []
    told = supply_findings(*with_days(site_log(auxiliary_voltage_v=steady - 2.0 * RAMP[:, None])), LIMITS)
    assert told[0].fault is FaultClass.AUXILIARY_SUPPLY
    assert told[0].days_to_limit is not None
    gone = supply_findings(*with_days(site_log(auxiliary_voltage_v=np.where(LATE[:, None], 19.0, steady))), LIMITS)
    assert FindingLevel.ACT in {each.level for each in gone}


def test_a_weak_battery_of_the_controls_is_told_by_its_tests() -> None:
    tests = np.where(np.isclose(DAY % 3.0, 0.0), 23.4 + noise(0.05), np.nan)
    assert supply_findings(*with_days(site_log(ups_test_voltage_v=tests)), LIMITS) == []
    told = supply_findings(*with_days(site_log(ups_test_voltage_v=tests - 1.5 * RAMP)), LIMITS)
    assert 60.0 < found_day(told[0]) < 110.0
    low = supply_findings(*with_days(site_log(ups_test_voltage_v=tests - 3.0)), LIMITS)
    assert low[0].level is FindingLevel.ACT


def test_a_visit_may_switch_the_panel_off_and_nobody_may_leave_it_so() -> None:
    visit = ((DAY > 30.3) & (DAY < 30.5)).astype(float)
    assert panel_findings(site_log(fire_panel_disabled=visit), LIMITS) == []
    left = panel_findings(site_log(fire_panel_disabled=np.where(LATE, 1.0, visit)), LIMITS)
    assert found_day(left[0]) == pytest.approx(60.5, abs=0.05)
    fault = panel_findings(site_log(fire_panel_fault=LATE.astype(float)), LIMITS)
    assert fault[0].level is FindingLevel.ACT
