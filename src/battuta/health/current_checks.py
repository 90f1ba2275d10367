"""The current sensor of a string: what it reads at rest, and what it counts from empty to full.

At rest nothing flows, so what is read there is the offset. A wrong gain counts more or less charge between the same two
voltages from one day on, in both directions, which no ageing does; what temperature explains is taken off.
"""

from __future__ import annotations

from types import MappingProxyType
from typing import NamedTuple

import numpy as np

from battuta.domain.health import FaultClass, Finding
from battuta.domain.time import NS_PER_DAY
from battuta.health.comparison_kernels import MAD, middle
from battuta.health.current_checks_kernels import N_TRACK, read_passes, read_rests
from battuta.health.string_checks_alarms import Alarms
from battuta.health.temperature_checks import PROBABILITY
from battuta.numerics.arrays import BoolArray, FloatArray

_REST_S, _FLAT_V, _NEAR_C = 1800.0, 0.003, 0.006
_REST_ROWS_MIN = 30
_ALIKE_C = 0.001
"""How far from the middle of a day's rests, over capacity, a reading still is of rest; beyond, a charge ends. [1/h]"""
_LOW_V, _HIGH_V, _LEAST_C, _GAP_S, _PASS_S_MAX = 3.22, 3.375, 0.05, 900.0, 129_600.0
"""Ends of the plateau of LFP at rest [V], least current [1/h], and longest gap and pass [s]."""
_MINUTE_OHM_AH = 0.19
"""Resistance within some minutes times capacity: 0.6 mohm for 314 Ah. [ohm Ah]"""
_PASSES_MAX = 16
_OFFSET_C, _OFFSET_C_ACT = 0.0013, 0.005
"""Change of the current at rest that matters, over capacity: a hundredth of the charge in 8 and in 2 hours. [1/h]"""
_STAND_C, _STAND_C_ACT = 0.005, 0.012
_LATELY_DAYS, _REST_DAYS_MIN, _DAYS_MAX = 2, 7, 128
_KEPT_PASSES, _KEPT_PASS_DAYS = 300, 120
_SPANS_DAYS = (8, 28)
_NOW_MIN, _BEFORE_MIN = 3, 6
_PER_K = 0.002
"""By how much a kelvin may change what lies between two voltages. [1/K]"""
_PER_DAY = 0.0007
"""By how much it may drift in a day, with the season, the balance of the cells and their age. [1/d]"""
_ACTIVATION_K = 2500.0
_PASS_NOISE = 0.005
_GAIN, _GAIN_ACT, _GAIN_SCORE, _GAIN_SCORE_ACT = 0.02, 0.04, 8.0, 11.0
_CLIP = 3.0


class CurrentDay(NamedTuple):
    """What a day said of the current sensor.

    Attributes
    ----------
    rest_a : float
        What it read at rest; NaN where there was none. [A]
    passes : ndarray, shape (n_passes, 4)
        Of each way from empty to full or back: kind (0 to empty, 1 to full) [-], temperature at the empty and at the
        full end [degC], logarithm of the charge over capacity [-].
    """

    rest_a: float
    passes: FloatArray


class CurrentReader:
    """Reads the current of one string day by day.

    Parameters
    ----------
    capacity_ah : float
        Of a cell. [Ah]
    """

    def __init__(self, capacity_ah: float) -> None:
        self.capacity_ah = capacity_ah
        self.offset_a = 0.0
        self.track = np.full(N_TRACK, np.nan)

    def take(
        self, time_s: FloatArray, current_a: FloatArray, typical_v: FloatArray, middle_c: FloatArray
    ) -> CurrentDay:
        """Read from a day what tells something of the current sensor.

        Parameters
        ----------
        time_s, current_a, typical_v, middle_c : ndarray, shape (n_times,)
            Since any zero that stays [s], discharge positive [A], of the string's cells [V], of the string [degC]; NaN
            is missing.

        Returns
        -------
        CurrentDay
            What it said.
        """
        capacity_ah = self.capacity_ah
        rests_a, passes = np.empty(time_s.size), np.empty((_PASSES_MAX, 5))
        n_rests = read_rests(time_s, current_a, typical_v, _NEAR_C * capacity_ah, _FLAT_V, _REST_S, rests_a)
        rest_a = _alike(rests_a[:n_rests], _ALIKE_C * capacity_ah) if n_rests >= _REST_ROWS_MIN else np.nan
        self.offset_a = rest_a if np.isfinite(rest_a) else self.offset_a
        factor = np.exp(_ACTIVATION_K * (1.0 / (middle_c + 273.15) - 1.0 / 298.15))
        rest_v = typical_v + current_a * factor * (_MINUTE_OHM_AH / capacity_ah)
        n_passes = read_passes(
            time_s, current_a, rest_v, middle_c, self.offset_a, _LOW_V, _HIGH_V, _LEAST_C * capacity_ah, _GAP_S,
            self.track, passes,
        )  # fmt: skip
        read = passes[:n_passes]
        read = read[(read[:, 3] <= _PASS_S_MAX) & (read[:, 2] > 0.0)]
        began_c, ended_c, is_full = read[:, 4], middle_c[read[:, 0].astype(np.int64)], read[:, 1] == 1.0
        empty_c, full_c = np.where(is_full, began_c, ended_c), np.where(is_full, ended_c, began_c)
        told = np.column_stack([read[:, 1], empty_c, full_c, np.log(read[:, 2] / capacity_ah)])
        return CurrentDay(rest_a=rest_a, passes=told[np.isfinite(told).all(axis=1)])


