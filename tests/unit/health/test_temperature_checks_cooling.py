"""Cooling that loses its power is told, whatever the season; a mild season, an idle week and full power are not."""

import numpy as np
import pytest

from battuta.domain.health import FaultClass, FindingLevel
from battuta.health.temperature_checks_cooling import CoolingChecks, read_cooling

TIME_NS = np.arange(1440, dtype=np.int64) * 60_000_000_000
DAY_NS = 86_400_000_000_000
RATE_C = np.where((np.arange(1440) // 240) % 2 == 0, 0.2, 0.0)


def lived(n_days, power, outdoor_c=35.0, idle=()):
    """A string under a thermostat on a hot site, cooled at `power(day)` of 0.7 per hour."""
    rng = np.random.default_rng(1)
    checks, found, here_c, is_on = CoolingChecks("S"), [], 24.0, False
    for day in range(n_days):
        rate_c = np.zeros(1440) if day in idle else RATE_C
        middle_c = np.empty(1440)
        for t in range(1440):
            is_on = here_c > 28.0 if not is_on else here_c > 26.5
            rise = 12.0 * rate_c[t] ** 2 - 0.1 * (here_c - outdoor_c)
            rise -= 0.7 * power(day) * (here_c - 18.0) if is_on else 0.0
            here_c += rise / 60.0
            middle_c[t] = here_c + 0.01 * rng.normal()
        found += checks.take(day, TIME_NS + day * DAY_NS, middle_c, rate_c)
    return found


def test_full_power_is_left_in_peace():
    assert lived(60, lambda _: 1.0, idle=range(20, 27)) == []


@pytest.mark.parametrize(("left", "level"), [(0.75, FindingLevel.WATCH), (0.45, FindingLevel.ACT)])
def test_power_that_is_lost_is_told_by_how_much(left, level):
    found = lived(60, lambda day: 1.0 if day < 30 else left)
    assert {each.fault for each in found} == {FaultClass.COOLING}
    assert {each.cell for each in found} == {None}
    assert max(each.level for each in found) == level
    share = [each.evidence["cooling_lost_share"] for each in found if "cooling_lost_share" in each.evidence]
    assert share[-1] == pytest.approx(1.0 - left, abs=0.15)
    assert 30 < found[0].found_ns // DAY_NS <= 40


def test_a_string_that_nothing_holds_runs_beyond_what_it_was_held_to():
    found = lived(45, lambda day: 1.0 if day < 30 else 0.0)
    beyond = [each for each in found if "beyond_held_k" in each.evidence]
    assert beyond
    assert max(each.level for each in beyond) == FindingLevel.ACT


def test_a_day_is_read():
    cooled_c = np.interp(np.arange(1440), [0, 600, 720, 1439], [28.0, 28.0, 22.0, 22.0])
    read = read_cooling(TIME_NS, cooled_c, np.zeros(1440), 18.0)
    assert read is not None
    assert read.per_h[0] == pytest.approx(3.0 / 7.5, rel=0.15)
    assert np.isnan(read.per_h[1])
    assert read.reached_c.tolist() == pytest.approx([28.0, 22.0], abs=0.3)


def test_a_day_without_rows_in_a_row_says_nothing():
    assert read_cooling(TIME_NS[:5], np.full(5, 25.0), np.zeros(5), 18.0) is None


def test_mild_weeks_on_which_nothing_has_to_cool_are_left_in_peace():
    """A string that warms to just below where its cooling begins has lost nothing."""
    hot_c = np.concatenate([np.linspace(20.0, 28.0, 720), np.linspace(28.0, 22.0, 60), np.full(660, 22.0)])
    mild_c = np.concatenate([np.linspace(20.0, 27.8, 720), np.linspace(27.8, 22.0, 720)])
    checks, found = CoolingChecks("S"), []
    for day in range(60):
        is_mild = day >= 45 or day % 3 == 1
        found += checks.take(day, TIME_NS + day * DAY_NS, mild_c if is_mild else hot_c, np.zeros(1440))
    assert found == []
