"""A value of each day held against its own past, what weather explains taken off: has it moved, which way, how fast.

A value that falls because it rains is no fault. So each day asks by one regression over all days so far: has the level
of the last days moved by more than temperature and dampness explain? Days in a row resemble each other, which the
error of that level takes into account, and the move has to be large enough to matter besides. A move the good way is
work that somebody did, such as a refill or a new filter: from then on the past begins anew.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from battuta.numerics.arrays import FloatArray, IntArray

WINDOWS_DAYS = ((7, 0), (21, 0), (60, 0), (7, 30), (7, 90), (21, 150))
"""How many last days are held against all before, and how many in between belong to neither. [d]"""
_IN_ROW_DAYS = 3
_MEMORY_FACTOR = 3.0
"""By how much errors of days in a row, which resemble each other, widen the error of a mean. [-]"""
_CLIP_DAYS, _CLIP_SPREADS, _CLIP_MEMORY_DAYS = 7, 4.0, 30
_RIDGE = 1e-6
_SURE_80 = 1.2816
"""Standard deviations that 80 % lie within."""
_UNEVEN_SHARE = 0.25
"""Standard deviation of the speed of a fault beside its mean, since none grows evenly; assumed. [-]"""
_DAYS_MAX = 36500.0


@dataclass(frozen=True, slots=True, kw_only=True)
class TrendLimits:
    """When a move speaks.

    Attributes
    ----------
    score : float
        Standard errors. [-]
    watch, plan : float
        How far it has to have moved to be told, and to be planned for, in the unit of the values.
    bad_sign : int
        1 where a rise is bad, -1 where a fall is, 0 where both are.
    windows_days : tuple of (int, int)
        How many last days are held against all before, and how many in between belong to neither. [d]
    past_days : int
        Least days before them. [d]
    """

    score: float
    watch: float
    plan: float
    bad_sign: int
    windows_days: tuple[tuple[int, int], ...] = WINDOWS_DAYS
    past_days: int = 21


@dataclass(frozen=True, slots=True, kw_only=True)
class Moved:
    """A value that moved the bad way.

    Attributes
    ----------
    day : int
        Day on which it was told, an index of the days. [-]
    since_day : int
        Day on which it began, as far as the windows tell. [-]
    is_plan : bool
        Whether it moved as far as has to be planned for.
    change : float
        How far it moved, in the unit of the values.
    score : float
        The same in standard errors. [-]
    level : float
        Where it stands, in the unit of the values.
    per_day, per_day_error : float
        How fast it moved since, and the error of that. [unit/d]
    """

    day: int
    since_day: int
    is_plan: bool
    change: float
    score: float
    level: float
    per_day: float
    per_day_error: float


def moves_of(values: FloatArray, explained_by: FloatArray, limits: TrendLimits) -> list[Moved]:
    """Tell every move of a daily value the bad way, each level of it once.

    Parameters
    ----------
    values : ndarray, shape (n_days,)
        A value a day, NaN where there is none.
    explained_by : ndarray, shape (n_days, n_known)
        What is known to move it, such as temperature; a day in which one is missing is left out.
    limits : TrendLimits
        When a move speaks.

    Returns
    -------
    list of Moved
        In the order of the days; each was told from the days up to it alone.
    """
    days = np.flatnonzero(np.isfinite(values) & np.all(np.isfinite(explained_by), axis=1))
    clipped = _clipped(values[days])
    told: list[Moved] = []
    start, shortest = 0, limits.windows_days[0][0]
    while days.size - start > limits.past_days + shortest:
        change, score, window = _strongest(clipped[start:], explained_by[days[start:]], days[start:], limits)
        restart = days.size - start if limits.bad_sign == 0 else _mended(change, score, limits)
        told += _told(
            days[start:],
            clipped[start:],
            explained_by[days[start:]],
            (change[:restart], score[:restart], window[:restart]),
            limits,
        )
        if restart >= days.size - start:
            break
        start += max(restart - shortest + 1, 1)
    return told


def _clipped(values: FloatArray) -> FloatArray:
    """Draw single days that lie far off towards the days before them; a move that stays gets through."""
    clipped = values.copy()
    for at in range(_CLIP_DAYS, values.size):
        own = values[at - _CLIP_DAYS + 1 : at + 1]
        memory = values[max(at - _CLIP_MEMORY_DAYS, 0) : at]
        middle = float(np.median(own))
        spread = 1.4826 * float(np.median(np.abs(memory - np.median(memory))))
        if spread > 0.0:
            clipped[at] = np.clip(values[at], middle - _CLIP_SPREADS * spread, middle + _CLIP_SPREADS * spread)
    return clipped


def _strongest(
    values: FloatArray, known: FloatArray, days: IntArray, limits: TrendLimits
) -> tuple[FloatArray, FloatArray, IntArray]:
    """Change and score of each day, of the window that says most of those whose change matters."""
    change, score = np.zeros(values.size), np.zeros(values.size)
    window = np.full(values.size, limits.windows_days[0][0])
    for each, between in limits.windows_days:
        moved, sure = _levels(values, known, days, (each, between), limits.past_days)
        size = np.abs(moved) if limits.bad_sign == 0 else limits.bad_sign * moved
        stronger = np.abs(sure) > np.abs(score)
        matters = np.abs(size) >= limits.watch
        take = stronger & (matters | (np.abs(change) < limits.watch))
        change[take], score[take], window[take] = moved[take], sure[take], each + between
    return change, score, window


def _levels(
    values: FloatArray, known: FloatArray, days: IntArray, window_days: tuple[int, int], past_days: int
) -> tuple[FloatArray, FloatArray]:
    """Level that the last days have of their own beside what is known, of each day, and the same in standard errors.

    The normal equations of all days are sums that grow by a day at a time, so all days are solved at once.
    """
    scale = np.maximum(np.std(known, axis=0), 1e-9)
    columns = np.concatenate([np.ones((values.size, 1)), (known - known[0]) / scale], axis=1)
    n_known = columns.shape[1]
    sums = np.concatenate([np.zeros((1, n_known + 1)), np.cumsum(np.column_stack([columns, values]), axis=0)])
    matrix = np.zeros((values.size, n_known + 2, n_known + 2))
    right = np.zeros((values.size, n_known + 2))
    matrix[:, :n_known, :n_known] = np.cumsum(columns[:, :, None] * columns[:, None, :], axis=0)
    right[:, :n_known] = np.cumsum(columns * values[:, None], axis=0)
    stop = np.arange(1, values.size + 1)
    in_window = np.zeros(values.size)
    for place, n_days in enumerate(window_days):
        first = np.minimum(np.searchsorted(days, days - sum(window_days[: place + 1]), side="right"), stop)
        row = n_known + place
        inside = sums[stop] - sums[first]
        matrix[:, :n_known, row], matrix[:, row, :n_known] = inside[:, :-1], inside[:, :-1]
        matrix[:, row, row], right[:, row] = stop - first, inside[:, -1]
        in_window = matrix[:, n_known, n_known]
        stop = first if n_days else stop
    matrix += np.eye(n_known + 2) * _RIDGE * np.maximum(in_window, 1.0)[:, None, None]
    inverse = np.linalg.inv(matrix)
    solved = np.einsum("tij,tj->ti", inverse, right)
    past = np.maximum(stop - 1, 0)
    before = np.linalg.solve(matrix[:, :n_known, :n_known] + np.eye(n_known) * _RIDGE, right[:, :n_known, None])[
        :, :, 0
    ]
    left = np.maximum(np.cumsum(values**2) - np.sum(before * right[:, :n_known], axis=1), 0.0)
    # How unsure a day is, is told by the days before the window: a fault that grows is no noise.
    variance = (left / np.maximum(np.arange(1, values.size + 1) - n_known, 1.0))[past]
    error = _MEMORY_FACTOR * np.sqrt(np.maximum(variance * inverse[:, n_known, n_known], 1e-24))
    enough = (stop >= past_days) & (in_window >= max(3.0, 0.4 * window_days[0]))
    return np.where(enough, solved[:, n_known], 0.0), np.where(enough, solved[:, n_known] / error, 0.0)


def _mended(change: FloatArray, score: FloatArray, limits: TrendLimits) -> int:
    """Index of the first day that moved the good way as far as would be told of the bad; how many days if none."""
    good = (-limits.bad_sign * change >= limits.watch) & (-limits.bad_sign * score >= limits.score)
    found = np.flatnonzero(good)
    return int(found[0]) if found.size else change.size


def _told(
    days: IntArray,
    values: FloatArray,
    known: FloatArray,
    tested: tuple[FloatArray, FloatArray, IntArray],
    limits: TrendLimits,
) -> list[Moved]:
    """The first day of each level at which the test has spoken for days in a row."""
    change, score, window = tested
    sign = np.sign(change) if limits.bad_sign == 0 else np.full(change.size, float(limits.bad_sign))
    told: list[Moved] = []
    for is_plan, far in ((False, limits.watch), (True, limits.plan)):
        speaks = (sign * change >= far) & (sign * score >= limits.score)
        for at in range(_IN_ROW_DAYS - 1, change.size):
            if bool(np.all(speaks[at - _IN_ROW_DAYS + 1 : at + 1])):
                first = int(np.searchsorted(days, int(days[at]) - int(window[at]), side="right"))
                level, slope, error = _slope(days, values, known, at, limits.past_days)
                told.append(
                    Moved(
                        day=int(days[at]),
                        since_day=int(days[first]),
                        is_plan=is_plan,
                        change=float(change[at]),
                        score=float(sign[at] * score[at]),
                        level=level,
                        per_day=slope,
                        per_day_error=error,
                    )
                )
                break
    return sorted(told, key=lambda each: (each.day, each.is_plan))


def _slope(days: IntArray, values: FloatArray, known: FloatArray, at: int, n_last: int) -> tuple[float, float, float]:
    """Where it stands, how fast it moves in the last days, and the error of that, what is known taken off."""
    scale = np.maximum(np.std(known[: at + 1], axis=0), 1e-9)
    first = max(at + 1 - n_last, 0)
    since = (np.arange(at + 1) >= first).astype(np.float64)
    ramp = since * (days[: at + 1] - float(days[first]))
    columns = np.column_stack([np.ones(at + 1), (known[: at + 1] - known[0]) / scale, since, ramp])
    square = columns.T @ columns + np.eye(columns.shape[1]) * _RIDGE
    solved = np.linalg.solve(square, columns.T @ values[: at + 1])
    left = values[: at + 1] - columns @ solved
    variance = float(left @ left) / max(at + 1 - columns.shape[1], 1)
    error = _MEMORY_FACTOR * float(np.sqrt(max(variance * np.linalg.inv(square)[-1, -1], 0.0)))
    level = float(np.mean(values[max(at - _IN_ROW_DAYS + 1, 0) : at + 1]))
    return level, float(solved[-1]), float(np.hypot(error, _UNEVEN_SHARE * solved[-1]))


def days_until(level: float, limit: float, per_day: float, per_day_error: float) -> tuple[float, float, float] | None:
    """Days until a value that moves evenly meets a limit: early, middle and late (10, 50, 90 %).

    Parameters
    ----------
    level, limit : float
        Where it stands and where the limit is, in one unit.
    per_day, per_day_error : float
        How fast it moves and the error of that. [unit/d]

    Returns
    -------
    tuple of float or None
        Days; the late one is infinite where it may not move at all; None where it does not move towards its limit. [d]

    Examples
    --------
    >>> days_until(100.0, 50.0, -1.0, 0.2)
    (39.8, 50.0, 67.2)
    >>> days_until(100.0, 50.0, 1.0, 0.2) is None
    True
    """
    towards = 1.0 if limit >= level else -1.0
    distance = abs(limit - level)
    speeds = [towards * per_day + sign * _SURE_80 * per_day_error for sign in (1.0, 0.0, -1.0)]
    if speeds[1] <= 0.0:
        return None
    days = [distance / speed if speed > distance / _DAYS_MAX else float("inf") for speed in speeds]
    return round(days[0], 1), round(days[1], 1), round(days[2], 1)
