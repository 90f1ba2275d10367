"""What one more megawatt-hour takes from a warranty: promises lost once a cap is passed, or a floor that sinks.

Lives are judged with a little more throughput from a year on, their health left as it is: what the supplier then pays
less, by the share of the lives in which a cap or a band of use binds, is what the throughput cost.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from battuta.numerics.arrays import FloatArray
from battuta.twin.warranty import judge

if TYPE_CHECKING:
    from battuta.domain.warranty import Warranty
    from battuta.physics.ageing.duty_days import DutyDays
    from battuta.twin.lives import Lives

MORE_SHARE = 0.05
"""Throughput that is added to see what it costs. [-]"""


def warranty_price_per_mwh(
    warranty: Warranty,
    lives: Lives,
    duty: DutyDays,
    worth_of_revenue: FloatArray,
    *,
    installed_mwh: float,
    availability: FloatArray | None = None,
) -> FloatArray:
    """Price of throughput that keeps a warranty as it is, by the year of life from which more is used.

    Parameters
    ----------
    warranty : Warranty
        The contract; without damages its loss is worth nothing here.
    lives : Lives
        Lives that are judged.
    duty : DutyDays
        A typical year of a cell.
    worth_of_revenue : ndarray, shape (n_years,)
        Value of a unit of revenue in each year. [-]
    installed_mwh : float
        AC energy when new. [MWh]
    availability : ndarray, shape (n_lives, n_years), or None
        Share of hours available. [-]

    Returns
    -------
    ndarray, shape (n_years,)
        Price of each MWh discharged (AC) in that year and later ones, never below 0. [currency/MWh]
    """
    n_years = worth_of_revenue.size
    expected_mwh = lives.discharged_mwh.mean(axis=0)
    price = np.zeros(n_years)

    def paid(first: int) -> float:
        more = np.where(np.arange(n_years) >= first, 1.0 + MORE_SHARE, 1.0)
        outcome = judge(
            warranty,
            lives.soh_capacity,
            lives.full_cycles * more,
            lives.discharged_mwh * more,
            duty,
            installed_mwh=installed_mwh,
            charged_mwh=lives.charged_mwh * more,
            availability=availability,
        )
        return float((outcome.damages.mean(axis=0) * worth_of_revenue).sum())

    kept = paid(n_years)
    for year in range(n_years):
        extra_mwh = MORE_SHARE * float((expected_mwh * worth_of_revenue)[year:].sum())
        if extra_mwh > 0.0:
            price[year] = max(kept - paid(year), 0.0) / extra_mwh
    return price
