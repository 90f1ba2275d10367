"""Coolant: flow for the speed of its pump, static pressure, and a level that falls slowly, heat taken off."""

from __future__ import annotations

import numpy as np

from battuta.domain.health import FaultClass, Finding, FindingLevel
from battuta.domain.site_log import SiteLog
from battuta.domain.time import NS_PER_DAY
from battuta.health.site_checks_days import SiteDays, episodes, moved_told, told
from battuta.health.site_checks_limits import SiteLimits
from battuta.health.site_checks_trend import TrendLimits, moves_of
from battuta.numerics.arrays import FloatArray

_RUNS_SPEED = 0.2
"""Speed, or command, above which a pump has to move something. [-]"""
_STANDS_SHARE = 0.3
"""Share of the usual flow for its command below which a pump stands. [-]"""
_HOLD_S = 1800.0
_USUAL_DAYS = 14


def coolant_findings(log: SiteLog, days: SiteDays, limits: SiteLimits) -> list[Finding]:
    """Check the coolant circuit.

    Parameters
    ----------
    log : SiteLog
        Whatever of coolant and pump it has.
    days : SiteDays
        Its days.
    limits : SiteLimits
        When it speaks.

    Returns
    -------
    list of Finding
        In no order.
    """
    found = _standing(log, days, limits)
    heat = _heat_of(log, days)
    if log.coolant_pressure_bar is not None:
        pressure = log.coolant_pressure_bar
        if log.pump_speed is not None:
            squares = days.quantile(log.pump_speed**2)
            heat = np.column_stack([heat, squares])
        found += _below(log, pressure, limits.pressure_bar_min, FaultClass.COOLANT_PRESSURE, "pressure_bar", limits)
        found += _moved(
            log, days, days.quantile(pressure), heat, limits.pressure, FaultClass.COOLANT_PRESSURE,
            name="pressure_bar", limit=limits.pressure_bar_min, limits=limits,
        )  # fmt: skip
    if log.coolant_level is not None:
        level = log.coolant_level
        found += _below(log, level, limits.level_min, FaultClass.COOLANT_LEVEL, "level", limits)
        found += _moved(
            log, days, days.quantile(level), _heat_of(log, days), limits.level, FaultClass.COOLANT_LEVEL,
            name="level", limit=limits.level_min, limits=limits,
        )  # fmt: skip
    found += _weaker(log, days, limits)
    return found


def _heat_of(log: SiteLog, days: SiteDays) -> FloatArray:
    """Temperatures of a day that move coolant."""
    known = (log.coolant_in_c, log.coolant_out_c, log.ambient_c)
    columns = [days.quantile(values) for values in known if values is not None]
    return np.column_stack(columns) if columns else np.empty((days.day.size, 0))


def _below(
    log: SiteLog, values: FloatArray, limit: float, fault: FaultClass, name: str, limits: SiteLimits
) -> list[Finding]:
    return [
        told(
            log, fault, FindingLevel.ACT, each.since_ns, each.found_ns, limits,
            {name: float(values[each.row]), f"limit_{name}": limit},
        )
        for each in episodes(values < limit, log.time_ns, _HOLD_S)
    ]  # fmt: skip


def _moved(
    log: SiteLog,
    days: SiteDays,
    daily: FloatArray,
    known: FloatArray,
    trend: TrendLimits,
    fault: FaultClass,
    *,
    name: str,
    limit: float,
    limits: SiteLimits,
) -> list[Finding]:
    return [
        moved_told(
            log, fault, moved, int(days.day[moved.day] + 1) * NS_PER_DAY, int(days.day[moved.since_day]) * NS_PER_DAY,
            limits, name=name, limit=limit,
        )
        for moved in moves_of(daily, known, trend)
    ]  # fmt: skip


def _weaker(log: SiteLog, days: SiteDays, limits: SiteLimits) -> list[Finding]:
    """Less flow for the same speed than before: a worn pump, a clogged filter, air."""
    flow, speed = log.coolant_flow_l_per_min, log.pump_speed
    if flow is None or speed is None:
        return []
    with np.errstate(divide="ignore", invalid="ignore"):
        ratio = np.where((speed > _RUNS_SPEED) & (flow > 0.0), np.log(flow / speed), np.nan)
    daily = days.quantile(ratio)
    speeds = days.quantile(np.where(speed > _RUNS_SPEED, speed, np.nan))
    known = np.column_stack([_heat_of(log, days), speeds])
    found: list[Finding] = []
    for moved in moves_of(daily, known, limits.flow):
        own = moved.level - moved.change
        found.append(
            moved_told(
                log, FaultClass.COOLANT_FLOW, moved, int(days.day[moved.day] + 1) * NS_PER_DAY,
                int(days.day[moved.since_day]) * NS_PER_DAY, limits, name="flow_per_speed_log",
                limit=own + float(np.log(limits.flow_share_min)),
            )
        )  # fmt: skip
    return found


def _standing(log: SiteLog, days: SiteDays, limits: SiteLimits) -> list[Finding]:
    """A pump that is asked to run and does not, or moves next to nothing."""
    command, flow = log.pump_command, log.coolant_flow_l_per_min
    stands = np.zeros(log.n_times, dtype=np.bool_)
    if command is None:
        return []
    if log.pump_speed is not None:
        stands |= (command > _RUNS_SPEED) & (log.pump_speed < _STANDS_SHARE * command)
    if flow is not None:
        usual = days.quantile(np.where(command > _RUNS_SPEED, flow / np.maximum(command, _RUNS_SPEED), np.nan))
        for at in range(1, days.day.size):
            known = usual[max(at - _USUAL_DAYS, 0) : at]
            known = known[np.isfinite(known)]
            if known.size:
                rows = slice(int(days.first[at]), int(days.first[at + 1]))
                least = _STANDS_SHARE * float(np.median(known)) * command[rows]
                stands[rows] |= (command[rows] > _RUNS_SPEED) & (flow[rows] < least)
    return [
        told(
            log, FaultClass.COOLANT_FLOW, FindingLevel.ACT, each.since_ns, each.found_ns, limits,
            {"pump_command": float(command[each.row])}
            | ({} if flow is None else {"flow_l_per_min": float(flow[each.row])}),
        )
        for each in episodes(stands, log.time_ns, _HOLD_S)
    ]  # fmt: skip
