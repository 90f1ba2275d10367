"""Contactors, pre-charge and fuses: wear, commands that are not followed, a bus that fills at another pace."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from battuta.domain.health import FaultClass, Finding, FindingLevel
from battuta.domain.site_log import SiteLog
from battuta.domain.time import NS_PER_DAY
from battuta.health.site_checks_days import SiteDays, episodes, moved_told, told
from battuta.health.site_checks_limits import SiteLimits
from battuta.health.site_checks_trend import TrendLimits, moves_of
from battuta.health.wear_counters import ElectricalLife, days_left, wear_of
from battuta.numerics.arrays import FloatArray

_HOLD_S = 600.0
_WINDOW_DAYS = 30.0
_WEAR_DAYS_WATCH, _WEAR_DAYS_PLAN = 365.0, 120.0
_WEAR_SHARE_WATCH, _WEAR_SHARE_PLAN = 0.7, 0.85
_FLOWS_A = 10.0


def contactor_findings(
    log: SiteLog, days: SiteDays, limits: SiteLimits, life: ElectricalLife, used_before: FloatArray | None = None
) -> list[Finding]:
    """Check contactors.

    Parameters
    ----------
    log : SiteLog
        Whatever of contactors it has.
    days : SiteDays
        Its days.
    limits : SiteLimits
        When it speaks.
    life : ElectricalLife
        How often a current can be broken.
    used_before : ndarray, shape (n_contactors,), or None
        Share of the life of each that was used before the log began; 0 if None, which is right for new ones. [-]

    Returns
    -------
    list of Finding
        In no order; the number of the contactor stands in the evidence.
    """
    found: list[Finding] = []
    command, state = log.contactor_command, log.contactor_state
    if command is not None and state is not None:
        for part in range(command.shape[1]):
            differs = (command[:, part] > 0.5) != (state[:, part] > 0.5)
            differs &= np.isfinite(command[:, part]) & np.isfinite(state[:, part])
            found += [
                told(
                    log, FaultClass.CONTACTOR_WEAR, FindingLevel.ACT, each.since_ns, each.found_ns, limits,
                    {
                        "contactor": float(part),
                        "command": float(command[each.row, part]),
                        "state": float(state[each.row, part]),
                    },
                )
                for each in episodes(differs, log.time_ns, _HOLD_S)
            ]  # fmt: skip
    if log.contactor_open_current_a is not None:
        for part in range(log.contactor_open_current_a.shape[1]):
            before = 0.0 if used_before is None else float(used_before[part])
            found += _worn(log, days, limits, life, part, before)
    return found


def _worn(
    log: SiteLog, days: SiteDays, limits: SiteLimits, life: ElectricalLife, part: int, before: float
) -> list[Finding]:
    """Tell when the life of a contactor comes to its end, each level once."""
    broken = np.empty(0) if log.contactor_open_current_a is None else log.contactor_open_current_a[:, part]
    rows = np.flatnonzero(np.isfinite(broken))
    used, when = life.share_used(broken[rows]), log.time_ns[rows] / NS_PER_DAY
    found: list[Finding] = []
    heard = 0
    for day in [int(each) for each in days.day[int(_WINDOW_DAYS) :]] if rows.size else []:
        wear = wear_of(used, when, day + 1.0, _WINDOW_DAYS, before=before)
        left = days_left(wear)
        late = float("inf") if left is None else left[2]
        level = (
            FindingLevel.ACT if wear.share >= 1.0
            else FindingLevel.PLAN if wear.share >= _WEAR_SHARE_PLAN or late < _WEAR_DAYS_PLAN
            else FindingLevel.WATCH if wear.share >= _WEAR_SHARE_WATCH or late < _WEAR_DAYS_WATCH
            else None
        )  # fmt: skip
        if level is not None and level > heard:
            heard = int(level)
            evidence = {
                "contactor": float(part), "life_used_share": wear.share, "life_used_per_day": wear.per_day,
                "switchings": float(wear.n_switchings),
            }  # fmt: skip
            at_ns = (day + 1) * NS_PER_DAY
            since_ns = max(int(log.time_ns[0]), at_ns - int(_WINDOW_DAYS) * NS_PER_DAY)
            found.append(told(log, FaultClass.CONTACTOR_WEAR, level, since_ns, at_ns, limits, evidence, left))
    return found


def precharge_findings(log: SiteLog, limits: SiteLimits) -> list[Finding]:
    """Check how fast and how far the bus is charged before contactors close.

    Parameters
    ----------
    log : SiteLog
        With ``precharge_s`` or ``precharge_share``.
    limits : SiteLimits
        When it speaks.

    Returns
    -------
    list of Finding
        In no order.
    """
    found: list[Finding] = []
    if log.precharge_share is not None:
        low = np.flatnonzero(log.precharge_share < limits.precharge_share_min)
        if low.size >= 2:
            at, before = int(low[1]), int(low[0])
            evidence = {"bus_share": float(log.precharge_share[at]), "limit_share": limits.precharge_share_min}
            found.append(
                told(
                    log, FaultClass.PRECHARGE, FindingLevel.ACT, int(log.time_ns[before]), int(log.time_ns[at]), limits,
                    evidence,
                )
            )  # fmt: skip
    if log.precharge_s is not None:
        found += event_moves(
            log, log.precharge_s, limits.precharge, FaultClass.PRECHARGE, limits, name="time_constant_log_s",
            shown=lambda values: np.log(np.maximum(values, 1e-6)), limit=float("nan"),
        )  # fmt: skip
    return found


def event_moves(
    log: SiteLog,
    values: FloatArray,
    trend: TrendLimits,
    fault: FaultClass,
    limits: SiteLimits,
    *,
    name: str,
    shown: Callable[[FloatArray], FloatArray],
    limit: float,
) -> list[Finding]:
    """Hold the values of events against their own past, event by event.

    Parameters
    ----------
    log : SiteLog
        The site.
    values : ndarray, shape (n_times,)
        A value in the row of each event, else NaN.
    trend : TrendLimits
        When a move speaks; its days are events.
    fault : FaultClass
        What a move is.
    limits : SiteLimits
        For the probability of a finding.
    name : str
        What moves, the unit last.
    shown : callable
        How values are looked at, such as their logarithm.
    limit : float
        Where it may not go, looked at the same way; NaN where there is none.

    Returns
    -------
    list of Finding
        With days to the limit by the pace of events so far.
    """
    rows = np.flatnonzero(np.isfinite(values))
    found: list[Finding] = []
    for moved in moves_of(shown(values[rows]), np.empty((rows.size, 0)), trend):
        at_ns, since_ns = int(log.time_ns[rows[moved.day]]), int(log.time_ns[rows[moved.since_day]])
        span_days = max((at_ns - int(log.time_ns[rows[0]])) / NS_PER_DAY, 1.0)
        found.append(
            moved_told(
                log, fault, moved, at_ns, since_ns, limits, name=name, limit=limit,
                steps_per_day=moved.day / span_days,
            )
        )  # fmt: skip
    return found


def fuse_findings(log: SiteLog, limits: SiteLimits) -> list[Finding]:
    """Find strings that carry nothing while the others do, though their contactor says that it is closed.

    Parameters
    ----------
    log : SiteLog
        With ``string_current_a``.
    limits : SiteLimits
        When it speaks.

    Returns
    -------
    list of Finding
        In no order; the number of the string stands in the evidence.
    """
    current = log.string_current_a
    if current is None or current.shape[1] < 2:
        return []
    found: list[Finding] = []
    for part in range(current.shape[1]):
        others = np.abs(np.median(np.delete(current, part, axis=1), axis=1))
        dead = (others > _FLOWS_A) & (np.abs(current[:, part]) < limits.fuse_share * others)
        state = log.contactor_state
        if state is not None and state.shape[1] == current.shape[1]:
            dead &= state[:, part] > 0.5
        found += [
            told(
                log, FaultClass.FUSE, FindingLevel.ACT, each.since_ns, each.found_ns, limits,
                {
                    "string": float(part),
                    "current_a": float(current[each.row, part]),
                    "others_current_a": float(others[each.row]),
                },
            )
            for each in episodes(dead, log.time_ns, _HOLD_S)
        ]  # fmt: skip
    return found
