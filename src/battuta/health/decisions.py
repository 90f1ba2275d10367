"""From what a day said of a string to findings: each cell is held against its string and against its own past.

A cell that always stood apart was built so; one that changes is on its way. So every quantity is tested twice: where it
stands among the cells of its string, and how far it moved from where this cell stood before. What counts as far is how
far the other cells of the same string moved in the same days, since they see the same noise, weather and duty. A test
has to hold on two days in a row before anybody hears of it, and the change has to be large enough to matter.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np

from battuta.domain.health import FaultClass, Finding, FindingLevel
from battuta.domain.time import NS_PER_DAY
from battuta.health.comparison_kernels import middle
from battuta.health.day_history import DayHistory, without_common
from battuta.health.days_to_limit import charge_limit_days, doubling_days
from battuta.health.decision_settings import DRIFT_WINDOWS_DAYS, DecisionSettings, Threshold
from battuta.health.module_work import worked_on
from battuta.health.string_filter import StringDay
from battuta.health.verdicts import CellTest, Peak, Verdict
from battuta.numerics.arrays import BoolArray, FloatArray, IntArray

_BASELINE_DAYS_MIN = 14
_BURN_IN_DAYS, _WARM_UP_DAYS = 10, 7
"""Days in which the filter finds itself, and days to look at before the first word."""
_LEVEL_DAYS, _ALIKE_DAYS, _STAND_DAYS = 4, 7, 7
_STUCK_RANGE_V = 0.02
_OWN_SHARE = 0.5
"""Share of a cell's own steady drift by which it may seem to change, as a straight line is one for small steps."""
_APART_MAX = 0.03
"""Distance in charge beyond which a cell's other differences are not told apart from it. [-]"""
_SETTLING_DAYS = 45
"""How long a new module settles. [d]"""
_WORKED_MAX = 2
"""How often what neighbours do together is taken for work on them; what goes on after that is told."""
_STANDING = ("resistance_ohm", "charge_lost_per_day")
"""What stands rather than steps, and so is no sign of work."""
_QUIET_DAYS = 30
"""Days without a word after which a cell is told anew. [d]"""
_FELL, _FELL_DAYS = 0.008, 16
"""Charge lost within days beside which a channel that reads lower is no sign of a sensor. [-], [d]"""
_STEP_DOUBT = 0.3
"""Share of the doubt of a value that its change from day to day has: most of the doubt stays the same. [-]"""
_STRANGE_FROM = 2.0
"""Surprise of a cell over that of its string from which what it seems to lose counts less. [-]"""
_UNREST_SAYS = 0.3
"""What unrest weighs against tests that say what changed. [-]"""
_SURPRISE_MIN, _UNREST_VARIANCE = 1e-6, 0.01
"""Smallest surprise of a day that is told apart [-], and how much its logarithm varies anyway [-]."""
_HALVED_DAYS_MIN, _HALF_SHARE = 8, 1.6


@dataclass(slots=True)
class _Heard:
    """What was heard of the cells so far, each shape (n_cells,)."""

    days_in_row: IntArray
    level: IntArray
    since_day: IntArray
    quiet_days: IntArray


