"""Money that a project keeps apart: next year's debt service and costs, and savings for what is replaced."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from battuta.numerics.arrays import FloatArray

if TYPE_CHECKING:
    from battuta.domain.finance_plan import FinancePlan

_MONTHS = 12.0


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Reserves:
    """What lies apart at the end of each year.

    Attributes
    ----------
    debt_service, operating_cost, maintenance : ndarray, shape (n_lives, n_years + 1)
        The three accounts. [currency]
    interest : ndarray, shape (n_lives, n_years + 1)
        Earned in each year on what lay there at its start. [currency]
    """

    debt_service: FloatArray
    operating_cost: FloatArray
    maintenance: FloatArray
    interest: FloatArray

    @property
    def total(self) -> FloatArray:
        """All that lies apart, shape (n_lives, n_years + 1). [currency]"""
        return self.debt_service + self.operating_cost + self.maintenance

    @property
    def released(self) -> FloatArray:
        """What the two accounts of next year give back to the owner in each year, funding negative. [currency]"""
        lying = self.debt_service + self.operating_cost
        return -np.diff(lying, axis=1, prepend=0.0)


def saved_ahead(outlay: FloatArray, years_ahead: int) -> tuple[FloatArray, FloatArray]:
    """Save for each outlay in equal parts over the years before it, its own year among them.

    Parameters
    ----------
    outlay : ndarray, shape (n_lives, n_years + 1)
        What falls due at the end of each year; year 0 is not saved for. [currency]
    years_ahead : int
        Over how many years; 0 or 1: none lies apart.

    Returns
    -------
    funding, balance : ndarray, shape (n_lives, n_years + 1)
        What is put aside in each year, and what lies there after the outlay. [currency]

    Examples
    --------
    >>> funding, balance = saved_ahead(np.array([[0.0, 0.0, 0.0, 90.0, 0.0]]), 3)
    >>> funding, balance
    (array([[ 0., 30., 30., 30.,  0.]]), array([[ 0., 30., 60.,  0.,  0.]]))
    """
    funding = np.zeros(outlay.shape)
    for year in range(1, outlay.shape[1]):
        first = max(year - max(years_ahead, 1) + 1, 1)
        funding[:, first : year + 1] += outlay[:, year, None] / (year + 1 - first)
    due = outlay.copy()
    due[:, 0] = 0.0
    return funding, np.cumsum(funding - due, axis=1)


def reserve_accounts(
    plan: FinancePlan, debt_service: FloatArray, operating_cost: FloatArray, maintenance: FloatArray
) -> Reserves:
    """Keep next year's service and cost ready, as many months of them as the plan asks.

    Parameters
    ----------
    plan : FinancePlan
        Months and interest.
    debt_service, operating_cost : ndarray, shape (n_lives, n_years + 1)
        What is paid in each year. [currency]
    maintenance : ndarray, shape (n_lives, n_years + 1)
        What is saved for outlays. [currency]

    Returns
    -------
    Reserves
        The accounts.

    References
    ----------
    .. [1] NREL System Advisor Model, single owner model (BSD-3): reserve accounts.

    Examples
    --------
    >>> from battuta.domain.finance_plan import FinancePlan, ReserveTerms
    >>> plan = FinancePlan(
    ...     currency="EUR",
    ...     n_years=2,
    ...     installed_cost=1.0,
    ...     inflation=0.0,
    ...     real_discount_rate=0.0,
    ...     reserves=ReserveTerms(operating_cost_months=6.0, interest_rate=0.1),
    ... )
    >>> kept = reserve_accounts(plan, np.zeros((1, 3)), np.array([[0.0, 40.0, 60.0]]), np.zeros((1, 3)))
    >>> kept.total, kept.interest, kept.released
    (array([[20., 30.,  0.]]), array([[0., 2., 3.]]), array([[-20., -10.,  30.]]))
    """
    terms = plan.reserves
    for_debt = terms.debt_service_months / _MONTHS * _following(debt_service)
    for_cost = terms.operating_cost_months / _MONTHS * _following(operating_cost)
    lying = for_debt + for_cost + maintenance
    interest = np.zeros(lying.shape)
    interest[:, 1:] = terms.interest_rate * lying[:, :-1]
    return Reserves(debt_service=for_debt, operating_cost=for_cost, maintenance=maintenance, interest=interest)


def _following(row: FloatArray) -> FloatArray:
    following = np.zeros(row.shape)
    following[:, :-1] = row[:, 1:]
    return following
