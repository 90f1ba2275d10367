"""A log cut into days, and flags that are believed when they stay up."""

import numpy as np
import pytest

from battuta.domain.health import FaultClass, FindingLevel
from battuta.domain.site_log import SiteLog
from battuta.health.site_checks_days import SiteDays, episodes, episodes_in_sum, moved_told, told
from battuta.health.site_checks_limits import SiteLimits
from battuta.health.site_checks_trend import Moved

HOUR_NS = 3_600_000_000_000
TIME_NS = np.arange(96, dtype=np.int64) * HOUR_NS
LOG = SiteLog(site_id="A", time_ns=TIME_NS, humidity=np.arange(96.0) / 96.0)


def test_each_day_has_its_quantile_and_a_day_of_few_values_none() -> None:
    days = SiteDays.of(LOG)
    values = np.arange(96.0)
    values[24:43] = np.nan
    found = days.quantile(values)
    assert days.day.tolist() == [0, 1, 2, 3]
    assert found[[0, 2, 3]] == pytest.approx([11.5, 59.5, 83.5])
    assert np.isnan(found[1])


def test_days_without_rows_stay_days() -> None:
    rows = np.r_[0:24, 72:96]
    log = SiteLog(site_id="A", time_ns=TIME_NS[rows], humidity=np.zeros(48))
    assert np.isnan(SiteDays.of(log).quantile(np.zeros(48))).tolist() == [False, True, True, False]


def flag(*runs):
    up = np.zeros(96, dtype=bool)
    for first, stop in runs:
        up[first:stop] = True
    return [each.row for each in episodes(up, TIME_NS, 2 * 3600.0)]


def test_a_flag_is_believed_when_it_stays_up() -> None:
    assert flag((3, 4), (10, 12)) == []
    assert flag((10, 14)) == [12]
    assert flag((10, 14), (40, 60)) == [12]


def test_one_row_is_never_believed_and_a_gap_is_not_bridged() -> None:
    assert episodes(np.array([True, False]), TIME_NS[:2], 0.0) == []
    time_ns = np.array([0, 1, 30, 31], dtype=np.int64) * HOUR_NS
    assert episodes(np.ones(4, dtype=bool), time_ns, 5 * 3600.0) == []


def test_what_moved_says_when_it_meets_its_limit() -> None:
    moved = Moved(day=3, since_day=1, is_plan=True, change=-0.3, score=9.0, level=1.0, per_day=-0.1, per_day_error=0.01)
    finding = moved_told(LOG, FaultClass.INSULATION, moved, int(TIME_NS[90]), 0, SiteLimits(), name="x_bar", limit=0.5)
    assert finding.level is FindingLevel.PLAN
    assert finding.days_to_limit[1] == 5.0
    assert finding.evidence["x_bar"] == 1.0
    assert finding.cell is None
    none = moved_told(LOG, FaultClass.INSULATION, moved, 9, 0, SiteLimits(), name="x_bar", limit=float("nan"))
    assert none.days_to_limit is None


def test_a_finding_is_told_of_the_site() -> None:
    finding = told(LOG, FaultClass.WATER, FindingLevel.ACT, 7, 5, SiteLimits(), {"sensor": 1.0})
    assert (finding.string_id, finding.since_ns) == ("A", 5)
    assert 0.5 < finding.probability < 1.0


def test_what_comes_and_goes_counts_in_sum_within_its_window_alone() -> None:
    up = np.zeros(96, dtype=bool)
    up[[10, 11, 13, 14, 40, 41, 60, 61]] = True
    found = episodes_in_sum(up, TIME_NS, 2 * 3600.0, 6 * 3600.0)
    assert [(each.since_ns // HOUR_NS, each.row) for each in found] == [(10, 14)]
    assert episodes_in_sum(np.zeros(96, dtype=bool), TIME_NS, 3600.0, 6 * 3600.0) == []
