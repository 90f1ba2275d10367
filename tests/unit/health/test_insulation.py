"""Insulation that is low, that falls at once, or that falls by more than damp weather; wet mornings are no fault."""

import numpy as np
import pytest

from battuta.domain.health import FaultClass, FindingLevel
from battuta.domain.site_log import SiteLog
from battuta.health.insulation import insulation_findings, weather_of
from battuta.health.site_checks_days import SiteDays
from battuta.health.site_checks_limits import SiteLimits

N_DAYS, N_PER_DAY = 120, 48
DAY = np.arange(N_DAYS * N_PER_DAY) / N_PER_DAY
TIME_NS = (DAY * 86400e9).astype(np.int64)
SPELL = np.repeat(np.random.default_rng(5).integers(0, 2, N_DAYS // 4), 4 * N_PER_DAY)
HUMIDITY = 0.5 + 0.3 * SPELL - 0.1 * np.cos(2.0 * np.pi * (DAY - 0.6))


def site(factor=1.0, *, humidity=HUMIDITY):
    noise = np.random.default_rng(2).normal(0.0, 0.02, DAY.size)
    ohm = 10.0 ** (6.5 - 1.2 * (HUMIDITY - 0.5) + noise) * factor
    return SiteLog(site_id="A", time_ns=TIME_NS, insulation_ohm=ohm, humidity=humidity)


def said(log):
    return insulation_findings(log, SiteDays.of(log), SiteLimits())


def test_wet_spells_and_mornings_are_no_fault() -> None:
    assert said(site()) == []


def test_a_slow_fall_is_told_with_the_days_that_are_left() -> None:
    told = said(site(10.0 ** (-0.015 * np.maximum(DAY - 50.0, 0.0))))
    first = min(told, key=lambda each: each.found_ns)
    assert first.fault is FaultClass.INSULATION
    assert first.level is FindingLevel.WATCH
    assert 50 < first.found_ns / 86400e9 < 92
    assert first.days_to_limit is not None
    assert first.days_to_limit[0] <= first.days_to_limit[1] <= first.days_to_limit[2]


def test_a_conductor_that_touches_earth_is_told_within_hours() -> None:
    log = site(np.where(DAY > 70.3, 0.1, 1.0))
    first = min(said(log), key=lambda each: each.found_ns)
    assert first.level is FindingLevel.PLAN
    assert first.found_ns / 86400e9 - 70.3 < 0.3
    assert first.evidence["fell_below_month_decades"] > 0.4


def test_less_than_100_ohm_per_volt_asks_for_somebody() -> None:
    log = site(np.where(DAY > 10.0, 1e-2, 1.0))
    act = [each for each in said(log) if each.level is FindingLevel.ACT]
    assert act[0].evidence["insulation_ohm_per_v"] < 100.0
    assert act[0].found_ns / 86400e9 == pytest.approx(10.06, abs=0.05)


def test_an_earth_fault_that_comes_and_goes_each_hour_asks_for_somebody() -> None:
    minute = np.arange(3 * 1440)
    is_low = (minute > 1440) & (minute % 60 < 50)
    rng = np.random.default_rng(4)
    ohm = np.where(is_low, 5e4, 3e6) * 10.0 ** rng.normal(0.0, 0.02, minute.size)
    log = SiteLog(site_id="A", time_ns=minute * 60_000_000_000, insulation_ohm=ohm)
    act = [each for each in said(log) if each.level is FindingLevel.ACT]
    assert [each.since_ns / 60e9 for each in act] == [1441.0], "one finding, not one an hour"
    assert 60.0 <= act[0].found_ns / 60e9 - 1440.0 < 75.0


def test_a_monitor_that_falls_silent_is_told_from_that_day() -> None:
    log = site(np.where(DAY > 40.0, np.nan, 1.0))
    silent = [each for each in said(log) if "silent_h" in each.evidence]
    assert [(each.fault, each.level) for each in silent] == [(FaultClass.INSULATION, FindingLevel.PLAN)]
    assert silent[0].since_ns / 86400e9 == pytest.approx(40.0, abs=0.05)
    assert silent[0].found_ns / 86400e9 == pytest.approx(41.0, abs=0.1)
    assert said(site(np.where((DAY > 40.0) & (DAY < 40.9), np.nan, 1.0))) == [], (
        "less than a day of silence is no finding"
    )


def test_without_insulation_or_weather_nothing_is_invented() -> None:
    log = SiteLog(site_id="A", time_ns=TIME_NS, humidity=HUMIDITY)
    assert said(log) == []
    assert weather_of(log, SiteDays.of(log)).shape == (N_DAYS, 3)
    bare = SiteLog(site_id="A", time_ns=TIME_NS)
    assert weather_of(bare, SiteDays.of(bare)).shape == (N_DAYS, 0)
