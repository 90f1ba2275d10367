"""Maintenance plans in a notebook: findings and windows in; which module on which visit, and what it costs, out."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from pathlib import Path

import polars as pl

from battuta.app.health_plan import StatedPlan, plan_stated, read_settings, read_windows
from battuta.app.health_plan_findings import read_findings
from battuta.domain.health import Finding
from battuta.health.maintenance import MaintenancePlan
from battuta.interfaces.python.arguments import listed_kind, listed_names, require_path
from battuta.interfaces.python.health import HealthScan
from battuta.interfaces.python.health_plan_tables import modules_frame
from battuta.interfaces.python.tables import notebook_html

WHERE = "bt.plan_maintenance"
_MEND = "give a scan, its file, or a list of its findings"


class Maintenance:
    """A maintenance plan.

    Parameters
    ----------
    made : StatedPlan
        The plan, and what of it nobody stated.
    """

    def __init__(self, made: StatedPlan) -> None:
        self._made = made

    @property
    def plan(self) -> MaintenancePlan:
        """The plan with all its parts."""
        return self._made.plan

    @property
    def table(self) -> pl.DataFrame:
        """One row per suspect module: what becomes of it, and what it costs."""
        return modules_frame(self.plan)

    @property
    def cost(self) -> float:
        """Expected present cost of the plan. [currency]"""
        return self.plan.best.cost

    @property
    def rules(self) -> Mapping[str, float]:
        """The same of doing nothing, of exchanging all at once, and all in the next window. [currency]"""
        return {name: each.cost for name, each in self.plan.rules.items()}

    @property
    def orders(self) -> pl.DataFrame:
        """Modules to order: by when, how many, what for."""
        rows = [{"by": each.by, "modules": each.n_modules, "use": each.use} for each in self.plan.orders]
        return pl.DataFrame(rows, schema={"by": pl.Date, "modules": pl.Int64, "use": pl.String})

    @property
    def sensitivity(self) -> pl.DataFrame:
        """What the plan and the best plan would cost were an input another one."""
        rows = [
            (each.name, each.factor, each.kept_cost, each.best_cost, each.n_moved) for each in self.plan.sensitivities
        ]
        heads = ["input", "factor", "kept_cost", "best_cost", "modules_moved"]
        return pl.DataFrame(rows, schema=heads, orient="row")

    @property
    def left_out(self) -> tuple[str, ...]:
        """Findings that were not counted, each with its reason."""
        return self.plan.suspects.left_out

    @property
    def assumed(self) -> tuple[str, ...]:
        """Settings that were left at their defaults, which are nobody's offer."""
        return self._made.assumed

    def __repr__(self) -> str:
        """Show the plan as text."""
        return f"{self.cost:,.0f} {self.plan.settings.currency} expected, as of {self.plan.today}\n{self.table}"

    def _repr_html_(self) -> str:
        """Show the plan in a notebook."""
        return notebook_html(self.table)


def plan_maintenance(
    findings: str | Path | HealthScan | Iterable[Finding],
    windows: Iterable[str],
    *,
    costs: str | Path | None = None,
    today: date | None = None,
    **settings: object,
) -> Maintenance:
    """Plan which modules to exchange on which visit at least expected cost.

    Parameters
    ----------
    findings : str, Path, HealthScan, or iterable of Finding
        A scan, its file, or its findings.
    windows : iterable of str
        Days and crew hours, such as ``2026-12-14:16``.
    costs : str, Path or None
        Costs and stocks (TOML).
    today : date or None
        Day of the plan; today in UTC if left out.
    **settings : object
        Costs and stocks by name, before those of the file; see `battuta.health.maintenance_settings`.

    Returns
    -------
    Maintenance
        The plan, with what simple rules would cost.

    Raises
    ------
    UsageError
        If a setting or window is none.
    DataError
        If findings cannot be read, or do not fit the day.
    """
    place = None if costs is None else require_path(WHERE, "costs", costs)
    known, names = read_settings(place, settings)
    if isinstance(findings, str | Path):
        found = read_findings(require_path(WHERE, "findings", findings), probability_assumed=known.probability_assumed)
    else:
        found = (
            findings.findings
            if isinstance(findings, HealthScan)
            else listed_kind(WHERE, "findings", findings, Finding, neither="a scan, a path", mend=_MEND)
        )
    days = read_windows(listed_names(WHERE, "windows", windows))
    return Maintenance(plan_stated(found, days, known, stated=names, today=today))
