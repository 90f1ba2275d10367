"""Which modules to exchange on which planned visit at least expected cost, beside what simple rules would cost."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

import numpy as np

from battuta.domain.health import Finding
from battuta.health.maintenance_cost import VisitCosts
from battuta.health.maintenance_desk import Desk, PricedPlan, SpareOrder
from battuta.health.maintenance_risk import FailureRisk
from battuta.health.maintenance_settings import MaintenanceSettings
from battuta.health.maintenance_suspects import Suspects, suspects_of
from battuta.health.maintenance_visits import PlannedWindow, Visit, visits_of

FACTORS = (0.5, 2.0)
SENSITIVE_TO = ("false_alarms", "call_out_cost", "days_to_limit")


@dataclass(frozen=True, slots=True, kw_only=True)
class Sensitivity:
    """What changes when an input is another one.

    Attributes
    ----------
    name : str
        The input.
    factor : float
        By what it is multiplied. [-]
    kept_cost : float
        Of the plan as it stands. [currency]
    best_cost : float
        Of the best plan then. [currency]
    n_moved : int
        Modules that the best plan then puts elsewhere.
    """

    name: str
    factor: float
    kept_cost: float
    best_cost: float
    n_moved: int


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class MaintenancePlan:
    """The cheapest plan, simple rules beside it, what to order by when, and how sure it is.

    Attributes
    ----------
    today : date
        Day of the plan.
    settings : MaintenanceSettings
        Costs and stocks.
    suspects : Suspects
        Modules in question.
    visits : tuple of Visit
        Days that could be chosen.
    best : PricedPlan
        The cheapest.
    costs : VisitCosts
        Of each module on each visit, with the reserve of the cheapest plan.
    rules : mapping of str to PricedPlan
        ``do_nothing``, ``at_once`` and ``next_window``.
    value_of_waiting : float
        What it saves that a module may be exchanged later than in the first planned window. [currency]
    orders : tuple of SpareOrder
        Modules to order, in time.
    sensitivities : tuple of Sensitivity
        For other false alarms, call-outs and days to limits.
    """

    today: date
    settings: MaintenanceSettings
    suspects: Suspects
    visits: tuple[Visit, ...]
    best: PricedPlan
    costs: VisitCosts
    rules: Mapping[str, PricedPlan]
    value_of_waiting: float
    orders: tuple[SpareOrder, ...]
    sensitivities: tuple[Sensitivity, ...]

    def visit_of(self, module: int) -> Visit | None:
        """Visit on which a suspect, by its place, is exchanged; None for never."""
        place = int(self.best.chosen[module])
        return self.visits[place] if place < len(self.visits) else None


def plan_maintenance(
    findings: Iterable[Finding], windows: Sequence[PlannedWindow], settings: MaintenanceSettings, today: date
) -> MaintenancePlan:
    """Plan exchanges of modules.

    Parameters
    ----------
    findings : iterable of Finding
        From a scan.
    windows : sequence of PlannedWindow
        When a crew can come; call-outs can be chosen besides.
    settings : MaintenanceSettings
        Costs and stocks.
    today : date
        Day of the plan.

    Returns
    -------
    MaintenancePlan
        The plan.

    Raises
    ------
    DataError
        If windows or findings do not fit the day of the plan.
    """
    found = tuple(findings)
    visits = visits_of(tuple(windows), settings, today)
    suspects = suspects_of(found, settings, today)
    derated = np.array([each.is_derated for each in suspects.modules], dtype=np.bool_)
    damage = [settings.damage_cost_of(each.fault for each in module.findings) for module in suspects.modules]
    desk = Desk(
        risk=suspects.risk, is_derated=derated, visits=visits, settings=settings,
        damage_cost=np.array(damage, dtype=np.float64),
    )  # fmt: skip
    best = desk.best()
    return MaintenancePlan(
        today=today,
        settings=settings,
        suspects=suspects,
        visits=visits,
        best=best,
        costs=desk.costs(best.reserve),
        rules=desk.rules(),
        value_of_waiting=desk.value_of_waiting(best),
        orders=desk.orders(best, today),
        sensitivities=tuple(_sensitivities(desk, best, suspects, today)),
    )


def _sensitivities(desk: Desk, best: PricedPlan, suspects: Suspects, today: date) -> Iterable[Sensitivity]:
    for name in SENSITIVE_TO:
        for factor in FACTORS:
            other = _other_desk(desk, suspects, today, name, factor)
            found = other.best()
            yield Sensitivity(
                name=name,
                factor=factor,
                kept_cost=other.priced(best.chosen, best.reserve).cost,
                best_cost=found.cost,
                n_moved=int((found.chosen != best.chosen).sum()),
            )


def _other_desk(desk: Desk, suspects: Suspects, today: date, name: str, factor: float) -> Desk:
    settings = desk.settings
    if name == "call_out_cost":
        other = replace(settings, call_out_cost=factor * settings.call_out_cost)
        visits = tuple(each if each.is_planned else replace(each, cost=factor * each.cost) for each in desk.visits)
        return replace(desk, settings=other, visits=visits)
    findings = [each for module in suspects.modules for each in module.findings]
    if name == "false_alarms":
        findings = [replace(each, probability=max(1.0 - factor * (1.0 - each.probability), 0.0)) for each in findings]
    moved = suspects_of(findings, settings, today, days_factor=factor if name == "days_to_limit" else 1.0)
    place = {(each.string_id, each.module): row for row, each in enumerate(moved.modules)}
    rows = [place[each.string_id, each.module] for each in suspects.modules]
    risk = FailureRisk(real=moved.risk.real[rows], failing=moved.risk.failing[rows])
    return replace(desk, risk=risk)
