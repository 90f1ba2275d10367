"""How much is lent to a project: what its cash flow carries, within a share of all that has to be paid for."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from battuta.domain.finance_plan import DebtCoverage
from battuta.twin.debt import DebtSchedule, carried_debt, debt_of_exceedance, debt_profile, repaid
from battuta.twin.debt_every_year import every_year_service
from battuta.twin.returns import discount_factors

if TYPE_CHECKING:
    from battuta.domain.finance_plan import DebtTerms, FinancePlan
    from battuta.numerics.arrays import FloatArray
    from battuta.twin.operation import Operation

_MONTHS = 12.0


def lent(plan: FinancePlan, operation: Operation) -> DebtSchedule:
    """Size a loan and lay out its repayment.

    Parameters
    ----------
    plan : FinancePlan
        What the lender asks, and the uses of funds.
    operation : Operation
        Cash flows that carry the debt.

    Returns
    -------
    DebtSchedule
        The loan of each life, or one loan of all lives where `exceedance` is asked; all zero without debt.
    """
    cfads, terms = operation.cfads, plan.debt
    if terms is None:
        return repaid(np.zeros(len(cfads)), np.zeros(cfads.shape), 0.0)
    carried, profile = _carried(cfads, terms)
    months = plan.reserves.operating_cost_months / _MONTHS
    fixed_uses = plan.installed_cost + plan.construction_financing_cost + terms.closing_cost
    without_debt = fixed_uses + months * operation.operating_cost[:, 1]
    with_debt = terms.fee_share + plan.reserves.debt_service_months / _MONTHS * profile[:, 1]
    left = 1.0 - terms.share_max * with_debt  # fee and reserve are uses that the debt itself adds
    limit = np.where(left > 0.0, terms.share_max * without_debt / np.where(left > 0.0, left, 1.0), np.inf)
    if terms.exceedance is not None:
        limit = np.full(limit.shape, limit.min())
    debt = np.where(profile.any(axis=1), carried.clip(0.0, limit), 0.0)
    return repaid(debt, profile, terms.interest_rate)


def coverage(
    terms: DebtTerms | None, cfads: FloatArray, schedule: DebtSchedule
) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Hold the cash flow before tax against the debt, as SAM does.

    Parameters
    ----------
    terms : DebtTerms or None
        Rate and tenor of the loan.
    cfads : ndarray, shape (n_lives, n_years + 1)
        Cash flow available for debt service. [currency]
    schedule : DebtSchedule
        The loan.

    Returns
    -------
    min_dscr, llcr, plcr : ndarray, shape (n_lives,)
        Worst yearly coverage of the service; coverage of the debt by the cash flow of its tenor, and of all years;
        NaN without debt. [-]
    """
    none = np.full(cfads.shape[0], np.nan)
    if terms is None:
        return none, none, none
    owed = schedule.debt > 0.0
    dscr = np.full(cfads.shape, np.inf)
    np.divide(cfads, schedule.service, out=dscr, where=schedule.service != 0.0)
    worth = cfads[:, 1:] * discount_factors(terms.interest_rate, cfads.shape[1])[1:]
    debt = np.where(owed, schedule.debt, np.nan)
    return (
        np.where(owed, dscr.min(axis=1), np.nan),
        worth[:, : terms.tenor_years].sum(axis=1) / debt,
        worth.sum(axis=1) / debt,
    )


def _carried(cfads: FloatArray, terms: DebtTerms) -> tuple[FloatArray, FloatArray]:
    """Debt of each life, shape (n_lives,), and the service of one unit of it, shape (n_lives, n_years + 1)."""
    if terms.exceedance is None:
        return carried_debt(cfads, terms), debt_profile(cfads, terms)
    if terms.coverage is DebtCoverage.LOAN_LIFE or terms.dscr == 0.0:
        carried = carried_debt(cfads, terms)
        return np.full(carried.shape, debt_of_exceedance(carried, terms.exceedance)), debt_profile(cfads, terms)
    service = every_year_service(cfads, terms, terms.exceedance)
    debt = float(service @ discount_factors(terms.interest_rate, service.size))
    profile = service / debt if debt > 0.0 else service
    return np.full(len(cfads), debt), np.broadcast_to(profile, cfads.shape)
