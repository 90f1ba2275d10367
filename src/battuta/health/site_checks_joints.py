"""DC joints: the temperature that the square of the current adds to each, held against its past and the others."""

from __future__ import annotations

import numpy as np

from battuta.domain.errors import DataError
from battuta.domain.health import FaultClass, Finding, FindingLevel
from battuta.domain.site_log import SiteLog
from battuta.domain.time import NS_PER_DAY, NS_PER_S
from battuta.health.site_checks_days import SiteDays, episodes, moved_told, told
from battuta.health.site_checks_limits import SiteLimits
from battuta.health.site_checks_trend import moves_of
from battuta.numerics.arrays import FloatArray

_LAG_S = 1800.0
"""How slowly a joint is taken to follow its current; assumed. [s]"""
_WARMED_SHARE = 0.1
"""Share of the largest square of the current that a day has to reach to say anything. [-]"""
_FIRST_DAYS = 14
_SLOPE_MIN = 1e-7
_HOLD_S = 600.0


def followed(squares: FloatArray, time_ns: FloatArray, lag_s: float) -> FloatArray:
    """Let a joint follow the square of the current; NaN and gaps hold the last value, shape (n_times,).

    Parameters
    ----------
    squares : ndarray, shape (n_times,)
        Square of the current. [A2]
    time_ns : ndarray, shape (n_times,)
        When. [ns]
    lag_s : float
        Time constant. [s]

    Returns
    -------
    ndarray, shape (n_times,)
        The same, delayed. [A2]
    """
    shares = 1.0 - np.exp(-np.diff(time_ns, prepend=time_ns[:1]) / NS_PER_S / lag_s)
    now, out = 0.0, np.empty(squares.size)
    for at, (square, share) in enumerate(zip(squares.tolist(), shares.tolist(), strict=True)):
        if square == square:  # noqa: PLR0124 - the fastest way to ask a float whether it is missing
            now += share * (square - now)
        out[at] = now
    return out


