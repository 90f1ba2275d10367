"""What a project earns and spends before debt and taxes: fixed costs, savings for what is replaced, cash flow."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from battuta.domain.errors import DataError
from battuta.numerics.arrays import FloatArray
from battuta.twin.reserves import saved_ahead

if TYPE_CHECKING:
    from battuta.domain.finance_plan import FinancePlan
    from battuta.twin.yearly_flows import YearlyFlows


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Operation:
    """Earnings and costs of each life, year 0 first; it has none.

    Attributes
    ----------
    revenue : ndarray, shape (n_lives, n_years + 1)
        Sales, and what is left at the end. [currency]
    running_cost : ndarray, shape (n_lives, n_years + 1)
        Charging, variable and fixed costs, insurance, property tax. [currency]
    outlay : ndarray, shape (n_lives, n_years + 1)
        Augmentation and major maintenance when they are paid. [currency]
    funding, saved : ndarray, shape (n_lives, n_years + 1)
        What is put aside for them, and what then lies there. [currency]
    """

    revenue: FloatArray
    running_cost: FloatArray
    outlay: FloatArray
    funding: FloatArray
    saved: FloatArray

    @property
    def operating_cost(self) -> FloatArray:
        """Running cost and what is put aside, shape (n_lives, n_years + 1). [currency]"""
        return self.running_cost + self.funding

    @property
    def cfads(self) -> FloatArray:
        """Cash flow available for debt service, shape (n_lives, n_years + 1). [currency]"""
        return self.revenue - self.operating_cost


def operation_of(plan: FinancePlan, flows: YearlyFlows) -> Operation:
    """Add to the flows what the plan costs whether the battery moves or not.

    Parameters
    ----------
    plan : FinancePlan
        Fixed costs, maintenance, salvage, inflation.
    flows : YearlyFlows
        What operation brings.

    Returns
    -------
    Operation
        Earnings and costs.

    Raises
    ------
    DataError
        If the flows have other years than the plan.
    """
    if flows.revenue.shape[1] != plan.n_years:
        given = flows.revenue.shape[1]
        message = f"the flows have {given} years, the plan n_years = {plan.n_years}; give one column a year"
        raise DataError(message)
    year = np.arange(plan.n_years)
    price_level = (1.0 + plan.inflation) ** year
    fixed = plan.fixed_cost_per_year * (1.0 + plan.inflation + plan.fixed_cost_growth) ** year
    fixed = fixed + plan.installed_cost * (plan.insurance_share * price_level + plan.property_tax_share)
    due = np.zeros(plan.n_years)
    for each in plan.reserves.maintenance:
        due[each.every_years - 1 : plan.n_years - 1 : each.every_years] += each.cost
    revenue = _from_year_one(flows.revenue)
    revenue[:, -1] += plan.salvage_share * plan.installed_cost
    outlay = _from_year_one(flows.augmentation + due * price_level)
    funding, saved = saved_ahead(outlay, plan.reserves.maintenance_years)
    running = _from_year_one(flows.charging_cost + flows.variable_cost + fixed)
    return Operation(revenue=revenue, running_cost=running, outlay=outlay, funding=funding, saved=saved)


def _from_year_one(rows: FloatArray) -> FloatArray:
    whole = np.zeros((rows.shape[0], rows.shape[1] + 1))
    whole[:, 1:] = rows
    return whole
