"""The curve of a string, learned from its own walks: where it stands on it, and how steep its voltage is there.

No table of a kind of cell has to be right for it. Between the ends, a voltage says little of a place, so both branches
are learned by place, and each stretch of rows is laid onto them as a whole. Towards empty and full the voltage says the
place by itself, so the slope is learned by voltage.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import lru_cache
from itertools import pairwise

import numpy as np

from battuta.domain.errors import DataError
from battuta.health.curve_kernels import (
    CALM,
    CHARGED,
    DISCHARGED,
    N_WAY,
    UNSETTLED,
    blend,
    learn_branches,
    locate_rows,
    slow_currents,
    travelled,
    walked_slopes,
)
from battuta.health.string_kernels import CHARGE_LOW_V, CHARGE_STEP_V, N_CHARGES
from battuta.health.string_resistance import StringResistance
from battuta.numerics.arrays import BoolArray, FloatArray, IntArray
from battuta.physics.cell_parameters import CellParameters

PLACE_LOW, PLACE_STEP, N_PLACES = -0.06, 0.005, 225
LEVEL_LOW_V, LEVEL_STEP_V, N_LEVELS = 2.5, 0.005, 240
"""Voltages by which slopes of the ends are kept. [V]"""
_END_V, _PLATEAU_RISE_V = 0.06, 0.12
"""Distance from the middle of the plateau at which an end begins, and most that a plateau rises. [V]"""
_WALK_SHARE, _LOAD_SHARE, _CALM_SHARE = 0.04, 0.08, 0.02
"""Travel over capacity after which a branch is walked [-]; current over capacity that loads, and that rests [1/h]."""
_STEADY_SHARE, _STEADY_PER_CAPACITY = 0.02, 0.0015
_VOLTAGE_SD_V, _RATE_MAX_PER_DAY = 0.008, 0.04
_SPLIT_S, _KNOWN_MIN = 1800.0, 100
_PLACE_MAX, _LOST_COST = 1.04, 4.0
"""Place beyond which no string goes, and squared distance of its rows at which one counts as lost. [-]"""
_SLOPE_MIN_V, _SLOPE_MAX_V = 0.12, 1.0
"""Between the ends: less steep than the first is flat, and none is steeper than the second. [V per charge]"""
_USUAL_RATE_C = 0.35
_REACH, _NEAR_LEVELS = 0.005, 4.0
_MOVE_S = 600.0


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class CurveDay:
    """Where the rows of a day lie; arrays of shape (n_times,).

    Attributes
    ----------
    place : ndarray
        State of charge by the charge that moved, over the nameplate; its zero is that of the first days. [-]
    slope_v : ndarray
        Slope of the voltage per charge, NaN where it is not known. [V]
    slow_a : ndarray
        Current through the slow relaxation. [A]
    rest_v : ndarray
        Voltage of the middle less what current does to it. [V]
    end : ndarray
        1 at an end under load, 2 at an end at rest; between the ends 0 under load and -1 at rest.
    charge : ndarray, shape (2, n_charges)
        Charge by voltage at the ends, under load and at rest, from `CHARGE_LOW_V` in steps of a millivolt. [-]
    """

    place: FloatArray
    slope_v: FloatArray
    slow_a: FloatArray
    rest_v: FloatArray
    end: IntArray
    charge: FloatArray


@dataclass(slots=True)
class CurveState:
    """All that is carried from day to day; plain arrays, so that it survives a restart.

    Attributes
    ----------
    branch_v, branch_memory : ndarray, shape (2, n_places)
        Voltage less what current does, discharging and charging, and weight of what was seen. [V, 10 min]
    steeper, steeper_memory : ndarray, shape (2, n_levels)
        Logarithm of slope over that of the kind, by voltage, under load and at rest, and weight of what was seen.
    slow, way : ndarray, shape (3,)
        Of the slow relaxation, and of the walk so far.
    place, rate_per_day : float
        Where the string stands, NaN before the first rows, and what its charge count drifts by. [-, 1/day]
    time_s : float
        Last row. [s]
    """

    branch_v: FloatArray
    branch_memory: FloatArray
    steeper: FloatArray
    steeper_memory: FloatArray
    slow: FloatArray = field(default_factory=lambda: np.full(3, np.nan))
    way: FloatArray = field(default_factory=lambda: np.zeros(N_WAY))
    place: float = np.nan
    rate_per_day: float = 0.0
    time_s: float = np.nan


class StringCurve:
    """Follows where a string stands on its own curve.

    Parameters
    ----------
    parameters : CellParameters
        Kind of cell, to begin with.
    capacity_ah : float
        Nameplate of a cell. [Ah]
    resistance : StringResistance
        What current does to a voltage.
    """

    def __init__(self, parameters: CellParameters, capacity_ah: float, resistance: StringResistance) -> None:
        self._capacity_ah, self._resistance = capacity_ah, resistance
        soc = np.linspace(0.0, 1.0, parameters.ocv_v.size)
        branch_v = np.interp(PLACE_LOW + PLACE_STEP * np.arange(N_PLACES), soc, parameters.ocv_v)
        inner = (soc > 0.3) & (soc < 0.7)
        self.plateau_v = float(np.median(parameters.ocv_v[inner]))
        if float(np.ptp(parameters.ocv_v[inner])) > _PLATEAU_RISE_V:
            rise_v = float(np.ptp(parameters.ocv_v[inner]))
            message = (
                f"the voltage of this kind of cell rises by {rise_v:.2f} V from 30 to 70 % of charge; "
                "the scan knows kinds with a plateau alone, as LFP: name one with --cell"
            )
            raise DataError(message)
        self._kind_slope_v = slope_by_level(parameters.ocv_v, self.plateau_v)
        self.state = CurveState(
            branch_v=np.stack([branch_v, branch_v]),
            branch_memory=np.zeros((2, N_PLACES)),
            steeper=np.zeros((2, N_LEVELS)),
            steeper_memory=np.zeros((2, N_LEVELS)),
        )

    def take(self, time_s: FloatArray, current_a: FloatArray, middle_v: FloatArray, factor: FloatArray) -> CurveDay:
        """Lay a day's rows onto the curve and learn from them.

        Parameters
        ----------
        time_s, current_a, middle_v, factor : ndarray, shape (n_times,)
            Since 1970 [s], discharge positive [A], middle of the string [V], resistance over that at 25 degC [-];
            NaN is missing.

        Returns
        -------
        CurveDay
            Where they lie.
        """
        state, n_times = self.state, time_s.size
        known_a = np.where(np.isfinite(current_a), current_a, 0.0)
        slow_a, travel = np.empty(n_times), np.empty(n_times)
        slow_currents(time_s, known_a, self._resistance.slow_s, state.slow, slow_a)
        dt_s = np.diff(time_s, prepend=time_s[0] if np.isnan(state.time_s) else state.time_s)
        moved = np.where(dt_s <= _MOVE_S, 0.5 * (known_a + np.concatenate([known_a[:1], known_a[:-1]])) * dt_s, 0.0) / (
            3600.0 * self._capacity_ah
        )
        travelled(np.where(np.abs(known_a) < 0.01 * self._capacity_ah, 0.0, moved), state.way, travel)
        rest_v = middle_v + self._resistance.drop_v(known_a, slow_a, factor)
        is_there = np.isfinite(rest_v) & np.isfinite(current_a)
        kind = self._kinds(known_a, slow_a, travel, is_there)
        weight = np.where(is_there, np.clip(dt_s, 1.0, 60.0) / 600.0, 0.0)
        level_v = np.where(np.isfinite(rest_v), rest_v, self.plateau_v)
        end = np.where(np.abs(level_v - self.plateau_v) > _END_V, 1, 0)
        is_loaded = np.abs(known_a) > _LOAD_SHARE * self._capacity_ah
        end = np.where(end > 0, np.where(is_loaded, 1, 2), np.where(is_loaded, 0, -1)) * is_there
        self._learn_ends(time_s, current_a, rest_v, known_a, slow_a, kind, end, weight)
        place = self._places(time_s, dt_s, moved, level_v, kind, weight)
        steep_v = self._end_slopes()
        return CurveDay(
            place=place,
            slope_v=self._slopes(place, known_a, level_v, end, steep_v),
            slow_a=slow_a,
            rest_v=level_v,
            end=end.astype(np.int64),
            charge=_charge_by_voltage(steep_v),
        )

    def _kinds(self, current_a: FloatArray, slow_a: FloatArray, travel: FloatArray, is_there: BoolArray) -> IntArray:
        """What each row tells of the curve."""
        capacity_ah = self._capacity_ah
        change_a = np.abs(np.diff(current_a, prepend=current_a[0]))
        is_steady = change_a < np.maximum(_STEADY_SHARE * np.abs(current_a), _STEADY_PER_CAPACITY * capacity_ah)
        kind = np.full(current_a.size, UNSETTLED)
        calm_a = _CALM_SHARE * capacity_ah
        kind[(np.abs(slow_a) < calm_a) & (np.abs(current_a) < calm_a)] = CALM
        load_a = _LOAD_SHARE * capacity_ah
        kind[is_steady & (current_a > load_a) & (travel > _WALK_SHARE)] = DISCHARGED
        kind[is_steady & (current_a < -load_a) & (travel < -_WALK_SHARE)] = CHARGED
        kind[~is_there] = UNSETTLED
        return kind

    def _places(
        self,
        time_s: FloatArray,
        dt_s: FloatArray,
        moved: FloatArray,
        level_v: FloatArray,
        kind: IntArray,
        weight: FloatArray,
    ) -> FloatArray:
        """Lay each stretch without a gap onto the curve, and move the curve towards it."""
        state, place = self.state, np.empty(time_s.size)
        relative = -np.cumsum(moved) + state.rate_per_day * (time_s - time_s[0]) / 86_400.0
        edges = [0, *(int(k) for k in np.flatnonzero(dt_s > _SPLIT_S) if k), time_s.size]
        for first, stop in pairwise(edges):
            rows = slice(first, stop)
            way = relative[rows] - relative[first]
            begins = self._begins(time_s[rows], way, level_v[rows], kind[rows], weight[rows])
            place[rows] = begins + way
            state.place, state.time_s = float(place[stop - 1]), float(time_s[stop - 1])
            learn_branches(
                place[rows], level_v[rows], kind[rows], weight[rows], PLACE_LOW, PLACE_STEP, state.branch_v,
                state.branch_memory,
            )  # fmt: skip
        return np.clip(place, PLACE_LOW + 3 * PLACE_STEP, PLACE_LOW + (N_PLACES - 4) * PLACE_STEP)

    def _begins(
        self, time_s: FloatArray, way: FloatArray, level_v: FloatArray, kind: IntArray, weight: FloatArray
    ) -> float:
        """Where a stretch begins: coarsely among all likely places, then finely."""
        state = self.state
        days = float(time_s[-1] - time_s[0]) / 86_400.0
        gap_h = float(time_s[0] - state.time_s) / 3600.0
        follows = gap_h < _SPLIT_S / 3600.0
        is_known = state.branch_memory > 0.0
        is_first = int(np.count_nonzero(is_known)) < _KNOWN_MIN
        expected = 0.5 if np.isnan(state.place) else state.place
        sd = 0.008 + 0.012 * days if follows else min(0.1 + 0.15 * gap_h, 0.4) if gap_h > 0.0 else 0.3
        some = slice(None, None, 3)

        def laid(starts: FloatArray, sd: float) -> tuple[float, float]:
            return locate_rows(
                way[some], level_v[some], kind[some], weight[some], state.branch_v, is_known, PLACE_LOW, PLACE_STEP,
                starts, expected, sd, _VOLTAGE_SD_V, is_first,
            )  # fmt: skip

        everywhere = np.arange(PLACE_LOW - way.min(), _PLACE_MAX - way.max() + 0.02, 0.01)
        begins, cost = laid(expected + np.arange(-0.15, 0.155, 0.01) if follows else everywhere, sd)
        if follows and cost > _LOST_COST:
            sd = 0.3
            begins, cost = laid(everywhere, sd)
        begins, _ = laid(begins + np.arange(-0.015, 0.01525, 0.0005), sd)
        if follows and abs(begins - expected) < 0.05:
            rate = state.rate_per_day + 0.15 * (begins - expected) * days
            state.rate_per_day = float(np.clip(rate, -_RATE_MAX_PER_DAY, _RATE_MAX_PER_DAY))
        return begins

    def _learn_ends(
        self,
        time_s: FloatArray,
        current_a: FloatArray,
        rest_v: FloatArray,
        known_a: FloatArray,
        slow_a: FloatArray,
        kind: IntArray,
        end: IntArray,
        weight: FloatArray,
    ) -> None:
        """Learn how steep the ends are where the string walked there, by voltage."""
        is_settled = (kind <= CHARGED) | ((kind == CALM) & (np.abs(slow_a - known_a) < 0.01 * self._capacity_ah))
        is_wanted = (end > 0) & is_settled
        if not is_wanted.any():
            return
        walked_v = np.empty(time_s.size)
        offset_a = self.state.rate_per_day * self._capacity_ah / 24.0  # what the charge count drifts by is no walk
        walked_slopes(current_a - offset_a, time_s, rest_v, is_wanted, self._capacity_ah, _REACH, walked_v)
        level = np.clip(np.rint((rest_v - LEVEL_LOW_V) / LEVEL_STEP_V), 0, N_LEVELS - 1)
        total, count = np.zeros((2, N_LEVELS)), np.zeros((2, N_LEVELS))
        for k in (0, 1):
            rows = is_wanted & (end == k + 1) & (walked_v > 0.05)
            at = level[rows].astype(np.int64)
            count[k] = np.bincount(at, weight[rows], N_LEVELS)
            ratio = np.log(walked_v[rows] / self._kind_slope_v[at])
            total[k] = np.bincount(at, weight[rows] * ratio, N_LEVELS)
        blend(total, count, self.state.steeper, self.state.steeper_memory)

    def _end_slopes(self) -> FloatArray:
        """Slope by voltage at the ends, under load and at rest, what is near counting too, shape (2, n_levels). [V]"""
        state, near = self.state, _nearness(self.plateau_v)
        slope_v = np.empty((2, N_LEVELS))
        for k in (0, 1):
            own, other = state.steeper_memory[k], 0.1 * state.steeper_memory[1 - k]
            total = near @ (own * state.steeper[k] + other * state.steeper[1 - k])
            seen = near @ (own + other)
            shift = total / np.maximum(seen, 1e-9) * np.minimum(seen / 0.05, 1.0)
            slope_v[k] = self._kind_slope_v * np.exp(shift)
        return slope_v

    def _slopes(
        self, place: FloatArray, current_a: FloatArray, level_v: FloatArray, end: IntArray, steep_v: FloatArray
    ) -> FloatArray:
        """Slope of each row: by voltage at the ends, else by place from both branches."""
        branch_v = np.where(self.state.branch_memory > 0.0, self.state.branch_v, np.nan)
        slope_v = np.full((2, N_PLACES), np.nan)
        slope_v[:, 2:-2] = (branch_v[:, 4:] - branch_v[:, :-4]) / (4.0 * PLACE_STEP)
        at = np.rint((place - PLACE_LOW) / PLACE_STEP).astype(np.int64)
        out_v: FloatArray = np.take(slope_v[0], at)
        in_v: FloatArray = np.take(slope_v[1], at)
        is_out, is_in = np.isfinite(out_v), np.isfinite(in_v)
        mean_v, apart_v = 0.5 * (out_v + in_v), 0.5 * (out_v - in_v)
        middle_v: FloatArray = np.where(is_out & is_in, mean_v, np.where(is_out, out_v, in_v))
        half_v: FloatArray = np.where(is_out & is_in, apart_v, 0.0)
        rate: FloatArray = np.clip(current_a / (_USUAL_RATE_C * self._capacity_ah), -1.0, 1.0).astype(np.float64)
        between_v: FloatArray = middle_v + rate * half_v
        between_v = np.where(between_v < _SLOPE_MIN_V, 0.0, np.minimum(between_v, _SLOPE_MAX_V))
        levels_v = LEVEL_LOW_V + LEVEL_STEP_V * np.arange(N_LEVELS)
        load_v = np.asarray(np.interp(level_v, levels_v, steep_v[0]), dtype=np.float64)
        calm_v = np.asarray(np.interp(level_v, levels_v, steep_v[1]), dtype=np.float64)
        return np.where(end == 1, load_v, np.where(end == 2, calm_v, between_v))


@lru_cache(maxsize=16)
def _nearness(plateau_v: float) -> FloatArray:
    """How much each level counts for each other one of its own end, shape (n_levels, n_levels). [-]"""
    level = np.arange(N_LEVELS)
    near = np.exp(-np.abs(level[:, None] - level[None, :]) / _NEAR_LEVELS)
    is_high = LEVEL_LOW_V + LEVEL_STEP_V * level > plateau_v
    near[is_high[:, None] != is_high[None, :]] = 0.0
    near.flags.writeable = False
    return near


def slope_by_level(ocv_v: FloatArray, plateau_v: float) -> FloatArray:
    """Slope of a kind's voltage at rest by that voltage, growing with the distance beyond its table.

    Parameters
    ----------
    ocv_v : ndarray, shape (n_soc,)
        Voltage at rest on an even grid from empty to full. [V]
    plateau_v : float
        Middle of the plateau. [V]

    Returns
    -------
    ndarray, shape (n_levels,)
        Voltage per charge from `LEVEL_LOW_V` on. [V]
    """
    soc = np.linspace(0.0, 1.0, ocv_v.size)
    smooth_v = np.convolve(np.pad(ocv_v, 2, mode="edge"), np.full(5, 0.2), "valid")
    level_v = LEVEL_LOW_V + LEVEL_STEP_V * np.arange(N_LEVELS)
    order = np.argsort(ocv_v)
    slope_v = np.maximum(np.interp(level_v, ocv_v[order], np.gradient(smooth_v, soc)[order]), 0.05)
    inside = np.flatnonzero((level_v >= ocv_v.min() + 0.02) & (level_v <= ocv_v.max() - 0.02))
    first, last = inside[0], inside[-1]
    slope_v[:first] = slope_v[first] * (plateau_v - level_v[:first]) / (plateau_v - level_v[first])
    slope_v[last + 1 :] = slope_v[last] * (level_v[last + 1 :] - plateau_v) / (level_v[last] - plateau_v)
    return slope_v


def _charge_by_voltage(slope_v: FloatArray) -> FloatArray:
    """Charge from the lowest voltage on: one over the slope, added up, shape (2, n_charges). [-]"""
    level_v = LEVEL_LOW_V + LEVEL_STEP_V * np.arange(N_LEVELS)
    voltage_v = CHARGE_LOW_V + CHARGE_STEP_V * np.arange(N_CHARGES)
    charge = np.empty((slope_v.shape[0], N_CHARGES))
    for k, each in enumerate(slope_v):
        at_v: FloatArray = np.asarray(np.interp(voltage_v, level_v, each), dtype=np.float64)
        charge[k] = np.cumsum(CHARGE_STEP_V / at_v)
    return charge
