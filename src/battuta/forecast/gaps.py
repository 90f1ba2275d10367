"""What to look back on where a value is missing: the same slot of a week before, else of the day before.

Only for inputs that a model looks back on. A missing price is never a target, and a forecast that leaned on a
stand-in says so.
"""

from __future__ import annotations

import numpy as np

from battuta.forecast.week import DAYS_PER_WEEK
from battuta.numerics.arrays import BoolArray, FloatArray


def bridged(rows: FloatArray) -> tuple[FloatArray, BoolArray]:
    """Put stand-ins from the past in place of missing values.

    Parameters
    ----------
    rows : ndarray, shape (n_days, n_slots)
        Values, NaN where missing. [unit]

    Returns
    -------
    filled : ndarray, shape (n_days, n_slots)
        The same with stand-ins; at the very beginning, where there is no past, the median of the slot. [unit]
    is_stand_in : ndarray of bool, shape (n_days, n_slots)
        Where they stand.

    Examples
    --------
    >>> bridged(np.array([[1.0, 2.0], [np.nan, 3.0]]))[0]
    array([[1., 2.],
           [1., 3.]])
    """
    is_missing = np.isnan(rows)
    if not is_missing.any():
        return rows, is_missing
    filled = rows.copy()
    with_gaps = np.flatnonzero(is_missing.any(axis=1))
    usual = _usual(rows)
    for day in with_gaps:
        source = day - DAYS_PER_WEEK if day >= DAYS_PER_WEEK else day - 1
        filled[day] = np.where(is_missing[day], filled[source] if source >= 0 else usual, filled[day])
    return filled, is_missing


def _usual(rows: FloatArray) -> FloatArray:
    """Median of each slot over the days that have it; 0 where no day has."""
    has_any = np.isfinite(rows).any(axis=0)
    usual = np.zeros(rows.shape[1])
    usual[has_any] = np.nanmedian(rows[:, has_any], axis=0)
    return usual
