"""The week as forecasts count it: seven days, Monday first, where the weekend begins, and holidays as Sundays."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

import numpy as np

from battuta.numerics.arrays import IntArray

DAYS_PER_WEEK = 7
MONDAY, SATURDAY, SUNDAY = 0, 5, 6
"""Days as `datetime.date.weekday` numbers them."""
EPOCH = date(1970, 1, 1)


def weekdays(day: IntArray, free_days: Collection[date]) -> IntArray:
    """Day of the week of local dates, Monday 0; days named free count as Sundays.

    Parameters
    ----------
    day : ndarray, shape (n_days,)
        Days since 1970-01-01.
    free_days : collection of date
        Holidays and closures that the caller knows of.

    Returns
    -------
    ndarray, shape (n_days,)
        0 to 6.

    Examples
    --------
    >>> weekdays(np.array([0, 1]), {date(1970, 1, 2)}).tolist()
    [3, 6]
    """
    free = np.array([(each - EPOCH).days for each in free_days], dtype=np.int64)
    return np.where(np.isin(day, free), SUNDAY, (day + EPOCH.weekday()) % DAYS_PER_WEEK)
