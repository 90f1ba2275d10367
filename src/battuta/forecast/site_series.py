"""What a meter of one site has said so far, on a regular grid, with everything doubtful in it named.

A gap stays a gap. Zeros of a silent meter are taken out and told; a meter that changed from kW to W is refused.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta

import numpy as np

from battuta.domain.errors import ClockError, DataError, InvalidQuantityError
from battuta.domain.time import NS_PER_DAY, NS_PER_HOUR, duration_ns, from_ns, zone_of
from battuta.numerics.arrays import BoolArray, FloatArray, IntArray

UNIT_RATIO_LOW, UNIT_RATIO_HIGH = 200.0, 5000.0
"""Days whose level is that many times another's are in another unit: a factor of 1000, give or take the weather."""
SILENT_HOURS = 1.0
_SILENT_SHARE_MAX = 0.02
_LEVEL_DAYS, _LOW_DAYS = 28, 2
FAR_RATIO, FAR_DAYS = 5.0, 14
"""Readings that many times the highest of so many days and more are no readings of the site."""
_BELIEVED_DAYS, _WEEK_DAYS = 3, 7
_QUARTER_NS = NS_PER_HOUR // 4


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class SiteSeries:
    """Mean power of each interval, a magnitude, NaN where the meter said nothing.

    Attributes
    ----------
    time_ns : ndarray, shape (n_times,)
        Interval starts, UTC, every one of the grid. [ns]
    values_kw : ndarray, shape (n_times,)
        Load or PV power. [kW]
    step : timedelta
        Length of an interval; a whole number of them makes a day.
    zone : str
        IANA zone in which the site lives its days.
    name : str
        What it is, as errors and notes call it.
    is_synthetic : bool
        True for generated values; a forecast that learned from them says so.

    Examples
    --------
    >>> start_ns = NS_PER_DAY * 20_000
    >>> series = SiteSeries(
    ...     time_ns=start_ns + np.arange(3) * NS_PER_HOUR,
    ...     values_kw=np.array([12.0, np.nan, 14.0]),
    ...     step=timedelta(hours=1),
    ...     zone="Europe/Berlin",
    ... )
    >>> series.n_known
    2
    """

    time_ns: IntArray
    values_kw: FloatArray
    step: timedelta
    zone: str
    name: str = "load_kw"
    is_synthetic: bool = False

    def __post_init__(self) -> None:
        """Refuse what is no regular grid of magnitudes."""
        if self.values_kw.shape != self.time_ns.shape or self.time_ns.ndim != 1 or not self.time_ns.size:
            message = f"{self.name}: {self.values_kw.shape} values at {self.time_ns.shape} times; give one of each"
            raise DataError(message)
        steps_per_day(self.step)
        zone_of(self.zone)
        ragged = np.flatnonzero(np.diff(self.time_ns) != duration_ns(self.step))
        if ragged.size or int(self.time_ns[0]) % duration_ns(self.step):
            at = from_ns(int(self.time_ns[ragged[0] if ragged.size else 0])).isoformat()
            message = (
                f"{self.name}: not a grid of {self.step}; look after {at}."
                " Give every interval, NaN where nothing was measured"
            )
            raise DataError(message)
        wrong = np.flatnonzero((self.values_kw < 0.0) | np.isinf(self.values_kw))
        if wrong.size:
            where = f"interval {from_ns(int(self.time_ns[wrong[0]])).isoformat()} and {wrong.size - 1} more"
            raise InvalidQuantityError(self.name, float(self.values_kw[wrong[0]]), 0.0, np.inf, "kW", where=where)

    @property
    def n_known(self) -> int:
        """Number of intervals with a value."""
        return int(np.isfinite(self.values_kw).sum())

    @property
    def end_ns(self) -> int:
        """Instant at which the last interval ended. [ns]"""
        return int(self.time_ns[-1]) + duration_ns(self.step)

    def joined(self, time_ns: IntArray, values_kw: FloatArray) -> SiteSeries:
        """Return the series with later intervals put on; those that were skipped in between are NaN.

        Parameters
        ----------
        time_ns : ndarray, shape (n_times,)
            Interval starts after the last of the series. [ns]
        values_kw : ndarray, shape (n_times,)
            Their values. [kW]

        Returns
        -------
        SiteSeries
            The longer series; this one is left as it was.

        Raises
        ------
        DataError
            If an interval is already there, or does not lie on the grid.
        """
        more = replace(self, time_ns=time_ns, values_kw=values_kw)
        if int(time_ns[0]) < self.end_ns:
            message = (
                f"{self.name}: {from_ns(int(time_ns[0])).isoformat()} is not after the last interval known,"
                f" {from_ns(int(self.time_ns[-1])).isoformat()}; to correct the past, fit anew"
            )
            raise DataError(message)
        step_ns = duration_ns(self.step)
        n_skipped = (int(time_ns[0]) - self.end_ns) // step_ns
        all_ns = self.time_ns[0] + step_ns * np.arange(self.time_ns.size + n_skipped + time_ns.size, dtype=np.int64)
        values = np.concatenate([self.values_kw, np.full(n_skipped, np.nan), more.values_kw])
        return replace(self, time_ns=all_ns, values_kw=values)

    def tail(self, n_days: int) -> SiteSeries:
        """Return the last days of it, for a model that forgets."""
        keep = n_days * steps_per_day(self.step)
        return replace(self, time_ns=self.time_ns[-keep:], values_kw=self.values_kw[-keep:])


