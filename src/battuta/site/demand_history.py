"""What a site drew on past days, by the billed interval of its local day, and what that says of the day to come.

A workday is Monday to Friday of the local calendar; a holiday is a workday that came out low. Local time is the offset
of the zone at the moment of asking: on the eve of a change of clocks the forecast beyond it is an hour off, afterwards
it is right.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from battuta.domain.errors import InvalidQuantityError
from battuta.numerics.arrays import BoolArray, FloatArray, IntArray
from battuta.site.demand_history_kernels import courses_ahead, largest_excess_kw, leave_one_out, recent_levels_kw

KEPT_DAYS = 28
"""Past days that count; older ones are forgotten."""

HORIZON_S = 36 * 3600
"""How far a forecast looks. [s]"""

NEAR_S = 5400
"""Time by which a peak may come earlier or later than on the day that had it. [s]"""

LEVEL_S = 3 * 3600
"""Past hours whose median deviation is the level of the day. [s]"""

LEVEL_FADING_S = 24 * 3600
"""Time over which that level is taken to fade; chosen among 6, 12 and 24 hours on planted loads of seed 77. [s]"""

PEAK_GROWTH = 1.3
"""Factor on the highest excess of past days: the next one may be higher. [-]"""

_S_PER_DAY = 86_400


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class DemandHistory:
    """Intervals of the last days; the arrays are moved in place.

    Attributes
    ----------
    interval_s : int
        Length of the billed interval, a divisor of the day. [s]
    mean_kw : ndarray, shape (n_slots, n_per_day, n_sites)
        Mean net load of each interval of the local day, NaN where it was not measured. [kW]
    highest_kw : ndarray, shape (n_slots, n_per_day, n_sites)
        Highest minute within it. [kW]
    day : ndarray of int64, shape (n_slots, n_sites)
        Local day that each slot holds, in days since 1970; -1 for none.
    """

    interval_s: int
    mean_kw: FloatArray
    highest_kw: FloatArray
    day: IntArray

    @classmethod
    def empty(cls, n_sites: int, interval_s: int = 900) -> DemandHistory:
        """Begin without any past."""
        if interval_s <= 0 or _S_PER_DAY % interval_s:
            raise InvalidQuantityError("interval_s", interval_s, 1, _S_PER_DAY, "s", where="a divisor of the day")
        shape = (KEPT_DAYS + 1, _S_PER_DAY // interval_s, n_sites)
        return cls(
            interval_s=interval_s, mean_kw=np.full(shape, np.nan), highest_kw=np.full(shape, np.nan),
            day=np.full((shape[0], n_sites), -1, dtype=np.int64),
        )  # fmt: skip

    @property
    def n_per_day(self) -> int:
        """Number of intervals of a day."""
        return self.mean_kw.shape[1]

    def record(self, start_s: int, zone_offset_s: IntArray, mean_kw: FloatArray, highest_kw: FloatArray) -> None:
        """Keep one interval that ended.

        Parameters
        ----------
        start_s : int
            Its start, UTC since 1970. [s]
        zone_offset_s : ndarray of int64, shape (n_sites,)
            Local time less UTC then. [s]
        mean_kw, highest_kw : ndarray, shape (n_sites,)
            Mean net load and its highest minute, NaN where the meter was silent. [kW]

        Notes
        -----
        Of the hour that comes twice in autumn the second stands; the one that spring leaves out stays missing.
        """
        day, time = local_time(start_s + zone_offset_s, self.interval_s)
        slot, sites = day % self.day.shape[0], np.arange(len(day))
        new = np.flatnonzero(self.day[slot, sites] != day)
        if new.size:
            self.mean_kw[slot[new], :, new] = np.nan
            self.highest_kw[slot[new], :, new] = np.nan
            self.day[slot[new], new] = day[new]
        self.mean_kw[slot, time, sites] = mean_kw
        self.highest_kw[slot, time, sites] = highest_kw


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class DemandForecast:
    """What the past says of the intervals ahead, for some sites.

    Attributes
    ----------
    median_kw : ndarray, shape (n_times, n_sites)
        Net load expected; NaN throughout where nothing was ever measured. [kW]
    error_kw : ndarray, shape (n_paths, n_times, n_sites)
        Courses that may be added: what came on past days less what the other days said of them. [kW]
    peak_kw : ndarray, shape (n_sites,)
        Net load that a peak may reach for minutes around the first interval. [kW]
    is_known : ndarray of bool, shape (n_sites,)
        Whether each interval was seen at that time of day before; else part of it is a guess.
    """

    median_kw: FloatArray
    error_kw: FloatArray
    peak_kw: FloatArray
    is_known: BoolArray


def local_time(local_s: IntArray, interval_s: int) -> tuple[IntArray, IntArray]:
    """Tell the local day since 1970 and the interval of the day.

    Examples
    --------
    >>> day, time = local_time(np.array([90_000]), 900)
    >>> int(day[0]), int(time[0])
    (1, 4)
    """
    return local_s // _S_PER_DAY, local_s % _S_PER_DAY // interval_s


def is_workday(day: IntArray) -> BoolArray:
    """Whether days since 1970 are Monday to Friday.

    Examples
    --------
    >>> is_workday(np.array([0, 2]))  # a Thursday, a Saturday
    array([ True, False])
    """
    return (day + 3) % 7 < 5


def forecast_demand(history: DemandHistory, start_s: int, zone_offset_s: IntArray, sites: IntArray) -> DemandForecast:
    """Expect of each interval ahead the median of past days of the same kind at the same time, and today's level.

    Parameters
    ----------
    history : DemandHistory
        What was measured.
    start_s : int
        Start of the first interval ahead, UTC since 1970. [s]
    zone_offset_s : ndarray of int64, shape (n_all_sites,)
        Local time less UTC. [s]
    sites : ndarray of int64, shape (n_sites,)
        Sites that are asked for.

    Returns
    -------
    DemandForecast
        The next 36 hours. The level of the last hours above what was expected of them is taken to fade within a day;
        what is above that now is left to `plan_floor`, which lets it fade within the hour.

    Notes
    -----
    The errors are those of the same rule asked at this time of day, each day judged by the others. With no day of that
    kind the other kind speaks; errors come from the other kind until two days of their own are there. At a time of day
    that no day has seen, the mean seen so far is expected and the error is the highest minute seen so far less that
    mean. A missing interval of a past day takes the error of the next day of its kind that has one.
    """
    n_times, n_near = HORIZON_S // history.interval_s, NEAR_S // history.interval_s
    steps = np.arange(-n_near, n_times, dtype=np.int64) * history.interval_s
    fading = np.maximum(1.0 - steps[n_near:] / LEVEL_FADING_S, 0.0)
    pasts = _pasts(history, start_s, zone_offset_s, sites)
    n_paths = max((int(past.n_days.max()) for past in pasts), default=1)
    median_kw, error_kw = np.empty((n_times, len(sites))), np.empty((max(n_paths, 1), n_times, len(sites)))
    peak_kw, is_known = np.empty(len(sites)), np.empty(len(sites), dtype=np.bool_)
    course, path = np.empty(n_times), np.empty(error_kw.shape[:2])
    for column, (site, past) in enumerate(zip(sites, pasts, strict=True)):
        day, time = local_time(start_s + zone_offset_s[site] + steps, history.interval_s)
        kind, ahead = is_workday(day).astype(np.int64), slice(n_near, None)
        today = int(day[n_near]) % len(past.level_kw)
        recent_levels_kw(past.error_kw, past.day, int(time[n_near]), LEVEL_S // history.interval_s, past.level_kw)
        is_known[column] = courses_ahead(
            past.median_kw, past.count, past.error_kw, past.level_kw, today, past.days, past.n_days, time[ahead],
            kind[ahead], fading, past.mean_kw, past.highest_kw, course, path,
        )  # fmt: skip
        near = slice(0, 2 * n_near + 1)
        excess = largest_excess_kw(past.excess_kw, past.days, past.n_days, time[near], kind[near])
        excess = excess if math.isfinite(excess) else past.highest_kw - past.mean_kw
        median_kw[:, column], error_kw[:, :, column] = course, path
        peak_kw[column] = course[0] + PEAK_GROWTH * excess
    return DemandForecast(median_kw=median_kw, error_kw=error_kw, peak_kw=peak_kw, is_known=is_known)


def past_workdays(
    history: DemandHistory, start_s: int, zone_offset_s: IntArray, site: int
) -> tuple[FloatArray, FloatArray]:
    """Return what past workdays brought and what the others said of each, for `learned_margin`.

    Parameters
    ----------
    history : DemandHistory
        What was measured.
    start_s : int
        Now, UTC since 1970. [s]
    zone_offset_s : ndarray of int64, shape (n_all_sites,)
        Local time less UTC. [s]
    site : int
        Site that is asked for.

    Returns
    -------
    median_kw, actual_kw : ndarray, shape (n_days, n_per_day, 1)
        Workdays before today of which at least half was measured; what is missing has the error of another. [kW]
    """
    (past,) = _pasts(history, start_s, zone_offset_s, np.array([site], dtype=np.int64))
    today = int(start_s + zone_offset_s[site]) // _S_PER_DAY
    slots = past.days[1, : past.n_days[1]]
    slots = slots[history.day[slots, site] < today]
    slots = slots[np.isfinite(past.error_kw[slots]).mean(axis=1) >= 0.5]
    if len(slots) < 2:
        return np.empty((0, history.n_per_day, 1)), np.empty((0, history.n_per_day, 1))
    error_kw = past.error_kw[slots]
    for shift in range(1, len(slots)):
        error_kw = np.where(np.isfinite(error_kw), error_kw, np.roll(past.error_kw[slots], -shift, axis=0))
    error_kw = np.where(np.isfinite(error_kw), error_kw, past.highest_kw - past.mean_kw)
    median_kw = np.where(np.isfinite(past.without_kw[slots]), past.without_kw[slots], past.mean_kw)
    return median_kw[:, :, None], (median_kw + error_kw)[:, :, None]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Past:
    """One site's days in order, medians of both kinds (free days first) and errors of each day by the others."""

    day: IntArray
    days: IntArray
    n_days: IntArray
    median_kw: FloatArray
    count: IntArray
    without_kw: FloatArray
    error_kw: FloatArray
    excess_kw: FloatArray
    level_kw: FloatArray
    mean_kw: float
    highest_kw: float


