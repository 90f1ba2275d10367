"""What a megawatt-hour out of the battery costs over its life: costs and energy, both brought to year 0."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from battuta.twin.returns import npv

if TYPE_CHECKING:
    from battuta.numerics.arrays import FloatArray


def levelised_cost_per_mwh(
    cost: FloatArray, discharged_mwh: FloatArray, cost_discount_rate: float, discharge_discount_rate: float
) -> FloatArray:
    """Divide the present value of all costs by that of the energy discharged.

    Parameters
    ----------
    cost : ndarray, shape (n_lives, n_years + 1)
        Building, charging (whoever pays for it), operation, augmentation, less what is left at the end; nominal.
        [currency]
    discharged_mwh : ndarray, shape (n_lives, n_years)
        Energy discharged (AC), for whomever. [MWh]
    cost_discount_rate : float
        Nominal discount rate. [-]
    discharge_discount_rate : float
        The same for the nominal levelised cost; the real discount rate for the real one, in money of year 0. [-]

    Returns
    -------
    ndarray, shape (n_lives,)
        Levelised cost of storage; NaN for a life that never discharged. [currency/MWh]

    References
    ----------
    .. [1] NREL System Advisor Model (BSD-3): levelized cost of storage.

    Examples
    --------
    >>> levelised_cost_per_mwh(np.array([[100.0, 10.0]]), np.array([[2.0]]), 0.0, 0.0)
    array([55.])
    """
    energy_mwh = np.zeros(cost.shape)
    energy_mwh[:, 1:] = discharged_mwh
    worth_mwh = npv(energy_mwh, discharge_discount_rate)
    levelised = np.full(worth_mwh.shape, np.nan)
    np.divide(npv(cost, cost_discount_rate), worth_mwh, out=levelised, where=worth_mwh > 0.0)
    return levelised
