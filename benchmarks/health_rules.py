"""What is done without us: the alarms of a battery management system, and plain rules, day by day.

Each takes a day of a string and scores its cells; an alarm is a score that rises above a limit. The alarms of a battery
management system are what they are. The limits of the other rules were chosen on fleets with seeds below 1000, for the
best each can do there: a strict one, which healthy strings of that fleet never reached, and a generous one, which one
healthy cell in a hundred reached in a year (`python benchmarks/health.py --choose-limits` prints them).
"""

from __future__ import annotations

from collections import deque
from typing import Protocol

import numpy as np

from battuta.domain.telemetry import Block
from battuta.numerics.arrays import BoolArray, FloatArray

MAD = 1.4826
REST_A = 6.0
"""Current below which a string counts as at rest. [A]"""
ROWS_MIN = 30
"""Fewest rows of a state, such as rest, that say anything of a day."""


class DayView:
    """A day of a string as rules look at it, computed once for all of them.

    Attributes
    ----------
    block : Block
        The rows.
    middle_v : ndarray, shape (n_times,)
        Median of the cells in each row. [V]
    apart_v : ndarray, shape (n_times, n_cells)
        Distance of each cell from it; 0 where the value is missing. [V]
    current_a : ndarray, shape (n_times,)
        Current; 0 where it is missing. [A]
    rest, charge, discharge : ndarray, shape (n_times,)
        Rows in which the string rests, charges, discharges.
    """

    def __init__(self, block: Block) -> None:
        self.block = block
        missing = np.isnan(block.voltage_v)
        gappy = missing.any(axis=1)
        self.middle_v = np.empty(block.n_times)
        self.middle_v[~gappy] = np.median(block.voltage_v[~gappy], axis=1)
        if gappy.any():
            self.middle_v[gappy] = np.nanmedian(block.voltage_v[gappy], axis=1)
        self.apart_v: FloatArray = block.voltage_v - self.middle_v[:, None]
        self.apart_v[missing] = 0.0
        known = np.isfinite(block.current_a)
        self.current_a: FloatArray = np.where(known, block.current_a, 0.0)
        self.rest: BoolArray = known & (np.abs(self.current_a) < REST_A)
        self.charge: BoolArray = self.current_a < -REST_A
        self.discharge: BoolArray = self.current_a > REST_A

    def mean_apart_v(self, rows: BoolArray) -> FloatArray | None:
        """Mean distance from the median in some rows, the usual health index of a cell; None if they are few. [V]"""
        n = int(np.count_nonzero(rows))
        return rows.astype(np.float64) @ self.apart_v / n if n >= ROWS_MIN else None


class Rule(Protocol):
    """A rule; it is told how many cells there are, then day after day."""

    name: str

    def __init__(self, n_cells: int) -> None:
        """Begin."""
        ...

    def take(self, view: DayView) -> FloatArray:
        """Score the cells, shape (n_cells,), more being worse; minus infinity says nothing."""
        ...


class BmsAlarms:
    """Spread above 100 mV at rest or 300 mV in charge, voltage or temperature out of bounds, balancers always on."""

    name = "bms"

    def __init__(self, n_cells: int) -> None:
        self._n_cells = n_cells
        self._duty_days = 0

    def take(self, view: DayView) -> FloatArray:
        """Score 1 for the cell that is farthest off in the row that rings."""
        block, scores = view.block, np.full(self._n_cells, -np.inf)
        highest, lowest = np.nanmax(block.voltage_v, axis=1), np.nanmin(block.voltage_v, axis=1)
        spread = highest - lowest
        rings = (view.rest & (spread > 0.1)) | (view.charge & (spread > 0.3)) | (lowest < 2.5) | (highest > 3.8)
        rings |= np.nanmax(block.temperature_c, axis=1) > 50.0
        if rings.any():
            scores[int(np.argmax(np.abs(view.apart_v[int(np.argmax(rings))])))] = 1.0
        if block.bleed_ah is not None:
            bled = np.nansum(block.bleed_ah, axis=0)
            self._duty_days = self._duty_days + 1 if np.mean(bled > 0.5) > 0.8 else 0
            if self._duty_days >= 7:
                scores[int(np.argmin(bled))] = 1.0
        return scores


class LastingDays:
    """The least of the last three scores of each cell: what has to hold three days in a row."""

    def __init__(self) -> None:
        self._days: deque[FloatArray] = deque(maxlen=3)

    def least(self, scores: FloatArray) -> FloatArray:
        """Take a day and return the least; minus infinity before the third day."""
        self._days.append(scores)
        return np.min(np.array(self._days), axis=0) if len(self._days) == 3 else np.full(scores.size, -np.inf)


class VoltageZScore:
    """How many robust standard deviations below its string a cell lies at rest, three days in a row."""

    name = "z_score"

    def __init__(self, n_cells: int) -> None:
        self._n_cells = n_cells
        self._lasting = LastingDays()

    def take(self, view: DayView) -> FloatArray:
        """Score the cells."""
        level = view.mean_apart_v(view.rest)
        if level is None:
            return np.full(self._n_cells, -np.inf)
        away = level - np.median(level)
        return self._lasting.least(-away / max(MAD * float(np.median(np.abs(away))), 1e-4))


class PlainCusum:
    """Cumulative sum of what a cell lies below its usual voltage at rest, drift 0.5 standard deviations."""

    name = "cusum"

    def __init__(self, n_cells: int) -> None:
        self._sum = np.zeros(n_cells)
        self._mean = np.zeros(n_cells)
        self._n_days = 0

    def take(self, view: DayView) -> FloatArray:
        """Score the cells."""
        level = view.mean_apart_v(view.rest)
        if level is None:
            return np.full(self._sum.size, -np.inf)
        self._n_days += 1
        change = level - self._mean
        self._mean += change / min(self._n_days, 30)
        if self._n_days < 14:
            return np.full(self._sum.size, -np.inf)
        away = change - np.median(change)
        usual = max(MAD * float(np.median(np.abs(away))), 1e-4)
        self._sum = np.maximum(self._sum - away / usual - 0.5, 0.0)
        return self._sum.copy()
