"""Time as an operator reads it: the wall clock of the market's zone, unmistakable on days that change their clock."""

from __future__ import annotations

from dataclasses import dataclass

from battuta.domain.prices import PriceSeries
from battuta.domain.time import NS_PER_DAY, NS_PER_S, ClockKind, from_ns, zone_of
from battuta.numerics.arrays import FloatArray, IntArray

NS_PER_MS = 1_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class WallClock:
    """The clock that a report shows.

    Attributes
    ----------
    zone : str
        IANA zone or offset of the market, or ``local_24h`` for labels that are kept as they are.

    Examples
    --------
    >>> import numpy as np
    >>> autumn = np.array([1761436800, 1761440400]) * NS_PER_S
    >>> WallClock(zone="Europe/Berlin").texts(autumn)
    ['Sun 2025-10-26 02:00 +02:00', 'Sun 2025-10-26 02:00 +01:00']
    """

    zone: str

    @classmethod
    def of(cls, prices: PriceSeries) -> WallClock:
        """Return the clock of a price series."""
        return cls(zone=ClockKind.LOCAL_24H.value if prices.is_benchmark else prices.zone)

    @property
    def words(self) -> str:
        """What stands beside times on this clock."""
        as_labelled = "time as labelled in the file (local_24h, every day 24 h)"
        return as_labelled if self.zone == ClockKind.LOCAL_24H.value else f"local time, {self.zone}"

    def is_changed_within(self, time_ns: IntArray) -> bool:
        """Say whether the zone changes its offset between the first and the last of ascending instants."""
        per_day = max(int(NS_PER_DAY // max(int(time_ns[1] - time_ns[0]), 1)), 1) if time_ns.shape[0] > 1 else 1
        return len({self._offset(int(ns)) for ns in (*time_ns[::per_day], time_ns[-1])}) > 1

    def texts(self, time_ns: IntArray, form: str = "%a %Y-%m-%d %H:%M") -> list[str]:
        """Write instants for people, with their offset where the zone changes it among them.

        Parameters
        ----------
        time_ns : ndarray, shape (n_times,)
            Instants. [ns]
        form : str
            Format of `datetime.strftime`.

        Returns
        -------
        list of str
            One text per instant.
        """
        tz = zone_of(self.zone)
        moments = [from_ns(int(ns)).astimezone(tz) for ns in time_ns]
        if self.is_changed_within(time_ns):
            return [f"{moment:{form}} {moment.isoformat()[-6:]}" for moment in moments]
        return [f"{moment:{form}}" for moment in moments]

    def axis_ms(self, time_ns: IntArray, at_ns: int) -> FloatArray:
        """Place instants on a time axis: one offset throughout, so that no hour stands twice or is missing.

        Parameters
        ----------
        time_ns : ndarray, shape (n_times,)
            Instants. [ns]
        at_ns : int
            The instant whose offset holds for the whole axis. [ns]

        Returns
        -------
        ndarray, shape (n_times,)
            Wall clock, written as if it were UTC, since 1970. [ms]
        """
        return (time_ns + self._offset(at_ns) * NS_PER_S) / NS_PER_MS

    def axis_title(self, time_ns: IntArray) -> str:
        """Name the time axis of a series of instants, and say so where its offset is not the zone's throughout."""
        if not self.is_changed_within(time_ns):
            return self.words
        offset = from_ns(int(time_ns[-1])).astimezone(zone_of(self.zone)).isoformat()[-6:]
        return f"UTC{offset} throughout (clocks of {self.zone} change; hover: local time)"

    def _offset(self, time_ns: int) -> int:
        offset = from_ns(time_ns).astimezone(zone_of(self.zone)).utcoffset()
        return 0 if offset is None else int(offset.total_seconds())
