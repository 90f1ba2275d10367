"""Findings sorted into modules: what an exchange would mend, how likely and when it fails, and what was left out."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time

from battuta.domain.errors import DataError
from battuta.domain.health import Finding, FindingLevel
from battuta.domain.time import NS_PER_DAY, to_ns
from battuta.health.maintenance_risk import FailureRisk, require_days, risk_of_cell, risk_of_modules
from battuta.health.maintenance_settings import MENDED_BY_A_MODULE, MaintenanceSettings
from battuta.numerics.arrays import FloatArray

_SOON_DAYS = 365


@dataclass(frozen=True, slots=True, kw_only=True)
class Suspect:
    """A module that may fail.

    Attributes
    ----------
    string_id : str
        Its string.
    module : int
        Its number, from 0.
    findings : tuple of Finding
        What was found in it, one for each cell: the one that weighs most.
    """

    string_id: str
    module: int
    findings: tuple[Finding, ...]

    @property
    def is_derated(self) -> bool:
        """Whether its string is held back until it is exchanged."""
        return any(each.level is FindingLevel.ACT for each in self.findings)

    @property
    def name(self) -> str:
        """String and module, as people call it."""
        return f"{self.string_id}, module {self.module}"


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Suspects:
    """All suspect modules, and what was not counted.

    Attributes
    ----------
    modules : tuple of Suspect
        The likeliest to fail within a year first.
    risk : FailureRisk
        Their chances, in the same order.
    left_out : tuple of str
        Findings that no exchange would mend, or that do not say when, each with the reason.
    """

    modules: tuple[Suspect, ...]
    risk: FailureRisk
    left_out: tuple[str, ...]


def suspects_of(
    findings: Iterable[Finding], settings: MaintenanceSettings, today: date, *, days_factor: float = 1.0
) -> Suspects:
    """Sort findings into modules.

    Of several findings of a cell the one counts that makes a failure likeliest; cells of a module are independent.

    Parameters
    ----------
    findings : iterable of Finding
        From a scan.
    settings : MaintenanceSettings
        Cells per module, and what is assumed where a finding does not tell.
    today : date
        Day of the plan.
    days_factor : float
        Days to limits are multiplied by it. [-]

    Returns
    -------
    Suspects
        Modules and their chances.

    Raises
    ------
    DataError
        If a finding is younger than today, or days to a limit are none.
    """
    now_ns = to_ns(datetime.combine(today, time(0), UTC))
    left_out: list[str] = []
    by_cell: dict[tuple[str, int], list[Finding]] = {}
    for finding in findings:
        reason = _why_not(finding, settings)
        if finding.cell is None or reason:
            left_out.append(f"{_words(finding)}: {reason}")
        else:
            by_cell.setdefault((finding.string_id, finding.cell), []).append(finding)
    by_module: dict[tuple[str, int], list[_CellRisk]] = {}
    for (string_id, cell), own in sorted(by_cell.items()):
        risks = [_risk(each, settings, now_ns, days_factor) for each in own]
        place = (string_id, cell // settings.cells_per_module)
        by_module.setdefault(place, []).append(max(risks, key=lambda risk: risk.failed[-1]))
    soon = min(settings.horizon_days, _SOON_DAYS)
    ranked = sorted(by_module.items(), key=lambda item: (-max(each.failed[soon] for each in item[1]), item[0]))
    modules = [
        Suspect(string_id=string_id, module=module, findings=tuple(each.finding for each in own))
        for (string_id, module), own in ranked
    ]
    chances = [[(each.real, each.failed) for each in own] for _, own in ranked]
    risk = risk_of_modules(chances, settings.horizon_days)
    return Suspects(modules=tuple(modules), risk=risk, left_out=tuple(left_out))


@dataclass(frozen=True, slots=True)
class _CellRisk:
    finding: Finding
    real: float
    failed: FloatArray


def _risk(finding: Finding, settings: MaintenanceSettings, now_ns: int, days_factor: float) -> _CellRisk:
    age_days = (now_ns - finding.found_ns) / NS_PER_DAY
    if age_days < -1.0:
        message = (
            f"{_words(finding)} was found {-age_days:.0f} days after the day of the plan; plan as of a later day, such "
            "as that of the scan"
        )
        raise DataError(message)
    days = finding.days_to_limit or settings.days_assumed
    assert days is not None
    early, middle, late = require_days(days, _words(finding))
    scaled = (early * days_factor, middle * days_factor, late * days_factor)
    return _CellRisk(
        finding, *risk_of_cell(finding.probability, scaled, max(age_days, 0.0), settings.horizon_days)
    )  # fmt: skip


def _why_not(finding: Finding, settings: MaintenanceSettings) -> str:
    if finding.fault not in MENDED_BY_A_MODULE:
        return "another module would not mend it"
    if finding.cell is None:
        return "it names no cell, so no module"
    if finding.days_to_limit is None and settings.days_assumed is None:
        return "it does not say when its limit is met; state days_assumed to count it"
    return ""


def _words(finding: Finding) -> str:
    where = finding.string_id if finding.cell is None else f"{finding.string_id}, cell {finding.cell}"
    return f"{where}, {finding.fault.value.replace('_', ' ')}"
