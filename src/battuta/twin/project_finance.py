"""What a project earns for its owner and its lender, for each of many lives at once."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from battuta.numerics.arrays import FloatArray, IntArray
from battuta.twin.debt import DebtSchedule
from battuta.twin.depreciation import BuiltCost, depreciation_schedule
from battuta.twin.lcos import levelised_cost_per_mwh
from battuta.twin.lending import coverage, lent
from battuta.twin.operation import Operation, operation_of
from battuta.twin.reserves import Reserves, reserve_accounts
from battuta.twin.returns import irr, npv
from battuta.twin.taxes import Taxes, taxes
from battuta.twin.yearly_flows import YearlyFlows

if TYPE_CHECKING:
    from battuta.domain.finance_plan import FinancePlan

__all__ = ["FinanceOutcome", "YearlyFlows", "project_finance"]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class FinanceOutcome:
    """What the money comes to: a figure for each life, and rows by year, year 0 first.

    Attributes
    ----------
    currency : str
        Of all money here.
    irr : ndarray, shape (n_lives,)
        Internal rate of return of the equity after tax, nearest to zero where there are several; NaN where there is
        none. [-]
    irr_count : ndarray, shape (n_lives,)
        How many such rates there are.
    npv : ndarray, shape (n_lives,)
        Net present value of the equity after tax at the nominal discount rate. [currency]
    lcos_nominal, lcos_real : ndarray, shape (n_lives,)
        Levelised cost of storage before debt and tax; charging included, also what tollers pay for their share, since
        the energy is all that was discharged. [currency/MWh]
    min_dscr, llcr, plcr : ndarray, shape (n_lives,)
        Worst yearly coverage of the debt service; coverage of the debt by the cash flow of its tenor, and by that of
        all years, at the loan's rate; before tax, as SAM has them; NaN without debt. [-]
    debt, equity : ndarray, shape (n_lives,)
        Sources of funds. [currency]
    revenue, operating_cost, cfads, debt_service : ndarray, shape (n_lives, n_years + 1)
        Sales and salvage; costs with what is saved for augmentation; their difference; what is paid to the lender.
        [currency]
    tax, tax_credit, equity_flow : ndarray, shape (n_lives, n_years + 1)
        Tax paid, negative where refunded; credit; what the owner pays in (negative) and takes out. [currency]
    depreciation : ndarray, shape (n_lives, n_years + 1)
        Deduction from federal income for what was built and augmented. [currency]
    schedule, reserves, taxes : DebtSchedule, Reserves, Taxes
        The parts behind the rows.
    """

    currency: str
    irr: FloatArray
    irr_count: IntArray
    npv: FloatArray
    lcos_nominal: FloatArray
    lcos_real: FloatArray
    min_dscr: FloatArray
    llcr: FloatArray
    plcr: FloatArray
    debt: FloatArray
    equity: FloatArray
    revenue: FloatArray
    operating_cost: FloatArray
    cfads: FloatArray
    debt_service: FloatArray
    tax: FloatArray
    tax_credit: FloatArray
    equity_flow: FloatArray
    depreciation: FloatArray
    schedule: DebtSchedule
    reserves: Reserves
    taxes: Taxes


def project_finance(plan: FinancePlan, flows: YearlyFlows) -> FinanceOutcome:
    """Finance each life: size the debt, pay it back, tax what is left, and value what the owner gets.

    Parameters
    ----------
    plan : FinancePlan
        Costs, debt, taxes and reserves.
    flows : YearlyFlows
        What operation brings, one row a life.

    Returns
    -------
    FinanceOutcome
        Figures and rows of each life.

    Raises
    ------
    DataError
        If the flows have other years than the plan.

    References
    ----------
    .. [1] NREL System Advisor Model, single owner model (BSD-3), whose standalone battery case this reproduces.

    Examples
    --------
    >>> from battuta.domain.finance_plan import FinancePlan
    >>> plan = FinancePlan(currency="EUR", n_years=2, installed_cost=100.0, inflation=0.0, real_discount_rate=0.1)
    >>> zero = np.zeros((1, 2))
    >>> flows = YearlyFlows(
    ...     revenue=zero + 60.0, charging_cost=zero, variable_cost=zero, augmentation=zero, discharged_mwh=zero + 1.0
    ... )
    >>> outcome = project_finance(plan, flows)
    >>> outcome.irr.round(6), outcome.npv.round(4)
    (array([0.130662]), array([4.1322]))
    """
    operation = operation_of(plan, flows)
    schedule = lent(plan, operation)
    kept = reserve_accounts(plan, schedule.service, operation.operating_cost, operation.saved)
    built = depreciation_schedule(plan.tax, plan.installed_cost + plan.construction_financing_cost, plan.n_years)
    depreciation, credit = _deducted(plan, operation, built)
    levied = _taxed(plan, operation, depreciation + schedule.interest - kept.interest, built)
    equity = _uses(plan, schedule.debt, kept) - schedule.debt
    equity_flow = operation.cfads + kept.interest - schedule.service + kept.released - levied.total + credit
    equity_flow[:, 0] = -equity
    rates = irr(equity_flow)
    min_dscr, llcr, plcr = coverage(plan.debt, operation.cfads, schedule)
    lcos_nominal, lcos_real = _levelised(plan, operation, flows)
    return FinanceOutcome(
        currency=plan.currency,
        irr=rates.rate,
        irr_count=rates.count,
        npv=npv(equity_flow, plan.nominal_discount_rate),
        lcos_nominal=lcos_nominal,
        lcos_real=lcos_real,
        min_dscr=min_dscr,
        llcr=llcr,
        plcr=plcr,
        debt=schedule.debt,
        equity=equity,
        revenue=operation.revenue,
        operating_cost=operation.operating_cost,
        cfads=operation.cfads,
        debt_service=schedule.service,
        tax=levied.total,
        tax_credit=credit,
        equity_flow=equity_flow,
        depreciation=depreciation,
        schedule=schedule,
        reserves=kept,
        taxes=levied,
    )


def _taxed(plan: FinancePlan, operation: Operation, other_deductions: FloatArray, built: BuiltCost) -> Taxes:
    income = operation.revenue - operation.running_cost - other_deductions
    if plan.tax.augmentation_life_years == 0:
        income = income - operation.outlay
    if np.array_equal(built.federal, built.state):
        return taxes(income, plan.tax)
    return taxes(income, plan.tax, income + (built.federal - built.state))


def _levelised(plan: FinancePlan, operation: Operation, flows: YearlyFlows) -> tuple[FloatArray, FloatArray]:
    cost = operation.running_cost + operation.outlay
    cost[:, 0] = plan.installed_cost
    cost[:, 1:] += flows.rented_charging_cost
    cost[:, -1] -= plan.salvage_share * plan.installed_cost
    nominal, real = plan.nominal_discount_rate, plan.real_discount_rate
    return (
        levelised_cost_per_mwh(cost, flows.discharged_mwh, nominal, nominal),
        levelised_cost_per_mwh(cost, flows.discharged_mwh, nominal, real),
    )


def _deducted(plan: FinancePlan, operation: Operation, built: BuiltCost) -> tuple[FloatArray, FloatArray]:
    depreciation = np.broadcast_to(built.federal, operation.revenue.shape).copy()
    life = plan.tax.augmentation_life_years
    if life:
        for year in range(1, plan.n_years + 1):  # deducted from the year after it was paid
            depreciation[:, year + 1 : year + 1 + life] += operation.outlay[:, year, None] / life
            if plan.tax.deducts_rest_at_end:
                left = 1.0 - min(plan.n_years - year, life) / life
                depreciation[:, -1] += operation.outlay[:, year] * left
    credit = np.zeros(operation.revenue.shape)
    credit[:, 1] = built.credit
    return depreciation, credit


def _uses(plan: FinancePlan, debt: FloatArray, kept: Reserves) -> FloatArray:
    terms = plan.debt
    fees = 0.0 if terms is None else terms.closing_cost + terms.fee_share * debt
    return plan.installed_cost + plan.construction_financing_cost + fees - kept.released[:, 0]
