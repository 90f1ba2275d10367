"""What a study might have assumed otherwise: prices, ageing, availability, costs, interest; same lives, same draws."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import numpy as np

from battuta.numerics.arrays import FloatArray
from battuta.twin.outlook import DrawnYears
from battuta.twin.sensitivity import Factor, changed_plan
from battuta.twin.study_flows import response_revenue, study_flows
from battuta.twin.yearly_flows import YearlyFlows

if TYPE_CHECKING:
    from battuta.domain.finance_plan import FinancePlan
    from battuta.domain.revenue_contract import RevenueContract
    from battuta.twin.augmentation import AugmentedLives
    from battuta.twin.lives import Lives
    from battuta.twin.traded_energy import TradedEnergy

COST_SHARE, PRICE_SHARE, AVAILABILITY_SHIFT, AGEING_FACTOR, INTEREST_SHIFT = 0.1, 0.2, 0.02, 1.5, 0.01
"""How far a study may lie off, ASSUMED: costs and prices by a share, ageing by a factor, the others by a shift. [-]"""
AGEING_RATE = "ageing rate"
"""Name of the factor of a tornado that is the speed of ageing."""
SPREAD = "spread of prices"
"""Name of the factor of a tornado that is how far prices lie from their mean, of what trades."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StudyCase:
    """What is assumed otherwise; by default nothing.

    Attributes
    ----------
    name : str
        In words, for the report.
    capacity_price_factor, energy_price_factor : float
        On prices of all years. [-]
    spread_factor : float
        On how far prices of what trades lie from their mean. [-]
    loss_factor : float
        On repairs, premium and what is not insured. [-]
    ageing_factor : float
        On the losses that each term of each model brings. [-]
    availability_shift : float
        Added to the availability of all years. [-]
    first_year_availability : float or None
        Availability of the first year, where it is another. [-]
    plan : Mapping of str to float
        Numbers of the finance plan by path, as `changed_plan` takes them.
    """

    name: str = "as studied"
    capacity_price_factor: float = 1.0
    energy_price_factor: float = 1.0
    spread_factor: float = 1.0
    loss_factor: float = 1.0
    ageing_factor: float = 1.0
    availability_shift: float = 0.0
    first_year_availability: float | None = None
    plan: Mapping[str, float] = field(default_factory=dict[str, float])


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Lived:
    """What became of the batteries of a strategy at one speed of ageing.

    Attributes
    ----------
    lives : Lives
        The lives.
    served_share : ndarray, shape (n_lives, n_years)
        Share of what is asked that is given. [-]
    sold_kw : ndarray, shape (n_lives, n_years), or None
        Response that is sold, of which that share is given; that of the strategy where left out. [kW]
    augmented : AugmentedLives or None
        Strings that came, of which the lives are the site; None without augmentation.
    """

    lives: Lives
    served_share: FloatArray
    sold_kw: FloatArray | None = None
    augmented: AugmentedLives | None = None


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class StrategyModel:
    """A strategy that can be asked again under other assumptions.

    Attributes
    ----------
    plan : FinancePlan
        How it is paid for.
    years : DrawnYears
        Prices and availability of each life.
    sold_kw, power_kw : float
        Response that is sold, and rated power. [kW]
    contracts : tuple of RevenueContract
        Rents and floors.
    lived : callable
        Lives for a factor on ageing.
    other_cost : ndarray, shape (n_lives, n_years), or None
        Repairs, premium and what is not insured. [currency]
    traded : TradedEnergy or None
        What trading moves and is paid in each year of history; None where energy has one price a year.
    """

    plan: FinancePlan
    years: DrawnYears
    sold_kw: float
    power_kw: float
    contracts: tuple[RevenueContract, ...]
    lived: Callable[[float], Lived]
    other_cost: FloatArray | None = None
    traded: TradedEnergy | None = None

    def plan_of(self, case: StudyCase) -> FinancePlan:
        """Plan of a case."""
        return changed_plan(self.plan, case.plan)

    def years_of(self, case: StudyCase) -> DrawnYears:
        """Prices and availability of a case; an availability never leaves [0, 1]."""
        availability = np.clip(self.years.availability + case.availability_shift, 0.0, 1.0)
        if case.first_year_availability is not None:
            availability[:, 0] = case.first_year_availability
        traded = self.years.traded
        return replace(
            self.years,
            capacity_price_per_mw_h=case.capacity_price_factor * self.years.capacity_price_per_mw_h,
            energy_price_per_mwh=case.energy_price_factor * self.years.energy_price_per_mwh,
            availability=availability,
            traded=None if traded is None else traded.scaled(case.energy_price_factor).spread_by(case.spread_factor),
        )

    def flows_of(self, case: StudyCase) -> YearlyFlows:
        """What operation brings in a case."""
        lived = self.lived(case.ageing_factor)
        return study_flows(
            lived.lives,
            self.years_of(case),
            sold_kw=self.sold_kw if lived.sold_kw is None else lived.sold_kw,
            served_share=lived.served_share,
            contracts=self.contracts,
            power_kw=self.power_kw,
            augmentation_cost=None if lived.augmented is None else lived.augmented.cost,
            other_cost=None if self.other_cost is None else case.loss_factor * self.other_cost,
            traded=self.traded,
        )

    def capacity_apart(self) -> YearlyFlows:
        """Flows in which what the market pays for response stands alone, and all else is a negative cost.

        A root over the revenue of these is one over the price of response; what contracts pay stays as it is.
        """
        lived, flows = self.lived(1.0), self.flows_of(StudyCase())
        market = response_revenue(
            self.years, self.sold_kw if lived.sold_kw is None else lived.sold_kw, lived.served_share
        )
        merchant = market * _merchant_share(self.contracts, market.shape[1])
        return replace(flows, revenue=merchant, charging_cost=flows.charging_cost - (flows.revenue - merchant))


