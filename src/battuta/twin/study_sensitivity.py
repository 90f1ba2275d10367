"""How sure a study's answer is: what is exceeded with which probability, what moves it, and what stress does to it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from battuta.domain.errors import UsageError
from battuta.numerics.arrays import BoolArray, FloatArray, IntArray
from battuta.twin.credit import CreditRisk, credit_risk
from battuta.twin.exceedance import break_even, break_even_factor, debt_at, exceeded
from battuta.twin.group_error import BEYOND_CHANCE, groups_of, standard_error
from battuta.twin.lending import coverage
from battuta.twin.one_law import always, of_one_law, of_one_law_by_groups
from battuta.twin.operation import operation_of
from battuta.twin.project_finance import FinanceOutcome, project_finance
from battuta.twin.sensitivity import TornadoBar, tornado
from battuta.twin.study_sensitivity_cases import StudyCase, case_of, factors_of, stress_cases
from battuta.twin.study_variance import VarianceShares, variance_shares
from battuta.twin.yearly_flows import YearlyFlows

if TYPE_CHECKING:
    from battuta.domain.finance_plan import FinancePlan
    from battuta.twin.study_sensitivity_cases import Lived, StrategyModel

PROBABILITIES = (0.5, 0.75, 0.9, 0.99)
LENDER_PROBABILITIES = (0.5, 0.9, 0.99)
OWNER_PROBABILITIES = (0.5, 0.9)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Exceedance:
    """Figures of whole lives that are exceeded with the probabilities `PROBABILITIES`, each of the joint samples.

    Attributes
    ----------
    irr, npv, min_dscr, debt : ndarray, shape (4,)
        Rate of return [-], net present value [currency], worst coverage [-], debt that so many lives carry
        [currency]; the last two are NaN without debt.
    """

    irr: FloatArray
    npv: FloatArray
    min_dscr: FloatArray
    debt: FloatArray


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class StressOutcome:
    """What a case does to owner and lender.

    Attributes
    ----------
    case : StudyCase
        What is assumed otherwise.
    exceedance : Exceedance
        Had the project been financed knowing it.
    min_dscr_held : ndarray, shape (4,)
        Worst coverage of the loan that was taken as studied; NaN without debt. [-]
    credit_held : CreditRisk or None
        Trouble of that loan; None without debt.
    """

    case: StudyCase
    exceedance: Exceedance
    min_dscr_held: FloatArray
    credit_held: CreditRisk | None


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class DebtWorth:
    """What knowing the ageing model would be worth to a lender.

    Attributes
    ----------
    with_spread : ndarray, shape (3,)
        Debt that 50, 90 and 99 % of the lives of all models carry. [currency]
    by_law : Mapping of str to ndarray, shape (3,)
        The same for as many lives of one model alone, under the same prices. [currency]
    best_law : str
        The model that most lives follow, the first of several.
    gained_error : ndarray, shape (3,), or None
        Standard error of `gained`, both debts counted under the same prices; None where lives are too few to say.
        [currency]
    """

    with_spread: FloatArray
    by_law: Mapping[str, FloatArray]
    best_law: str
    gained_error: FloatArray | None = None

    @property
    def gained(self) -> FloatArray:
        """Debt that the best model alone would add, shape (3,); below 0 where the others are milder. [currency]"""
        return self.by_law[self.best_law] - self.with_spread

    @property
    def is_beyond_chance(self) -> BoolArray:
        """Whether that is more than the draws make by chance in 95 of 100, shape (3,); true where nobody can say."""
        if self.gained_error is None:
            return np.ones(self.gained.shape, dtype=np.bool_)
        return np.abs(self.gained) > BEYOND_CHANCE * self.gained_error


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class StrategyRisk:
    """How sure the money of one strategy is.

    Attributes
    ----------
    exceedance : Exceedance
        As studied.
    credit : CreditRisk or None
        Lock-up and default as studied; None without debt.
    break_even_capacity_price_per_mw_h : ndarray, shape (2,)
        Price of response in the first year at which 50 and 90 % of the lives give the owner what he asks, all other
        things as studied; NaN where no response is sold or no price is enough. [currency/(MW h)]
    break_even_spread_factor : ndarray, shape (2,), or None
        Factor on the spread of prices in all years at which 50 and 90 % of the lives do; NaN where none is enough, None
        where nothing is traded. [-]
    tornado_npv, tornado_irr : tuple of TornadoBar
        Median net present value [currency] and rate of return [-] at both ends of each assumption, widest first.
    stress : tuple of StressOutcome
        Cases, the study itself first.
    debt_worth : DebtWorth or None
        None without debt.
    variance : VarianceShares or None
        What the spread of value and coverage is made of; None where it was not asked.
    """

    exceedance: Exceedance
    credit: CreditRisk | None
    break_even_capacity_price_per_mw_h: FloatArray
    tornado_npv: tuple[TornadoBar, ...]
    tornado_irr: tuple[TornadoBar, ...]
    stress: tuple[StressOutcome, ...]
    debt_worth: DebtWorth | None
    variance: VarianceShares | None = None
    break_even_spread_factor: FloatArray | None = None


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class StudyRisk:
    """How sure a study's answer is.

    Attributes
    ----------
    strategies : Mapping of str to StrategyRisk
        By the name of the strategy.
    """

    strategies: Mapping[str, StrategyRisk]


def strategy_risk(model: StrategyModel, capacity_price_per_mw_h: float) -> StrategyRisk:
    """Ask a strategy again under other assumptions.

    Parameters
    ----------
    model : StrategyModel
        The strategy.
    capacity_price_per_mw_h : float
        Price of response in the first year, as studied. [currency/(MW h)]

    Returns
    -------
    StrategyRisk
        The answers.
    """
    base = project_finance(model.plan, model.flows_of(StudyCase()))
    stress = tuple(_stressed(model, each, base) for each in _cases(model))
    npv_bars, irr_bars = _tornados(model)
    return StrategyRisk(
        exceedance=stress[0].exceedance,
        credit=stress[0].credit_held,
        break_even_capacity_price_per_mw_h=capacity_price_per_mw_h * _break_even_factors(model),
        tornado_npv=npv_bars,
        tornado_irr=irr_bars,
        stress=stress,
        debt_worth=_debt_worth(model),
        variance=variance_shares(model),
        break_even_spread_factor=None if model.traded is None else _break_even_spreads(model),
    )


def _cases(model: StrategyModel) -> tuple[StudyCase, ...]:
    return stress_cases(model.plan, trades=model.traded is not None, has_losses=model.other_cost is not None)


def exceedance_of(plan: FinancePlan, flows: YearlyFlows, outcome: FinanceOutcome) -> Exceedance:
    """Exceeded figures of a plan, the flows of its lives, and what they came to."""
    none = np.full(len(PROBABILITIES), np.nan)
    return Exceedance(
        irr=exceeded(outcome.irr, PROBABILITIES),
        npv=exceeded(outcome.npv, PROBABILITIES),
        min_dscr=none if plan.debt is None else exceeded(outcome.min_dscr, PROBABILITIES),
        debt=none if plan.debt is None else debt_at(plan, flows, PROBABILITIES),
    )


def _stressed(model: StrategyModel, case: StudyCase, base: FinanceOutcome) -> StressOutcome:
    plan, flows = model.plan_of(case), model.flows_of(case)
    exceedance = exceedance_of(plan, flows, project_finance(plan, flows))
    if plan.debt is None or model.plan.debt is None:
        return StressOutcome(case=case, exceedance=exceedance, min_dscr_held=exceedance.min_dscr, credit_held=None)
    cfads, schedule = operation_of(plan, flows).cfads, base.schedule
    dearer = plan.debt.interest_rate - model.plan.debt.interest_rate
    opening = np.concatenate((np.zeros((len(cfads), 1)), schedule.balance[:, :-1]), axis=1)
    opening[:, plan.debt.tenor_years + 1 :] = 0.0  # repaid; what is left there is rounding
    schedule = replace(
        schedule, interest=schedule.interest + dearer * opening, service=schedule.service + dearer * opening
    )
    return StressOutcome(
        case=case,
        exceedance=exceedance,
        min_dscr_held=exceeded(coverage(plan.debt, cfads, schedule)[0], PROBABILITIES),
        credit_held=credit_risk(plan.debt, cfads, schedule, base.reserves.debt_service),
    )


def _tornados(model: StrategyModel) -> tuple[tuple[TornadoBar, ...], tuple[TornadoBar, ...]]:
    """Bars of the net present value and of the rate of return, each case financed once."""
    known: dict[tuple[float, ...], tuple[float, float]] = {}

    def both(values: dict[str, float]) -> tuple[float, float]:
        key = tuple(values.values())
        if key not in known:
            case = case_of(values)
            outcome = project_finance(model.plan_of(case), model.flows_of(case))
            known[key] = float(exceeded(outcome.npv, (0.5,))[0]), float(exceeded(outcome.irr, (0.5,))[0])
        return known[key]

    factors = factors_of(model.plan, trades=model.traded is not None)
    return tornado(lambda values: both(values)[0], factors), tornado(lambda values: both(values)[1], factors)


def _break_even_factors(model: StrategyModel) -> FloatArray:
    found = np.full(len(OWNER_PROBABILITIES), np.nan)
    if model.sold_kw > 0.0:
        apart = model.capacity_apart()
        for k, probability in enumerate(OWNER_PROBABILITIES):
            try:
                found[k] = break_even(model.plan, apart, probability).revenue_factor
            except UsageError:  # no price is enough: contracts hold the whole battery, or the years have no price
                found[k] = np.nan
    return found


def _break_even_spreads(model: StrategyModel) -> FloatArray:
    found = np.full(len(OWNER_PROBABILITIES), np.nan)
    for k, probability in enumerate(OWNER_PROBABILITIES):

        def worth(factor: float, probability: float = probability) -> float:
            outcome = project_finance(model.plan, model.flows_of(StudyCase(spread_factor=factor)))
            return float(exceeded(outcome.npv, (probability,))[0])

        try:
            found[k] = break_even_factor(worth)
        except UsageError:  # no spread is enough: contracts hold the whole battery
            found[k] = np.nan
    return found


def _debt_worth(model: StrategyModel) -> DebtWorth | None:
    if model.plan.debt is None:
        return None
    lived = model.lived(1.0)
    lives = lived.lives
    by_law: dict[str, FloatArray] = {}
    for number, name in enumerate(lives.law):
        one = of_one_law(lived, number)
        if one is not None:
            by_law[name] = debt_at(model.plan, _flows_with(model, one), LENDER_PROBABILITIES)
    followed = np.bincount(lives.law_of_life, minlength=len(lives.law))
    best = int(np.argmax(followed))
    return DebtWorth(
        with_spread=debt_at(model.plan, model.flows_of(StudyCase()), LENDER_PROBABILITIES),
        by_law=by_law,
        best_law=lives.law[best],
        gained_error=_gained_error(model, best),
    )


def _gained_error(model: StrategyModel, law: int) -> FloatArray | None:
    lived = model.lived(1.0)
    alone = of_one_law_by_groups(lived, law, groups_of(lived.lives.n_lives))
    if alone is None:
        return None
    one, whole = _flows_with(model, alone), model.flows_of(StudyCase())

    def difference(lives: IntArray) -> FloatArray:
        own, all_of_them = (debt_at(model.plan, each.at(lives), LENDER_PROBABILITIES) for each in (one, whole))
        return own - all_of_them

    return standard_error(difference, lived.lives.n_lives)


def _flows_with(model: StrategyModel, lived: Lived) -> YearlyFlows:
    return replace(model, lived=always(lived)).flows_of(StudyCase())
