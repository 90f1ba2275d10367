"""Liquidated damages of a broken promise, by life and year.

They stand beside the cash flow and are not in it: what a supplier owes is contested, late or never paid, and no lender
counts on it.
"""

from __future__ import annotations

import math

import numpy as np

from battuta.domain.errors import UsageError
from battuta.domain.warranty import Warranty
from battuta.numerics.arrays import FloatArray
from battuta.twin.warranty_promises import Promises


def liquidated_damages(
    warranty: Warranty, promises: Promises, void_year: FloatArray, installed_mwh: float
) -> FloatArray:
    """What the supplier pays in each year.

    A year's cap is applied first, then the cap on the sum of all years. Nothing is paid in or after the year in which
    the promises ended.

    Parameters
    ----------
    warranty : Warranty
        The contract.
    promises : Promises
        Shortfalls by life and year.
    void_year : ndarray, shape (n_lives,)
        Year from which on nothing is promised, NaN if none. [year]
    installed_mwh : float
        Energy when new. [MWh]

    Returns
    -------
    ndarray, shape (n_lives, n_years)
        Payments. [currency]

    Raises
    ------
    UsageError
        If capacity is paid for and `installed_mwh` is NaN.
    """
    terms = warranty.damages
    if terms.capacity_per_mwh > 0.0 and math.isnan(installed_mwh):
        message = "damages.capacity_per_mwh pays per MWh missing: say installed_mwh"
        raise UsageError(message)
    owed = terms.unavailable_per_year * promises.short_availability + terms.loss_per_mwh * promises.short_mwh
    if terms.capacity_per_mwh > 0.0:
        owed = owed + terms.capacity_per_mwh * installed_mwh * promises.short_soh
    year = np.cumsum(np.ones_like(owed), axis=1)
    ended = year >= np.where(np.isnan(void_year), np.inf, void_year)[:, None]
    paid = np.minimum(np.where(ended, 0.0, owed), terms.cap_per_year)
    total = np.minimum(np.cumsum(paid, axis=1), terms.cap)
    return np.diff(total, axis=1, prepend=0.0)