def joint_findings(log: SiteLog, days: SiteDays, limits: SiteLimits) -> list[Finding]:
    """Check joints.

    Parameters
    ----------
    log : SiteLog
        With ``joint_c``, ``string_current_a`` and ``air_c``.
    days : SiteDays
        Its days.
    limits : SiteLimits
        When it speaks.

    Returns
    -------
    list of Finding
        In no order; the number of the joint stands in the evidence.

    Raises
    ------
    DataError
        If joints do not share out evenly among strings.
    """
    if log.joint_c is None or log.string_current_a is None or log.air_c is None:
        return []
    n_joints, n_strings = log.joint_c.shape[1], log.string_current_a.shape[1]
    if n_joints % n_strings:
        message = (
            f"site {log.site_id}: {n_joints} joints do not share out among {n_strings} strings; log as many joints of "
            "each, NaN where there is none"
        )
        raise DataError(message)
    squares = np.column_stack(
        [
            followed(log.string_current_a[:, each] ** 2, log.time_ns.astype(np.float64), _LAG_S)
            for each in range(n_strings)
        ]
    )
    full = fullest(squares, days)
    slopes = np.column_stack(
        [
            daily_slopes(log.joint_c[:, joint] - log.air_c, squares[:, joint * n_strings // n_joints], days, full)
            for joint in range(n_joints)
        ]
    )
    found = _standing_out(log, days, slopes, limits)
    for joint in range(n_joints):
        rise = log.joint_c[:, joint] - log.air_c
        for level, limit in (
            (FindingLevel.PLAN, limits.joint_rise_k_plan),
            (FindingLevel.ACT, limits.joint_rise_k_act),
        ):
            found += [
                told(
                    log, FaultClass.JOINT_HEAT, level, each.since_ns, each.found_ns, limits,
                    {"joint": float(joint), "rise_k": float(rise[each.row]), "limit_k": limit},
                )
                for each in episodes(rise > limit, log.time_ns, _HOLD_S)
            ]  # fmt: skip
        found += _moved(log, days, slopes[:, joint], full, joint, limits)
    return found


def _moved(
    log: SiteLog, days: SiteDays, slopes: FloatArray, full_a2: FloatArray, joint: int, limits: SiteLimits
) -> list[Finding]:
    """A joint that warms more by the same current than before; its limit is the rise at the highest current so far."""
    found: list[Finding] = []
    for moved in moves_of(np.log(slopes), np.empty((days.day.size, 0)), limits.joint):
        found_ns, since_ns = (int(days.day[at]) * NS_PER_DAY for at in (moved.day, moved.since_day))
        hottest = float(np.log(limits.joint_rise_k_act / max(float(full_a2[moved.day]), 1.0)))
        # A resistance that grows evenly has a logarithm that grows slower and slower.
        evenly = moved.level + float(np.expm1(hottest - moved.level))
        found.append(
            moved_told(
                log, FaultClass.JOINT_HEAT, moved, found_ns + NS_PER_DAY, since_ns, limits, name="k_per_a2_log",
                limit=evenly, evidence={"joint": float(joint)},
            )
        )  # fmt: skip
    return found


def fullest(squares_a2: FloatArray, days: SiteDays) -> FloatArray:
    """Largest square of any string's current until the end of each day, shape (n_days,). [A2]

    Parameters
    ----------
    squares_a2 : ndarray, shape (n_times, n_strings)
        Squares, delayed. [A2]
    days : SiteDays
        The days.

    Returns
    -------
    ndarray, shape (n_days,)
        It never falls. [A2]
    """
    so_far = np.maximum.accumulate(np.max(squares_a2, axis=1))
    return np.where(days.first[1:] > 0, so_far[np.maximum(days.first[1:] - 1, 0)], 0.0)


def daily_slopes(rise_k: FloatArray, squares_a2: FloatArray, days: SiteDays, full_a2: FloatArray) -> FloatArray:
    """Rise per square of the current of each day, NaN where the current was too small to tell, shape (n_days,).

    Parameters
    ----------
    rise_k : ndarray, shape (n_times,)
        Joint over air. [K]
    squares_a2 : ndarray, shape (n_times,)
        Square of the current, delayed. [A2]
    days : SiteDays
        The days.
    full_a2 : ndarray, shape (n_days,)
        Largest square seen until each day. [A2]

    Returns
    -------
    ndarray, shape (n_days,)
        Slope of the line through the rows of the day. [K/A2]
    """
    found = np.full(days.day.size, np.nan)
    for at in range(days.day.size):
        rows = slice(int(days.first[at]), int(days.first[at + 1]))
        x, y = squares_a2[rows], rise_k[rows]
        known = np.isfinite(y)
        if known.sum() < 24 or float(np.max(x[known])) < _WARMED_SHARE * full_a2[at]:
            continue
        centred = x[known] - float(np.mean(x[known]))
        found[at] = max(float(centred @ y[known]) / float(centred @ centred), _SLOPE_MIN)
    return found


def _standing_out(log: SiteLog, days: SiteDays, slopes: FloatArray, limits: SiteLimits) -> list[Finding]:
    """Joints that were far hotter than the others from the first days on: built so, or badly."""
    if days.day.size < _FIRST_DAYS or slopes.shape[1] < 3:
        return []
    known = slopes[:_FIRST_DAYS]
    known = known[np.all(np.isfinite(known), axis=1)]
    if known.shape[0] < 3:
        return []
    own = np.median(known, axis=0)
    ratio = own / float(np.median(own))
    at_ns = int(days.day[_FIRST_DAYS - 1] + 1) * NS_PER_DAY
    return [
        told(
            log, FaultClass.JOINT_HEAT, FindingLevel.PLAN, int(log.time_ns[0]), at_ns, limits,
            {"joint": float(joint), "times_the_others": float(ratio[joint])},
        )
        for joint in np.flatnonzero(ratio > limits.joint_share_of_others)
    ]  # fmt: skip