def _pasts(history: DemandHistory, start_s: int, zone_offset_s: IntArray, sites: IntArray) -> list[_Past]:
    """Look at each site's own days; all are turned at once, for the history lies with the sites side by side."""
    mean_kw = np.ascontiguousarray(history.mean_kw[:, :, sites].transpose(2, 0, 1))
    highest_kw = np.ascontiguousarray(history.highest_kw[:, :, sites].transpose(2, 0, 1))
    today = local_time(start_s + zone_offset_s[sites], history.interval_s)[0]
    return [
        _past(mean_kw[row], highest_kw[row], history.day[:, site], int(today[row])) for row, site in enumerate(sites)
    ]


def _past(value_kw: FloatArray, minute_kw: FloatArray, day: IntArray, today: int) -> _Past:
    n_slots, n_per_day = len(value_kw), value_kw.shape[1]
    age = today - day
    is_kept = (day >= 0) & (age >= 0) & (age <= KEPT_DAYS)
    newest_first = np.argsort(age, kind="stable")
    days, n_days = np.zeros((2, n_slots), dtype=np.int64), np.zeros(2, dtype=np.int64)
    median_kw, count = np.empty((2, n_per_day)), np.empty((2, n_per_day), dtype=np.int64)
    without_kw = np.full((n_slots, n_per_day), np.nan)
    is_work = is_workday(day)
    for kind in (0, 1):
        is_kind = is_kept & (is_work == bool(kind))
        own = newest_first[is_kind[newest_first]]
        days[kind, : len(own)], n_days[kind] = own, len(own)
        leave_one_out(value_kw, is_kind, median_kw[kind], count[kind], without_kw)
    seen, highest = value_kw[is_kept], minute_kw[is_kept]
    seen, highest = seen[np.isfinite(seen)], highest[np.isfinite(highest)]
    day_now = day.copy()
    day_now[today % n_slots] = today  # also before its first interval has ended
    return _Past(
        day=day_now, level_kw=np.zeros(n_slots),
        days=days, n_days=n_days, median_kw=median_kw, count=count, without_kw=without_kw,
        error_kw=value_kw - without_kw, excess_kw=minute_kw - without_kw,
        mean_kw=float(seen.mean()) if seen.size else math.nan,
        highest_kw=float(highest.max()) if highest.size else math.nan,
    )  # fmt: skip
