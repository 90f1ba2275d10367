"""A daily value is held against its own past: weather is no fault, a drift is, and work begins a new past."""

import numpy as np
import pytest

from battuta.health.site_checks_trend import TrendLimits, days_until, moves_of

LIMITS = TrendLimits(score=5.0, watch=0.1, plan=0.25, bad_sign=-1)
N_DAYS = 300


@pytest.fixture
def weather():
    rng = np.random.default_rng(3)
    season = 10.0 * np.sin(np.arange(N_DAYS) / 58.0)
    return (season + rng.normal(0.0, 3.0, N_DAYS))[:, None]


def values(weather, seed=4):
    return 1.0 + 0.02 * weather[:, 0] + np.random.default_rng(seed).normal(0.0, 0.02, N_DAYS)


def test_what_the_weather_explains_is_no_move(weather) -> None:
    assert moves_of(values(weather), weather, LIMITS) == []


def test_a_drift_is_told_early_and_its_speed_is_right(weather) -> None:
    drifted = values(weather) - 0.005 * np.maximum(np.arange(N_DAYS) - 150, 0)
    watch, plan = moves_of(drifted, weather, LIMITS)
    assert not watch.is_plan
    assert plan.is_plan
    assert 155 < watch.day < 190
    assert watch.day < plan.day < 260
    assert plan.per_day == pytest.approx(-0.005, rel=0.5)


def test_nothing_is_told_by_days_that_come_later(weather) -> None:
    drifted = values(weather) - 0.005 * np.maximum(np.arange(N_DAYS) - 150, 0)
    watch = moves_of(drifted, weather, LIMITS)[0]
    again = moves_of(drifted[: watch.day + 1], weather[: watch.day + 1], LIMITS)
    assert [each.day for each in again] == [watch.day]


def test_single_bad_days_are_not_heard(weather) -> None:
    spoiled = values(weather)
    spoiled[[80, 120, 200, 201]] = -5.0
    spoiled[90] = np.nan
    assert moves_of(spoiled, weather, LIMITS) == []


def test_work_begins_a_new_past_and_the_next_fault_is_told_again(weather) -> None:
    mended = values(weather)
    mended[60:110] -= 0.3
    mended[110:220] += 0.2
    mended[220:] -= 0.2
    told = moves_of(mended, weather, LIMITS)
    days = [each.day for each in told if not each.is_plan]
    assert len(days) == 2
    assert 60 < days[0] < 75
    assert 220 < days[1] < 240


def test_both_ways_are_bad_where_it_is_said(weather) -> None:
    risen = values(weather)
    risen[150:] += 0.3
    assert moves_of(risen, weather, LIMITS) == []
    both = TrendLimits(score=5.0, watch=0.1, plan=0.25, bad_sign=0)
    assert moves_of(risen, weather, both)[0].change == pytest.approx(0.3, abs=0.12)


def test_days_until_a_limit_widen_with_the_error() -> None:
    early, middle, late = days_until(1.0, 2.0, 0.01, 0.002)
    assert early < middle == 100.0 < late
    assert days_until(1.0, 2.0, 0.01, 0.02)[2] == np.inf
    assert days_until(1.0, 2.0, -0.01, 0.002) is None
