"""Cooling: how fast a string at rest comes back to its coolant when cooled or warmed, against its own past.

Strings are cooled by a thermostat, so the temperature that is held says nothing while the cooling still keeps up; the
speed at which heat leaves does, whatever the season and the duty. Where nothing holds the temperature any more, it runs
away beyond what it was held to.
"""

from __future__ import annotations

from types import MappingProxyType
from typing import NamedTuple

import numpy as np

from battuta.domain.health import FaultClass, Finding
from battuta.domain.time import NS_PER_DAY, NS_PER_S
from battuta.health.string_checks_alarms import Alarms
from battuta.health.temperature_checks import PROBABILITY
from battuta.numerics.arrays import BoolArray, FloatArray, IntArray

COOLANT_C = 18.0
"""Temperature of coolant as plants of the trade supply it. [degC]"""
_BIN_NS = 600 * NS_PER_S
_BINS_PER_DAY, _BINS_PER_HOUR = 144, 6.0
_NEAR_K = (7.0, 4.5)
"""Nearer to the coolant than this, cooling and warming say nothing. [K]"""
_HEAT_K_PER_H = 11.0
"""How fast 1 C warms a cell: 45 W into 5.6 kg at 1000 J/(kg K) would be 29, spread over its first hour. [K/h]"""
_QUIET_K_PER_H = 0.6
_HELD_PER_H = (0.4, 0.35)
"""Speed from which somebody must be cooling or warming: walls, and air after a load, do less. [1/h]"""
_HELD_DAYS_MIN, _DAYS_MAX = 5, 128
_LATELY_DAYS = (5, 10)
"""Days at the limit whose fastest return is looked at; a heater runs for minutes on a mild day, and says less. [d]"""
_NEAR_LIMIT_K = 0.3
_IDLE_SHARE, _BEYOND_IDLE_K = 0.9, 0.2
"""Share of the days on which nothing cooled the string [-], and by how much it has to rest beyond that [K], before a
day on which nothing cools it says that something should."""
_LOST, _LOST_ACT = 0.2, 0.45
_BEYOND_K, _BEYOND_K_ACT = 3.0, 6.0


class CoolingDay(NamedTuple):
    """What a day said of the cooling, once for cooling and once for warming.

    Attributes
    ----------
    per_h : ndarray, shape (2,)
        Fastest return to the coolant at rest over the distance from it; NaN where the string was never there. [1/h]
    reached_c : ndarray, shape (2,)
        Highest and lowest temperature of the string. [degC]
    rested_c : ndarray, shape (2,)
        The same at rest; NaN where it never was near a limit at rest. [degC]
    """

    per_h: FloatArray
    reached_c: FloatArray
    rested_c: FloatArray