def steps_per_day(step: timedelta) -> int:
    """Number of intervals of a day of 24 hours.

    Raises
    ------
    ClockError
        If the step is not a whole part of an hour, or an hour.

    Examples
    --------
    >>> steps_per_day(timedelta(minutes=15))
    96
    """
    step_ns = duration_ns(step)
    if not 0 < step_ns <= NS_PER_HOUR or NS_PER_HOUR % step_ns:
        message = f"step = {step} is not a whole part of an hour; use 15 minutes or one hour"
        raise ClockError(message)
    return NS_PER_DAY // step_ns


def wall_clock(time_ns: IntArray, zone: str, step: timedelta) -> tuple[IntArray, IntArray]:
    """Local day and slot of that day in which intervals start.

    Parameters
    ----------
    time_ns : ndarray, shape (n_times,)
        Interval starts. [ns]
    zone : str
        IANA zone.
    step : timedelta
        Length of an interval.

    Returns
    -------
    day : ndarray, shape (n_times,)
        Local date, in days since 1970-01-01.
    slot : ndarray, shape (n_times,)
        Number of the step by the wall clock; some are missing in spring and some stand twice in autumn.

    Examples
    --------
    >>> day, slot = wall_clock(np.array([0, NS_PER_HOUR]), "Europe/Berlin", timedelta(hours=1))
    >>> day.tolist(), slot.tolist()
    ([0, 0], [1, 2])
    """
    quarter = time_ns // _QUARTER_NS
    local_ns = time_ns + _offsets_ns(int(quarter[0]), int(quarter[-1]), zone)[quarter - quarter[0]]
    return local_ns // NS_PER_DAY, local_ns % NS_PER_DAY // duration_ns(step)


def _offsets_ns(first: int, last: int, zone: str) -> IntArray:
    """Offset of the zone in each quarter-hour of a range, asked once a day and closely where it changed."""
    tz = zone_of(zone)

    def ask(quarter: int) -> int:
        offset = from_ns(quarter * _QUARTER_NS).astimezone(tz).utcoffset()
        return 0 if offset is None else duration_ns(offset)

    offset = np.empty(last - first + 1, dtype=np.int64)
    for start in range(first, last + 1, 96):
        stop = min(start + 96, last + 1)
        ends = ask(start), ask(stop - 1)
        within = ends[0] if ends[0] == ends[1] else np.array([ask(each) for each in range(start, stop)])
        offset[start - first : stop - first] = within
    return offset


def silent_zeros(series: SiteSeries) -> BoolArray:
    """Mark runs of exact zeros of an hour or more at times of day at which the site is hardly ever at zero.

    Parameters
    ----------
    series : SiteSeries
        Load of the site.

    Returns
    -------
    ndarray, shape (n_times,)
        True where the meter was silent, not the site.
    """
    zero = series.values_kw == 0.0
    if not zero.any():
        return zero
    _, slot = wall_clock(series.time_ns, series.zone, series.step)
    run_steps = max(round(SILENT_HOURS * steps_per_day(series.step) / 24.0), 2)
    edges = np.flatnonzero(np.diff(np.concatenate([[False], zero, [False]]).astype(np.int8)))
    long = np.zeros(zero.shape, dtype=np.bool_)
    for start, stop in zip(edges[::2], edges[1::2], strict=True):
        long[start:stop] = stop - start >= run_steps
    n_slots = steps_per_day(series.step)
    known = np.isfinite(series.values_kw)
    n_known = np.bincount(slot[known], minlength=n_slots)
    # Zeros in short runs are the site's own; long ones count as its own where they come on one day in ten or more.
    own = np.bincount(slot[zero & ~long], minlength=n_slots) > _SILENT_SHARE_MAX * n_known
    often = np.bincount(slot[long], minlength=n_slots) > 0.1 * n_known
    return long & ~own[slot] & ~often[slot]


