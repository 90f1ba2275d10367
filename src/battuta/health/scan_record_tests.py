"""How the test that decided on a finding went over the days, worked out again from what was kept.

The limits are in the unit of what is measured: the larger of the change that matters and so many usual distances of
the other cells. Days on which somebody worked on a module are not left out here, so that the last digits may differ.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from battuta.domain.health import FaultClass, Finding
from battuta.domain.time import NS_PER_DAY
from battuta.health.comparison_kernels import MAD
from battuta.health.day_history import HISTORY_DAYS, DayHistory, without_common
from battuta.health.decision_settings import DecisionSettings, Threshold
from battuta.numerics.arrays import FloatArray, IntArray

BURN_IN_DAYS = 10
"""Days in which the filter finds itself, which no test looks at."""
_BASELINE_DAYS_MIN = 14
_ALIKE_DAYS, _STAND_DAYS = 7, 7
_OWN_SHARE = 0.5
"""Share of a cell's own steady drift by which it may seem to change."""
_DOUBTED = ("charge", "resistance_ohm", "offset_v", "capacity_share")
_DRIFT = "charge_lost_per_day"
_SIGNS = {"resistance_ohm": 1.0, "offset_v": 0.0, "capacity_share": -1.0, "unrest_log": 1.0}
"""Direction in which a change is a fault; 0 is either."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class DecidingTest:
    """One test of one cell over the days.

    Attributes
    ----------
    name : str
        What is measured, the unit last.
    window_days : int
        Over how many days.
    against : str
        ``string`` where the cell stands among the others, ``past`` where it is held against what it was before.
    days : ndarray, shape (n_days,)
        Days since 1970-01-01.
    effect, low, high : ndarray, shape (n_days,)
        The cell, and the band of all cells; NaN before the test can be made. [its unit]
    watch, act : ndarray, shape (n_days,)
        What the cell has to exceed. [its unit]
    """

    name: str
    window_days: int
    against: str
    days: IntArray
    effect: FloatArray
    low: FloatArray
    high: FloatArray
    watch: FloatArray
    act: FloatArray


@dataclass(slots=True, kw_only=True, eq=False)
class StringHistory:
    """All days of a string that were kept.

    Attributes
    ----------
    days : ndarray, shape (n_days,)
        Days since 1970-01-01, ascending.
    values : mapping of str to ndarray, shape (n_days, n_cells)
        Each track. [its unit]
    doubt : ndarray, shape (4, n_days)
        Standard deviations of charge, resistance, offset and capacity. [their units]
    """

    days: IntArray
    values: Mapping[str, FloatArray]
    doubt: FloatArray
    _made: dict[tuple[str, int, str], tuple[FloatArray, FloatArray]] = field(
        default_factory=dict[tuple[str, int, str], tuple[FloatArray, FloatArray]]
    )

    def deciding(self, finding: Finding, settings: DecisionSettings) -> DecidingTest | None:
        """Work out the test that decided on a finding.

        Parameters
        ----------
        finding : Finding
            What was found.
        settings : DecisionSettings
            Limits of the tests.

        Returns
        -------
        DecidingTest or None
            The test; None where it cannot be told from what was kept.
        """
        name = next((each for each in (_DRIFT, *_SIGNS) if each in finding.evidence), None)
        window_days = int(finding.evidence.get("window_days", 0.0))
        n_cells = self.values["charge"].shape[1]
        if name is None or window_days < 1 or finding.cell is None or finding.cell >= n_cells:
            return None
        if self.days.size <= BURN_IN_DAYS:
            return None
        day = finding.found_ns // NS_PER_DAY - 1
        at = int(np.searchsorted(self.days, day)) - BURN_IN_DAYS
        told = abs(finding.evidence[name])
        kinds = _kinds(name, window_days)
        made = {kind: self._effects(name, window_days, kind) for kind in kinds}
        kind = min(made, key=lambda each: _apart(made[each][0], at, finding.cell or 0, told))
        effects, scale = made[kind]
        middle, low, high = _quantiles(effects)
        limit = _threshold(settings, finding.fault, kind)
        return DecidingTest(
            name=name,
            window_days=window_days,
            against=kind,
            days=self.days[BURN_IN_DAYS:],
            effect=effects[:, finding.cell].copy(),
            low=low,
            high=high,
            watch=middle + np.maximum(limit.effect, limit.watch * scale),
            act=middle + np.maximum(limit.act_effect, limit.act * scale),
        )

    def _effects(self, name: str, window_days: int, kind: str) -> tuple[FloatArray, FloatArray]:
        """The change of all cells, shape (n_days, n_cells), and their usual distance, shape (n_days,)."""
        key = (name, window_days, kind)
        if key not in self._made:
            days = self.days[BURN_IN_DAYS:]
            effects, scale = np.full((days.size, self.values["charge"].shape[1]), np.nan), np.full(days.size, np.nan)
            for stop in range(1, days.size + 1):
                history = self._until("charge" if name == _DRIFT else name, stop)
                first = history.rows_since(window_days)
                change = (
                    _drift(history, first, window_days, kind) if name == _DRIFT else _step(history, first, name, kind)
                )
                if change is None or not np.isfinite(history.values).all():
                    continue
                alike = self._alike(stop - history.days.size + max(first, 1), stop)
                effect = _towards_fault(change, alike, history, first, name, kind)
                effects[stop - 1] = effect
                scale[stop - 1] = max(_usual(effect), _floor(history, first, window_days, is_drift=name == _DRIFT))
            self._made[key] = (effects, scale)
        return self._made[key]

    def _until(self, track: str, stop: int) -> DayHistory:
        """The last days of a track before a row."""
        kept = slice(BURN_IN_DAYS + max(stop - HISTORY_DAYS, 0), BURN_IN_DAYS + stop)
        known = track in _DOUBTED
        variance = self.doubt[_DOUBTED.index(track), kept] ** 2 if known else np.full(self.days[kept].size, 0.01)
        return DayHistory(days=self.days[kept], values=self.values[track][kept], variance=variance)

    def _alike(self, row: int, stop: int) -> FloatArray:
        """What each cell was before a row, shape (4, n_cells)."""
        levels = [self._until(each, min(row, stop)) for each in _DOUBTED]
        found = [each.level(max(each.days.size - _ALIKE_DAYS, 0), each.days.size) for each in levels]
        return np.array([each for each in found if each is not None])


def _kinds(name: str, window_days: int) -> tuple[str, ...]:
    if name == _DRIFT:
        return ("string", "past")
    return ("string",) if name == "resistance_ohm" and window_days == _STAND_DAYS else ("past",)


def _drift(history: DayHistory, first: int, window_days: int, kind: str) -> FloatArray | None:
    """Charge lost a day in the window, or more of it than before."""
    slope = history.slope_per_day(first, history.days.size)
    if slope is None or history.days[-1] - history.days[first] < window_days // 2:
        return None
    if kind == "string":
        return -slope
    before = history.slope_per_day(0, first) if first >= max(_BASELINE_DAYS_MIN, window_days // 2) else None
    return None if before is None else before - slope


def _step(history: DayHistory, first: int, name: str, kind: str) -> FloatArray | None:
    """Mean of the window, or that less the mean of all days before."""
    now, before = history.level(first, history.days.size), history.level(0, first)
    if now is None or kind == "string":
        return now
    if before is None or first < _BASELINE_DAYS_MIN:
        return None
    return now - before if _SIGNS[name] == 0.0 else _SIGNS[name] * (now - before)


def _towards_fault(
    change: FloatArray, alike: FloatArray, history: DayHistory, first: int, name: str, kind: str
) -> FloatArray:
    """A change without what all cells share, and without half of a cell's own steady drift."""
    if name != _DRIFT:
        left = change if kind == "string" else without_common(change, alike)
        return np.abs(left) if _SIGNS[name] == 0.0 else left
    left = without_common(change, alike)
    before = history.slope_per_day(0, first) if kind == "past" else None
    if before is None:
        return left
    steady = np.abs(before - np.median(before))
    return np.sign(left) * np.maximum(np.abs(left) - _OWN_SHARE * steady, 0.0)


