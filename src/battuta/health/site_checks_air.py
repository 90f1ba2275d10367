"""Air, water, supplies of the controls and the fire panel of a site."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from battuta.domain.health import FaultClass, Finding, FindingLevel
from battuta.domain.site_log import SiteLog
from battuta.domain.time import NS_PER_DAY
from battuta.health.site_checks_days import SiteDays, episodes, moved_told, told
from battuta.health.site_checks_limits import SiteLimits
from battuta.health.site_checks_switching import event_moves
from battuta.health.site_checks_trend import moves_of
from battuta.numerics.arrays import BoolArray, FloatArray

_WET_HOLD_S, _DEW_HOLD_S, _SAG_HOLD_S, _PANEL_HOLD_S, _DISABLED_HOLD_S = 600.0, 3600.0, 600.0, 600.0, 12 * 3600.0
_HUMIDITY_MIN = 0.01


def dew_point_c(air_c: FloatArray, humidity: FloatArray) -> FloatArray:
    """Temperature at which water condenses from air (Magnus). [degC]

    Parameters
    ----------
    air_c : ndarray
        Temperature. [degC]
    humidity : ndarray
        Relative humidity. [-]

    Returns
    -------
    ndarray
        Of the same shape. [degC]

    References
    ----------
    .. [1] O. A. Alduchov and R. E. Eskridge, Journal of Applied Meteorology 35 (1996) 601.

    Examples
    --------
    >>> round(float(dew_point_c(np.array(20.0), np.array(0.5))), 1)
    9.3
    """
    reached = np.log(np.maximum(humidity, _HUMIDITY_MIN)) + 17.625 * air_c / (243.04 + air_c)
    return np.asarray(243.04 * reached / (17.625 - reached))


def air_findings(log: SiteLog, days: SiteDays, limits: SiteLimits) -> list[Finding]:
    """Check for condensation and water.

    Parameters
    ----------
    log : SiteLog
        Whatever of air and water it has.
    days : SiteDays
        Its days.
    limits : SiteLimits
        When it speaks.

    Returns
    -------
    list of Finding
        In no order.
    """
    found: list[Finding] = []
    if log.humidity is not None and log.air_c is not None and log.surface_c is not None:
        margin = log.surface_c - dew_point_c(log.air_c, log.humidity)
        found += [
            told(
                log, FaultClass.HUMIDITY, FindingLevel.ACT, each.since_ns, each.found_ns, limits,
                {"dew_margin_k": float(margin[each.row]), "humidity": float(log.humidity[each.row])},
            )
            for each in episodes(margin < limits.dew_margin_k, log.time_ns, _DEW_HOLD_S)
        ]  # fmt: skip
        known = np.empty((days.day.size, 0))
        if log.ambient_c is not None:
            ambient = days.quantile(log.ambient_c)
            known = np.column_stack([ambient, ambient**2])
        for moved in moves_of(days.quantile(margin, 0.2), known, limits.dew):
            found.append(
                moved_told(
                    log, FaultClass.HUMIDITY, moved, int(days.day[moved.day] + 1) * NS_PER_DAY,
                    int(days.day[moved.since_day]) * NS_PER_DAY, limits, name="dew_margin_k",
                    limit=limits.dew_margin_k,
                )
            )  # fmt: skip
    if log.water is not None:
        for part in range(log.water.shape[1]):
            found += _up(log, log.water[:, part] > 0.5, _WET_HOLD_S, FaultClass.WATER, FindingLevel.ACT, limits,
                         {"sensor": float(part)})  # fmt: skip
    return found


def supply_findings(log: SiteLog, days: SiteDays, limits: SiteLimits) -> list[Finding]:
    """Check the supplies of the controls and their battery.

    Parameters
    ----------
    log : SiteLog
        Whatever of supplies it has.
    days : SiteDays
        Its days.
    limits : SiteLimits
        When it speaks.

    Returns
    -------
    list of Finding
        In no order.
    """
    found: list[Finding] = []
    if log.auxiliary_voltage_v is not None:
        for part in range(log.auxiliary_voltage_v.shape[1]):
            volts = log.auxiliary_voltage_v[:, part]
            found += _up(
                log, volts < limits.supply_v_min, _SAG_HOLD_S, FaultClass.AUXILIARY_SUPPLY, FindingLevel.ACT, limits,
                {"supply": float(part), "limit_v": limits.supply_v_min},
            )  # fmt: skip
            for moved in moves_of(days.quantile(volts), np.empty((days.day.size, 0)), limits.supply):
                found.append(
                    moved_told(
                        log, FaultClass.AUXILIARY_SUPPLY, moved, int(days.day[moved.day] + 1) * NS_PER_DAY,
                        int(days.day[moved.since_day]) * NS_PER_DAY, limits, name="supply_v",
                        limit=limits.supply_v_min, evidence={"supply": float(part)},
                    )
                )  # fmt: skip
    if log.ups_test_voltage_v is not None:
        low = np.flatnonzero(log.ups_test_voltage_v < limits.ups_v_min)
        if low.size:
            at_ns = int(log.time_ns[low[0]])
            evidence = {"ups_test_v": float(log.ups_test_voltage_v[low[0]]), "limit_v": limits.ups_v_min}
            found.append(told(log, FaultClass.AUXILIARY_SUPPLY, FindingLevel.ACT, at_ns, at_ns, limits, evidence))
        found += event_moves(
            log, log.ups_test_voltage_v, limits.ups, FaultClass.AUXILIARY_SUPPLY, limits, name="ups_test_v",
            shown=lambda values: values, limit=limits.ups_v_min,
        )  # fmt: skip
    return found


def panel_findings(log: SiteLog, limits: SiteLimits) -> list[Finding]:
    """Check the fire panel: a fault that stays, and a part that somebody switched off and left.

    Parameters
    ----------
    log : SiteLog
        Whatever of the panel it has.
    limits : SiteLimits
        For the probability of a finding.

    Returns
    -------
    list of Finding
        In no order.
    """
    found: list[Finding] = []
    if log.fire_panel_fault is not None:
        found += _up(log, log.fire_panel_fault > 0.5, _PANEL_HOLD_S, FaultClass.FIRE_PANEL, FindingLevel.ACT, limits,
                     {"panel_fault": 1.0})  # fmt: skip
    if log.fire_panel_disabled is not None:
        found += _up(log, log.fire_panel_disabled > 0.5, _DISABLED_HOLD_S, FaultClass.FIRE_PANEL, FindingLevel.ACT,
                     limits, {"panel_disabled_h": _DISABLED_HOLD_S / 3600.0})  # fmt: skip
    return found


def _up(
    log: SiteLog,
    is_up: BoolArray,
    hold_s: float,
    fault: FaultClass,
    level: FindingLevel,
    limits: SiteLimits,
    evidence: Mapping[str, float],
) -> list[Finding]:
    return [
        told(log, fault, level, each.since_ns, each.found_ns, limits, evidence)
        for each in episodes(is_up, log.time_ns, hold_s)
    ]
