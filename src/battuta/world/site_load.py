"""What a factory or shop draws: a working day, a weekend, peaks worth shaving and motors that start.

Three layers: a pattern by local hour that everybody can guess, slow deviations that a forecast can follow for
a while, and peaks and motor starts that no forecast sees. The numbers are invented, all from one seed.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from functools import lru_cache

import numpy as np

from battuta.domain.errors import InvalidQuantityError, LookAheadError
from battuta.domain.time import NS_PER_DAY, NS_PER_HOUR, NS_PER_S, from_ns, zone_of
from battuta.numerics.arrays import FloatArray, IntArray
from battuta.numerics.sampling import generator
from battuta.world.mean_reversion import DAY_ORIGIN, mean_reverting
from battuta.world.sensors import hashed_uniform, noise_key

QUARTER_NS = NS_PER_HOUR // 4
_DAY_MEMORY_DAYS = 2.0
_QUARTER_MEMORY_DAYS = 0.06
_QUARTER_ERROR = 0.04
_DAY_ERROR = 0.07
_PATTERN_ERROR = 0.02
_SECOND_ERROR = 0.012
_INRUSH_S = 2.5
_INRUSH_TIMES = 4.0


@dataclass(frozen=True, slots=True, kw_only=True)
class LoadCharacter:
    """What kind of consumer it is; the defaults are a factory of one shift.

    Attributes
    ----------
    night_kw, work_kw, weekend_kw : float
        Usual load by night, at the height of a working day, and at noon on a weekend. [kW]
    start_hour, end_hour : float
        Local hours at which half the work has begun and ended. [h]
    peaks_per_day : float
        Mean number of demand peaks on a working day. [-]
    peak_kw : float
        Mean height of a peak above the rest. [kW]
    motor_kw : float
        Running power of the motor that starts now and then; its inrush is five times that for seconds. [kW]
    motor_starts_per_day : float
        Mean number of its starts on a working day. [-]
    """

    night_kw: float = 120.0
    work_kw: float = 520.0
    weekend_kw: float = 160.0
    start_hour: float = 6.5
    end_hour: float = 17.5
    peaks_per_day: float = 1.5
    peak_kw: float = 220.0
    motor_kw: float = 45.0
    motor_starts_per_day: float = 10.0


@dataclass(frozen=True, slots=True)
class _Visitors:
    """Peaks and motor runs that begin on one UTC day."""

    start_ns: IntArray
    run_s: FloatArray
    height_kw: FloatArray
    is_motor: FloatArray


class SiteLoad:
    """Load of one site; the same bytes whatever was asked before.

    Parameters
    ----------
    seed : int
        Seed of the world.
    site : int
        Number of the site.
    character : LoadCharacter, optional
        Kind of consumer.
    zone : str
        IANA zone of its wall clock.

    Examples
    --------
    >>> night = np.array([0])
    >>> SiteLoad(1).load_kw(night).shape
    (1,)
    """

    def __init__(
        self, seed: int, site: int = 0, character: LoadCharacter | None = None, *, zone: str = "Europe/Berlin"
    ) -> None:
        self.character = character or LoadCharacter()
        for name in ("night_kw", "work_kw", "weekend_kw", "peak_kw", "motor_kw"):
            value = float(getattr(self.character, name))
            if not value >= 0.0:
                raise InvalidQuantityError(name, value, 0.0, np.inf, "kW", where="LoadCharacter")
        zone_of(zone)
        self.zone = zone
        self._seed = seed
        self._site = site
        self._second_key = noise_key(seed, "world.load.second", site=site)

    def load_kw(self, time_ns: IntArray) -> FloatArray:
        """Load at instants, with everything in it down to the second.

        Parameters
        ----------
        time_ns : ndarray, shape (n_times,)
            Instants. [ns]

        Returns
        -------
        ndarray, shape (n_times,)
            Load, a magnitude. [kW]
        """
        quarter = self._wander("quarter", time_ns, _QUARTER_MEMORY_DAYS, 96)
        slow_kw = self.usual_kw(time_ns) * (1.0 + _DAY_ERROR * self._day(time_ns) + _QUARTER_ERROR * quarter)
        return np.maximum(slow_kw * (1.0 + _SECOND_ERROR * self._second(time_ns)) + self.visitors_kw(time_ns), 0.0)

    def load_forecast_kw(self, time_ns: IntArray, issued_ns: int) -> FloatArray:
        """Load expected at instants, by somebody who knows the past of the site and nothing of its future.

        The usual pattern with an error of its own, the deviation seen at issue fading by its memory, and the
        mean of the peaks; what happens after issue is not in it.

        Parameters
        ----------
        time_ns : ndarray, shape (n_times,)
            Instants, none before the issue. [ns]
        issued_ns : int
            Instant of issue. [ns]

        Returns
        -------
        ndarray, shape (n_times,)
            Expected load. [kW]

        Raises
        ------
        LookAheadError
            If an instant lies before the issue: it is measured, not forecast.
        """
        if time_ns.size and int(time_ns.min()) < issued_ns:
            message = "load_forecast_kw: instants before the issue are measured; ask load_kw for them"
            raise LookAheadError(message)
        issue = np.array([issued_ns], dtype=np.int64)
        ahead_days = (time_ns - issued_ns) / NS_PER_DAY
        day = self._day(issue) * np.exp(-ahead_days / _DAY_MEMORY_DAYS)
        quarter = self._wander("quarter", issue, _QUARTER_MEMORY_DAYS, 96) * np.exp(-ahead_days / _QUARTER_MEMORY_DAYS)
        habit = self._wander("habit", np.asarray(time_ns // QUARTER_NS * QUARTER_NS), 10.0, 24)
        deviation = _DAY_ERROR * day + _QUARTER_ERROR * quarter + _PATTERN_ERROR * habit
        return np.maximum(self.usual_kw(time_ns) * (1.0 + deviation) + self._visitors_mean_kw(time_ns), 0.0)

    def usual_kw(self, time_ns: IntArray) -> FloatArray:
        """Usual load of that local hour on that kind of day. [kW]"""
        kind = self.character
        local_ns = self._local_ns(time_ns)
        hour = (local_ns % NS_PER_DAY) / NS_PER_HOUR
        at_work = _logistic((hour - kind.start_hour) / 0.45) * _logistic((kind.end_hour - hour) / 0.55)
        lunch = 1.0 - 0.14 * np.exp(-(((hour - 12.4) / 0.5) ** 2))
        working_kw = kind.night_kw + (kind.work_kw - kind.night_kw) * at_work * lunch
        noon = np.exp(-(((hour - 12.5) / 4.5) ** 2))
        free_kw = kind.night_kw + (kind.weekend_kw - kind.night_kw) * noon
        return np.where(_is_weekend(local_ns), free_kw, working_kw)

    def visitors_kw(self, time_ns: IntArray) -> FloatArray:
        """Load of the peaks and motors that run at instants: what a peak-shaving battery is bought for. [kW]"""
        total_kw = np.zeros(time_ns.shape)
        if not time_ns.size:
            return total_kw
        first, last = int(time_ns.min()) // NS_PER_DAY, int(time_ns.max()) // NS_PER_DAY
        for day in range(first - 1, last + 1):
            visitors = _visitors(self._seed, self._site, day, self.character, self.zone)
            near = (time_ns >= day * NS_PER_DAY) & (time_ns < (day + 2) * NS_PER_DAY)
            if not visitors.start_ns.size or not near.any():
                continue
            after_s = (time_ns[near, None] - visitors.start_ns) / NS_PER_S
            running = (after_s >= 0.0) & (after_s < visitors.run_s)
            inrush = visitors.is_motor * _INRUSH_TIMES * np.exp(-np.maximum(after_s, 0.0) / _INRUSH_S)
            total_kw[near] += np.sum(running * visitors.height_kw * (1.0 + inrush), axis=1)
        return total_kw

    def _visitors_mean_kw(self, time_ns: IntArray) -> FloatArray:
        kind = self.character
        local_ns = self._local_ns(time_ns)
        hour = (local_ns % NS_PER_DAY) / NS_PER_HOUR
        open_hours = max(kind.end_hour - kind.start_hour, 1.0)
        run_hours = kind.peaks_per_day * kind.peak_kw * (25.0 / 60.0) + kind.motor_starts_per_day * kind.motor_kw * 0.25
        inside = (hour >= kind.start_hour) & (hour < kind.end_hour) & ~_is_weekend(local_ns)
        return np.where(inside, run_hours / open_hours, 0.0)

    def _day(self, time_ns: IntArray) -> FloatArray:
        return self._wander("day", time_ns, _DAY_MEMORY_DAYS, 8)

    def _wander(self, what: str, time_ns: IntArray, memory_days: float, n_per_day: int) -> FloatArray:
        stream = f"world.load.{what}"
        return mean_reverting(
            self._seed, stream, time_ns, memory_days=memory_days, n_per_day=n_per_day, site=self._site
        )

    def _second(self, time_ns: IntArray) -> FloatArray:
        """Noise of zero mean and unit variance, another in each second."""
        second = time_ns // NS_PER_S
        if not second.size:
            return np.empty(0)
        low, high = int(second.min()), int(second.max())
        if high - low < 4 * second.size:
            values = hashed_uniform(self._second_key, low, high - low + 1)[second - low, 0]
        else:
            values = np.array([hashed_uniform(self._second_key, int(each), 1)[0, 0] for each in second])
        return (values - 0.5) * np.sqrt(12.0)

    def _local_ns(self, time_ns: IntArray) -> IntArray:
        return time_ns + _offset_ns(time_ns, self.zone)


@lru_cache(maxsize=4096)
def _visitors(seed: int, site: int, day: int, kind: LoadCharacter, zone: str) -> _Visitors:
    """Draw the peaks and motor starts of a UTC day, at local hours of work and not on weekends."""
    draws = generator(seed, "world.load.visitors", site=site, cell=day + DAY_ORIGIN)
    n_peaks, n_starts = int(draws.poisson(kind.peaks_per_day)), int(draws.poisson(kind.motor_starts_per_day))
    n_all = n_peaks + n_starts
    place, run, height = draws.random(n_all), draws.random(n_all), draws.standard_normal(n_all)
    is_motor = np.arange(n_all) >= n_peaks
    midnight_ns = day * NS_PER_DAY - int(_offset_ns(np.array([day * NS_PER_DAY + NS_PER_DAY // 2]), zone)[0])
    hour = kind.start_hour + place * max(kind.end_hour - kind.start_hour, 0.0)
    start_ns = midnight_ns + np.round(hour * 3600.0).astype(np.int64) * NS_PER_S
    run_s = 60.0 * np.where(is_motor, 5.0 + 20.0 * run, 10.0 + 30.0 * run)
    height_kw = np.where(is_motor, kind.motor_kw, kind.peak_kw * np.maximum(1.0 + 0.3 * height, 0.2))
    keep = ~_is_weekend(start_ns + _offset_ns(start_ns, zone))
    return _Visitors(start_ns[keep], run_s[keep], height_kw[keep], is_motor[keep].astype(np.float64))


def _is_weekend(local_ns: IntArray) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    return (local_ns // NS_PER_DAY + 3) % 7 >= 5


def _offset_ns(time_ns: IntArray, zone: str) -> IntArray:
    if not time_ns.size:
        return np.zeros_like(time_ns)
    hour = time_ns // NS_PER_HOUR
    first, last = int(hour.min()), int(hour.max())
    hours = np.arange(first, last + 1) if last - first < time_ns.size else np.unique(hour)
    offsets = np.array([_offset_of_hour_ns(int(each), zone) for each in hours], dtype=np.int64)
    return offsets[np.searchsorted(hours, hour)]


@lru_cache(maxsize=65_536)
def _offset_of_hour_ns(hour: int, zone: str) -> int:
    offset = from_ns(hour * NS_PER_HOUR).astimezone(zone_of(zone)).utcoffset() or timedelta()
    return int(offset.total_seconds()) * NS_PER_S


def _logistic(x: FloatArray) -> FloatArray:
    return 1.0 / (1.0 + np.exp(-x))
