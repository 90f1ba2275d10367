"""Temperature sensors: each against the others and its own past, after what the heat of the cells explains.

A place that is truly warmer than before is so in proportion to the heat of its cells, or its cells resist less or leak;
a sensor that is wrong is wrong at rest too, and the cells know nothing of it. Both are told: the one as a wrong sensor,
the other as a place that is cooled worse.
"""

from __future__ import annotations

from dataclasses import dataclass
from types import MappingProxyType

import numpy as np

from battuta.domain.health import FaultClass, Finding, FindingLevel
from battuta.domain.time import NS_PER_DAY
from battuta.health.comparison_kernels import middle
from battuta.health.day_history import DayHistory, beside_others
from battuta.health.string_checks_alarms import Alarms, Rise
from battuta.health.string_kernels import middle_of_string
from battuta.health.temperature_checks_kernels import (
    BOTH,
    DIFFERENCE,
    HEAT,
    HEAT_SQUARED,
    HIGHEST,
    IMPOSSIBLE,
    LOWEST,
    N_MOMENTS,
    SEEN,
    read_sensors,
    warm_up,
)
from battuta.numerics.arrays import BoolArray, FloatArray

WARM_S = 3000.0
"""Time in which a cell of this size follows its heat against its air. [s]"""
LOW_C, HIGH_C, FAR_K = -30.0, 90.0, 25.0
_MIDDLE_CLIP_K = 1.0
_SLOPE_ROWS = 0.3
"""Weight of what is known of a place's own warmth against a day. [1/h^4]"""
_SENSORS_MIN, _ROWS_MIN = 4, 60
_LATELY_DAYS, _BASELINE_DAYS_MIN = 3, 10
_FLOOR_K, _STAND_FLOOR_K = 0.1, 0.5
_SCORE, _SCORE_ACT = 7.0, 14.0
_CHANGE_K, _CHANGE_K_ACT = 0.7, 2.0
_STAND_K, _STAND_K_ACT, _STAND_SCORE = 5.0, 8.0, 5.0
_STUCK_RANGE_K = 1.0
_IMPOSSIBLE_SHARE, _IMPOSSIBLE_SHARE_ACT = 0.05, 0.3
PROBABILITY = MappingProxyType({FindingLevel.WATCH: 0.5, FindingLevel.ACT: 0.9})


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class SensorDay:
    """What a day said of the temperature sensors of a string; arrays of shape (n_sensors,).

    Attributes
    ----------
    day : int
        Days since 1970-01-01, UTC.
    middle_c : ndarray, shape (n_times,)
        Middle of the sensors in each row, NaN where fewer than half are there. [degC]
    rest_k : ndarray
        Distance from the middle without the heat of the cells, NaN where unknown. [K]
    heat_k : ndarray
        Distance that the mean heat of the day adds. [K]
    range_k : ndarray
        Highest less lowest value, NaN where there was none. [K]
    impossible_share : ndarray
        Share of the rows that were missing, or that no cell can have. [-]
    """

    day: int
    middle_c: FloatArray
    rest_k: FloatArray
    heat_k: FloatArray
    range_k: FloatArray
    impossible_share: FloatArray


