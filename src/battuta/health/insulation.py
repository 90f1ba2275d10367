"""Insulation to earth: too low, suddenly lower, falling by more than damp weather explains, or not told any more."""

from __future__ import annotations

import numpy as np

from battuta.domain.health import FaultClass, Finding, FindingLevel
from battuta.domain.site_log import SiteLog
from battuta.domain.time import NS_PER_DAY, NS_PER_HOUR
from battuta.health.site_checks_days import SiteDays, episodes, episodes_in_sum, moved_told, told
from battuta.health.site_checks_limits import SiteLimits
from battuta.health.site_checks_trend import moves_of
from battuta.numerics.arrays import FloatArray

_HOLD_S, _WITHIN_S, _STEP_HOLD_S = 3600.0, 6 * 3600.0, 4 * 3600.0
"""How long insulation has to be too low in sum, within how long, and how long a fall has to last. [s]"""
_SILENT_S = 24 * 3600.0
_MONTH_DAYS = 30
_DRY_SHARE = 0.7
"""Quantile of a day that stands for it: most of its insulation when mornings are wet. [-]"""
_LEAST_OHM = 1.0


def insulation_findings(log: SiteLog, days: SiteDays, limits: SiteLimits) -> list[Finding]:
    """Check insulation.

    Parameters
    ----------
    log : SiteLog
        With ``insulation_ohm``; humidity and temperatures are used where they are logged.
    days : SiteDays
        Its days.
    limits : SiteLimits
        When it speaks.

    Returns
    -------
    list of Finding
        In no order.
    """
    if log.insulation_ohm is None:
        return []
    found: list[Finding] = []
    per_volt = log.insulation_ohm / limits.voltage_v
    for level, limit in (
        (FindingLevel.PLAN, limits.insulation_ohm_per_v_plan),
        (FindingLevel.ACT, limits.insulation_ohm_per_v_act),
    ):
        found += [
            told(
                log,
                FaultClass.INSULATION,
                level,
                each.since_ns,
                each.found_ns,
                limits,
                {"insulation_ohm_per_v": float(per_volt[each.row]), "limit_ohm_per_v": limit},
            )
            for each in episodes_in_sum(per_volt < limit, log.time_ns, _HOLD_S, _WITHIN_S)
        ]
    found += _silences(log, limits)
    decades = np.log10(np.maximum(log.insulation_ohm, _LEAST_OHM))
    daily = days.quantile(decades, _DRY_SHARE)
    found += _steps(log, days, decades, limits)
    limit = float(np.log10(limits.insulation_ohm_per_v_act * limits.voltage_v))
    for moved in moves_of(daily, weather_of(log, days), limits.insulation):
        at_ns = int(days.day[moved.day] + 1) * NS_PER_DAY
        since_ns = int(days.day[moved.since_day]) * NS_PER_DAY
        found.append(
            moved_told(
                log, FaultClass.INSULATION, moved, at_ns, since_ns, limits, name="insulation_log10_ohm", limit=limit
            )
        )
    return found


def _silences(log: SiteLog, limits: SiteLimits) -> list[Finding]:
    """A monitor that says nothing for a day while the log goes on: from then on nobody knows of the insulation."""
    assert log.insulation_ohm is not None
    return [
        told(
            log,
            FaultClass.INSULATION,
            FindingLevel.PLAN,
            each.since_ns,
            each.found_ns,
            limits,
            {"silent_h": (each.found_ns - each.since_ns) / NS_PER_HOUR},
        )
        for each in episodes(~np.isfinite(log.insulation_ohm), log.time_ns, _SILENT_S)
    ]


def _steps(log: SiteLog, days: SiteDays, decades: FloatArray, limits: SiteLimits) -> list[Finding]:
    """Falls for hours below anything of a month before, as when a conductor touches earth."""
    lowest = days.quantile(decades, 0.02)
    floor = np.full(decades.size, np.nan)
    for at in range(_MONTH_DAYS, days.day.size):
        known = lowest[at - _MONTH_DAYS : at]
        known = known[np.isfinite(known)]
        if known.size > _MONTH_DAYS // 2:
            floor[int(days.first[at]) : int(days.first[at + 1])] = float(np.min(known))
    fell = floor - decades
    return [
        told(
            log,
            FaultClass.INSULATION,
            FindingLevel.PLAN,
            each.since_ns,
            each.found_ns,
            limits,
            {"fell_below_month_decades": float(fell[each.row]), "insulation_ohm": 10.0 ** float(decades[each.row])},
        )
        for each in episodes(fell > limits.insulation_step, log.time_ns, _STEP_HOLD_S)
    ]


def weather_of(log: SiteLog, days: SiteDays) -> FloatArray:
    """What weather did on each day: temperatures, dampness, and that of the day before.

    Parameters
    ----------
    log : SiteLog
        Whatever of weather it has.
    days : SiteDays
        Its days.

    Returns
    -------
    ndarray, shape (n_days, n_known)
        Known quantities; none where nothing is logged.
    """
    columns = [days.quantile(values) for values in (log.air_c, log.ambient_c) if values is not None]
    if log.humidity is not None:
        damp, damper = days.quantile(log.humidity), days.quantile(log.humidity, 0.9)
        before = np.concatenate([damp[:1], damp[:-1]])
        columns += [damp, damper, np.where(np.isfinite(before), before, damp)]
    return np.column_stack(columns) if columns else np.empty((days.day.size, 0))
