"""How much a lender gives, and what is paid back in which year."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from battuta.domain.errors import DataError
from battuta.domain.finance_plan import DebtKind, DebtTerms
from battuta.numerics.arrays import FloatArray
from battuta.twin.returns import discount_factors


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class DebtSchedule:
    """A loan of each life, year by year.

    Attributes
    ----------
    debt : ndarray, shape (n_lives,)
        What is lent in year 0. [currency]
    service, interest, principal : ndarray, shape (n_lives, n_years + 1)
        What is paid at the end of each year, and its two parts. [currency]
    balance : ndarray, shape (n_lives, n_years + 1)
        What is owed after that. [currency]
    """

    debt: FloatArray
    service: FloatArray
    interest: FloatArray
    principal: FloatArray
    balance: FloatArray


def carried_debt(cfads: FloatArray, terms: DebtTerms) -> FloatArray:
    """Return the largest loan whose coverage each life keeps.

    Parameters
    ----------
    cfads : ndarray, shape (n_lives, n_years + 1)
        Cash flow available for debt service; year 0 is not read. [currency]
    terms : DebtTerms
        What the lender asks.

    Returns
    -------
    ndarray, shape (n_lives,)
        Debt. Sculpted: the present value of each year's cash flow over the coverage, at the loan's own rate. Annuity
        and equal parts of principal: what the worst year carries, held against its own service; infinite where no
        coverage is asked. [currency]

    References
    ----------
    .. [1] NREL System Advisor Model, single owner model (BSD-3): debt sized by coverage.

    Examples
    --------
    >>> terms = DebtTerms(interest_rate=0.05, tenor_years=2, dscr=1.25)
    >>> carried_debt(np.array([[0.0, 131.25, 137.8125, 500.0]]), terms)
    array([200.])
    """
    service = _service(cfads, terms)
    if terms.kind is DebtKind.SCULPTED:
        factors = discount_factors(terms.interest_rate, service.shape[1] + 1)[1:]
        worth: FloatArray = (service * factors).sum(axis=1)
        return np.where(worth > 0.0, worth, 0.0)
    if terms.dscr == 0.0:
        return np.full(len(cfads), np.inf)
    asked = unit_service(terms)
    return (service[:, asked > 0.0] / asked[asked > 0.0]).min(axis=1)


def unit_service(terms: DebtTerms) -> FloatArray:
    """Return what one unit of a loan that is not sculpted pays in each year of its tenor.

    Parameters
    ----------
    terms : DebtTerms
        Rate, tenor, years of interest only; an annuity or equal parts of principal.

    Returns
    -------
    ndarray, shape (tenor_years,)
        Service; its present value at the loan's rate is 1. [1/year]

    Examples
    --------
    >>> unit_service(DebtTerms(interest_rate=0.1, tenor_years=3, kind=DebtKind.EQUAL_PRINCIPAL, interest_only_years=1))
    array([0.1 , 0.6 , 0.55])
    """
    n_repaid = terms.tenor_years - terms.interest_only_years
    service = np.full(terms.tenor_years, terms.interest_rate)
    if terms.kind is DebtKind.ANNUITY:
        service[-n_repaid:] = 1.0 / discount_factors(terms.interest_rate, n_repaid + 1)[1:].sum()
    else:
        owed = 1.0 - np.arange(n_repaid) / n_repaid
        service[-n_repaid:] = 1.0 / n_repaid + terms.interest_rate * owed
    return service


def debt_of_exceedance(carried: FloatArray, exceedance: float) -> float:
    """Return the debt that a share of the lives carries as a whole: its present value, not each year's service.

    Each life's whole path counts as one sample; a sum of yearly quantiles would answer for a life that is unlucky in
    each of its years, which hardly any is.

    Parameters
    ----------
    carried : ndarray, shape (n_lives,)
        What each life can carry. [currency]
    exceedance : float
        Share of the lives that can carry it: 0.5, 0.9, 0.99. [-]

    Returns
    -------
    float
        Debt. [currency]

    Examples
    --------
    >>> debt_of_exceedance(np.array([10.0, 20.0, 30.0, 40.0, 50.0]), 0.75)
    20.0
    """
    return float(np.quantile(carried, 1.0 - exceedance))


def debt_profile(cfads: FloatArray, terms: DebtTerms) -> FloatArray:
    """Return the service of each year for one unit of debt.

    Parameters
    ----------
    cfads : ndarray, shape (n_lives, n_years + 1)
        Cash flow available for debt service. [currency]
    terms : DebtTerms
        What the lender asks; where one debt serves all lives, its profile follows the mean of their cash flows, which
        keeps no coverage of single years (`debt_every_year` does).

    Returns
    -------
    ndarray, shape (n_lives, n_years + 1)
        Service; its present value is 1, or it is 0 where a life carries no debt. [1/year]

    Raises
    ------
    DataError
        If a life has fewer years than the loan.

    Examples
    --------
    >>> terms = DebtTerms(interest_rate=0.0, tenor_years=2, kind=DebtKind.ANNUITY)
    >>> debt_profile(np.zeros((1, 4)), terms)
    array([[0. , 0.5, 0.5, 0. ]])
    """
    refuse_short_flows(cfads, terms)
    flows = cfads if terms.exceedance is None else np.broadcast_to(cfads.mean(axis=0), cfads.shape)
    profile = np.zeros(cfads.shape)
    paid = profile[:, 1 : terms.tenor_years + 1]
    paid[:] = _service(flows, terms) if terms.kind is DebtKind.SCULPTED else unit_service(terms)
    factors = discount_factors(terms.interest_rate, terms.tenor_years + 1)[1:]
    worth = (paid * factors).sum(axis=1, keepdims=True)
    np.divide(profile, worth, out=profile, where=worth > 0.0)
    profile[worth[:, 0] <= 0.0] = 0.0
    return profile


def refuse_short_flows(cfads: FloatArray, terms: DebtTerms) -> None:
    """Refuse cash flows that end before the loan does.

    Raises
    ------
    DataError
        If a life has fewer years than the loan.
    """
    if cfads.shape[1] <= terms.tenor_years:
        message = (
            f"the loan runs {terms.tenor_years} years, the cash flows only {cfads.shape[1] - 1}; lower tenor_years"
        )
        raise DataError(message)


def repaid(debt: FloatArray, profile: FloatArray, interest_rate: float) -> DebtSchedule:
    """Pay a loan back along its profile.

    Parameters
    ----------
    debt : ndarray, shape (n_lives,)
        What is lent. [currency]
    profile : ndarray, shape (n_lives, n_years + 1)
        What `debt_profile` gives. [1/year]
    interest_rate : float
        Interest a year. [-]

    Returns
    -------
    DebtSchedule
        Service, interest, principal and balance.

    Examples
    --------
    >>> repaid(np.array([100.0]), np.array([[0.0, 0.6, 0.55]]), 0.1).balance.round(9)
    array([[100.,  50.,  -0.]])
    """
    service = debt[:, None] * profile
    interest = np.zeros(service.shape)
    balance = np.zeros(service.shape)
    balance[:, 0] = debt
    for year in range(1, service.shape[1]):
        interest[:, year] = interest_rate * balance[:, year - 1]
        balance[:, year] = balance[:, year - 1] + interest[:, year] - service[:, year]
    return DebtSchedule(debt=debt, service=service, interest=interest, principal=service - interest, balance=balance)


def _service(cfads: FloatArray, terms: DebtTerms) -> FloatArray:
    paid = cfads[:, 1 : terms.tenor_years + 1]
    if not terms.allows_negative_service:
        paid = np.maximum(paid, 0.0)
    return paid / terms.dscr if terms.dscr > 0.0 else paid
