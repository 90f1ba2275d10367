"""From what a day said of a string to findings: each cell is held against its string and against its own past.

A cell that always stood apart was built so; one that changes is on its way. So every quantity is tested twice: where it
stands among the cells of its string, and how far it moved from where this cell stood before. What counts as far is how
far the other cells of the same string moved in the same days, since they see the same noise, weather and duty. A test
has to hold on two days in a row before anybody hears of it, and the change has to be large enough to matter.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType

import numpy as np

from battuta.domain.health import FaultClass, Finding, FindingLevel
from battuta.domain.time import NS_PER_DAY
from battuta.health.comparison_kernels import middle
from battuta.health.day_history import DayHistory, beside_others, without_common
from battuta.health.decision_settings import DecisionSettings, Threshold
from battuta.health.module_work import worked_on
from battuta.health.string_filter import StringDay
from battuta.numerics.arrays import BoolArray, FloatArray, IntArray

DRIFT_WINDOWS_DAYS = (4, 8, 16, 32, 64)
_BASELINE_DAYS_MIN = 14
_BURN_IN_DAYS, _WARM_UP_DAYS = 10, 7
"""Days in which the filter finds itself, and days to look at before the first word."""
_LEVEL_DAYS, _ALIKE_DAYS, _STAND_DAYS = 4, 7, 7
_STUCK_RANGE_V = 0.005
_OWN_SHARE = 0.5
"""Share of a cell's own steady drift by which it may seem to change, as a straight line is one for small steps."""
_APART_MAX = 0.03
"""Distance in charge beyond which a cell's other differences are not told apart from it. [-]"""
_STIRRED_SHARE, _SETTLING_DAYS = 0.6, 21
"""Share of where a test speaks from which a cell counts as stirred [-], and how long a new module settles [d]."""
_SURPRISE_MIN, _UNREST_VARIANCE = 1e-6, 0.01
"""Smallest surprise of a day that is told apart [-], and how much its logarithm varies anyway [-]."""
_FAR_DAYS_MIN = 16
"""Window from which on the charge of a cell is believed that lay so far apart before. [d]"""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Verdict:
    """What one test says of all cells of a string on one day.

    Attributes
    ----------
    fault : FaultClass
        What it looks for.
    score : ndarray, shape (n_cells,)
        Standard deviations of the other cells, positive towards the fault; 0 where the change does not matter. [-]
    effect, beyond : ndarray, shape (n_cells,)
        The change itself, and how far it lies from the middle of the cells. [its unit]
    threshold : Threshold
        When it speaks.
    name : str
        What is measured, the unit last.
    days : int
        Over how many days.
    """

    fault: FaultClass
    score: FloatArray
    effect: FloatArray
    beyond: FloatArray
    threshold: Threshold
    name: str
    days: int

    def without(self, cells: BoolArray) -> Verdict:
        """Return the same, silent on some cells."""
        return replace(self, score=np.where(cells, 0.0, self.score))


@dataclass(slots=True)
class _Heard:
    """What was heard of the cells so far, each shape (n_cells,)."""

    days_in_row: IntArray
    level: IntArray
    since_day: IntArray