class CurrentChecks:
    """Decides on the current sensor of one string.

    Parameters
    ----------
    string_id : str
        The string.
    capacity_ah : float
        Of a cell. [Ah]
    """

    def __init__(self, string_id: str, capacity_ah: float) -> None:
        self.string_id, self.capacity_ah = string_id, capacity_ah
        self._rest_a = np.empty(0)
        self._passes = np.empty((0, 5))
        self._alarms = {name: Alarms(1) for name in ("rest_change_a", "rest_a", "gain_share")}

    def take(self, day: int, read: CurrentDay) -> list[Finding]:
        """Take what a day since 1970-01-01 said, and tell what is new by it."""
        found: list[Finding] = []
        if np.isfinite(read.rest_a):
            self._rest_a = np.append(self._rest_a, read.rest_a)[-_DAYS_MAX:]
            found += self._rest(day)
        if read.passes.shape[0]:
            dated = np.column_stack([np.full(read.passes.shape[0], float(day)), read.passes])
            kept = np.vstack([self._passes, dated])[-_KEPT_PASSES:]
            self._passes = kept[kept[:, 0] > day - _KEPT_PASS_DAYS]
            found += self._gain(day)
        return found

    def _rest(self, day: int) -> list[Finding]:
        now_a = middle(self._rest_a[-_LATELY_DAYS:])
        before = self._rest_a[:-_LATELY_DAYS]
        found: list[Finding] = []
        stand_c = abs(now_a) / self.capacity_ah
        found += self._told(day, "rest_a", now_a, stand_c >= _STAND_C, stand_c >= _STAND_C_ACT)
        if before.size >= _REST_DAYS_MIN:
            middle_a = middle(before)
            usual_a = MAD * middle(np.abs(before - middle_a))
            change_a = now_a - middle_a
            far = abs(change_a) >= 6.0 * usual_a
            change_c = abs(change_a) / self.capacity_ah
            watches, acts = far and change_c >= _OFFSET_C, far and change_c >= _OFFSET_C_ACT
            found += self._told(day, "rest_change_a", change_a, watches, acts)
        return found

    def _gain(self, day: int) -> list[Finding]:
        best = (0.0, 0.0)
        for span in _SPANS_DAYS:
            is_now = self._passes[:, 0] > day - span
            gain = gain_change(self._passes, is_now)
            if gain is not None and abs(gain[0]) >= _GAIN and gain[1] > best[1]:
                best = gain
        share, score = best
        watches = abs(share) >= _GAIN and score >= _GAIN_SCORE
        acts = abs(share) >= _GAIN_ACT and score >= _GAIN_SCORE_ACT
        return self._told(day, "gain_share", share, watches, acts)

    def _told(self, day: int, name: str, size: float, watches: bool, acts: bool) -> list[Finding]:  # noqa: FBT001
        rises = self._alarms[name].rises(day, np.array([watches]), np.array([acts]))
        return [
            Finding(
                string_id=self.string_id,
                cell=None,
                fault=FaultClass.CURRENT_SENSOR,
                level=rise.level,
                since_ns=rise.since_day * NS_PER_DAY,
                found_ns=(day + 1) * NS_PER_DAY,
                probability=PROBABILITY[rise.level],
                evidence=MappingProxyType({name: size}),
            )
            for rise in rises
        ]


def _alike(rests_a: FloatArray, near_a: float) -> float:
    """Mean of the readings near their middle: the last amperes of a charge that tapers lie as flat as a rest."""
    return float(np.mean(rests_a[np.abs(rests_a - np.median(rests_a)) <= near_a]))


def gain_change(passes: FloatArray, is_now: BoolArray) -> tuple[float, float] | None:
    """How much more the sensor seems to count than before, and how many standard deviations that is.

    A regression of the logarithms of charges on their kind, the temperatures at both ends, the day, and whether they
    are new; what lies far off counts little. Where a way ends hangs on how warm the string is there, and a string may
    be cold at one end and warm at the other. What drifts is no sensor that broke, and after weeks without a pass
    nobody can tell the one from the other.

    Parameters
    ----------
    passes : ndarray, shape (n_passes, 5)
        Day since any zero, then as in `CurrentDay`.
    is_now : ndarray of bool, shape (n_passes,)
        Passes that are new; the others are held against them.

    Returns
    -------
    tuple of float or None
        Share that it counts more [-], and its score [-]; None with too few passes of the kinds that are new.
    """
    kinds = passes[:, 1].astype(np.int64)
    is_both = np.zeros(kinds.size, dtype=np.bool_)
    for kind in range(2):
        own = kinds == kind
        if np.count_nonzero(own & is_now) >= _NOW_MIN and np.count_nonzero(own & ~is_now) >= _BEFORE_MIN:
            is_both |= own
    if not is_both.any():
        return None
    y = passes[is_both, 4]
    warm = (passes[is_both, 2:4] - 25.0) * _PER_K
    late = (passes[is_both, 0] - passes[-1, 0]) * _PER_DAY
    x = np.column_stack([kinds[is_both] == 0, kinds[is_both] == 1, warm, late, is_now[is_both]]).astype(np.float64)
    prior = np.diag([1e-6, 1e-6, 1.0, 1.0, 1.0, 1e-6])
    weight, noise = np.ones(y.size), _PASS_NOISE
    said, covariance = np.zeros(6), np.eye(6)
    for _ in range(4):
        covariance = np.linalg.inv(prior + (x * weight[:, None]).T @ x / noise**2)
        said = covariance @ ((x * weight[:, None]).T @ y) / noise**2
        left = y - x @ said
        noise = max(MAD * middle(np.abs(left)), _PASS_NOISE)
        weight = 1.0 / np.maximum(np.abs(left) / (_CLIP * noise), 1.0)
    return float(np.expm1(said[5])), abs(float(said[5])) / float(np.sqrt(covariance[5, 5]))
