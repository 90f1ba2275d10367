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
        passes = np.array([[kind, middle_c, np.log(charge) + 0.03 * kind + noise[kind]] for kind in (0, 1)])
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
    passes = np.array([[1.0, 25.0, -0.2]] * 8)
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
    assert told.passes.shape == (0, 3)
