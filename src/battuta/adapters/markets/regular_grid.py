"""Is an answer complete and evenly spaced? If not, the first place where it is not, by date."""

from __future__ import annotations

from datetime import timedelta

import numpy as np

from battuta.domain.errors import DataError, StaleDataError
from battuta.domain.time import NS_PER_HOUR, duration_ns, from_ns, zone_of
from battuta.numerics.arrays import IntArray

MARKET_TIME_UNITS = (timedelta(minutes=15), timedelta(minutes=30), timedelta(hours=1))


def resolution_change(at_ns: int, before: timedelta, after: timedelta, zone: str, source: str) -> DataError:
    """Make the error for a range within which the market time unit changes.

    Parameters
    ----------
    at_ns : int
        First interval of the new unit. [ns]
    before, after : timedelta
        The two units.
    zone : str
        Zone of the delivery day, in which the date is named.
    source : str
        Who answered.
    """
    day = from_ns(at_ns).astimezone(zone_of(zone)).date()
    return DataError(
        f"{source}: the market time unit changes from {_minutes(before)} to {_minutes(after)} min on {day}; "
        f"ask for days before {day} or from {day} on, one range each"
    )


def regular_step(time_ns: IntArray, zone: str, source: str) -> timedelta:
    """Return the market time unit of sorted interval starts.

    Parameters
    ----------
    time_ns : ndarray, shape (n_times,)
        Interval starts. [ns]
    zone : str
        Zone of the delivery day.
    source : str
        Who answered.

    Returns
    -------
    timedelta
        15, 30 or 60 minutes.

    Raises
    ------
    DataError
        If the starts are not ascending, have a gap, or change their spacing.
    """
    if time_ns.size == 1:
        message = f"{source}: a single interval does not tell its length; ask for whole days"
        raise DataError(message)
    spacing_ns = np.diff(time_ns)
    backward = np.flatnonzero(spacing_ns <= 0)
    if backward.size:
        at = _stamp(int(time_ns[backward[0] + 1]))
        message = f"{source}: interval {at} comes twice or out of order"
        raise DataError(message)
    allowed = {duration_ns(unit): unit for unit in MARKET_TIME_UNITS}
    changes = np.flatnonzero(np.diff(spacing_ns))
    first_ns, last_ns = int(spacing_ns[0]), int(spacing_ns[-1])
    if changes.size == 0 and first_ns in allowed:
        return allowed[first_ns]
    switch = int(changes[0]) + 1 if changes.size == 1 else 0
    whole_hours = time_ns[switch] % NS_PER_HOUR == 0
    if changes.size == 1 and {first_ns, last_ns} <= set(allowed) and switch < spacing_ns.size - 1 and whole_hours:
        raise resolution_change(int(time_ns[switch]), allowed[first_ns], allowed[last_ns], zone, source)
    step_ns = int(spacing_ns.min())
    if step_ns not in allowed:
        message = f"{source}: intervals are {step_ns / 6e10:g} min apart, not 15, 30 or 60"
        raise DataError(message)
    gap = int(np.flatnonzero(spacing_ns != step_ns)[0])
    n_missing = -(-int(spacing_ns[gap]) // step_ns) - 1
    message = f"{source}: {n_missing} intervals are missing after {_stamp(int(time_ns[gap]))}"
    raise DataError(message)


def require_whole(time_ns: IntArray, step: timedelta, start_ns: int, end_ns: int, source: str) -> None:
    """Refuse an answer that does not reach from `start_ns` to `end_ns`.

    Parameters
    ----------
    time_ns : ndarray, shape (n_times,)
        Interval starts, regular. [ns]
    step : timedelta
        Length of an interval.
    start_ns, end_ns : int
        What was asked for. [ns]
    source : str
        Who answered.

    Raises
    ------
    StaleDataError
        If the end is missing, as for days that are not published yet.
    DataError
        If the beginning is missing.
    """
    first_ns, after_ns = int(time_ns[0]), int(time_ns[-1]) + duration_ns(step)
    if first_ns > start_ns:
        message = f"{source} begins at {_stamp(first_ns)}, not at {_stamp(start_ns)}: earlier prices are missing"
        raise DataError(message)
    if after_ns < end_ns:
        message = (
            f"{source} ends at {_stamp(after_ns)}, not at {_stamp(end_ns)}; later prices are missing or not "
            "published yet (day-ahead prices come in the early afternoon of the day before)"
        )
        raise StaleDataError(message)


def _minutes(unit: timedelta) -> str:
    return f"{unit.total_seconds() / 60.0:g}"


def _stamp(at_ns: int) -> str:
    return f"{from_ns(at_ns):%Y-%m-%dT%H:%MZ}"
