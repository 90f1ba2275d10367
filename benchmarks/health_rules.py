"""What is done without us: the alarms of a battery management system, and three plain rules, day by day.

Each takes a day of a string and tells cells. Their limits are those that are usual, not tuned against us: a z-score of
5, a band of 4 standard deviations, a cumulative sum with a decision interval of 8.
"""

from __future__ import annotations

from typing import Protocol

import numpy as np

from battuta.domain.telemetry import Block
from battuta.numerics.arrays import FloatArray

MAD = 1.4826
REST_SHARE_A = 6.0
"""Current below which a string counts as at rest. [A]"""


class Rule(Protocol):
    """A rule; it is told how many cells there are, then day after day."""

    name: str

    def __init__(self, n_cells: int) -> None:
        """Begin."""
        ...

    def take(self, block: Block) -> list[int]:
        """Tell cells, by their number."""
        ...


class BmsAlarms:
    """Spread above 100 mV at rest or 300 mV in charge, voltage or temperature out of bounds, balancers always on."""

    name = "bms"

    def __init__(self, n_cells: int) -> None:
        """Begin."""
        self._n_cells = n_cells
        self._duty_days = 0

    def take(self, block: Block) -> list[int]:
        """Tell the cell that is farthest off in the row that rings."""
        with np.errstate(invalid="ignore"):
            spread = np.nanmax(block.voltage_v, axis=1) - np.nanmin(block.voltage_v, axis=1)
            rest, charge = np.abs(block.current_a) < REST_SHARE_A, block.current_a < -REST_SHARE_A
            rings = (rest & (spread > 0.1)) | (charge & (spread > 0.3))
            rings |= (block.voltage_v < 2.5).any(axis=1) | (block.voltage_v > 3.8).any(axis=1)
            rings |= (block.temperature_c > 50.0).any(axis=1)
        told: list[int] = []
        if rings.any():
            row = block.voltage_v[int(np.argmax(rings))]
            told.append(int(np.nanargmax(np.abs(row - np.nanmedian(row)))))
        if block.bleed_ah is not None:
            busy = np.nansum(block.bleed_ah, axis=0) > 0.5
            self._duty_days = self._duty_days + 1 if busy.mean() > 0.8 else 0
            if self._duty_days >= 7:
                told.append(int(np.argmin(np.nansum(block.bleed_ah, axis=0))))
        return told


def resting_level(block: Block) -> FloatArray | None:
    """Mean distance from the median at rest, the usual health index of a cell; None in a day without rest. [V]"""
    rest = np.abs(block.current_a) < REST_SHARE_A
    if rest.sum() < 30:
        return None
    rows = block.voltage_v[rest]
    return np.nanmean(rows - np.nanmedian(rows, axis=1, keepdims=True), axis=0)


class VoltageZScore:
    """A cell whose mean voltage at rest lies 5 robust standard deviations below its string, three days in a row."""

    name = "z_score"

    def __init__(self, n_cells: int) -> None:
        """Begin."""
        self._days = np.zeros(n_cells, dtype=np.int64)

    def take(self, block: Block) -> list[int]:
        """Tell cells."""
        level = resting_level(block)
        if level is None:
            return []
        usual = MAD * np.median(np.abs(level - np.median(level)))
        self._days = np.where((level - np.median(level)) / max(usual, 1e-4) < -5.0, self._days + 1, 0)
        return [int(cell) for cell in np.flatnonzero(self._days == 3)]


class PlainCusum:
    """Cumulative sum of daily changes of the voltage at rest, per cell, drift 0.5 and decision interval 8."""

    name = "cusum"

    def __init__(self, n_cells: int) -> None:
        """Begin."""
        self._sum = np.zeros(n_cells)
        self._mean = np.zeros(n_cells)
        self._n_days = 0

    def take(self, block: Block) -> list[int]:
        """Tell cells."""
        level = resting_level(block)
        if level is None:
            return []
        self._n_days += 1
        change = level - self._mean
        self._mean += change / min(self._n_days, 30)
        if self._n_days < 14:
            return []
        usual = max(MAD * float(np.median(np.abs(change - np.median(change)))), 1e-4)
        self._sum = np.maximum(self._sum - (change - np.median(change)) / usual - 0.5, 0.0)
        told = np.flatnonzero(self._sum > 8.0)
        self._sum[told] = 0.0
        return [int(cell) for cell in told]


RULES: tuple[type[Rule], ...] = (BmsAlarms, VoltageZScore, PlainCusum)


def rule_of(rule: type[Rule], n_cells: int) -> Rule:
    """Begin a rule."""
    return rule(n_cells)