def read_cooling(time_ns: IntArray, middle_c: FloatArray, rate_c: FloatArray, coolant_c: float) -> CoolingDay | None:
    """Read from a day how fast heat leaves the string.

    Parameters
    ----------
    time_ns : ndarray of int, shape (n_times,)
        When each row was measured, all of one UTC day. [ns]
    middle_c, rate_c : ndarray, shape (n_times,)
        Temperature of the string [degC] and current over capacity [1/h]; NaN is missing.
    coolant_c : float
        Temperature of the coolant. [degC]

    Returns
    -------
    CoolingDay or None
        What it said; None without two means of ten minutes in a row.
    """
    is_there = np.isfinite(middle_c) & np.isfinite(rate_c)
    place = ((time_ns[is_there] // _BIN_NS) % _BINS_PER_DAY).astype(np.int64)
    n = np.bincount(place, minlength=_BINS_PER_DAY).astype(np.float64)
    n[n < 3.0] = np.nan
    mean_c = np.bincount(place, middle_c[is_there], _BINS_PER_DAY) / n
    heat = _HEAT_K_PER_H * np.bincount(place, rate_c[is_there] ** 2, _BINS_PER_DAY) / n
    here_c = mean_c[:-1]
    rise_k_per_h = _BINS_PER_HOUR * np.diff(mean_c) - heat[:-1]
    if not np.isfinite(rise_k_per_h).any():
        return None
    is_quiet = np.maximum(np.maximum(heat[:-1], heat[1:]), np.append(0.0, heat[:-2])) < _QUIET_K_PER_H
    per_h, rested_c = np.full(2, np.nan), np.full(2, np.nan)
    for way, sign in enumerate((1.0, -1.0)):
        above_k = sign * (here_c - coolant_c)
        counts = is_quiet & (above_k > _NEAR_K[way]) & np.isfinite(rise_k_per_h)
        if counts.any():
            per_h[way] = np.max(-sign * rise_k_per_h[counts] / above_k[counts])
            rested_c[way] = coolant_c + sign * np.max(above_k[counts])
    reached_c = np.array([np.nanmax(mean_c), np.nanmin(mean_c)])
    return CoolingDay(per_h=per_h, reached_c=reached_c, rested_c=rested_c)


class CoolingChecks:
    """Decides on the cooling of one string.

    Parameters
    ----------
    string_id : str
        The string.
    coolant_c : float
        Temperature of the coolant. [degC]
    """

    def __init__(self, string_id: str, coolant_c: float = COOLANT_C) -> None:
        self.string_id, self.coolant_c = string_id, coolant_c
        self._per_h = np.empty((0, 2))
        self._reached_c = np.empty((0, 2))
        self._rested_c = np.empty((0, 2))
        self._slow, self._beyond = Alarms(2), Alarms(2)

    def take(self, day: int, time_ns: IntArray, middle_c: FloatArray, rate_c: FloatArray) -> list[Finding]:
        """Take a day since 1970-01-01 and tell what is new by it; parameters as those of `read_cooling`."""
        read = read_cooling(time_ns, middle_c, rate_c, self.coolant_c)
        if read is None:
            return []
        self._per_h = np.vstack([self._per_h, read.per_h])[-_DAYS_MAX:]
        self._reached_c = np.vstack([self._reached_c, read.reached_c])[-_DAYS_MAX:]
        self._rested_c = np.vstack([self._rested_c, read.rested_c])[-_DAYS_MAX:]
        lost, beyond_k = np.zeros(2), np.zeros(2)
        for way, sign in enumerate((1.0, -1.0)):
            lost[way], beyond_k[way] = self._way(way, sign)
        found: list[Finding] = []
        for alarms, size, (limit, act), name in (
            (self._slow, lost, (_LOST, _LOST_ACT), "cooling_lost_share"),
            (self._beyond, beyond_k, (_BEYOND_K, _BEYOND_K_ACT), "beyond_held_k"),
        ):
            found += self._told(day, alarms, size >= limit, size >= act, size, name)
        return found

    def _way(self, way: int, sign: float) -> tuple[float, float]:
        """Share of the speed that is lost [-], and how far the string ran beyond what it was held to [K]."""
        per_h = np.nan_to_num(self._per_h[:, way])
        reached_c, rested_c = sign * self._reached_c[:, way], sign * self._rested_c[:, way]
        is_held = per_h >= _HELD_PER_H[way]
        lately_days = _LATELY_DAYS[way]
        past = is_held[: -lately_days - 1]
        if np.count_nonzero(past) < _HELD_DAYS_MIN:
            return 0.0, 0.0
        usual = float(np.median(per_h[: past.size][past]))
        limit_c = float(np.median(rested_c[: past.size][past]))
        unheld_c = rested_c[: past.size][~past & np.isfinite(rested_c[: past.size])]
        idle_c = max(limit_c, float(np.quantile(unheld_c, _IDLE_SHARE)) + _BEYOND_IDLE_K if unheld_c.size else limit_c)
        told = np.flatnonzero(rested_c >= np.where(is_held, limit_c - _NEAR_LIMIT_K, idle_c))[-lately_days:]
        lost = 0.0
        if told.size == lately_days and told[-1] == per_h.size - 1:
            lost = 1.0 - float(np.max(per_h[told])) / usual
        beyond_k = 0.0 if is_held[-1] else float(reached_c[-1]) - float(np.max(reached_c[: past.size][past]))
        return lost, beyond_k

    def _told(
        self, day: int, alarms: Alarms, watches: BoolArray, acts: BoolArray, size: FloatArray, name: str
    ) -> list[Finding]:
        return [
            Finding(
                string_id=self.string_id,
                cell=None,
                fault=FaultClass.COOLING,
                level=rise.level,
                since_ns=rise.since_day * NS_PER_DAY,
                found_ns=(day + 1) * NS_PER_DAY,
                probability=PROBABILITY[rise.level],
                evidence=MappingProxyType({name: float(size[rise.place]), "is_warming": float(rise.place)}),
            )
            for rise in alarms.rises(day, watches, acts)
        ]
