"""What the meter of a site said within the billed interval that runs, second by second."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import numpy as np

from battuta.domain.image import AGE_LIMIT_S, Signal, SiteImage, Source
from battuta.numerics.arrays import FloatArray

COVERED_SHARE = 0.5
"""An interval or a minute of which less was measured is missing. [-]"""

GAP_LIMIT_S = 5.0
"""A value stands for no longer than this. [s]"""

_MINUTE_S = 60.0


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class MeteredInterval:
    """One interval that ended, each shape (n_sites,), NaN where too little was measured.

    Attributes
    ----------
    start_s : int
        Its start, UTC since 1970. [s]
    net_kw : ndarray
        Mean of load and auxiliaries less PV. [kW]
    highest_kw : ndarray
        Highest minute of that. [kW]
    import_kw : ndarray
        Mean import at the interconnection point. [kW]
    without_kw : ndarray
        Mean import had the converter stood still. [kW]
    """

    start_s: int
    net_kw: FloatArray
    highest_kw: FloatArray
    import_kw: FloatArray
    without_kw: FloatArray


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class DemandMeter:
    """Sums of the interval and of the minute that run; the arrays are moved in place.

    Attributes
    ----------
    interval_s : int
        Length of the billed interval. [s]
    sum_kws, covered_s : ndarray, shape (3, n_sites)
        Net load, import, and import without the battery, times time; and the time they were measured. [kWs], [s]
    minute_kws, minute_s : ndarray, shape (n_sites,)
        The same of net load in the minute that runs.
    highest_kw : ndarray, shape (n_sites,)
        Highest minute of net load so far, minus infinity before the first. [kW]
    start_s : int
        Start of the interval that runs, UTC since 1970; -1 before the first image. [s]
    time_s : float
        Time of the newest image. [s]
    minute : int
        Minute that runs, since 1970.
    """

    interval_s: int
    sum_kws: FloatArray
    covered_s: FloatArray
    minute_kws: FloatArray
    minute_s: FloatArray
    highest_kw: FloatArray
    start_s: int = -1
    time_s: float = math.nan
    minute: int = -1

    @classmethod
    def empty(cls, n_sites: int, interval_s: int = 900) -> DemandMeter:
        """Begin before the first image."""
        return cls(
            interval_s=interval_s, sum_kws=np.zeros((3, n_sites)), covered_s=np.zeros((3, n_sites)),
            minute_kws=np.zeros(n_sites), minute_s=np.zeros(n_sites), highest_kw=np.full(n_sites, -np.inf),
        )  # fmt: skip

    def add(self, time_s: float, power_kw: FloatArray) -> tuple[DemandMeter, MeteredInterval | None]:
        """Add what one image says.

        Parameters
        ----------
        time_s : float
            Time of the image, UTC since 1970. [s]
        power_kw : ndarray, shape (3, n_sites)
            Net load, import, and import without the battery; NaN where unknown. [kW]

        Returns
        -------
        tuple of (DemandMeter, MeteredInterval or None)
            The sums now, and the interval that ended, if one did. After a clock set back beyond the interval that runs
            the sums begin anew and nothing ended.

        Notes
        -----
        A value stands for the time since the image before, and counts to the interval in which the middle of that lies.
        """
        lasted_s = min(max(time_s - self.time_s, 0.0), GAP_LIMIT_S) if self.start_s >= 0 else 1.0
        middle_s = time_s - 0.5 * lasted_s
        start_s, minute, ended = int(time_s // self.interval_s) * self.interval_s, int(middle_s // _MINUTE_S), None
        if start_s < self.start_s:
            self._begin()
        elif 0 <= self.start_s <= middle_s - self.interval_s:
            ended = self._end()
        elif minute != self.minute:
            self._end_minute()
        self._sum(lasted_s, power_kw)
        if ended is None and 0 <= self.start_s < start_s:
            ended = self._end()
        return replace(self, start_s=start_s, time_s=time_s, minute=minute), ended

    def _sum(self, lasted_s: float, power_kw: FloatArray) -> None:
        known = np.isfinite(power_kw)
        lasted_kws = np.where(known, power_kw, 0.0) * lasted_s
        self.sum_kws[:] += lasted_kws
        self.covered_s[:] += known * lasted_s
        self.minute_kws[:] += lasted_kws[0]
        self.minute_s[:] += known[0] * lasted_s

    def _end_minute(self) -> None:
        counts = self.minute_s >= COVERED_SHARE * _MINUTE_S
        minute_kw = self.minute_kws / np.maximum(self.minute_s, 1.0)
        np.maximum(self.highest_kw, minute_kw, out=self.highest_kw, where=counts)
        self.minute_kws[:] = 0.0
        self.minute_s[:] = 0.0

    def _end(self) -> MeteredInterval:
        self._end_minute()
        counts = self.covered_s >= COVERED_SHARE * self.interval_s
        mean_kw = np.where(counts, self.sum_kws / np.maximum(self.covered_s, 1.0), np.nan)
        ended = MeteredInterval(
            start_s=self.start_s, net_kw=mean_kw[0], import_kw=mean_kw[1], without_kw=mean_kw[2],
            highest_kw=np.where(np.isfinite(self.highest_kw) & counts[0], self.highest_kw, np.nan),
        )  # fmt: skip
        self._begin()
        return ended

    def _begin(self) -> None:
        self.sum_kws[:] = 0.0
        self.covered_s[:] = 0.0
        self.minute_kws[:] = 0.0
        self.minute_s[:] = 0.0
        self.highest_kw[:] = -np.inf


def metered_kw(image: SiteImage) -> FloatArray:
    """Return net load, import, and import had the converter stood still, NaN where an instrument is silent.

    Parameters
    ----------
    image : SiteImage
        What the instruments said.

    Returns
    -------
    ndarray, shape (3, n_sites)
        Load and auxiliaries less PV; import at the interconnection point; the same and what the converter gave. [kW]
    """
    power_kw = np.empty((3, image.n_sites))
    power_kw[0] = image[Signal.LOAD_KW] + image[Signal.AUXILIARY_POWER_KW] - image[Signal.PV_KW]
    power_kw[1] = -image[Signal.METER_POWER_KW]
    power_kw[2] = power_kw[1] + image[Signal.CONVERTER_POWER_KW]
    np.maximum(power_kw[1:], 0.0, out=power_kw[1:])  # what is exported has a register of its own
    power_kw[:, ~(image.age_s[Source.METER] <= AGE_LIMIT_S)] = np.nan
    power_kw[2, ~(image.age_s[Source.CONVERTER] <= AGE_LIMIT_S)] = np.nan
    return power_kw
