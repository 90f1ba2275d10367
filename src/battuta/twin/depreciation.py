"""How a cost is spread over the years that taxes see, as the tables of the tax authority print it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from battuta.domain.finance_plan import DepreciationKind

if TYPE_CHECKING:
    from collections.abc import Sequence

    from battuta.domain.finance_plan import DepreciationClass
    from battuta.numerics.arrays import FloatArray

_PRINTED_DIGITS = 4
_SLOW_MACRS_YEARS = 15
"""From this life on, MACRS declines by 150 instead of 200 % of the straight line."""


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
    are left, whichever is more, rounded to the four digits that are printed.

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


def depreciation_schedule(
    classes: Sequence[DepreciationClass], cost: float, n_years: int, credit_share: float, credit_basis_reduction: float
) -> tuple[FloatArray, float]:
    """Spread a cost over its classes and years, and find the tax credit that it earns.

    Parameters
    ----------
    classes : sequence of DepreciationClass
        Parts of the cost.
    cost : float
        All that may be depreciated. [currency]
    n_years : int
        Years of operation; what is left after them is not deducted.
    credit_share : float
        Credit, a share of the parts that earn it. [-]
    credit_basis_reduction : float
        Share of the credit by which they lose basis. [-]

    Returns
    -------
    schedule : ndarray, shape (n_years + 1,)
        Deduction of each year, 0 in year 0. [currency]
    credit : float
        The credit. [currency]

    Examples
    --------
    >>> from battuta.domain.finance_plan import DepreciationClass
    >>> half = DepreciationClass(kind=DepreciationKind.STRAIGHT_LINE, life_years=2, share=0.5, earns_credit=True)
    >>> depreciation_schedule((half,), 1000.0, 3, 0.3, 0.5)
    (array([  0. , 212.5, 212.5,   0. ]), 150.0)
    """
    schedule = np.zeros(n_years + 1)
    credit = 0.0
    for each in classes:
        basis = each.share * cost
        if each.earns_credit:
            earned = credit_share * basis
            credit += earned
            basis -= credit_basis_reduction * earned
        shares = depreciation_shares(each.kind, each.life_years)[:n_years]
        schedule[1 : shares.size + 1] += basis * shares
    return schedule, credit
