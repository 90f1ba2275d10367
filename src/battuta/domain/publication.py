"""When a value becomes known: the publication rule of each column, so that no decision can see the future."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import time, timedelta
from typing import TypeAlias

import numpy as np

from battuta.domain.time import delivery_days, duration_ns, local_instant_ns
from battuta.numerics.arrays import IntArray


@dataclass(frozen=True, slots=True, kw_only=True)
class LocalTimeRule:
    """Known at a wall-clock time some days before or after the delivery day.

    Attributes
    ----------
    day_offset : int
        -1 for the day before delivery, 0 for the day itself.
    at : time
        Wall-clock time in the market's zone.
    """

    day_offset: int
    at: time

    def __str__(self) -> str:
        """Say the rule as D-1 12:57 local."""
        day = "D" if self.day_offset == 0 else f"D{self.day_offset:+d}"
        return f"{day} {self.at:%H:%M} local"


@dataclass(frozen=True, slots=True, kw_only=True)
class AfterIntervalRule:
    """Known some time after the interval has ended, as a measured or traded value is.

    Attributes
    ----------
    delay : timedelta
        Time from the end of the interval to publication.
    """

    delay: timedelta = timedelta(0)

    def __str__(self) -> str:
        """Say the rule in words."""
        return f"end of interval + {self.delay}"


PublicationRule: TypeAlias = LocalTimeRule | AfterIntervalRule

DAY_AHEAD_GATE = time(12, 0)
"""SDAC orders close, market time of the day before delivery."""
DAY_AHEAD_AUCTION = LocalTimeRule(day_offset=-1, at=time(12, 57))
"""SDAC results: gate 12:00, published from 12:57 market time."""
BEFORE_DAY_AHEAD_GATE = LocalTimeRule(day_offset=-1, at=time(10, 0))
"""Day-ahead load forecast: at least two hours before the gate (Reg. 543/2013 Art. 6)."""
AFTER_DAY_AHEAD_GATE = LocalTimeRule(day_offset=-1, at=time(18, 0))
"""Scheduled generation, wind and solar forecasts: by 18:00 of D-1 (Reg. 543/2013 Art. 14)."""
CLOSE_OF_DAY = LocalTimeRule(day_offset=0, at=time(18, 0))
"""Fuel and CO2 settlement prices: the close of the day itself."""
AFTER_INTERVAL = AfterIntervalRule()
"""Known once the interval has ended."""


def known_at_ns(rule: PublicationRule, time_ns: IntArray, step: timedelta, zone: str) -> IntArray:
    """Instant at which each value of a series becomes known.

    Parameters
    ----------
    rule : PublicationRule
        The source's publication rule.
    time_ns : ndarray, shape (n_times,)
        Interval starts, ascending. [ns]
    step : timedelta
        Length of an interval.
    zone : str
        The market's zone.

    Returns
    -------
    ndarray, shape (n_times,)
        Publication instants. [ns]
    """
    if isinstance(rule, AfterIntervalRule):
        return time_ns + (duration_ns(step) + duration_ns(rule.delay))
    days = delivery_days(time_ns, zone)
    known = np.array(
        [local_instant_ns(day + timedelta(days=rule.day_offset), rule.at, zone) for day in days.dates], dtype=np.int64
    )
    return np.repeat(known, np.diff(days.start_index))