class StringDecisions:
    """Decides on one string.

    Parameters
    ----------
    n_cells : int
        Cells in series.
    settings : DecisionSettings
        Limits.
    """

    def __init__(self, n_cells: int, settings: DecisionSettings | None = None) -> None:
        self.settings = settings or DecisionSettings()
        self._n_days = 0
        self._charge = DayHistory.empty(n_cells)
        self._resistance = DayHistory.empty(n_cells)
        self._offset = DayHistory.empty(n_cells)
        self._capacity = DayHistory.empty(n_cells)
        self._unrest = DayHistory.empty(n_cells)
        self._heard: dict[FaultClass, _Heard] = {}
        self._settled_day = np.zeros(n_cells, dtype=np.int64)

    def take(self, said: StringDay) -> list[Finding]:
        """Take a day and tell what is new by it.

        Parameters
        ----------
        said : StringDay
            What the filter said.

        Returns
        -------
        list of Finding
            Cells whose level rose, the gravest class of each alone.
        """
        self._n_days += 1
        if self._n_days <= _BURN_IN_DAYS:
            return []
        charge = said.states[0] + said.bled - middle(said.bled)
        self._charge.append(said.day, charge, float(said.variance[0]))
        self._resistance.append(said.day, said.states[2] + said.states[3], float(said.variance[2] + said.variance[3]))
        self._offset.append(said.day, said.states[4], float(said.variance[4]))
        self._capacity.append(said.day, said.states[1], float(said.variance[1]))
        self._unrest.append(said.day, np.log(np.maximum(said.surprise, _SURPRISE_MIN)), _UNREST_VARIANCE)
        settling = self._settled_day > said.day
        if settling.any():
            self._restart(settling)
        if self._charge.days.size < _WARM_UP_DAYS:
            return []
        far = np.abs(said.states[0]) > _APART_MAX
        changes = [each.without(far) for each in self._changes() if each is not None]
        was_far = self._was_far()
        drifts = [each.without(was_far & (each.days < _FAR_DAYS_MIN)) for each in self._drifts() if each is not None]
        verdicts = [*drifts, *changes]
        peaks = self._strongest(verdicts, said)
        self._leave_out_worked_on(said.day, peaks)
        return self._told(said, peaks)

    def _leave_out_worked_on(self, day: int, peaks: Mapping[FaultClass, _Peak]) -> None:
        """Where neighbours all change at once somebody worked: those cells begin anew, once they have settled."""
        if not peaks:
            return
        loudest = np.max([peak.share for peak in peaks.values()], axis=0)
        worked = worked_on(loudest >= _STIRRED_SHARE)
        if worked.any():
            self._settled_day = np.where(worked, day + _SETTLING_DAYS, self._settled_day)
            self._restart(worked)
            for peak in peaks.values():
                peak.share = np.where(worked, 0.0, peak.share)

    def _restart(self, cells: BoolArray) -> None:
        for history in (self._charge, self._resistance, self._offset, self._capacity, self._unrest):
            history.restart(cells)

    def _was_far(self) -> BoolArray:
        """Cells that lay far apart before the short windows began; their charge is told badly from day to day."""
        first = max(self._charge.rows_since(_FAR_DAYS_MIN), 1)
        before = self._charge.level(max(first - _LEVEL_DAYS, 0), first)
        return np.zeros(self._settled_day.size, dtype=np.bool_) if before is None else np.abs(before) > _APART_MAX

    def _drifts(self) -> list[Verdict | None]:
        """Charge that a cell loses a day, over windows of several lengths."""
        history, found = self._charge, list[Verdict | None]()
        for window in DRIFT_WINDOWS_DAYS:
            first, stop = history.rows_since(window), history.days.size
            slope = history.slope_per_day(first, stop)
            if slope is None or history.days[-1] - history.days[first] < window // 2:
                continue
            floor = 2.0 * float(np.sqrt(np.median(history.variance[first:]))) / window**1.5
            alike = self._alike(max(first, 1))
            lost = without_common(-slope, alike)
            found.append(self._verdict(FaultClass.MICRO_SHORT, lost, self.settings.drift, floor, window))
            before = history.slope_per_day(0, first) if first >= max(_BASELINE_DAYS_MIN, window // 2) else None
            if before is not None:
                change = without_common(before - slope, alike)
                steady = np.abs(before - middle(before))
                change = np.sign(change) * np.maximum(np.abs(change) - _OWN_SHARE * steady, 0.0)
                found.append(self._verdict(FaultClass.MICRO_SHORT, change, self.settings.drift_change, floor, window))
        return found

    def _alike(self, stop: int) -> FloatArray:
        """What each cell was before a row of the history, shape (4, n_cells)."""
        kept = (self._charge, self._capacity, self._resistance, self._offset)
        levels = [each.level(max(stop - _ALIKE_DAYS, 0), stop) for each in kept]
        return np.array([each for each in levels if each is not None])

    def _changes(self) -> list[Verdict | None]:
        """Steps of resistance, offset and capacity against the cell's own past."""
        settings = self.settings
        return [
            self._step(self._resistance, FaultClass.RESISTANCE_RISE, settings.resistance_change, "resistance_ohm", 1.0),
            self._stand(self._resistance, FaultClass.RESISTANCE_RISE, settings.resistance, "resistance_ohm"),
            self._step(self._offset, FaultClass.VOLTAGE_SENSOR, settings.offset_change, "offset_v", 0.0),
            self._step(self._capacity, FaultClass.CAPACITY_OUTLIER, settings.capacity_change, "capacity_share", -1.0),
            self._step(self._unrest, FaultClass.LOOSE_CONTACT, settings.unrest_change, "unrest_log", 1.0),
        ]

    def _step(
        self, history: DayHistory, fault: FaultClass, threshold: Threshold, name: str, sign: float
    ) -> Verdict | None:
        """Mean of the last days less that of the days before; both ways where the sign is 0."""
        first = history.rows_since(_LEVEL_DAYS)
        now, before = history.level(first, history.days.size), history.level(0, first)
        if now is None or before is None or first < _BASELINE_DAYS_MIN:
            return None
        floor = float(np.sqrt(np.median(history.variance[first:])))
        change = without_common(now - before if sign == 0.0 else sign * (now - before), self._alike(first))
        return self._verdict(fault, np.abs(change) if sign == 0.0 else change, threshold, floor, _LEVEL_DAYS, name)

    def _stand(self, history: DayHistory, fault: FaultClass, threshold: Threshold, name: str) -> Verdict | None:
        first = history.rows_since(_STAND_DAYS)
        now = history.level(first, history.days.size)
        if now is None:
            return None
        floor = float(np.sqrt(np.median(history.variance[first:])))
        return self._verdict(fault, now, threshold, floor, _STAND_DAYS, name)

    def _verdict(
        self,
        fault: FaultClass,
        effect: FloatArray,
        threshold: Threshold,
        floor: float,
        days: int,
        name: str = "charge_lost_per_day",
    ) -> Verdict:
        score = beside_others(effect, floor)
        beyond = effect - middle(effect)
        score = np.where(beyond >= threshold.effect, score, 0.0)
        return Verdict(
            fault=fault, score=score, effect=effect, beyond=beyond, threshold=threshold, name=name, days=days
        )

    def _strongest(self, verdicts: list[Verdict], said: StringDay) -> Mapping[FaultClass, _Peak]:
        """For each class the strongest test of each cell; a cell belongs to the class that says most of it."""
        peaks: dict[FaultClass, _Peak] = {}
        for each in verdicts:
            share = each.score / each.threshold.watch
            peak = peaks.setdefault(each.fault, _Peak.none(share.size))
            peak.take(share, each)
        stuck = (said.range_v == 0.0) & (middle(said.range_v) > _STUCK_RANGE_V)
        if stuck.any():
            peaks[FaultClass.STUCK_VALUE] = _Peak.sure(stuck)
        if peaks:
            strongest = np.max([peak.share for peak in peaks.values()], axis=0)
            for peak in peaks.values():
                peak.share = np.where(peak.share >= strongest, peak.share, 0.0)
        return peaks

    def _told(self, said: StringDay, peaks: Mapping[FaultClass, _Peak]) -> list[Finding]:
        found: list[Finding] = []
        for fault, peak in peaks.items():
            heard = self._heard.setdefault(fault, _quiet(peak.share.size))
            speaks = peak.share >= 1.0
            heard.since_day = np.where(speaks & (heard.days_in_row == 0), said.day, heard.since_day)
            heard.days_in_row = np.where(speaks, heard.days_in_row + 1, 0)
            level = np.where(peak.acts, int(FindingLevel.ACT), int(FindingLevel.WATCH))
            rises = speaks & (heard.days_in_row >= 2) & (level > heard.level)
            found.extend(
                self._finding(said, fault, int(cell), peak, int(heard.since_day[cell]), int(level[cell]))
                for cell in np.flatnonzero(rises)
            )
            heard.level = np.where(rises, level, heard.level)
        return found

    def _finding(
        self, said: StringDay, fault: FaultClass, cell: int, peak: _Peak, since_day: int, level: int
    ) -> Finding:
        by = peak.by[cell]
        evidence = {} if by is None else {
            by.name: float(by.effect[cell]),
            "others_median": float(by.effect[cell] - by.beyond[cell]),
            "score": float(by.score[cell]),
            "window_days": float(by.days),
        }  # fmt: skip
        began = max(since_day - int(peak.days[cell]), 0)
        return Finding(
            string_id=said.string_id,
            cell=cell,
            fault=fault,
            level=FindingLevel(level),
            since_ns=began * NS_PER_DAY,
            found_ns=(said.day + 1) * NS_PER_DAY,
            probability=self.settings.probability(FindingLevel(level)),
            evidence=MappingProxyType(evidence),
        )


@dataclass(slots=True)
class _Peak:
    """The strongest test of a class for each cell, as a share of where it begins to speak; whether one says act.

    The shortest window that speaks says since when and how much, as far as anything does.
    """

    share: FloatArray
    acts: BoolArray
    days: IntArray
    by: list[Verdict | None]

    @classmethod
    def none(cls, n_cells: int) -> _Peak:
        return cls(
            share=np.zeros(n_cells),
            acts=np.zeros(n_cells, dtype=np.bool_),
            days=np.zeros(n_cells, dtype=np.int64),
            by=[None] * n_cells,
        )

    @classmethod
    def sure(cls, cells: BoolArray) -> _Peak:
        none = np.zeros(cells.size, dtype=np.int64)
        return cls(share=np.where(cells, 100.0, 0.0), acts=cells, days=none, by=[None] * cells.size)

    def take(self, share: FloatArray, verdict: Verdict) -> None:
        """Keep what is stronger, and let any test that says act be heard."""
        threshold = verdict.threshold
        self.acts = self.acts | ((verdict.score >= threshold.act) & (verdict.beyond >= threshold.act_effect))
        speaks = share >= 1.0
        shorter = speaks & ((self.days == 0) | (self.days > verdict.days))
        self.days = np.where(shorter, verdict.days, self.days)
        self.share = np.maximum(self.share, share)
        for cell in np.flatnonzero(shorter):
            self.by[cell] = verdict


def _quiet(n_cells: int) -> _Heard:
    zeros = np.zeros(n_cells, dtype=np.int64)
    return _Heard(days_in_row=zeros, level=zeros.copy(), since_day=zeros.copy())
