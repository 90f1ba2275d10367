"""What is wrong with a string rather than with a cell: temperature and current sensors, cooling, exchanged channels.

A day of telemetry is read once for all of them. The cells themselves are asked whether a place that reads warmer is so:
a leak warms its place, and cells that are warmer resist less.
"""

from __future__ import annotations

import numpy as np

from battuta.domain.errors import DataError
from battuta.domain.health import Finding
from battuta.domain.telemetry import Block
from battuta.domain.time import NS_PER_DAY
from battuta.health.comparison_kernels import MAD, middle
from battuta.health.current_checks import CurrentChecks, CurrentReader
from battuta.health.current_checks_kernels import typical_voltage
from battuta.health.day_history import DayHistory
from battuta.health.string_filter import StringDay
from battuta.health.string_resistance import factor_at
from battuta.health.swap_checks import Signature, SwapChecks, signature
from battuta.health.temperature_checks import SensorChecks, SensorReader
from battuta.health.temperature_checks_cooling import COOLANT_C, CoolingChecks
from battuta.numerics.arrays import BoolArray, FloatArray

_ROWS_MIN = 60
_LOOK_AT_EACH, _CLIP_V = 6, 0.02
_LATELY_DAYS, _BASELINE_DAYS_MIN = 4, 7
_LEAK_PER_DAY = 0.005
"""Charge that a cell loses a day, over capacity, when its place may be warm by it: half a watt. [1/day]"""
_RESPONSE_OHM_AH = 0.14 * 0.025 * 0.7
"""Change of resistance times capacity by 0.7 K, of cells of 0.14 ohm Ah: 0.45 mohm for 314 Ah. [ohm Ah]"""
_RESPONSE_SCORE = 5.0


class StringChecks:
    """Watches a string as a whole.

    Parameters
    ----------
    string_id : str
        The string.
    n_cells : int
        Cells in series.
    capacity_ah : float
        Of a cell. [Ah]
    coolant_c : float
        Temperature of the coolant. [degC]
    """

    def __init__(self, string_id: str, n_cells: int, capacity_ah: float, coolant_c: float = COOLANT_C) -> None:
        self.string_id, self.n_cells, self.capacity_ah = string_id, n_cells, capacity_ah
        self.current, self.current_reader = CurrentChecks(string_id, capacity_ah), CurrentReader(capacity_ah)
        self.cooling = CoolingChecks(string_id, coolant_c)
        self.swap = SwapChecks(string_id, n_cells)
        self._sensors: tuple[SensorReader, SensorChecks] | None = None
        self._charge = DayHistory.empty(n_cells)
        self._resistance = DayHistory.empty(n_cells)
        self._day = -1

    def take(self, block: Block, said: StringDay | None) -> list[Finding]:
        """Take a day and tell what is new by it.

        Parameters
        ----------
        block : Block
            All rows of one UTC day that is later than the last.
        said : StringDay or None
            What the string difference filter said of it, where it said anything.

        Returns
        -------
        list of Finding
            What concerns the string, its sensors or its channels; each level is told once.

        Raises
        ------
        DataError
            If it is another string, has other cells, more than a day, or a day that is not later.
        """
        self._require(block)
        if block.n_times < _ROWS_MIN:
            return []
        day = self._day = int(block.time_ns[0] // NS_PER_DAY)
        time_s = block.time_ns / 1e9
        rate_c = block.current_a / self.capacity_ah
        reader, checks = self._sensors_of(block.temperature_c.shape[1])
        sensors = reader.take(day, time_s, rate_c, block.temperature_c)
        middle_c = sensors.middle_c
        factor = factor_at(middle_c)
        seen = signature(block, block.current_a * factor)
        self._remember(day, seen, said)
        typical_v = np.empty(block.n_times)
        typical_voltage(block.voltage_v, _LOOK_AT_EACH, _CLIP_V, typical_v)
        return [
            *checks.take(sensors, self._truly_so(checks.n_sensors)),
            *self.cooling.take(day, block.time_ns, middle_c, rate_c),
            *self.current.take(day, self.current_reader.take(time_s, block.current_a, typical_v, middle_c)),
            *self.swap.take(seen),
            *self.swap.take_bleed(day, block),
        ]

    def _require(self, block: Block) -> None:
        if block.string_id != self.string_id or block.n_cells != self.n_cells:
            message = (
                f"string {self.string_id} with {self.n_cells} cells is checked; this is string {block.string_id} with "
                f"{block.n_cells}: begin other checks for it"
            )
            raise DataError(message)
        if not block.n_times:
            return
        first, last = int(block.time_ns[0] // NS_PER_DAY), int(block.time_ns[-1] // NS_PER_DAY)
        if first != last or first <= self._day:
            message = (
                f"string {self.string_id}: rows of days {first} to {last} came after day {self._day}; checks take one "
                "whole day after the other, so cut the rows at midnight UTC"
            )
            raise DataError(message)

    def _sensors_of(self, n_sensors: int) -> tuple[SensorReader, SensorChecks]:
        """Checks of the sensors; they begin anew where their number changes."""
        if self._sensors is None or self._sensors[1].n_sensors != n_sensors:
            self._sensors = SensorReader(n_sensors), SensorChecks(self.string_id, self.n_cells, n_sensors)
        return self._sensors

    def _remember(self, day: int, seen: Signature, said: StringDay | None) -> None:
        if np.isfinite(seen.values[1]).all():
            self._resistance.append(day, seen.values[1], 1.0)
        if said is not None:
            self._charge.append(day, said.states[0] + said.bled - middle(said.bled), float(said.variance[0]))

    def _truly_so(self, n_sensors: int) -> BoolArray:
        """Places whose cells say that their temperature changed, shape (n_sensors,)."""
        place = np.arange(self.n_cells) * n_sensors // self.n_cells
        is_so = np.zeros(n_sensors, dtype=np.bool_)
        slope = self._charge.slope_per_day(self._charge.rows_since(_LATELY_DAYS + 1), self._charge.days.size)
        if slope is not None:
            is_so[place[slope - middle(slope) < -_LEAK_PER_DAY]] = True
        change_ohm = self._resistance_change()
        if change_ohm is not None:
            n = np.maximum(np.bincount(place, minlength=n_sensors), 1)
            of_place = np.bincount(place, change_ohm, n_sensors) / n
            away = of_place - middle(of_place)
            usual = MAD * middle(np.abs(away))
            is_so |= (np.abs(away) >= _RESPONSE_OHM_AH / self.capacity_ah) & (np.abs(away) >= _RESPONSE_SCORE * usual)
        return is_so

    def _resistance_change(self) -> FloatArray | None:
        history = self._resistance
        first = history.rows_since(_LATELY_DAYS)
        now, before = history.level(first, history.days.size), history.level(0, first)
        return None if now is None or before is None or first < _BASELINE_DAYS_MIN else now - before
