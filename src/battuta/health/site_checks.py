"""Everything that a site logs around its cells, checked: absolute limits, and each value against its own past."""

from __future__ import annotations

from dataclasses import dataclass

from battuta.domain.errors import DataError
from battuta.domain.health import FaultClass, Finding
from battuta.domain.site_log import SiteLog
from battuta.health.insulation import insulation_findings
from battuta.health.site_checks_air import air_findings, panel_findings, supply_findings
from battuta.health.site_checks_cooling import coolant_findings
from battuta.health.site_checks_days import SiteDays
from battuta.health.site_checks_joints import joint_findings
from battuta.health.site_checks_limits import SiteLimits
from battuta.health.site_checks_switching import contactor_findings, fuse_findings, precharge_findings
from battuta.health.wear_counters import ElectricalLife
from battuta.numerics.arrays import FloatArray

NEEDS: tuple[tuple[FaultClass, tuple[tuple[str, ...], ...]], ...] = (
    (FaultClass.INSULATION, (("insulation_ohm",),)),
    (FaultClass.COOLANT_FLOW, (("coolant_flow_l_per_min", "pump_speed"), ("pump_command", "pump_speed"))),
    (FaultClass.COOLANT_PRESSURE, (("coolant_pressure_bar",),)),
    (FaultClass.COOLANT_LEVEL, (("coolant_level",),)),
    (FaultClass.CONTACTOR_WEAR, (("contactor_open_current_a",), ("contactor_command", "contactor_state"))),
    (FaultClass.PRECHARGE, (("precharge_s",), ("precharge_share",))),
    (FaultClass.FUSE, (("string_current_a",),)),
    (FaultClass.JOINT_HEAT, (("joint_c", "string_current_a", "air_c"),)),
    (FaultClass.HUMIDITY, (("humidity", "air_c", "surface_c"),)),
    (FaultClass.WATER, (("water",),)),
    (FaultClass.AUXILIARY_SUPPLY, (("auxiliary_voltage_v",), ("ups_test_voltage_v",))),
    (FaultClass.FIRE_PANEL, (("fire_panel_fault",), ("fire_panel_disabled",))),
)
"""Columns that each class can be told from: any one of these groups, complete."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SiteReport:
    """What checks said of a site.

    Attributes
    ----------
    findings : tuple of Finding
        In the order in which they were told.
    tested : tuple of FaultClass
        What could be looked for.
    not_tested : tuple of FaultClass
        What could not, since nothing was logged that tells of it: of these nothing is known.
    """

    findings: tuple[Finding, ...]
    tested: tuple[FaultClass, ...]
    not_tested: tuple[FaultClass, ...]


def check_site(
    log: SiteLog,
    limits: SiteLimits | None = None,
    life: ElectricalLife | None = None,
    used_before: FloatArray | None = None,
) -> SiteReport:
    """Check a site's log; each finding was told from rows up to it alone.

    Parameters
    ----------
    log : SiteLog
        What was logged.
    limits : SiteLimits, optional
        When checks speak.
    life : ElectricalLife, optional
        How often contactors can break a current.
    used_before : ndarray, shape (n_contactors,), optional
        Share of the life of each that was used before the log began. [-]

    Returns
    -------
    SiteReport
        Findings, and what was looked for.

    Raises
    ------
    DataError
        If the log is empty, or its joints and strings do not fit.
    """
    if not log.n_times:
        message = f"site {log.site_id}: the log has no rows; export it again"
        raise DataError(message)
    limits, life = limits or SiteLimits(), life or ElectricalLife()
    days = SiteDays.of(log)
    found = [
        *insulation_findings(log, days, limits),
        *coolant_findings(log, days, limits),
        *joint_findings(log, days, limits),
        *contactor_findings(log, days, limits, life, used_before),
        *precharge_findings(log, limits),
        *fuse_findings(log, limits),
        *air_findings(log, days, limits),
        *supply_findings(log, days, limits),
        *panel_findings(log, limits),
    ]
    logged = set(log.logged())
    tested = tuple(fault for fault, groups in NEEDS if any(logged.issuperset(group) for group in groups))
    return SiteReport(
        findings=tuple(sorted(found, key=lambda each: (each.found_ns, each.fault, each.level))),
        tested=tested,
        not_tested=tuple(fault for fault, _ in NEEDS if fault not in tested),
    )
