"""An offset and a gain of the current sensor are told; ageing, seasons and noise are not."""

import numpy as np
import pytest

from battuta.domain.health import FaultClass, FindingLevel
from battuta.health.current_checks import CurrentChecks, CurrentDay, CurrentReader, gain_change

DAY_NS = 86_400_000_000_000


def told(rest_a=lambda _: 0.2, gain=lambda _: 0.0, n_days=60, seed=1):
    rng = np.random.default_rng(seed)
    checks, found = CurrentChecks("S", 314.0), []
    for day in range(n_days):
        middle_c = 20.0 + 8.0 * np.sin(day / 20.0)
        charge = 0.8 * (1.0 + gain(day)) * (1.0 + 5e-4 * (middle_c - 25.0)) * (1.0 - 1e-4 * day)
        noise = 0.005 * rng.normal(size=2)
        passes = np.array([[kind, middle_c, middle_c, np.log(charge) + 0.03 * kind + noise[kind]] for kind in (0, 1)])
        found += checks.take(day, CurrentDay(rest_a=rest_a(day) + 0.01 * rng.normal(), passes=passes))
    return found


@pytest.mark.parametrize("seed", range(5))
def test_a_healthy_sensor_is_left_in_peace(seed):
    assert told(seed=seed) == []


@pytest.mark.parametrize(("size_a", "level"), [(0.6, FindingLevel.WATCH), (-2.0, FindingLevel.ACT)])
def test_an_offset_is_told_by_its_size(size_a, level):
    found = told(rest_a=lambda day: 0.2 + (size_a if day >= 30 else 0.0))
    change = [each for each in found if "rest_change_a" in each.evidence]
    assert {(each.fault, each.cell) for each in found} == {(FaultClass.CURRENT_SENSOR, None)}
    assert max(each.level for each in change) == level
    assert change[-1].evidence["rest_change_a"] == pytest.approx(size_a, abs=0.05)
    assert change[0].found_ns // DAY_NS - 1 <= 33


def test_an_offset_from_the_beginning_is_told():
    (finding,) = [each for each in told(rest_a=lambda _: 2.0) if each.level == FindingLevel.WATCH]
    assert finding.evidence["rest_a"] == pytest.approx(2.0, abs=0.05)


@pytest.mark.parametrize(("share", "level"), [(0.03, FindingLevel.WATCH), (-0.06, FindingLevel.ACT)])
def test_a_gain_is_told_by_its_size(share, level):
    found = told(gain=lambda day: share if day >= 30 else 0.0)
    assert {(each.fault, each.cell) for each in found} == {(FaultClass.CURRENT_SENSOR, None)}
    assert max(each.level for each in found) == level
    assert found[-1].evidence["gain_share"] == pytest.approx(share, abs=0.01)


def test_too_few_passes_say_nothing():
    passes = np.array([[0.0, 1.0, 25.0, 25.0, -0.2]] * 8)
    assert gain_change(passes, np.arange(8) >= 6) is None


def test_a_day_is_read():
    reader = CurrentReader(314.0)
    time_s = np.arange(1440) * 60.0
    current_a = np.where(time_s < 30_000.0, -100.0, 0.3)
    soc = np.clip(0.05 + 100.0 * time_s / 3600.0 / 314.0, 0.0, 0.98)
    typical_v = np.interp(soc, [0.0, 0.1, 0.15, 0.9, 1.0], [2.8, 3.18, 3.25, 3.34, 3.5])
    told = reader.take(time_s, current_a, typical_v, np.full(1440, 25.0))
    assert told.rest_a == pytest.approx(0.3)
    assert reader.offset_a == pytest.approx(0.3)
    assert told.passes.shape == (0, 4)


def test_the_end_of_a_charge_that_tapers_is_no_rest():
    reader = CurrentReader(314.0)
    time_s = np.arange(1440) * 60.0
    current_a = np.where(time_s < 30_000.0, 0.3, np.where(time_s < 55_000.0, 3.0, -100.0))
    told = reader.take(time_s, current_a, np.full(1440, 3.35), np.full(1440, 25.0))
    assert told.rest_a == pytest.approx(0.3)


def passes_of(charge, empty_c, full_c):
    """A pass to empty and one to full each day; `charge(day, kind)` is the logarithm."""
    days = np.arange(60)
    return np.array(
        [[day, kind, empty_c(day), full_c(day), charge(day, kind)] for day in days for kind in (0, 1)], dtype=np.float64
    )


@pytest.mark.parametrize("end", [0, 1])
def test_what_the_temperature_of_either_end_explains_is_no_gain(end):
    cold_c = lambda day: 28.0 if day < 50 else 22.0  # noqa: E731
    ends = [lambda day: 27.0 + 2.0 * np.sin(day), lambda day: 27.0 + 2.0 * np.cos(day)]
    ends[end] = lambda day: cold_c(day) + 2.0 * np.sin(day)
    rng = np.random.default_rng(3)
    passes = passes_of(lambda day, _: -0.3 + 0.003 * (ends[end](day) - 25.0) + 0.002 * rng.normal(), *ends)
    told = gain_change(passes, passes[:, 0] >= 50)
    assert told is not None
    assert abs(told[0]) < 0.01


def test_after_weeks_without_a_pass_a_drift_may_be_all():
    rng = np.random.default_rng(3)
    mild = lambda _: 25.0 + rng.normal()  # noqa: E731
    passes = passes_of(lambda day, _: -0.3 - (0.03 if day >= 50 else 0.0) + 0.003 * rng.normal(), mild, mild)
    passes = passes[passes[:, 0] >= 40]
    is_now = passes[:, 0] >= 50
    at_once = gain_change(passes, is_now)
    passes[is_now, 0] += 60.0
    later = gain_change(passes, is_now)
    assert at_once is not None
    assert later is not None
    assert at_once[1] > 8.0 > later[1]
