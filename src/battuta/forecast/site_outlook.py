"""Forecasts from elsewhere that a site forecast leans on, each value with the instant at which it was published."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from battuta.domain.errors import DataError, LookAheadError
from battuta.domain.time import NS_PER_HOUR, from_ns
from battuta.numerics.arrays import FloatArray, IntArray


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class SiteOutlook:
    """A forecast from elsewhere that a site forecast may lean on: temperature, radiation, cloud.

    Attributes
    ----------
    name : str
        ``temperature_c``, ``radiation_w_per_m2`` (global horizontal) or ``cloud_cover``.
    time_ns : ndarray, shape (n_times,)
        Interval starts, ascending. [ns]
    values : ndarray, shape (n_times,)
        Values, NaN where missing. [as named]
    known_at_ns : ndarray, shape (n_times,)
        When each value was published. [ns]
    """

    name: str
    time_ns: IntArray
    values: FloatArray
    known_at_ns: IntArray

    def __post_init__(self) -> None:
        """Refuse what does not fit together."""
        if not self.time_ns.shape == self.values.shape == self.known_at_ns.shape or not self.time_ns.size:
            message = f"{self.name}: {self.values.shape} values, {self.time_ns.shape} times; give one of each"
            raise DataError(message)
        if np.any(np.diff(self.time_ns) <= 0):
            message = f"{self.name}: times do not ascend; sort them, one value each"
            raise DataError(message)

    def at(self, time_ns: IntArray, now_ns: int | None = None) -> FloatArray:
        """Values that hold at interval starts, NaN beyond the first and last hour of it.

        Parameters
        ----------
        time_ns : ndarray, shape (n_times,)
            Interval starts. [ns]
        now_ns : int, optional
            Instant by which they have to be known. [ns]

        Returns
        -------
        ndarray, shape (n_times,)
            The latest value at or before each start, no older than the coarsest step of the outlook.

        Raises
        ------
        LookAheadError
            If a value that is asked for was published after `now_ns`.
        """
        place = np.searchsorted(self.time_ns, time_ns, side="right") - 1
        step_ns = int(np.median(np.diff(self.time_ns))) if self.time_ns.size > 1 else NS_PER_HOUR
        inside = (place >= 0) & (time_ns - self.time_ns[np.maximum(place, 0)] < step_ns)
        used = np.unique(place[inside])
        if now_ns is not None and used.size and int(self.known_at_ns[used].max()) > now_ns:
            late = used[np.argmax(self.known_at_ns[used])]
            message = (
                f"{self.name} of {from_ns(int(self.time_ns[late])).isoformat()} was published"
                f" {from_ns(int(self.known_at_ns[late])).isoformat()}, after {from_ns(now_ns).isoformat()}"
            )
            raise LookAheadError(message)
        return np.where(inside, self.values[np.maximum(place, 0)], np.nan)