def _floor(history: DayHistory, first: int, window_days: int, *, is_drift: bool) -> float:
    """Smallest usual distance that is believed."""
    doubt = float(np.sqrt(np.median(history.variance[first:])))
    return 2.0 * doubt / window_days**1.5 if is_drift else doubt


def _usual(effect: FloatArray) -> float:
    return float(MAD * np.median(np.abs(effect - np.median(effect))))


def _quantiles(effects: FloatArray) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Median of the cells, and what 5 % of them lie below and above."""
    known = np.isfinite(effects).all(axis=1)
    found = np.full((3, effects.shape[0]), np.nan)
    if known.any():
        found[:, known] = np.quantile(effects[known], (0.5, 0.05, 0.95), axis=1)
    return found[0], found[1], found[2]


def _apart(effects: FloatArray, at: int, cell: int, told: float) -> float:
    """How far a test lay from what was told; an infinite way where it could not be made."""
    if not 0 <= at < effects.shape[0] or not np.isfinite(effects[at, cell]):
        return float("inf")
    return abs(abs(float(effects[at, cell])) - told)


def _threshold(settings: DecisionSettings, fault: FaultClass, kind: str) -> Threshold:
    """Limits of the test of a class."""
    if fault is FaultClass.RESISTANCE_RISE:
        return settings.resistance if kind == "string" else settings.resistance_change
    if fault is FaultClass.VOLTAGE_SENSOR:
        return settings.offset_change
    if fault is FaultClass.CAPACITY_OUTLIER:
        return settings.capacity_change
    if fault is FaultClass.LOOSE_CONTACT:
        return settings.unrest_change
    return settings.drift if kind == "string" else settings.drift_change