class SensorReader:
    """Reads the temperature sensors of one string day by day, and learns how each place warms.

    Parameters
    ----------
    n_sensors : int
        Sensors, in the order of the cells.
    """

    def __init__(self, n_sensors: int) -> None:
        self.heat_slope_k = np.zeros(n_sensors)
        self.warmth = 0.0

    def take(self, day: int, time_s: FloatArray, rate_c: FloatArray, temperature_c: FloatArray) -> SensorDay:
        """Read a day.

        Parameters
        ----------
        day : int
            Days since 1970-01-01, UTC.
        time_s, rate_c : ndarray, shape (n_times,)
            Since any zero [s]; current over capacity, NaN where missing [1/h].
        temperature_c : ndarray, shape (n_times, n_sensors)
            Temperatures, NaN where missing. [degC]

        Returns
        -------
        SensorDay
            What it said.
        """
        n_times, n_sensors = temperature_c.shape
        middle_c, heat, moments = np.empty(n_times), np.empty(n_times), np.empty((N_MOMENTS, n_sensors))
        plausible_c = np.where((temperature_c > LOW_C) & (temperature_c < HIGH_C), temperature_c, np.nan)
        middle_of_string(plausible_c, _MIDDLE_CLIP_K, middle_c)
        self.warmth = warm_up(time_s, rate_c, WARM_S, self.warmth, heat)
        read_sensors(temperature_c, middle_c, heat, LOW_C, HIGH_C, FAR_K, moments)
        seen = moments[SEEN]
        is_seen = seen >= _ROWS_MIN
        rows = np.maximum(seen, 1.0)
        mean_k, mean_heat = moments[DIFFERENCE] / rows, moments[HEAT] / rows
        spread = np.maximum(moments[HEAT_SQUARED] - rows * mean_heat**2, 0.0)
        slope_k = (moments[BOTH] - rows * mean_heat * mean_k + _SLOPE_ROWS * self.heat_slope_k) / (spread + _SLOPE_ROWS)
        self.heat_slope_k = np.where(is_seen, slope_k, self.heat_slope_k)
        n_rows = np.maximum(np.count_nonzero(np.isfinite(middle_c)), 1)
        return SensorDay(
            day=day,
            middle_c=middle_c,
            rest_k=np.where(is_seen, mean_k - self.heat_slope_k * mean_heat, np.nan),
            heat_k=self.heat_slope_k * mean_heat,
            range_k=np.where(is_seen, moments[HIGHEST] - moments[LOWEST], np.nan),
            impossible_share=moments[IMPOSSIBLE] / n_rows,
        )


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Said:
    """What a test says of all sensors: size, score, and where it speaks; each shape (n_sensors,)."""

    name: str
    size: FloatArray
    score: FloatArray
    watches: BoolArray
    acts: BoolArray
    fault: FaultClass = FaultClass.TEMPERATURE_SENSOR


