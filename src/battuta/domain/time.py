"""Time as a market means it: aware UTC instants, half-open intervals, delivery days that may have 23 or 25 hours.

Two kinds of clock exist inside Battuta. A *real* series carries UTC instants and the market's zone. A *benchmark*
series (``local_24h``) carries labels of days that were regularised to 24 hours by whoever published them; its labels
are kept as if they were UTC, it is never settled and never joined to real time.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, timezone, tzinfo
from enum import StrEnum
from functools import lru_cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import numpy as np

from battuta.domain.errors import ClockError, UsageError
from battuta.numerics.arrays import IntArray

NS_PER_S = 1_000_000_000
NS_PER_HOUR = 3_600 * NS_PER_S
NS_PER_DAY = 24 * NS_PER_HOUR
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_NS_MAX = 2**63


class ClockKind(StrEnum):
    """How the labels of a file are to be read."""

    OFFSET = "offset"
    """Each label carries its own offset or Z."""
    UTC = "utc"
    """Labels without an offset, in UTC."""
    FIXED = "fixed"
    """Labels without an offset, at a fixed offset all year."""
    LOCAL = "local"
    """Wall-clock labels of an IANA zone: one hour missing in spring, one twice in autumn."""
    LOCAL_24H = "local_24h"
    """Wall-clock labels regularised to 24 a day: for benchmarks, never settled."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Clock:
    """The clock of a file, always stated, never guessed.

    Attributes
    ----------
    kind : ClockKind
        How labels are read.
    zone : str
        IANA zone for ``local``, an offset such as ``+01:00`` for ``fixed``, else empty.
    hour_ending : bool
        True when a label marks the end of its interval.

    Examples
    --------
    >>> Clock.parse("fixed:+01:00")
    Clock(kind=<ClockKind.FIXED: 'fixed'>, zone='+01:00', hour_ending=False)
    >>> str(Clock.parse("local:Europe/Berlin"))
    'local:Europe/Berlin'
    """

    kind: ClockKind
    zone: str = ""
    hour_ending: bool = False

    @classmethod
    def parse(cls, text: str) -> Clock:
        """Read ``utc``, ``offset``, ``local_24h``, ``fixed:+01:00`` or ``local:Europe/Berlin``, with ``,hour_ending``.

        Parameters
        ----------
        text : str
            The clock as a user writes it.

        Returns
        -------
        Clock
            The parsed clock.

        Raises
        ------
        UsageError
            If the text names no clock or no known zone.
        """
        body, _, ending = text.strip().partition(",")
        name, _, zone = body.partition(":")
        if ending not in {"", "hour_ending"} or name not in {kind.value for kind in ClockKind}:
            choices = "utc, offset, fixed:+01:00, local:Europe/Berlin, local_24h"
            message = f"clock {text!r} is not known; choose one of {choices} (append ',hour_ending' for end labels)"
            raise UsageError(message)
        kind = ClockKind(name)
        if (kind in {ClockKind.FIXED, ClockKind.LOCAL}) != bool(zone):
            message = f"clock {text!r}: 'fixed' needs an offset and 'local' a zone, the others neither"
            raise UsageError(message)
        clock = cls(kind=kind, zone=zone, hour_ending=bool(ending))
        if zone:
            zone_of(zone)
        return clock

    def __str__(self) -> str:
        """Write the clock as `parse` reads it."""
        zone = f":{self.zone}" if self.zone else ""
        return f"{self.kind.value}{zone}{',hour_ending' if self.hour_ending else ''}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Interval:
    """A half-open interval ``[start, start + duration)``, left-labelled.

    Attributes
    ----------
    start : datetime
        First instant, aware.
    duration : timedelta
        Length, positive.

    Examples
    --------
    >>> Interval(start=datetime(2026, 1, 1, tzinfo=UTC), duration=timedelta(minutes=15)).end.isoformat()
    '2026-01-01T00:15:00+00:00'
    """

    start: datetime
    duration: timedelta

    def __post_init__(self) -> None:
        """Refuse naive times and empty intervals."""
        require_aware(self.start, "Interval.start")
        if self.duration <= timedelta(0):
            message = f"Interval.duration = {self.duration} must be positive"
            raise ClockError(message)

    @property
    def end(self) -> datetime:
        """First instant after the interval."""
        return self.start + self.duration


def require_aware(moment: datetime, where: str) -> datetime:
    """Return `moment` if it carries an offset.

    Raises
    ------
    ClockError
        If the time is naive; the message names the fix.
    """
    if moment.tzinfo is None:
        message = (
            f"{where} = {moment.isoformat()} has no offset; write e.g. {moment.isoformat()}+01:00 or state a clock"
        )
        raise ClockError(message)
    return moment


