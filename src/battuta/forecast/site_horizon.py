"""Which intervals a site forecast is for, and how far ahead of the last word of the meter each of them lies."""

from __future__ import annotations

import numpy as np

from battuta.domain.errors import LookAheadError, StaleDataError
from battuta.domain.time import duration_ns, from_ns
from battuta.forecast.site_series import SiteSeries, steps_per_day
from battuta.numerics.arrays import IntArray

HORIZON_DAYS = 2
STALE_DAYS_MAX = 7


def intervals_ahead(series: SiteSeries, now_ns: int, n_times: int | None) -> tuple[IntArray, IntArray, tuple[str, ...]]:
    """Intervals to forecast, how far each lies ahead of what was last measured, and a note where that is old.

    Parameters
    ----------
    series : SiteSeries
        What is known of the site.
    now_ns : int
        Instant of issue. [ns]
    n_times : int, optional
        Number of intervals; left out, two days.

    Returns
    -------
    time_ns : ndarray, shape (n_times,)
        Interval starts, the first at or after the issue. [ns]
    lead : ndarray, shape (n_times,)
        Steps after the last interval measured, 1 for the one that follows it.
    notes : tuple of str
        That the meter is silent, where it is.

    Raises
    ------
    LookAheadError
        If the series knows more than could be known.
    StaleDataError
        If the meter has been silent for a week.
    """
    step_ns, n_slots = duration_ns(series.step), steps_per_day(series.step)
    if series.end_ns > now_ns:
        message = (
            f"{series.name}: known to {from_ns(series.end_ns).isoformat()}, later than the issue"
            f" {from_ns(now_ns).isoformat()}; issue later, or fit on less"
        )
        raise LookAheadError(message)
    last_ns = int(series.time_ns[np.flatnonzero(np.isfinite(series.values_kw))[-1]])
    silent = (now_ns - last_ns) // step_ns - 1
    if silent > STALE_DAYS_MAX * n_slots:
        message = (
            f"{series.name}: last measured {from_ns(last_ns).isoformat()}, more than {STALE_DAYS_MAX} days before"
            f" {from_ns(now_ns).isoformat()}; mend the meter, or update with what it said since"
        )
        raise StaleDataError(message)
    first_ns = -(-now_ns // step_ns) * step_ns
    n_all = HORIZON_DAYS * n_slots if n_times is None else n_times
    time_ns = first_ns + step_ns * np.arange(n_all, dtype=np.int64)
    note = f"{series.name} is stale: last measured {from_ns(last_ns).isoformat()}; wider as if further ahead"
    return time_ns, (time_ns - last_ns) // step_ns, (note,) if silent > 0 else ()