def stress_cases(plan: FinancePlan, *, trades: bool = False, has_losses: bool = False) -> tuple[StudyCase, ...]:
    """Cases that a lender asks for.

    Parameters
    ----------
    plan : FinancePlan
        The plan; its interest is raised where it has debt.
    trades : bool
        Whether trading is paid by a spread of prices.
    has_losses : bool
        Whether repairs, a premium or what is not insured is paid for.

    Returns
    -------
    tuple of StudyCase
        The study itself first.
    """
    cases = [
        StudyCase(),
        StudyCase(name="prices 30 % lower", capacity_price_factor=0.7, energy_price_factor=0.7),
        StudyCase(name="ageing 1.5 times as fast", ageing_factor=1.5),
        StudyCase(name="first year available 80 % of the time", first_year_availability=0.8),
        StudyCase(
            name="3 points less availability" + (", losses twice as dear" if has_losses else ""),
            availability_shift=-0.03,
            loss_factor=2.0,
        ),
    ]
    if trades:
        cases.append(StudyCase(name="spread of prices 30 % lower", spread_factor=0.7))
    if plan.debt is not None:
        raised = plan.debt.interest_rate + 0.02
        cases.append(StudyCase(name="interest 2 points higher", plan={"debt.interest_rate": raised}))
    return tuple(cases)


def factors_of(plan: FinancePlan, *, trades: bool = False) -> tuple[Factor, ...]:
    """Assumptions of a tornado, and how far each may lie off; those of the plan by path, a spread if it trades."""

    def around(name: str, base: float, share: float) -> Factor:
        return Factor(name=name, low=(1.0 - share) * base, base=base, high=(1.0 + share) * base)

    factors = [
        around("installed_cost", plan.installed_cost, COST_SHARE),
        around("fixed_cost_per_year", plan.fixed_cost_per_year, PRICE_SHARE),
        around("capacity price", 1.0, PRICE_SHARE),
        Factor(name="availability", low=-AVAILABILITY_SHIFT, base=0.0, high=AVAILABILITY_SHIFT),
        Factor(name=AGEING_RATE, low=1.0 / AGEING_FACTOR, base=1.0, high=AGEING_FACTOR),
    ]
    if trades:
        factors.append(around(SPREAD, 1.0, PRICE_SHARE))
    if plan.debt is not None:
        rate = plan.debt.interest_rate
        low = max(rate - INTEREST_SHIFT, 0.0)
        factors.append(Factor(name="debt.interest_rate", low=low, base=rate, high=rate + INTEREST_SHIFT))
    return tuple(factors)


def ageing_factors(plan: FinancePlan) -> tuple[float, ...]:
    """Speeds of ageing that the study itself, its stress cases and its tornado ask for, each once. [-]"""
    stressed = [each.ageing_factor for each in stress_cases(plan)]
    moved = [
        value for each in factors_of(plan) if each.name == AGEING_RATE for value in (each.low, each.base, each.high)
    ]
    return tuple(dict.fromkeys((1.0, *stressed, *moved)))


def case_of(values: Mapping[str, float]) -> StudyCase:
    """Case for values of all `factors_of`."""
    own = dict(values)
    return StudyCase(
        capacity_price_factor=own.pop("capacity price"),
        availability_shift=own.pop("availability"),
        spread_factor=own.pop(SPREAD, 1.0),
        ageing_factor=own.pop(AGEING_RATE),
        plan=own,
    )


def _merchant_share(contracts: tuple[RevenueContract, ...], n_years: int) -> FloatArray:
    """Share of the market's revenue that no contract takes in each year, shape (n_years,). [-]"""
    left = np.ones(n_years)
    for each in contracts:
        left[each.first_year - 1 : each.first_year - 1 + each.n_years] -= each.share
    return np.maximum(left, 0.0)
