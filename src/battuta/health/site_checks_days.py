"""A site's log cut into days, a value each; and flags that stay up for long enough to be believed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np

from battuta.domain.health import FaultClass, Finding, FindingLevel
from battuta.domain.site_log import SiteLog
from battuta.domain.time import NS_PER_DAY, NS_PER_HOUR, NS_PER_S
from battuta.health.site_checks_limits import SiteLimits
from battuta.health.site_checks_trend import Moved, days_until
from battuta.numerics.arrays import BoolArray, FloatArray, IntArray

ROWS_OF_DAY_MIN = 6
_QUIET_NS = 7 * NS_PER_DAY
"""How long a flag has to stay down before it is told again. [ns]"""
_GAP_NS = 2 * NS_PER_HOUR
"""A gap in time after which nobody knows whether a flag stayed up. [ns]"""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class SiteDays:
    """Rows of each day of a log.

    Attributes
    ----------
    day : ndarray, shape (n_days,)
        UTC days since 1970-01-01, those without rows among them. [d]
    first : ndarray, shape (n_days + 1,)
        First row of each, and the number of rows.
    """

    day: IntArray
    first: IntArray

    @classmethod
    def of(cls, log: SiteLog) -> SiteDays:
        """Cut a log."""
        low, high = int(log.time_ns[0]) // NS_PER_DAY, int(log.time_ns[-1]) // NS_PER_DAY
        day = np.arange(low, high + 2, dtype=np.int64)
        return cls(day=day[:-1], first=np.searchsorted(log.time_ns, day * NS_PER_DAY).astype(np.int64))

    def quantile(self, values: FloatArray, share: float = 0.5) -> FloatArray:
        """Quantile of each day, NaN where fewer than six values are known, shape (n_days,).

        Parameters
        ----------
        values : ndarray, shape (n_times,)
            Values of the log; NaN is left out.
        share : float
            Which quantile. [-]

        Returns
        -------
        ndarray, shape (n_days,)
            In the unit of the values.
        """
        found = np.full(self.day.size, np.nan)
        is_known = np.isfinite(values)
        for at in range(self.day.size):
            rows = slice(int(self.first[at]), int(self.first[at + 1]))
            known = values[rows][is_known[rows]]
            if known.size >= ROWS_OF_DAY_MIN:
                found[at] = np.quantile(known, share)
        return found


@dataclass(frozen=True, slots=True, kw_only=True)
class Episode:
    """A flag that stayed up.

    Attributes
    ----------
    since_ns, found_ns : int
        When it went up, and when it had been up for long enough. [ns]
    row : int
        Row at which it had.
    """

    since_ns: int
    found_ns: int
    row: int


def episodes(is_up: BoolArray, time_ns: IntArray, duration_s: float) -> list[Episode]:
    """Find where a flag stayed up, in two rows at least; what comes again within a week of it is the same.

    Parameters
    ----------
    is_up : ndarray, shape (n_times,)
        Whether it is up.
    time_ns : ndarray, shape (n_times,)
        When. [ns]
    duration_s : float
        How long it has to stay up. [s]

    Returns
    -------
    list of Episode
        In the order of time.

    Examples
    --------
    >>> time_ns = np.arange(6) * 600 * 10**9
    >>> [each.row for each in episodes(np.array([0, 1, 0, 1, 1, 1]) > 0, time_ns, 600.0)]
    [4]
    """
    found: list[Episode] = []
    up = np.flatnonzero(is_up)
    if not up.size:
        return found
    breaks = np.flatnonzero((np.diff(up) > 1) | (np.diff(time_ns[up]) > _GAP_NS)) + 1
    last_ns = -_QUIET_NS
    for run in np.split(up, breaks):
        held_ns = time_ns[run] - time_ns[run[0]]
        long = np.flatnonzero(held_ns >= duration_s * NS_PER_S)
        place = max(int(long[0]), 1) if long.size else run.size
        if place < run.size:
            if int(time_ns[run[0]]) - last_ns > _QUIET_NS or not found:
                row = int(run[place])
                found.append(Episode(since_ns=int(time_ns[run[0]]), found_ns=int(time_ns[row]), row=row))
            last_ns = int(time_ns[run[-1]])
    return found


def episodes_in_sum(is_up: BoolArray, time_ns: IntArray, duration_s: float, window_s: float) -> list[Episode]:
    """Find where a flag was up for long enough in sum, however often it went down between; else as `episodes`.

    Parameters
    ----------
    is_up : ndarray, shape (n_times,)
        Whether it is up; between two rows it is where both are.
    time_ns : ndarray, shape (n_times,)
        When. [ns]
    duration_s, window_s : float
        How long it has to be up in sum, and within how long. [s]

    Returns
    -------
    list of Episode
        In the order of time.

    Examples
    --------
    >>> time_ns = np.arange(7) * 600 * 10**9
    >>> [each.row for each in episodes_in_sum(np.array([0, 1, 1, 0, 1, 1, 0]) > 0, time_ns, 1200.0, 3600.0)]
    [5]
    """
    step_ns = np.diff(time_ns)
    lasts = is_up[1:] & is_up[:-1] & (step_ns <= _GAP_NS)
    up_ns = np.concatenate([np.zeros(1, dtype=np.int64), np.cumsum(np.where(lasts, step_ns, 0))])
    first = np.searchsorted(time_ns, time_ns - int(window_s * NS_PER_S))
    long = np.flatnonzero(is_up & (up_ns - up_ns[first] >= int(duration_s * NS_PER_S)))
    found: list[Episode] = []
    for place, row in enumerate(long):
        if place == 0 or int(time_ns[row] - time_ns[long[place - 1]]) > _QUIET_NS:
            since = int(first[row]) + int(np.argmax(is_up[first[row] : row + 1]))
            found.append(Episode(since_ns=int(time_ns[since]), found_ns=int(time_ns[row]), row=int(row)))
    return found


def told(
    log: SiteLog,
    fault: FaultClass,
    level: FindingLevel,
    since_ns: int,
    found_ns: int,
    limits: SiteLimits,
    evidence: Mapping[str, float],
    days_to_limit: tuple[float, float, float] | None = None,
) -> Finding:
    """Make a finding of a site: its name stands where that of a string does, and it concerns no cell."""
    return Finding(
        string_id=log.site_id,
        cell=None,
        fault=fault,
        level=level,
        since_ns=min(since_ns, found_ns),
        found_ns=found_ns,
        probability=limits.probability(level),
        evidence=MappingProxyType(dict(evidence)),
        days_to_limit=days_to_limit,
    )


def moved_told(
    log: SiteLog,
    fault: FaultClass,
    moved: Moved,
    found_ns: int,
    since_ns: int,
    limits: SiteLimits,
    *,
    name: str,
    limit: float,
    evidence: Mapping[str, float] | None = None,
    steps_per_day: float = 1.0,
) -> Finding:
    """Make a finding of a value that moved.

    Parameters
    ----------
    log : SiteLog
        The site.
    fault : FaultClass
        What is wrong.
    moved : Moved
        What moved.
    found_ns, since_ns : int
        When it was told, and began. [ns]
    limits : SiteLimits
        For its probability.
    name : str
        What moved, the unit last.
    limit : float
        Where it may not go, in the unit of what moved; NaN where there is none.
    evidence : mapping of str to float, optional
        What else was measured.
    steps_per_day : float
        Steps of the trend in a day, 1 where it is one of days. [1/d]

    Returns
    -------
    Finding
        With the days to its limit where it moves towards it.
    """
    days = None
    if np.isfinite(limit):
        per_day, error = moved.per_day * steps_per_day, moved.per_day_error * steps_per_day
        days = days_until(moved.level, limit, per_day, error)
    measured = {
        name: moved.level,
        f"change_of_{name}": moved.change,
        "score": moved.score,
        "trend_per_day": moved.per_day * steps_per_day,
    }
    level = FindingLevel.PLAN if moved.is_plan else FindingLevel.WATCH
    return told(log, fault, level, since_ns, found_ns, limits, {**measured, **(evidence or {})}, days)