def far_readings(series: SiteSeries) -> BoolArray:
    """Mark readings far beyond all of the days before, as a meter gives that counts an hour wrong.

    Parameters
    ----------
    series : SiteSeries
        Load or PV power of the site.

    Returns
    -------
    ndarray, shape (n_times,)
        True for readings above five times the highest of at least 14 days before. Where such come on three days of a
        week the site itself has changed: from the third day on they are believed.

    Examples
    --------
    >>> load_kw = np.append(np.full(20 * 24, 50.0), [240.0, 260.0])
    >>> time_ns = np.arange(load_kw.size) * NS_PER_HOUR
    >>> series = SiteSeries(time_ns=time_ns, values_kw=load_kw, step=timedelta(hours=1), zone="UTC")
    >>> np.flatnonzero(far_readings(series)).tolist()
    [481]
    """
    day, _ = wall_clock(series.time_ns, series.zone, series.step)
    values_kw = np.where(np.isfinite(series.values_kw), series.values_kw, -1.0)
    starts = np.flatnonzero(np.diff(day, prepend=day[0] - 1))
    limit_kw: FloatArray = np.full(day.shape, np.inf)
    highest_kw, n_seen, odd_days = 0.0, 0, list[int]()
    for start, stop in zip(starts, np.append(starts[1:], day.size), strict=True):
        today, today_kw = int(day[start]), values_kw[start:stop]
        if n_seen >= FAR_DAYS and highest_kw > 0.0 and today_kw.max() > FAR_RATIO * highest_kw:
            odd_days = [each for each in odd_days if today - each < _WEEK_DAYS] + [today]
            if len(odd_days) < _BELIEVED_DAYS:
                limit_kw[start:stop] = FAR_RATIO * highest_kw
        highest_kw = max(highest_kw, float(today_kw[today_kw <= limit_kw[start]].max(initial=0.0)))
        n_seen += bool(today_kw.max() >= 0.0)
    return values_kw > limit_kw


def require_one_unit(series: SiteSeries) -> None:
    """Refuse a series in which kW and W (or MW) meet.

    Parameters
    ----------
    series : SiteSeries
        Load or PV power of the site.

    Raises
    ------
    DataError
        If the highest power of a day is about a thousand times that of the days before it, or of two days in a row
        a thousandth.
    """
    n_slots = steps_per_day(series.step)
    day, _ = wall_clock(series.time_ns, series.zone, series.step)
    number = day - day[0]
    highest_kw = np.zeros(int(number[-1]) + 1)
    np.fmax.at(highest_kw, number, np.nan_to_num(series.values_kw))
    n_positive = np.bincount(number[series.values_kw > 0.0], minlength=highest_kw.size)
    highest_kw[n_positive == 0] = np.nan
    usual_kw = np.where(n_positive >= n_slots // 8, highest_kw, np.nan)
    n_low = 0
    for today in range(1, highest_kw.size):
        before_kw = usual_kw[max(today - _LEVEL_DAYS, 0) : max(today - n_low, 1)]
        if not np.any(np.isfinite(before_kw)):
            continue
        ratio = float(highest_kw[today] / np.nanmedian(before_kw))
        n_low = n_low + 1 if UNIT_RATIO_LOW <= 1.0 / max(ratio, 1e-9) <= UNIT_RATIO_HIGH else 0
        if UNIT_RATIO_LOW <= ratio <= UNIT_RATIO_HIGH or n_low == _LOW_DAYS:
            date = np.datetime64(int(day[0]) + today - max(n_low - 1, 0), "D")
            mend = "divide by 1000 from there on" if ratio > 1.0 else "multiply by 1000 from there on"
            message = f"{series.name}: from {date} on values are {ratio:.3g} times those before: W or MW? {mend}"
            raise DataError(message)
