"""When a check of a string is heard: what it says has to hold two days in a row, and each level is told once."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from battuta.domain.health import FindingLevel
from battuta.numerics.arrays import BoolArray

DAYS_IN_ROW = 2
"""Days on which a check has to speak before anybody hears of it; a day without telemetry counts neither way."""


class Rise(NamedTuple):
    """A place whose level rose.

    Attributes
    ----------
    place : int
        Number of the place.
    level : FindingLevel
        Its new level.
    since_day : int
        Day since 1970-01-01 on which the check began to speak. [-]
    """

    place: int
    level: FindingLevel
    since_day: int


class Alarms:
    """Remembers for each place how long a check has spoken and what was told.

    Parameters
    ----------
    n_places : int
        Places: sensors, pairs, or one for the whole string.

    Examples
    --------
    >>> alarms, is_on, is_off = Alarms(1), np.array([True]), np.array([False])
    >>> alarms.rises(100, is_on, is_off)
    []
    >>> alarms.rises(101, is_on, is_on)
    [Rise(place=0, level=<FindingLevel.WATCH: 1>, since_day=100)]
    >>> alarms.rises(102, is_on, is_on)
    [Rise(place=0, level=<FindingLevel.ACT: 3>, since_day=100)]
    """

    def __init__(self, n_places: int) -> None:
        self.watch_days = np.zeros(n_places, dtype=np.int64)
        self.act_days = np.zeros(n_places, dtype=np.int64)
        self.since_day = np.zeros(n_places, dtype=np.int64)
        self.level = np.zeros(n_places, dtype=np.int64)

    def rises(self, day: int, watches: BoolArray, acts: BoolArray) -> list[Rise]:
        """Take what a check says on a day.

        Parameters
        ----------
        day : int
            Day since 1970-01-01. [-]
        watches, acts : ndarray of bool, shape (n_places,)
            Whether it speaks at all, and whether gravely; the second counts only where the first holds.

        Returns
        -------
        list of Rise
            Places whose level rose.
        """
        self.since_day = np.where(watches & (self.watch_days == 0), day, self.since_day)
        self.watch_days = np.where(watches, self.watch_days + 1, 0)
        self.act_days = np.where(watches & acts, self.act_days + 1, 0)
        is_watch, is_act = self.watch_days >= DAYS_IN_ROW, self.act_days >= DAYS_IN_ROW
        level = np.where(is_act, int(FindingLevel.ACT), np.where(is_watch, int(FindingLevel.WATCH), 0))
        risen = np.flatnonzero(level > self.level)
        self.level = np.maximum(level, self.level)
        return [Rise(int(place), FindingLevel(int(level[place])), int(self.since_day[place])) for place in risen]