class SensorChecks:
    """Decides on the temperature sensors of one string.

    Parameters
    ----------
    string_id : str
        The string.
    n_cells, n_sensors : int
        Cells in series, and sensors in their order. [-]
    """

    def __init__(self, string_id: str, n_cells: int, n_sensors: int) -> None:
        self.string_id, self.n_cells, self.n_sensors = string_id, n_cells, n_sensors
        self._rest = DayHistory.empty(n_sensors)
        self._heat = DayHistory.empty(n_sensors)
        self._alarms: dict[str, Alarms] = {}

    def take(self, seen: SensorDay, is_truly_so: BoolArray) -> list[Finding]:
        """Take a day and tell what is new by it.

        Parameters
        ----------
        seen : SensorDay
            What the sensors said.
        is_truly_so : ndarray of bool, shape (n_sensors,)
            Places of which the cells themselves say that they are warmer or colder than before.

        Returns
        -------
        list of Finding
            Sensors whose level rose, and places that are truly hotter than before, or than the others.
        """
        tests = [self._impossible(seen)]
        if self.n_sensors >= _SENSORS_MIN and np.isfinite(seen.rest_k).sum() >= _SENSORS_MIN:
            tests.append(_stuck(seen))
            last = self._rest.values[-1] if self._rest.days.size else np.zeros(self.n_sensors)
            rest_k = np.where(np.isfinite(seen.rest_k), seen.rest_k, last)
            self._rest.append(seen.day, rest_k, 1.0)
            self._heat.append(seen.day, seen.heat_k, 1.0)
            tests += [*self._step(is_truly_so), *self._stand(is_truly_so)]
        return [finding for test in tests for finding in self._told(seen.day, test)]

    def _told(self, day: int, test: _Said) -> list[Finding]:
        alarms = self._alarms.setdefault(test.name, Alarms(self.n_sensors))
        rises = alarms.rises(day, test.watches, test.acts)
        return [self._finding(day, rise, test) for rise in rises]

    def _step(self, is_truly_so: BoolArray) -> list[_Said]:
        """Mean of the last days less that of the days before."""
        first = self._rest.rows_since(_LATELY_DAYS)
        if first < _BASELINE_DAYS_MIN:
            return []
        changes = list[FloatArray]()
        for history in (self._rest, self._heat):
            now, before = history.level(first, history.days.size), history.level(0, first)
            if now is None or before is None:
                return []
            changes.append(now - before - middle(now - before))
        change_k, warmed_k = changes
        score = np.abs(beside_others(change_k, _FLOOR_K))
        large = np.abs(change_k)
        watches = (large >= _CHANGE_K) & (score >= _SCORE) & (large >= np.abs(warmed_k)) & ~is_truly_so
        acts = (large >= _CHANGE_K_ACT) & (score >= _SCORE_ACT)
        warmer_k = change_k + warmed_k
        warmer_score = beside_others(warmer_k, _FLOOR_K)
        return [
            _Said(name="change_k", size=change_k, score=score, watches=watches, acts=acts),
            _Said(
                name="warmer_than_before_k",
                size=warmer_k,
                score=warmer_score,
                watches=(warmer_k >= _CHANGE_K) & (warmer_score >= _SCORE) & is_truly_so,
                acts=(warmer_k >= _CHANGE_K_ACT) & (warmer_score >= _SCORE_ACT),
                fault=FaultClass.COOLING,
            ),
        ]

    def _stand(self, is_truly_so: BoolArray) -> list[_Said]:
        """Distance from the others, for a sensor that was wrong from the beginning."""
        first = self._rest.rows_since(_LATELY_DAYS)
        now = self._rest.level(first, self._rest.days.size)
        if now is None or self._rest.days.size < _LATELY_DAYS:
            return []
        away_k = now - middle(now)
        score = np.abs(beside_others(away_k, _STAND_FLOOR_K))
        watches = (np.abs(away_k) >= _STAND_K) & (score >= _STAND_SCORE)
        acts = np.abs(away_k) >= _STAND_K_ACT
        return [
            _Said(name="distance_k", size=away_k, score=score, watches=watches & ~is_truly_so, acts=acts),
            _Said(
                name="warmer_than_others_k",
                size=away_k,
                score=score,
                watches=watches & is_truly_so & (away_k > 0.0),
                acts=acts,
                fault=FaultClass.COOLING,
            ),
        ]

    def _impossible(self, seen: SensorDay) -> _Said:
        share = seen.impossible_share
        watches, acts = share >= _IMPOSSIBLE_SHARE, share >= _IMPOSSIBLE_SHARE_ACT
        return _Said(name="impossible_share", size=share, score=share / _IMPOSSIBLE_SHARE, watches=watches, acts=acts)

    def _finding(self, day: int, rise: Rise, test: _Said) -> Finding:
        first = rise.place * self.n_cells // self.n_sensors
        stop = max((rise.place + 1) * self.n_cells // self.n_sensors, first + 1)
        evidence = {
            test.name: float(test.size[rise.place]),
            "score": float(test.score[rise.place]),
            "sensor": float(rise.place),
            "first_cell": float(first),
            "last_cell": float(stop - 1),
        }
        return Finding(
            string_id=self.string_id,
            cell=(first + stop) // 2,
            fault=test.fault,
            level=rise.level,
            since_ns=rise.since_day * NS_PER_DAY,
            found_ns=(day + 1) * NS_PER_DAY,
            probability=PROBABILITY[rise.level],
            evidence=MappingProxyType(evidence),
        )


def _stuck(seen: SensorDay) -> _Said:
    """Sensors that do not move on a day on which the others do."""
    others_k = float(np.nanmedian(seen.range_k))
    watches = (seen.range_k == 0.0) & (others_k >= _STUCK_RANGE_K)
    return _Said(
        name="range_k",
        size=seen.range_k,
        score=np.where(watches, others_k / _STUCK_RANGE_K, 0.0),
        watches=watches,
        acts=watches & (others_k >= 2.0 * _STUCK_RANGE_K),
    )
