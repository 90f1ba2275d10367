"""A day of a string in ten-minute means: one cell, the middle of all, and the band in which most of them lie."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from battuta.domain.telemetry import Block
from battuta.domain.time import NS_PER_DAY
from battuta.numerics.arrays import FloatArray, IntArray

STEP_S = 600
_BAND = (0.05, 0.5, 0.95)
_PER_DAY = 86_400 // STEP_S


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class DayVoltages:
    """A cell beside its string on one day, means of ten minutes.

    Attributes
    ----------
    time_ns : ndarray, shape (n_times,)
        Middles of the steps that have rows. [ns]
    current_a : ndarray, shape (n_times,)
        Current of the string, discharge positive. [A]
    voltage_v : ndarray, shape (n_times,)
        Voltage of the cell; NaN for a string as a whole. [V]
    middle_v, low_v, high_v : ndarray, shape (n_times,)
        Median of all cells, and what 5 % of them lie below and above. [V]
    apart_v : float
        How far the cell lies from the middle, mean of the day. [V]
    """

    time_ns: IntArray
    current_a: FloatArray
    voltage_v: FloatArray
    middle_v: FloatArray
    low_v: FloatArray
    high_v: FloatArray
    apart_v: float


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class StringVoltages:
    """All cells of a string on one day, means of ten minutes.

    Attributes
    ----------
    time_ns : ndarray, shape (n_times,)
        Middles of the steps that have rows. [ns]
    current_a : ndarray, shape (n_times,)
        Current, discharge positive. [A]
    voltage_v : ndarray, shape (n_times, n_cells)
        Voltages. [V]
    band_v : ndarray, shape (3, n_times)
        Band of all cells and its middle. [V]
    """

    time_ns: IntArray
    current_a: FloatArray
    voltage_v: FloatArray
    band_v: FloatArray

    @classmethod
    def of(cls, blocks: Sequence[Block]) -> StringVoltages:
        """Take the means of a day.

        Parameters
        ----------
        blocks : sequence of Block
            Rows of one day, at least one, all with the same cells.

        Returns
        -------
        StringVoltages
            The day; steps in which no cell was measured are left out.
        """
        time_ns = np.concatenate([each.time_ns for each in blocks])
        voltage_v = np.concatenate([each.voltage_v for each in blocks])
        current_a = np.concatenate([each.current_a for each in blocks])
        step = (time_ns % NS_PER_DAY) // (STEP_S * 1_000_000_000)
        starts = np.flatnonzero(np.diff(step, prepend=-1))
        means_v, means_a = _means(voltage_v, starts), _means(current_a[:, None], starts)[:, 0]
        is_there = np.isfinite(means_v).any(axis=1)
        middles_ns = (time_ns[0] // NS_PER_DAY * _PER_DAY + step[starts]) * (STEP_S * 1_000_000_000)
        return cls(
            time_ns=(middles_ns + STEP_S * 500_000_000)[is_there],
            current_a=means_a[is_there],
            voltage_v=means_v[is_there],
            band_v=np.nanquantile(means_v[is_there], _BAND, axis=1) if is_there.any() else np.empty((3, 0)),
        )

    def apart_v(self, cell: int) -> float:
        """How far a cell lies from the middle, mean of the day; 0 for the string as a whole. [V]"""
        if cell < 0:
            return 0.0
        apart = np.abs(self.voltage_v[:, cell] - self.band_v[1])
        known = apart[np.isfinite(apart)]
        return float(known.mean()) if known.size else 0.0

    def day_of(self, cell: int) -> DayVoltages:
        """Keep the day for one cell, -1 for the string as a whole."""
        nothing = np.full(self.time_ns.size, np.nan)
        return DayVoltages(
            time_ns=self.time_ns,
            current_a=self.current_a,
            voltage_v=nothing if cell < 0 else self.voltage_v[:, cell].copy(),
            middle_v=self.band_v[1],
            low_v=self.band_v[0],
            high_v=self.band_v[2],
            apart_v=self.apart_v(cell),
        )


def _means(values: FloatArray, starts: IntArray) -> FloatArray:
    """Means of the rows from each start to the next, NaN where none is there, shape (n_starts, n_columns)."""
    there = np.isfinite(values)
    sums = np.add.reduceat(np.where(there, values, 0.0), starts, axis=0)
    counts = np.add.reduceat(there.astype(np.int64), starts, axis=0)
    return np.where(counts > 0, sums / np.maximum(counts, 1), np.nan)
