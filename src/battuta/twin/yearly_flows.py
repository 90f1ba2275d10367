"""What operation brings and costs, life by life and year by year, before anybody is paid."""

from __future__ import annotations

from dataclasses import dataclass, field, fields

import numpy as np

from battuta.domain.errors import DataError
from battuta.numerics.arrays import FloatArray, IntArray


def _not_given() -> FloatArray:
    return np.zeros((0, 0))


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class YearlyFlows:
    """What operation brings and costs, for each life and year, in nominal money of the plan's currency.

    Attributes
    ----------
    revenue, charging_cost, variable_cost : ndarray, shape (n_lives, n_years)
        Sales and payments; energy bought to charge, negative where charging is paid for; costs that grow with use.
        [currency]
    augmentation : ndarray, shape (n_lives, n_years)
        Cost of new or replaced strings, paid at the end of the year. [currency]
    discharged_mwh : ndarray, shape (n_lives, n_years)
        Energy discharged at the interconnection point, for whomever. [MWh]
    rented_charging_cost : ndarray, shape (n_lives, n_years)
        Energy that tollers buy to charge their share: no cost of the owner, but of the energy discharged, so the
        levelised cost alone reads it. Zero where it is not given. [currency]
    """

    revenue: FloatArray
    charging_cost: FloatArray
    variable_cost: FloatArray
    augmentation: FloatArray
    discharged_mwh: FloatArray
    rented_charging_cost: FloatArray = field(default_factory=_not_given)

    def at(self, life: IntArray) -> YearlyFlows:
        """Flows of some lives, in their order."""
        return YearlyFlows(**{each.name: getattr(self, each.name)[life] for each in fields(self)})

    def __post_init__(self) -> None:
        """Refuse flows of different shapes, gaps, and energy or augmentation below zero."""
        if not self.rented_charging_cost.size:
            object.__setattr__(self, "rented_charging_cost", np.zeros(self.revenue.shape))
        for each in fields(self):
            values: FloatArray = getattr(self, each.name)
            if values.ndim != 2 or values.shape != self.revenue.shape:
                message = f"{each.name} has shape {values.shape}; all flows need (n_lives, n_years), as revenue has"
                raise DataError(message)
            if not values.size:
                message = f"{each.name} has shape {values.shape}: there is no life or no year to finance"
                raise DataError(message)
            bad = np.argwhere(~np.isfinite(values))
            if each.name in {"augmentation", "discharged_mwh"} and not bad.size:
                bad = np.argwhere(values < 0.0)
            if bad.size:
                life, year = bad[0]
                message = (
                    f"{each.name} is {values[life, year]} in life {life}, year {year + 1}; "
                    "mend it or leave that life out"
                )
                raise DataError(message)
