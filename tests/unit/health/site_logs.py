"""Logs of sites by hand, for tests of their checks."""

import numpy as np

from battuta.domain.site_log import SiteLog
from battuta.health.site_checks_days import SiteDays

N_DAYS, N_PER_DAY = 120, 48
DAY = np.arange(N_DAYS * N_PER_DAY) / N_PER_DAY
TIME_NS = (DAY * 86400e9).astype(np.int64)
LATE = DAY >= 60.0
RAMP = np.maximum(DAY - 60.0, 0.0) / 60.0


def noise(size, seed=1, columns=None):
    return np.random.default_rng(seed).normal(0.0, size, DAY.size if columns is None else (DAY.size, columns))


def site_log(**columns):
    return SiteLog(site_id="A", time_ns=TIME_NS, **columns)


def with_days(log):
    return log, SiteDays.of(log)


def found_day(finding):
    return finding.found_ns / 86400e9
