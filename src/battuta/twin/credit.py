"""How likely a loan is to lock up or to fail, counted over whole lives."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from battuta.numerics.arrays import FloatArray

if TYPE_CHECKING:
    from battuta.domain.finance_plan import DebtTerms
    from battuta.twin.debt import DebtSchedule


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class CreditRisk:
    """Shares of the lives in which the loan is in trouble.

    Attributes
    ----------
    lock_up_by_year, default_by_year : ndarray, shape (n_years + 1,)
        Share of lives whose coverage lies below the lock-up, or the default covenant, in each year. [-]
    lock_up, default : float
        Share of lives in which that happens in any year. [-]
    missed_by_year : ndarray, shape (n_years + 1,)
        Share of lives that by each year have missed a payment: cash flow and debt service reserve were not enough. [-]
    missed : float
        Share of lives that ever do. [-]
    owed_at_maturity, unpaid : float
        Share of lives that still owe something at the end of the loan's last year, and at the end of the project. [-]
    arrears_max : float
        Largest arrears of any life and year, interest on them included. [currency]
    loss_mean, loss_max : float
        Arrears that are never paid, mean over all lives and the worst; present value at the loan's rate. [currency]
    """

    lock_up_by_year: FloatArray
    default_by_year: FloatArray
    lock_up: float
    default: float
    missed_by_year: FloatArray
    missed: float
    owed_at_maturity: float
    unpaid: float
    arrears_max: float
    loss_mean: float
    loss_max: float


def credit_risk(
    terms: DebtTerms, cfads: FloatArray, schedule: DebtSchedule, debt_service_reserve: FloatArray
) -> CreditRisk:
    """Walk each life's cash flow and reserve against its debt service.

    A year's shortfall is drawn from the reserve. What then is missing is in arrears at the loan's rate, and later cash
    flow pays it first, then fills the reserve again up to what the plan keeps, also after the loan's last year. The
    owner is not asked for more, and the lender takes nothing over. So a payment that is missed is lost only where the
    project ends before it is made up for.

    Parameters
    ----------
    terms : DebtTerms
        Covenants.
    cfads : ndarray, shape (n_lives, n_years + 1)
        Cash flow available for debt service. [currency]
    schedule : DebtSchedule
        What has to be paid.
    debt_service_reserve : ndarray, shape (n_lives, n_years + 1)
        What the plan keeps ready at the end of each year. [currency]

    Returns
    -------
    CreditRisk
        Probabilities and losses.

    Examples
    --------
    >>> from battuta.domain.finance_plan import DebtTerms
    >>> from battuta.twin.debt import repaid
    >>> loan = repaid(np.array([20.0, 20.0]), np.array([[0.0, 0.5, 0.5]] * 2), 0.0)
    >>> terms = DebtTerms(interest_rate=0.0, tenor_years=2)
    >>> risk = credit_risk(terms, np.array([[0.0, 15.0, 15.0], [0.0, 6.0, 6.0]]), loan, np.zeros((2, 3)))
    >>> risk.lock_up, risk.missed, risk.unpaid, risk.loss_max
    (0.5, 0.5, 0.5, 8.0)
    """
    service = schedule.service
    due = service > 0.0
    coverage = np.full(service.shape, np.inf)
    np.divide(cfads, service, out=coverage, where=due)
    locked, broken = coverage < terms.lock_up_dscr, coverage < terms.default_dscr
    arrears = _arrears(cfads, service, debt_service_reserve, terms.interest_rate)
    missed = np.logical_or.accumulate(arrears > 0.0, axis=1)
    loss: FloatArray = arrears[:, -1] / (1.0 + terms.interest_rate) ** (service.shape[1] - 1)
    return CreditRisk(
        lock_up_by_year=locked.mean(axis=0),
        default_by_year=broken.mean(axis=0),
        lock_up=float(locked.any(axis=1).mean()),
        default=float(broken.any(axis=1).mean()),
        missed_by_year=missed.mean(axis=0),
        missed=float(missed[:, -1].mean()),
        owed_at_maturity=float((arrears[:, min(terms.tenor_years, service.shape[1] - 1)] > 0.0).mean()),
        unpaid=float((arrears[:, -1] > 0.0).mean()),
        arrears_max=float(arrears.max(initial=0.0)),
        loss_mean=float(loss.mean()),
        loss_max=float(loss.max()),
    )


def _arrears(cfads: FloatArray, service: FloatArray, kept: FloatArray, interest_rate: float) -> FloatArray:
    arrears = np.zeros(service.shape)
    lying = np.maximum(kept[:, 0], 0.0)
    tiny = 1e-9 * np.abs(service).max(initial=0.0)
    for year in range(1, service.shape[1]):
        owed = np.maximum(service[:, year], 0.0) + (1.0 + interest_rate) * arrears[:, year - 1]
        left = cfads[:, year] + lying - owed
        arrears[:, year] = np.where(left < -tiny, np.minimum(-left, owed), 0.0)
        lying = np.clip(left, 0.0, np.maximum(kept[:, year], 0.0))
    return arrears
