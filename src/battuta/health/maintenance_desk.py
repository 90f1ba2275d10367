"""Assignments of modules to visits on one table: each priced, the cheapest found, simple rules beside it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np

from battuta.health.maintenance_choice import VisitChoice, cheapest
from battuta.health.maintenance_cost import Reserve, VisitCosts, visit_costs
from battuta.health.maintenance_risk import FailureRisk
from battuta.health.maintenance_settings import MaintenanceSettings
from battuta.health.maintenance_visits import Visit
from battuta.numerics.arrays import BoolArray, FloatArray, IntArray


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class PricedPlan:
    """An assignment of modules to visits, and what it costs on average.

    Attributes
    ----------
    chosen : ndarray of int, shape (n_modules,)
        Place of each module's visit; the number of visits for never.
    reserve : Reserve
        What lies ready for failures that come before.
    costs : mapping of str to float
        Present costs: ``visits``, ``exchanges``, ``failures``, ``waiting``, ``reserve``. [currency]
    """

    chosen: IntArray
    reserve: Reserve
    costs: Mapping[str, float]

    @property
    def cost(self) -> float:
        """All of it. [currency]"""
        return sum(self.costs.values())


@dataclass(frozen=True, slots=True, kw_only=True)
class SpareOrder:
    """Modules to order.

    Attributes
    ----------
    by : date
        Last day to order them.
    n_modules : int
        How many.
    use : str
        What for: the day of the visit, or ``reserve``.
    """

    by: date
    n_modules: int
    use: str


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Desk:
    """Modules, visits and costs on one table: prices assignments and finds the cheapest.

    Attributes
    ----------
    risk : FailureRisk
        When modules fail.
    is_derated : ndarray of bool, shape (n_modules,)
        True where the string is held back.
    visits : tuple of Visit
        Days that can be chosen.
    settings : MaintenanceSettings
        Costs and stocks.
    damage_cost : ndarray, shape (n_modules,), or None
        What a failure of each spoils besides; that of the settings if left out. [currency]
    """

    risk: FailureRisk
    is_derated: BoolArray
    visits: tuple[Visit, ...]
    settings: MaintenanceSettings
    damage_cost: FloatArray | None = None

    def costs(self, reserve: Reserve) -> VisitCosts:
        """Cost of each module on each visit."""
        return visit_costs(self.risk, self.is_derated, self.visits, self.settings, reserve, self.damage_cost)

    def choice(self, reserve: Reserve, closed: Sequence[int] = ()) -> VisitChoice:
        """What can be chosen with a reserve; `closed` visits cannot."""
        costs = self.costs(reserve)
        most = np.array([visit.n_modules_max for visit in self.visits], dtype=np.int64)
        most[list(closed)] = 0
        return VisitChoice(
            cost=costs.total,
            fixed=costs.fixed,
            n_modules_max=most,
            needs_stock=np.array([visit.day < self.settings.lead_days for visit in self.visits]),
            n_stock=self.settings.n_spares - (reserve is Reserve.KEPT),
        )

    def best(self, *, closed: Sequence[int] = ()) -> PricedPlan:
        """Find the cheapest assignment under each reserve, and of those the cheapest."""
        reserves = [each for each in Reserve if each is not Reserve.KEPT or self.settings.n_spares > 0]
        plans = [self.priced(cheapest(self.choice(each, closed)), each) for each in reserves]
        return min(plans, key=lambda plan: plan.cost)

    def priced(self, chosen: IntArray, reserve: Reserve) -> PricedPlan:
        """Price an assignment, shape (n_modules,)."""
        costs = self.costs(reserve)
        row = np.arange(chosen.shape[0], dtype=np.int64)
        took_place = np.unique(chosen[chosen < len(self.visits)])
        return PricedPlan(
            chosen=chosen,
            reserve=reserve,
            costs={
                "visits": float(costs.fixed[took_place].sum()),
                "exchanges": float(costs.exchange[row, chosen].sum()),
                "failures": float(costs.failure[row, chosen].sum()),
                "waiting": float(costs.waiting[row, chosen].sum()),
                "reserve": costs.reserve,
            },
        )

    def rules(self) -> dict[str, PricedPlan]:
        """Price what simple rules would do; what does not fit into a visit goes to the next that the rule allows.

        Who does nothing orders nothing; the others order a reserve where that is cheaper.
        """
        never = len(self.visits)
        called = [place for place, visit in enumerate(self.visits) if not visit.is_planned]
        planned = [place for place, visit in enumerate(self.visits) if visit.is_planned]
        places = {"do_nothing": [], "at_once": called, "next_window": planned}
        rules: dict[str, PricedPlan] = {}
        for name, own in places.items():
            chosen = np.full(self.risk.real.shape[0], never, dtype=np.int64)
            stock, next_one = self.settings.n_spares, 0
            for place in own:
                visit = self.visits[place]
                room = min(visit.n_modules_max, chosen.shape[0] - next_one)
                if visit.day < self.settings.lead_days:
                    room = min(room, stock)
                    stock -= room
                chosen[next_one : next_one + room] = place
                next_one += room
            reserves = [Reserve.KEPT if stock > 0 else Reserve.NONE]
            if stock == 0 and own:
                reserves.append(Reserve.ORDERED)
            rules[name] = min((self.priced(chosen, each) for each in reserves), key=lambda plan: plan.cost)
        return rules

    def value_of_waiting(self, best: PricedPlan) -> float:
        """What a plan saves over one that exchanges by the first planned visit that modules can reach, or never."""
        has_stock = self.settings.n_spares > 0
        reached = [
            place
            for place, visit in enumerate(self.visits)
            if visit.is_planned and (has_stock or visit.day >= self.settings.lead_days)
        ]
        if not reached:
            return 0.0
        later = range(reached[0] + 1, len(self.visits))
        return max(self.best(closed=later).cost - best.cost, 0.0)

    def orders(self, plan: PricedPlan, today: date) -> tuple[SpareOrder, ...]:
        """Modules to order for a plan: the stock goes to the earliest visits, the reserve is ordered today."""
        stock = self.settings.n_spares - (plan.reserve is Reserve.KEPT)
        orders: list[SpareOrder] = []
        if plan.reserve is Reserve.ORDERED:
            orders.append(SpareOrder(by=today, n_modules=1, use="reserve"))
        for place, visit in enumerate(self.visits):
            needed = int((plan.chosen == place).sum())
            taken = min(needed, stock)
            stock -= taken
            if needed > taken:
                by = visit.on - timedelta(days=self.settings.lead_days)
                orders.append(SpareOrder(by=by, n_modules=needed - taken, use=visit.on.isoformat()))
        return tuple(sorted(orders, key=lambda order: order.by))
