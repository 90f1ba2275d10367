"""What past days say of a day to come, and what they would have said of each other, for one site."""

from __future__ import annotations

import numpy as np

from battuta._jit import jit
from battuta.numerics.arrays import BoolArray, FloatArray, IntArray


@jit
def leave_one_out(
    value_kw: FloatArray, is_kind: BoolArray, median_kw: FloatArray, count: IntArray, without_kw: FloatArray
) -> None:
    """Write the median of the days of a kind at each time of day, and for each day that of all others.

    Parameters
    ----------
    value_kw : ndarray, shape (n_days, n_per_day)
        What was measured, NaN where nothing was. [kW]
    is_kind : ndarray of bool, shape (n_days,)
        Days that count.
    median_kw : ndarray, shape (n_per_day,)
        Written: median of these days, NaN where none was measured. [kW]
    count : ndarray of int64, shape (n_per_day,)
        Written: how many were measured. [-]
    without_kw : ndarray, shape (n_days, n_per_day)
        Written for these days: median of the others, NaN where no other was measured. [kW]
    """
    n_days, n_per_day = value_kw.shape
    ordered, place = np.empty(n_days), np.empty(n_days, dtype=np.int64)
    for time in range(n_per_day):
        n = 0
        for day in range(n_days):
            value = value_kw[day, time]
            if not is_kind[day] or not np.isfinite(value):
                continue
            at = n
            while at > 0 and ordered[at - 1] > value:
                ordered[at], place[at] = ordered[at - 1], place[at - 1]
                at -= 1
            ordered[at], place[at] = value, day
            n += 1
        count[time] = n
        half = n // 2
        middle = np.nan
        if n > 0:
            middle = ordered[half] if n % 2 == 1 else 0.5 * (ordered[half - 1] + ordered[half])
        median_kw[time] = middle
        for day in range(n_days):
            if is_kind[day]:
                without_kw[day, time] = middle
        for at in range(n):
            others = np.nan
            if n > 1:
                left = (n - 1) // 2
                upper = ordered[left] if left < at else ordered[left + 1]
                others = upper
                if n % 2 == 1:
                    lower = ordered[left - 1] if left - 1 < at else ordered[left]
                    others = 0.5 * (lower + upper)
            without_kw[place[at], time] = others


@jit
def filled_error_kw(
    error_kw: FloatArray, level_kw: FloatArray, fading: float, days: IntArray, n_days: int, path: int, time: int
) -> float:  # fmt: skip
    """Return the error of one day of a list at one time of day, or of the next on the list that has one.

    Parameters
    ----------
    error_kw : ndarray, shape (n_slots, n_per_day)
        What came less what the others said of it, NaN where nothing was measured. [kW]
    level_kw : ndarray, shape (n_slots,)
        Level of each day before the forecast, of which it would have known. [kW]
    fading : float
        Share of it that the forecast still has. [-]
    days : ndarray of int64, shape (n_slots,)
        Slots of the days, the newest first.
    n_days : int
        How many of them count.
    path : int
        Which one is wanted; the list begins anew after its end.
    time : int
        Time of day, as a number of intervals.

    Returns
    -------
    float
        NaN where none has one. [kW]
    """
    for shift in range(n_days):
        slot = days[(path + shift) % n_days]
        error = error_kw[slot, time] - fading * level_kw[slot]
        if np.isfinite(error):
            return error
    return np.nan


@jit
def recent_levels_kw(error_kw: FloatArray, day: IntArray, time: int, n_recent: int, level_kw: FloatArray) -> None:
    """Write how far each day lay above what the others said of it, in the intervals before a time of day.

    Parameters
    ----------
    error_kw : ndarray, shape (n_slots, n_per_day)
        What came on each day less what the others said of it, NaN where nothing was measured. [kW]
    day : ndarray of int64, shape (n_slots,)
        Day that each slot holds; the one before it is in the slot before it.
    time : int
        Time of day, as a number of intervals.
    n_recent : int
        How many intervals to look at, those before midnight on the day before.
    level_kw : ndarray, shape (n_slots,)
        Written: median of these, which a short peak does not move; 0 where less than half was measured. [kW]
    """
    n_slots, n_per_day = error_kw.shape
    recent = np.empty(n_recent)
    for slot in range(n_slots):
        n = 0
        for lag in range(1, n_recent + 1):
            at, own = time - lag, slot
            if at < 0:
                at, own = at + n_per_day, (slot - 1) % n_slots
                if day[own] != day[slot] - 1:
                    continue
            if np.isfinite(error_kw[own, at]):
                recent[n] = error_kw[own, at]
                n += 1
        level_kw[slot] = np.median(recent[:n]) if 2 * n >= n_recent else 0.0


