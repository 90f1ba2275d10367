"""How a cost is spread over the years that taxes see, as the tables of the tax authority print it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from battuta.domain.tax_terms import DepreciationKind
from battuta.numerics.arrays import FloatArray

if TYPE_CHECKING:
    from battuta.domain.tax_terms import DepreciationClass, TaxTerms

_PRINTED_DIGITS = 4
_SLOW_MACRS_YEARS = 15
"""From this life on, MACRS declines by 150 instead of 200 % of the straight line."""
_PRINTED_YEARS_MAX = 20
"""Up to this life the half-year tables are printed, and so rounded."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class BuiltCost:
    """What a cost lowers taxes by.

    Attributes
    ----------
    federal, state : ndarray, shape (n_years + 1,)
        Deduction of each year from the income that each of them taxes, 0 in year 0. [currency]
    credit : float
        Investment tax credit. [currency]
    """

    federal: FloatArray
    state: FloatArray
    credit: float


def depreciation_shares(kind: DepreciationKind, life_years: int) -> FloatArray:
    """Return the share of a cost that each year may deduct.

    Parameters
    ----------
    kind : DepreciationKind
        How.
    life_years : int
        Over how many years.

    Returns
    -------
    ndarray, shape (life_years,) or (life_years + 1,)
        Shares, the first year of operation first; they add up to 1. [-]

    Notes
    -----
    The tables are made by their own rule: each year the declining balance or the straight line over the years that
    are left, whichever is more, rounded to the four digits that are printed; no half-year table is printed above 20
    years, and none is rounded there. A custom part has no rule but its own shares.

    References
    ----------
    .. [1] IRS Publication 946, How To Depreciate Property, tables A-1 and A-8.

    Examples
    --------
    >>> depreciation_shares(DepreciationKind.MACRS, 5)
    array([0.2   , 0.32  , 0.192 , 0.1152, 0.1152, 0.0576])
    >>> depreciation_shares(DepreciationKind.STRAIGHT_LINE, 4)
    array([0.25, 0.25, 0.25, 0.25])
    """
    if kind is DepreciationKind.STRAIGHT_LINE:
        return np.full(life_years, 1.0 / life_years)
    if life_years > _PRINTED_YEARS_MAX:
        equal = np.full(life_years + 1, 1.0 / life_years)
        equal[[0, -1]] *= 0.5
        return equal
    decline = 0.0
    if kind is DepreciationKind.MACRS:
        decline = 1.5 if life_years >= _SLOW_MACRS_YEARS else 2.0
    shares: list[float] = []
    left = 1.0
    for year in range(life_years):
        years_left = life_years - max(year - 0.5, 0.0)
        part = left * max(decline / life_years, 1.0 / years_left) * (0.5 if year == 0 else 1.0)
        shares.append(round(part + 1e-12, _PRINTED_DIGITS))
        left = round(left - shares[-1], _PRINTED_DIGITS)
    return np.array([*shares, left])


def depreciation_schedule(terms: TaxTerms, cost: float, n_years: int) -> BuiltCost:
    """Spread a cost over its parts and years, and find the tax credit that it earns.

    A part that earns the credit first loses basis for it, then deducts its bonus; what is left follows its schedule. A
    limit, or a fixed credit, is shared by these parts in proportion to their cost.

    Parameters
    ----------
    terms : TaxTerms
        Parts of the cost, credit, and what it takes from the basis.
    cost : float
        All that may be depreciated. [currency]
    n_years : int
        Years of operation; what is left after them is deducted in the last, or lost, as `terms` say.

    Returns
    -------
    BuiltCost
        Deductions and credit.

    References
    ----------
    .. [1] 26 U.S.C. 50(c)(3) (half of the credit leaves the basis) and 168(k) (bonus of the basis that is left).
    .. [2] NREL System Advisor Model, single owner model (BSD-3): depreciation by class.

    Examples
    --------
    >>> from battuta.domain.tax_terms import DepreciationClass, TaxTerms
    >>> half = DepreciationClass(kind=DepreciationKind.STRAIGHT_LINE, life_years=2, share=0.5, earns_credit=True)
    >>> built = depreciation_schedule(TaxTerms(depreciation=(half,), credit_share=0.3), 1000.0, 3)
    >>> built.federal, built.credit
    (array([  0. , 212.5, 212.5,   0. ]), 150.0)
    """
    earning = terms.credit_earning_share
    by_share = terms.credit_share * earning * cost
    credit = (by_share if terms.credit_max is None else min(by_share, terms.credit_max)) + terms.credit_amount
    state_reduction = terms.state_credit_basis_reduction
    federal, state = np.zeros(n_years + 1), np.zeros(n_years + 1)
    for each in terms.depreciation:
        earned = credit * each.share / earning if each.earns_credit and earning > 0.0 else 0.0
        basis = each.share * cost - terms.credit_basis_reduction * earned
        federal += _deducted(each, each.bonus_share, basis, n_years, with_rest=terms.deducts_rest_at_end)
        if state_reduction is not None:
            basis = each.share * cost - state_reduction * earned
        state += _deducted(each, each.state_bonus_share, basis, n_years, with_rest=terms.deducts_rest_at_end)
    return BuiltCost(federal=federal, state=state, credit=credit)


def _deducted(
    part: DepreciationClass, bonus_share: float, basis: float, n_years: int, *, with_rest: bool
) -> FloatArray:
    own = part.kind is DepreciationKind.CUSTOM
    shares = np.array(part.yearly_shares) if own else depreciation_shares(part.kind, part.life_years)
    row = np.zeros(n_years + 1)
    row[1 : shares.size + 1] = basis * (1.0 - bonus_share) * shares[:n_years]
    if with_rest:
        row[-1] += basis * (1.0 - bonus_share) * shares[n_years:].sum()
    row[1] += basis * bonus_share
    return row
