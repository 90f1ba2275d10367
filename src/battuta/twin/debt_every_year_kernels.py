"""Giving up lives one after another, so that the lowest cash flows of those kept are worth most."""

from __future__ import annotations

import numpy as np

from battuta._jit import jit
from battuta.numerics.arrays import BoolArray, FloatArray, IntArray


@jit
def keep_one_by_one(upwards: IntArray, worth: FloatArray, n_given_up: int) -> BoolArray:
    """Give up the life whose leaving raises the present value of the lowest cash flows most, again and again.

    Of lives that would raise it alike, the one that is lowest in the earliest year goes.

    Parameters
    ----------
    upwards : ndarray of int, shape (n_years, n_lives)
        Lives from the lowest cash flow of each year to the highest.
    worth : ndarray, shape (n_years, n_lives)
        Present value of each cash flow. [currency]
    n_given_up : int
        How many lives go, fewer than there are.

    Returns
    -------
    ndarray of bool, shape (n_lives,)
        Which lives stay.
    """
    n_years, n_lives = upwards.shape
    kept = np.ones(n_lives, dtype=np.bool_)
    first = np.zeros(n_years, dtype=np.int64)
    lowest = np.empty(n_years, dtype=np.int64)
    gain = np.zeros(n_lives)
    for _ in range(n_given_up):
        for year in range(n_years):
            at = first[year]
            while not kept[upwards[year, at]]:
                at += 1
            first[year] = at
            above = at + 1
            while not kept[upwards[year, above]]:
                above += 1
            life = upwards[year, at]
            lowest[year] = life
            gain[life] += worth[year, upwards[year, above]] - worth[year, life]
        leaves = lowest[0]
        for year in range(1, n_years):
            if gain[lowest[year]] > gain[leaves]:
                leaves = lowest[year]
        for year in range(n_years):
            gain[lowest[year]] = 0.0
        kept[leaves] = False
    return kept