class StringDecisions:
    """Decides on one string.

    Parameters
    ----------
    n_cells : int
        Cells in series.
    settings : DecisionSettings
        Limits.
    usual_ohm : float or None
        Resistance of a usual cell, to say when one has doubled; nothing is said of that if left out. [ohm]

    Attributes
    ----------
    verdicts : list of Verdict
        What each test said of the last day.
    """

    def __init__(self, n_cells: int, settings: DecisionSettings | None = None, usual_ohm: float | None = None) -> None:
        self.settings, self.usual_ohm = settings or DecisionSettings(), usual_ohm
        self._n_days = 0
        self._charge = DayHistory.empty(n_cells)
        self._resistance = DayHistory.empty(n_cells)
        self._offset = DayHistory.empty(n_cells)
        self._capacity = DayHistory.empty(n_cells)
        self._unrest = DayHistory.empty(n_cells)
        self._strange = DayHistory.empty(n_cells)
        self._heard: dict[FaultClass, _Heard] = {}
        self._tests: dict[str, CellTest] = {}
        self.verdicts: list[Verdict] = []
        self._settled_day = np.zeros(n_cells, dtype=np.int64)
        self._n_worked = np.zeros(n_cells, dtype=np.int64)

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
        self.verdicts = []
        if self._n_days <= _BURN_IN_DAYS:
            return []
        charge = said.states[0] + said.bled - middle(said.bled)
        self._charge.append(said.day, charge, float(said.variance[0]))
        self._resistance.append(said.day, said.states[2] + said.states[3], float(said.variance[2] + said.variance[3]))
        self._offset.append(said.day, said.states[4], float(said.variance[4]))
        self._capacity.append(said.day, said.states[1], float(said.variance[1]))
        strange = np.log(np.maximum(said.surprise, _SURPRISE_MIN))
        self._strange.append(said.day, strange - middle(strange), _UNREST_VARIANCE)
        if np.isfinite(said.unrest_share).all():
            unrest = np.log(np.maximum(said.unrest_share, _SURPRISE_MIN))
            self._unrest.append(said.day, unrest, _UNREST_VARIANCE)
        settling = self._settled_day > said.day
        if settling.any():
            self._restart(settling)
        if self._charge.days.size < _WARM_UP_DAYS:
            return []
        self.verdicts = [*self._drifts(), *self._changes(np.abs(said.states[0]) > _APART_MAX)]
        peaks = self._strongest(said)
        self._leave_out_worked_on(peaks)
        return self._told(said, peaks)

    def _leave_out_worked_on(self, peaks: Mapping[FaultClass, Peak]) -> None:
        """Where neighbours all change at once somebody worked: those cells begin anew, once they have settled."""
        if not self.verdicts:
            return
        steps = [each.stirs for each in self.verdicts if each.name not in _STANDING]
        worked = worked_on(np.max(steps, axis=0) >= 1.0) if steps else np.zeros_like(self._settled_day, dtype=np.bool_)
        excused = worked & (self._n_worked < _WORKED_MAX)
        if excused.any():
            self._n_worked = self._n_worked + excused
            self.restart(excused)
            for peak in peaks.values():
                peak.share = np.where(excused, 0.0, peak.share)

    def restart(self, cells: BoolArray) -> None:
        """Forget the past of cells that somebody exchanged, or that other channels read now; they settle first.

        Parameters
        ----------
        cells : ndarray of bool, shape (n_cells,)
            Cells of which what was seen before says nothing any more.
        """
        if self._charge.days.size:
            self._settled_day = np.where(cells, int(self._charge.days[-1]) + _SETTLING_DAYS, self._settled_day)
        for heard in self._heard.values():
            heard.level = np.where(cells, 0, heard.level)
        self._restart(cells)

    def _restart(self, cells: BoolArray) -> None:
        for history in (self._charge, self._resistance, self._offset, self._capacity, self._unrest, self._strange):
            if history.days.size:
                history.restart(cells)

    def _was_far(self, first: int) -> BoolArray:
        """Cells that lay far apart before a row; their charge is told badly."""
        before = self._charge.level(max(first - _LEVEL_DAYS, 0), first)
        return np.zeros(self._settled_day.size, dtype=np.bool_) if before is None else np.abs(before) > _APART_MAX

    def _drifts(self) -> list[Verdict]:
        """Charge that a cell loses a day, over windows of several lengths."""
        history, settings, found = self._charge, self.settings, list[Verdict]()
        for window, threshold, change_threshold in zip(
            DRIFT_WINDOWS_DAYS, settings.drift, settings.drift_change, strict=True
        ):
            first, stop = history.rows_since(window), history.days.size
            slope = self._steady_slope(first, stop, window)
            if slope is None or history.days[-1] - history.days[first] < 0.75 * window:
                continue
            floor = 2.0 * float(np.sqrt(np.median(history.variance[first:]))) / window**1.5
            alike, silent = self._alike(max(first, 1)), self._was_far(max(first, 1))
            caution = self._caution(first, stop)
            test = self._test(FaultClass.MICRO_SHORT, threshold, "charge_lost_per_day", window)
            found.append(test.judge(without_common(-slope, alike), floor, silent, caution))
            before = history.slope_per_day(0, first) if first >= max(_BASELINE_DAYS_MIN, window // 2) else None
            if before is not None:
                change = without_common(before - slope, alike)
                steady = np.abs(before - middle(before))
                change = np.sign(change) * np.maximum(np.abs(change) - _OWN_SHARE * steady, 0.0)
                test = self._test(FaultClass.MICRO_SHORT, change_threshold, "charge_lost_more_per_day", window)
                found.append(test.judge(change, floor, silent, caution))
        return found

    def _caution(self, first: int, stop: int) -> FloatArray:
        """By how much more a cell has to lose whose voltages were badly explained in a window. [-]"""
        strange = self._strange.level(first, stop)
        if strange is None:
            return np.ones(self._settled_day.size)
        return np.sqrt(np.maximum(np.exp(strange) / _STRANGE_FROM, 1.0))

    def _test(self, fault: FaultClass, threshold: Threshold, name: str, days: int) -> CellTest:
        key = f"{fault.value} {name} {days}"
        if key not in self._tests:
            self._tests[key] = CellTest.of(fault, threshold, name, days, self._settled_day.size)
        return self._tests[key]

    def _steady_slope(self, first: int, stop: int, window: int) -> FloatArray | None:
        """Charge gained a day over a window, no more than its halves allow: a leak goes on, an error is made once."""
        history = self._charge
        slope = history.slope_per_day(first, stop)
        if slope is None or window < _HALVED_DAYS_MIN:
            return slope
        half = history.rows_since(window // 2)
        earlier, later = history.slope_per_day(first, half + 1), history.slope_per_day(half, stop)
        if earlier is None or later is None:
            return None
        usual = middle(slope)
        away = slope - usual
        towards = np.sign(away)
        least = np.minimum(towards * (earlier - middle(earlier)), towards * (later - middle(later)))
        return usual + towards * np.minimum(np.abs(away), _HALF_SHARE * np.maximum(least, 0.0))

    def _alike(self, stop: int) -> FloatArray:
        """What each cell was before a row of the history, shape (4, n_cells)."""
        kept = (self._charge, self._capacity, self._resistance, self._offset)
        levels = [each.level(max(stop - _ALIKE_DAYS, 0), stop) for each in kept]
        return np.array([each for each in levels if each is not None])

    def _changes(self, silent: BoolArray) -> list[Verdict]:
        """Steps of resistance, offset and capacity against the cell's own past."""
        settings = self.settings
        found = [
            self._step(
                self._resistance, FaultClass.RESISTANCE_RISE, settings.resistance_change, "resistance_rise_ohm", 1.0,
                silent,
            ),
            self._stand(self._resistance, FaultClass.RESISTANCE_RISE, settings.resistance, "resistance_ohm", silent),
            self._step(self._offset, FaultClass.VOLTAGE_SENSOR, settings.offset_change, "offset_v", 0.0, silent),
            self._step(
                self._capacity, FaultClass.CAPACITY_OUTLIER, settings.capacity_change, "capacity_lost_share", -1.0,
                silent,
            ),
            self._step(self._unrest, FaultClass.LOOSE_CONTACT, settings.unrest_change, "unrest_log", 1.0, silent),
        ]  # fmt: skip
        return [each for each in found if each is not None]

    def _step(
        self,
        history: DayHistory,
        fault: FaultClass,
        threshold: Threshold,
        name: str,
        sign: float,
        silent: BoolArray,
    ) -> Verdict | None:
        """Mean of the last days less that of the days before; both ways where the sign is 0."""
        if not history.days.size or history.days[-1] < self._charge.days[-1]:
            return None
        first = history.rows_since(_LEVEL_DAYS)
        now, before = history.level(first, history.days.size), history.level(0, first)
        if now is None or before is None or first < _BASELINE_DAYS_MIN:
            return None
        floor = _STEP_DOUBT * float(np.sqrt(np.median(history.variance[first:])))
        alike = self._alike(max(self._charge.rows_since(_LEVEL_DAYS), 1))
        change = without_common(now - before if sign == 0.0 else sign * (now - before), alike)
        effect = np.abs(change) if sign == 0.0 else change
        return self._test(fault, threshold, name, _LEVEL_DAYS).judge(effect, floor, silent)

    def _stand(
        self, history: DayHistory, fault: FaultClass, threshold: Threshold, name: str, silent: BoolArray
    ) -> Verdict | None:
        first = history.rows_since(_STAND_DAYS)
        now = history.level(first, history.days.size)
        if now is None:
            return None
        floor = float(np.sqrt(np.median(history.variance[first:])))
        return self._test(fault, threshold, name, _STAND_DAYS).judge(now, floor, silent)

    def _strongest(self, said: StringDay) -> Mapping[FaultClass, Peak]:
        """For each class the strongest test of each cell; a cell belongs to the class that says most of it."""
        peaks: dict[FaultClass, Peak] = {}
        for each in self.verdicts:
            peaks.setdefault(each.fault, Peak.none(each.share.size)).take(each)
        self._leave_to_leaks(peaks)
        stuck = (said.range_v == 0.0) & (middle(said.range_v) > _STUCK_RANGE_V)
        if stuck.any():
            peaks[FaultClass.STUCK_VALUE] = Peak.sure(stuck)
        if peaks:
            says = {
                fault: peak.share * (_UNREST_SAYS if fault is FaultClass.LOOSE_CONTACT else 1.0)
                for fault, peak in peaks.items()
            }
            strongest = np.max([np.where(peaks[fault].share >= 1.0, each, 0.0) for fault, each in says.items()], axis=0)
            for fault, peak in peaks.items():
                peak.share = np.where(says[fault] >= strongest, peak.share, 0.0)
        return peaks

    def _leave_to_leaks(self, peaks: dict[FaultClass, Peak]) -> None:
        """A cell that reads lower and lost charge is taken for one that leaks, the graver of both."""
        sensor, first = peaks.get(FaultClass.VOLTAGE_SENSOR), self._charge.rows_since(_FELL_DAYS)
        if sensor is None or not 0 < first < self._charge.days.size:
            return
        fell = self._charge.values[first - 1] - self._charge.values[-1] > _FELL
        lower = self._offset.values[-1] < self._offset.values[max(self._offset.rows_since(_FELL_DAYS) - 1, 0)]
        leaks = fell & lower & (sensor.share >= 1.0)
        if leaks.any():
            short = peaks.setdefault(FaultClass.MICRO_SHORT, Peak.none(fell.size))
            short.take_over(sensor, leaks)

    def _told(self, said: StringDay, peaks: Mapping[FaultClass, Peak]) -> list[Finding]:
        found: list[Finding] = []
        for fault, peak in peaks.items():
            heard = self._heard.setdefault(fault, _quiet(peak.share.size))
            speaks = peak.share >= 1.0
            heard.since_day = np.where(speaks & (heard.days_in_row == 0), said.day, heard.since_day)
            heard.days_in_row = np.where(speaks, heard.days_in_row + 1, 0)
            level = np.where(peak.acts, int(FindingLevel.ACT), int(FindingLevel.WATCH))
            rises = (
                speaks & (heard.days_in_row >= (2 if fault is FaultClass.STUCK_VALUE else 1)) & (level > heard.level)
            )
            found.extend(
                self._finding(said, fault, int(cell), peak, int(heard.since_day[cell]), int(level[cell]))
                for cell in np.flatnonzero(rises)
            )
            heard.level = np.where(rises, level, heard.level)
            heard.quiet_days = np.where(speaks, 0, heard.quiet_days + 1)
            heard.level = np.where(heard.quiet_days >= _QUIET_DAYS, 0, heard.level)
        return found

    def _finding(
        self, said: StringDay, fault: FaultClass, cell: int, peak: Peak, since_day: int, level: int
    ) -> Finding:
        by = peak.by[cell]
        evidence = {} if by is None else {
            by.name: float(by.effect[cell]),
            "others_median": float(by.effect[cell] - by.beyond[cell]),
            "score": float(by.score[cell]),
            "watch_from": float(by.limit * by.caution[cell]),
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
            days_to_limit=self._days_to_limit(said, fault, cell, by),
        )

    def _days_to_limit(
        self, said: StringDay, fault: FaultClass, cell: int, by: Verdict | None
    ) -> tuple[float, float, float] | None:
        """When the cell keeps its string from its work, of the classes that grow evenly."""
        if by is None or by.score[cell] <= 0.0:
            return None
        if fault is FaultClass.MICRO_SHORT:
            lost_per_day, behind = float(by.beyond[cell]), -float(said.states[0, cell])
            return charge_limit_days(behind, lost_per_day, lost_per_day / float(by.score[cell]))
        if fault is FaultClass.RESISTANCE_RISE and self.usual_ohm is not None:
            return doubling_days(self._resistance, cell, self.usual_ohm)
        return None


def _quiet(n_cells: int) -> _Heard:
    zeros = np.zeros(n_cells, dtype=np.int64)
    return _Heard(days_in_row=zeros, level=zeros.copy(), since_day=zeros.copy(), quiet_days=zeros.copy())