@lru_cache(maxsize=64)
def zone_of(name: str) -> tzinfo:
    """Return the zone of an IANA name, a ``+01:00`` offset, ``UTC`` or ``local_24h``.

    Raises
    ------
    UsageError
        If no such zone is known.
    """
    if name in {"UTC", "utc", ClockKind.LOCAL_24H.value}:
        return UTC
    if name[:1] in {"+", "-"}:
        try:
            return timezone(timedelta(seconds=_offset_s(name)))
        except ValueError:
            pass
    else:
        try:
            return ZoneInfo(name)
        except (ZoneInfoNotFoundError, ValueError, OSError):
            pass
    message = f"time zone {name!r} is not known; use an IANA name such as Europe/Berlin or an offset such as +01:00"
    raise UsageError(message)


def _offset_s(text: str) -> float:
    parsed = datetime.strptime(text, "%z").utcoffset()
    return 0.0 if parsed is None else parsed.total_seconds()


def to_ns(moment: datetime) -> int:
    """Nanoseconds since 1970-01-01 UTC of an aware time, exact to the microsecond; refuses what 64 bits do not hold."""
    delta = require_aware(moment, "time") - _EPOCH
    time_ns = (delta.days * 86_400 + delta.seconds) * NS_PER_S + delta.microseconds * 1_000
    if not -_NS_MAX <= time_ns < _NS_MAX:
        message = f"time {moment.isoformat()} is out of reach; name one from 1678 to 2261"
        raise ClockError(message)
    return time_ns


def from_ns(time_ns: int) -> datetime:
    """Aware UTC time of nanoseconds since 1970-01-01 UTC."""
    return _EPOCH + timedelta(microseconds=int(time_ns) // 1_000)


def duration_ns(duration: timedelta) -> int:
    """Nanoseconds of a duration, exact to the microsecond."""
    return (duration.days * 86_400 + duration.seconds) * NS_PER_S + duration.microseconds * 1_000


def local_instant_ns(day: date, at: time, zone: str) -> int:
    """UTC nanoseconds of a wall-clock time on a local day; the first of two in autumn, shifted forward in spring."""
    return to_ns(datetime.combine(day, at, tzinfo=zone_of(zone)).astimezone(UTC))


@dataclass(frozen=True, slots=True, kw_only=True)
class DeliveryDays:
    """The delivery days that a regular series touches.

    Attributes
    ----------
    dates : tuple of date
        Local dates in order, without gaps.
    start_index : ndarray, shape (n_days + 1,)
        Index of the first step of each day; the last entry is the length of the series.
    start_ns : ndarray, shape (n_days + 1,)
        UTC instant at which each day begins. [ns]
    """

    dates: tuple[date, ...]
    start_index: IntArray
    start_ns: IntArray

    def steps(self, day: int) -> slice:
        """Slice of the series that lies in day number `day`."""
        return slice(int(self.start_index[day]), int(self.start_index[day + 1]))


def delivery_days(time_ns: IntArray, zone: str) -> DeliveryDays:
    """Cut a sorted series of interval starts into local delivery days.

    Parameters
    ----------
    time_ns : ndarray, shape (n_times,)
        Interval starts, ascending. [ns]
    zone : str
        The market's zone.

    Returns
    -------
    DeliveryDays
        Days with 23, 24 or 25 hours where the zone says so.

    Examples
    --------
    >>> spring = np.arange(72) * NS_PER_HOUR + to_ns(datetime(2026, 3, 27, 23, tzinfo=UTC))
    >>> np.diff(delivery_days(spring, "Europe/Berlin").start_index)
    array([24, 23, 24,  1])
    """
    tz = zone_of(zone)
    first = from_ns(int(time_ns[0])).astimezone(tz).date()
    last = from_ns(int(time_ns[-1])).astimezone(tz).date()
    n_days = (last - first).days + 1
    dates = tuple(first + timedelta(days=k) for k in range(n_days))
    start_ns = np.array(
        [local_instant_ns(day, time(0), zone) for day in (*dates, last + timedelta(days=1))], dtype=np.int64
    )
    start_index = np.searchsorted(time_ns, start_ns).astype(np.int64)
    return DeliveryDays(dates=dates, start_index=start_index, start_ns=start_ns)


def local_minutes(time_ns: IntArray, zone: str) -> IntArray:
    """Minute of the local day at which each interval starts.

    Parameters
    ----------
    time_ns : ndarray, shape (n_times,)
        Interval starts. [ns]
    zone : str
        The market's zone.

    Returns
    -------
    ndarray, shape (n_times,)
        0 to 1439; a minute is missing in spring and stands twice in autumn.
    """
    tz = zone_of(zone)
    hours, place = np.unique(time_ns // NS_PER_HOUR, return_inverse=True)
    offset_s = np.array(
        [_utc_offset_s(from_ns(int(hour) * NS_PER_HOUR).astimezone(tz)) for hour in hours], dtype=np.int64
    )
    local_ns = time_ns + offset_s[place] * NS_PER_S
    return (local_ns // (60 * NS_PER_S)) % 1440


def _utc_offset_s(moment: datetime) -> int:
    offset = moment.utcoffset()
    return 0 if offset is None else int(offset.total_seconds())