@jit
def courses_ahead(
    median_kw: FloatArray, count: IntArray, error_kw: FloatArray, level_kw: FloatArray, today: int, days: IntArray,
    n_days: IntArray, ahead: IntArray, kind: IntArray, fading: FloatArray, mean_kw: float, highest_kw: float,
    course_kw: FloatArray, path_kw: FloatArray,
) -> bool:  # fmt: skip
    """Write the course expected and the errors that may be added to it, for the intervals ahead.

    Parameters
    ----------
    median_kw : ndarray, shape (2, n_per_day)
        Median of free days and workdays. [kW]
    count : ndarray of int64, shape (2, n_per_day)
        How many days each is made of. [-]
    error_kw : ndarray, shape (n_slots, n_per_day)
        What came on each past day less what the others said of it. [kW]
    level_kw : ndarray, shape (n_slots,)
        Median of that in the hours before this time of day. [kW]
    today : int
        Slot of the day that runs.
    days : ndarray of int64, shape (2, n_slots)
        Slots of the days of each kind, the newest first.
    n_days : ndarray of int64, shape (2,)
        How many there are. [-]
    ahead, kind : ndarray of int64, shape (n_times,)
        Time of day of the intervals ahead, and 1 where they belong to a workday.
    fading : ndarray, shape (n_times,)
        Share of the level that is expected to last. [-]
    mean_kw, highest_kw : float
        Mean and highest minute of all that was seen. [kW]
    course_kw : ndarray, shape (n_times,)
        Written: what is expected. [kW]
    path_kw : ndarray, shape (n_paths, n_times)
        Written: errors. [kW]

    Returns
    -------
    bool
        Whether each interval was seen at that time of day before.
    """
    is_known = True
    for step in range(ahead.shape[0]):
        time, own = ahead[step], kind[step]
        seen = own if count[own, time] > 0 else 1 - own
        if count[seen, time] > 0:
            course_kw[step] = median_kw[seen, time] + fading[step] * level_kw[today]
        else:
            course_kw[step], is_known = mean_kw, False
        judged = own if count[own, time] > 1 else 1 - own
        for path in range(path_kw.shape[0]):
            if count[judged, time] > 1:
                path_kw[path, step] = filled_error_kw(
                    error_kw, level_kw, float(fading[step]), days[judged], int(n_days[judged]), path, int(time)
                )
            else:
                path_kw[path, step] = highest_kw - mean_kw
    return is_known


@jit
def largest_excess_kw(
    excess_kw: FloatArray, days: IntArray, n_days: IntArray, around: IntArray, kind: IntArray
) -> float:
    """Find how far the highest minute of past days rose above what the others said of them, near a time of day.

    Parameters
    ----------
    excess_kw : ndarray, shape (n_slots, n_per_day)
        Highest minute of each interval less what the other days said of its mean. [kW]
    days : ndarray of int64, shape (2, n_slots)
        Slots of free days and workdays.
    n_days : ndarray of int64, shape (2,)
        How many there are. [-]
    around, kind : ndarray of int64, shape (n_near,)
        Times of day to look at, and 1 where they belong to a workday.

    Returns
    -------
    float
        Largest excess, NaN where none was seen. [kW]
    """
    largest: float = np.nan
    for near in range(around.shape[0]):
        own = kind[near]
        for day in range(n_days[own]):
            excess = excess_kw[days[own, day], around[near]]
            if np.isfinite(excess) and not excess <= largest:
                largest = float(excess)
    return largest
