"""A whole site: what is looked for and what cannot be, and nothing told by what comes later."""

import numpy as np
import pytest

from battuta.domain.errors import DataError
from battuta.domain.health import FaultClass
from battuta.domain.site_log import SITE_COLUMNS, SiteLog
from battuta.health.site_checks import NEEDS, check_site
from unit.health.site_logs import DAY, RAMP, noise, site_log


def test_what_nothing_is_logged_of_was_not_tested() -> None:
    report = check_site(site_log(coolant_level=0.8 + noise(0.005)))
    assert report.findings == ()
    assert report.tested == (FaultClass.COOLANT_LEVEL,)
    assert FaultClass.INSULATION in report.not_tested
    assert len(report.tested) + len(report.not_tested) == len(NEEDS)


def test_every_column_that_a_class_needs_is_one() -> None:
    assert {name for _, groups in NEEDS for group in groups for name in group} <= set(SITE_COLUMNS)


def test_what_was_told_by_a_day_is_told_without_the_days_after_it() -> None:
    log = site_log(
        coolant_level=0.8 - 0.3 * RAMP + noise(0.005),
        insulation_ohm=10.0 ** (6.3 - 1.5 * RAMP + noise(0.02, 2)),
        joint_c=(24.0 + noise(0.2, 3) + 0.01 * (100.0 * np.sin(6.283 * DAY)) ** 2 * (1.0 + RAMP))[:, None],
        string_current_a=(100.0 * np.sin(6.283 * DAY))[:, None],
        air_c=np.full(DAY.size, 24.0),
    )
    whole = check_site(log).findings
    assert len({each.fault for each in whole}) == 3
    cut_ns = 95 * 86_400_000_000_000
    early = check_site(log.rows(slice(0, int(np.searchsorted(log.time_ns, cut_ns))))).findings
    assert [(each.fault, each.level, each.found_ns) for each in early] == [
        (each.fault, each.level, each.found_ns) for each in whole if each.found_ns <= cut_ns
    ]


def test_an_empty_log_is_refused() -> None:
    with pytest.raises(DataError, match="no rows"):
        check_site(SiteLog(site_id="A", time_ns=np.empty(0, dtype=np.int64)))
