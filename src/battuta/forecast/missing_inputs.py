"""What a forecast has to do without today: series that usually are there, and prices older than they should be."""

from __future__ import annotations

import numpy as np

from battuta.forecast.day_table import KnownDays
from battuta.forecast.regressors import MISSING_SHARE_MAX

LEFT_OUT = "members with long windows leave it out"
_RECENT_DAYS = 28
_USUAL_SHARE = 0.5


def missing_inputs(known: KnownDays) -> tuple[str, ...]:
    """Name what is missing for the day to forecast.

    Parameters
    ----------
    known : KnownDays
        What is known at the gate, rows found spoiled among the missing.

    Returns
    -------
    tuple of str
        One sentence for each series that was there on most of the last 28 days and is not today, and one for prices.
    """
    said: list[str] = []
    age_days = _latest_whole_day(known)
    if age_days > 1 + known.late_days:
        said.append(f"price: the latest whole day is {age_days} days old")
    for name, values in known.columns.items():
        if values.shape[0] <= known.day:
            continue  # published after the gate: it never is there
        n_missing = int(np.isnan(values[-1]).sum())
        recent = np.sum(np.isnan(values[-_RECENT_DAYS - 1 : -1]), axis=1) == 0
        gaps = float(np.isnan(values).any(axis=1).mean())
        if not n_missing and gaps > MISSING_SHARE_MAX:
            said.append(f"{name}: {gaps:.0%} of its days have gaps, {LEFT_OUT}")
        if n_missing and recent.size and recent.mean() > _USUAL_SHARE:
            said.append(f"{name}: {n_missing} of {values.shape[1]} values of the day are missing, forecast without it")
    return tuple(said)


def _latest_whole_day(known: KnownDays) -> int:
    """Age of the latest day with all its prices; the day before the one to forecast has age 1. [d]"""
    whole = np.flatnonzero(np.sum(np.isnan(known.price_per_mwh), axis=1) == 0)
    return known.day - (int(whole[-1]) if whole.size else -1)
