"""What contracts make of the market's revenue: rents, floors, and the part that stays merchant."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from battuta.domain.errors import DataError
from battuta.domain.revenue_contract import ContractKind, refuse_overlap
from battuta.numerics.arrays import FloatArray

if TYPE_CHECKING:
    from battuta.domain.revenue_contract import RevenueContract


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class ContractRevenue:
    """The owner's revenue in its two tranches, and what charging still costs.

    Attributes
    ----------
    contracted : ndarray, shape (n_lives, n_years)
        Rents, floors that were paid, less what counterparties took above the floor. [currency]
    merchant : ndarray, shape (n_lives, n_years)
        What the market pays the owner. [currency]
    charging_cost : ndarray, shape (n_lives, n_years)
        What the owner pays for charging. [currency]
    rented_charging_cost : ndarray, shape (n_lives, n_years)
        What tollers pay for charging their share. [currency]
    """

    contracted: FloatArray
    merchant: FloatArray
    charging_cost: FloatArray
    rented_charging_cost: FloatArray

    @property
    def revenue(self) -> FloatArray:
        """Both tranches, shape (n_lives, n_years). [currency]"""
        return self.contracted + self.merchant


def contract_revenue(
    contracts: tuple[RevenueContract, ...],
    power_mw: float,
    market_revenue: FloatArray,
    charging_cost: FloatArray,
    availability: FloatArray,
) -> ContractRevenue:
    """Apply contracts to what the whole battery would earn and pay in the market.

    Parameters
    ----------
    contracts : tuple of RevenueContract
        Contracts; none means all merchant.
    power_mw : float
        Rated power of the battery. [MW]
    market_revenue, charging_cost : ndarray, shape (n_lives, n_years)
        What the battery earns in the market and pays for charging. [currency]
    availability : ndarray, shape (n_lives, n_years)
        Share of each year in which it was there. [-]

    Returns
    -------
    ContractRevenue
        Tranches of the owner's revenue.

    Raises
    ------
    DataError
        If the arrays differ in shape.
    UsageError
        If contracts cover more than the battery.

    Examples
    --------
    >>> from battuta.domain.revenue_contract import RevenueContract
    >>> half = RevenueContract(
    ...     name="toller", kind=ContractKind.TOLLING, share=0.5, payment_per_mw_year=80_000.0, n_years=1
    ... )
    >>> row = np.array([[1e6, 1e6]])
    >>> paid = contract_revenue((half,), 10.0, row, 0.3 * row, np.ones((1, 2)))
    >>> paid.contracted, paid.merchant, paid.charging_cost
    (array([[400000.,      0.]]), array([[ 500000., 1000000.]]), array([[150000., 300000.]]))
    """
    if not market_revenue.shape == charging_cost.shape == availability.shape:
        shapes = f"{market_revenue.shape}, {charging_cost.shape} and {availability.shape}"
        message = f"market revenue, charging cost and availability need one shape; they have {shapes}"
        raise DataError(message)
    n_years = market_revenue.shape[1]
    refuse_overlap(contracts, n_years)
    margin = market_revenue - charging_cost
    contracted = np.zeros(margin.shape)
    rented = np.zeros(n_years)
    for each in contracts:
        years = np.arange(each.first_year - 1, min(each.first_year - 1 + each.n_years, n_years))
        grown = each.payment_per_mw_year * (1.0 + each.growth_per_year) ** np.arange(years.size)
        kept = np.minimum(availability[:, years] / each.availability_guaranteed, 1.0)
        payment = each.share * power_mw * grown * kept
        if each.kind is ContractKind.TOLLING:
            contracted[:, years] += payment
            rented[years] += each.share
        else:
            above = each.share * margin[:, years] - payment
            contracted[:, years] += np.where(above < 0.0, -above, (each.kept_share - 1.0) * above)
    left = 1.0 - rented
    return ContractRevenue(
        contracted=contracted,
        merchant=left * market_revenue,
        charging_cost=left * charging_cost,
        rented_charging_cost=rented * charging_cost,
    )
