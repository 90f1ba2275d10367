"""A joint is judged by what the square of the current adds, not by a hot day or a heavy duty."""

import numpy as np
import pytest

from battuta.domain.errors import DataError
from battuta.domain.health import FaultClass, FindingLevel
from battuta.health.site_checks_days import SiteDays
from battuta.health.site_checks_joints import daily_slopes, followed, fullest, joint_findings
from battuta.health.site_checks_limits import SiteLimits
from unit.health.site_logs import DAY, RAMP, found_day, noise, site_log, with_days

HOURS = 24.0 * (DAY % 1.0)
DUTY = np.repeat(np.random.default_rng(1).uniform(0.4, 1.0, 120), 48)
CURRENT_A = 140.0 * DUTY * ((HOURS > 10.0) & (HOURS < 14.0))
AIR_C = 24.0 + 5.0 * np.sin(DAY / 20.0)


def joints(*factors):
    rise = followed(CURRENT_A**2, DAY * 86400e9, 1500.0)
    joint = np.column_stack([AIR_C + 6e-4 * factor * rise + noise(0.3, at) for at, factor in enumerate(factors)])
    return site_log(joint_c=joint, string_current_a=np.column_stack([CURRENT_A, CURRENT_A]), air_c=AIR_C)


def said(log):
    return joint_findings(*with_days(log), SiteLimits())


def test_sound_joints_are_not_told_whatever_air_and_duty_do() -> None:
    assert said(joints(1.0, 1.2, 0.8, 1.1)) == []


def test_a_loosening_joint_is_named_before_it_is_hot() -> None:
    told = said(joints(1.0, 1.0, 1.0 + 3.0 * RAMP, 1.0))
    first = min(told, key=found_day)
    assert first.fault is FaultClass.JOINT_HEAT
    assert first.evidence["joint"] == 2.0
    assert 60.0 < found_day(first) < 80.0
    assert first.days_to_limit[0] > 0.0
    assert {each.evidence["joint"] for each in told} == {2.0}


def test_a_joint_that_was_built_badly_stands_out_after_two_weeks() -> None:
    told = said(joints(1.0, 2.6, 1.0, 1.0))
    assert [each.evidence["times_the_others"] > 2.0 for each in told] == [True]
    assert found_day(told[0]) == 14.0


def test_a_hot_joint_asks_for_somebody() -> None:
    told = said(joints(1.0, 1.0, 1.0, 8.0))
    assert FindingLevel.ACT in {each.level for each in told}


def test_joints_have_to_share_out_among_strings() -> None:
    with pytest.raises(DataError, match="3 joints do not share out among 2 strings"):
        said(joints(1.0, 1.0, 1.0))


def test_what_is_not_logged_is_not_judged() -> None:
    assert said(site_log(air_c=AIR_C)) == []


def test_a_slope_is_found_and_a_day_of_little_current_has_none() -> None:
    log = site_log(air_c=AIR_C)
    days = SiteDays.of(log)
    squares = CURRENT_A**2 * np.where(DAY < 60.0, 1.0, 0.01)
    full = fullest(squares[:, None], days)
    assert np.all(np.diff(full) >= 0.0)
    slopes = daily_slopes(2e-4 * squares + 1.0, squares, days, full)
    assert slopes[30:60] == pytest.approx(2e-4)
    assert np.isnan(slopes[60:]).all()


def test_a_missing_current_holds_what_was() -> None:
    out = followed(np.array([4.0, np.nan, 4.0]), np.array([0.0, 1e9, 2e9]), 1.0)
    assert out[1] == out[0]
    assert out[2] > out[1]
