"""The one loan whose service a share of the lives covers in every single year."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from battuta.domain.finance_plan import DebtKind, DebtTerms
from battuta.twin.debt import refuse_short_flows, unit_service
from battuta.twin.debt_every_year_kernels import keep_one_by_one
from battuta.twin.returns import discount_factors

if TYPE_CHECKING:
    from battuta.numerics.arrays import BoolArray, FloatArray

# the service stays this much below what the worst life kept allows: dividing by it again must not round below dscr
_ROUNDING_SHARE = 1e-12


def every_year_service(cfads: FloatArray, terms: DebtTerms, exceedance: float) -> FloatArray:
    """Return the largest service found that a share of the lives covers in all years of the loan, jointly.

    Some lives must be kept, the others are given up; each year's service is then the lowest cash flow of the lives
    kept, over the coverage asked. An annuity and equal parts of principal ask of each year what their terms say, so
    they keep the lives whose worst years, held against that, are best. For a sculpted loan two
    orders of giving up are tried, and the one that lends more is taken: by how far a life falls below the mean of all
    lives in its worst year; and one life after another, each time the one that holds the debt down most.

    Parameters
    ----------
    cfads : ndarray, shape (n_lives, n_years + 1)
        Cash flow available for debt service. [currency]
    terms : DebtTerms
        What the lender asks; its coverage above 0. Negative service is not given here.
    exceedance : float
        Share of the lives; the lowest coverage exceeded with this probability is then no less than `dscr`. [-]

    Returns
    -------
    ndarray, shape (n_years + 1,)
        Service, never below 0. [currency]

    Raises
    ------
    DataError
        If a life has fewer years than the loan.

    Examples
    --------
    Eleven lives earn 130, but one has a bad first year and one a bad second; the loan of ten keeps one of them:

    >>> cfads = np.full((11, 3), 130.0)
    >>> cfads[0, 1], cfads[1, 2] = 65.0, 104.0
    >>> every_year_service(cfads, DebtTerms(interest_rate=0.0, tenor_years=2, dscr=1.3), 0.9).round(6)
    array([  0., 100.,  80.])
    """
    refuse_short_flows(cfads, terms)
    earned = cfads[:, 1 : terms.tenor_years + 1]
    n_given_up = math.floor((1.0 - exceedance) * (len(earned) - 1) + 1e-9)  # the ranks of `exceedance.exceeded`
    factors = discount_factors(terms.interest_rate, terms.tenor_years + 1)[1:]
    if terms.kind is not DebtKind.SCULPTED:
        asked = unit_service(terms)
        worst = np.sort((earned[:, asked > 0.0] / asked[asked > 0.0]).min(axis=1))[n_given_up]
        paid = max(float(worst), 0.0) * asked
    else:
        orders = (_furthest_below_the_mean(earned, n_given_up), _one_by_one(earned, factors, n_given_up))
        lowest = [np.maximum(earned[kept].min(axis=0), 0.0) for kept in orders]
        paid = max(lowest, key=lambda row: float(row @ factors))
    service = np.zeros(cfads.shape[1])
    service[1 : terms.tenor_years + 1] = paid / terms.dscr * (1.0 - _ROUNDING_SHARE)
    return service


def _furthest_below_the_mean(earned: FloatArray, n_given_up: int) -> BoolArray:
    """Keep the lives whose worst year, over the mean of all lives in that year, is best."""
    mean = earned.mean(axis=0)
    kept = np.ones(len(earned), dtype=np.bool_)
    if (mean > 0.0).any():
        worst = (earned[:, mean > 0.0] / mean[mean > 0.0]).min(axis=1)
        kept[np.argsort(worst, kind="stable")[:n_given_up]] = False
    return kept


def _one_by_one(earned: FloatArray, factors: FloatArray, n_given_up: int) -> BoolArray:
    """Give up the life whose leaving raises the present value of the lowest cash flows most, again and again."""
    upwards = np.ascontiguousarray(np.argsort(earned, axis=0, kind="stable").T)
    return keep_one_by_one(upwards, np.ascontiguousarray((earned * factors).T), n_given_up)
