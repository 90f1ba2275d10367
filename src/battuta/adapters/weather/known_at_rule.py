"""When weather became known, in the words of whoever states it: D-1 06:00 Europe/Berlin."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import time, timedelta

import numpy as np

from battuta.domain.errors import UsageError
from battuta.domain.publication import LocalTimeRule
from battuta.domain.time import from_ns, local_instant_ns, zone_of
from battuta.numerics.arrays import IntArray

_FORM = re.compile(r"D(?P<offset>[+-]\d{1,2})?\s+(?P<hour>\d{2}):(?P<minute>\d{2})\s+(?P<zone>\S+)")
EXAMPLE = "D-1 06:00 Europe/Berlin"


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownAtRule:
    """Known at a wall-clock time some days before or after the day of the weather, the days being those of a zone.

    Attributes
    ----------
    rule : LocalTimeRule
        Days before or after, and the time.
    zone : str
        IANA zone or offset of that wall clock.
    """

    rule: LocalTimeRule
    zone: str

    @classmethod
    def parse(cls, text: str) -> KnownAtRule:
        """Read a rule.

        Raises
        ------
        UsageError
            If it is not in the form ``D-1 06:00 Europe/Berlin``, or the zone is not known.

        Examples
        --------
        >>> print(KnownAtRule.parse("D-1 06:00 Europe/Berlin"))
        D-1 06:00 Europe/Berlin
        """
        found = _FORM.fullmatch(text.strip())
        hour, minute = (int(found[part]) if found else 99 for part in ("hour", "minute"))
        if found is None or hour > 23 or minute > 59:
            message = f"known_at {text!r} is no rule; write days, time and zone, as in {EXAMPLE!r} or 'D-1 05:00 UTC'"
            raise UsageError(message)
        zone_of(found["zone"])
        return cls(rule=LocalTimeRule(day_offset=int(found["offset"] or 0), at=time(hour, minute)), zone=found["zone"])

    def __str__(self) -> str:
        """Write the rule as `parse` reads it."""
        return str(self.rule).replace("local", self.zone)

    def known_at_ns(self, time_ns: IntArray) -> IntArray:
        """Return when weather became known.

        Parameters
        ----------
        time_ns : ndarray, shape (n_times,)
            Starts of the intervals, in any order. [ns]

        Returns
        -------
        ndarray, shape (n_times,)
            Publication instants. [ns]
        """
        tz = zone_of(self.zone)
        distinct, place = np.unique(time_ns, return_inverse=True)
        days = [from_ns(int(at)).astimezone(tz).date() for at in distinct]
        by_day = {
            day: local_instant_ns(day + timedelta(days=self.rule.day_offset), self.rule.at, self.zone)
            for day in set(days)
        }
        return np.array([by_day[day] for day in days], dtype=np.int64)[place]
