"""A cell that is so far below its string that no model is needed: told on the first day, before any past is known.

Only rows count in which the string itself is on its plateau: near full and near empty healthy cells of a string that
nobody balanced lie far apart as well, and a cell far above it is either full or read wrongly, which others tell.
"""

from __future__ import annotations

from types import MappingProxyType

import numpy as np

from battuta.domain.health import FaultClass, Finding, FindingLevel
from battuta.domain.telemetry import Block
from battuta.domain.time import NS_PER_DAY
from battuta.health.string_kernels import time_below
from battuta.numerics.arrays import BoolArray, FloatArray

LOW_V, BELOW_AT_REST_V, BELOW_UNDER_LOAD_V = 2.5, 0.1, 0.3
"""Voltage below which no cell of a string on its plateau may be, and how far below the string none may be. [V]"""
_PLATEAU_V, _LOAD_SHARE, _TIME_S = (3.27, 3.345), 0.05, 3600.0
_GAP_S = 600.0
PROBABILITY = 0.9
"""How sure such a finding is, set and not counted. [-]"""


class PlainVoltage:
    """Watches one string for cells that are plainly below it.

    Parameters
    ----------
    string_id : str
        The string.
    n_cells : int
        Cells in series.
    capacity_ah : float
        Capacity of a cell, to tell rest from load. [Ah]
    """

    def __init__(self, string_id: str, n_cells: int, capacity_ah: float) -> None:
        self.string_id, self._load_a = string_id, _LOAD_SHARE * capacity_ah
        self.is_told = np.zeros(n_cells, dtype=np.bool_)

    def take(self, block: Block, middle_v: FloatArray) -> list[Finding]:
        """Take a day and tell what was plainly below for an hour of it in all.

        Parameters
        ----------
        block : Block
            All rows of a day.
        middle_v : ndarray, shape (n_times,)
            Middle of the string, NaN where it is not known. [V]

        Returns
        -------
        list of Finding
            Cells that were not told before, or have been well for a day since.
        """
        if not block.n_times:
            return []
        on_plateau = (middle_v > _PLATEAU_V[0]) & (middle_v < _PLATEAU_V[1])
        time_s = block.time_ns / 1e9
        dt_s = np.where(on_plateau, np.minimum(np.diff(time_s, prepend=time_s[0] - 60.0), _GAP_S), 0.0)
        is_loaded = ~(np.abs(block.current_a) < self._load_a)
        below_s = np.zeros(block.n_cells)
        time_below(
            block.voltage_v, middle_v, dt_s, np.where(is_loaded, BELOW_UNDER_LOAD_V, BELOW_AT_REST_V), LOW_V, below_s
        )
        off = below_s >= _TIME_S
        fresh = np.flatnonzero(off & ~self.is_told)
        found = [self._finding(block, int(cell), float(below_s[cell]), middle_v) for cell in fresh]
        self.is_told = off | (self.is_told & ~self._was_well(below_s, dt_s))
        return found

    @staticmethod
    def _was_well(below_s: FloatArray, dt_s: FloatArray) -> BoolArray:
        return (below_s == 0.0) & bool(dt_s.sum() > _TIME_S)

    def _finding(self, block: Block, cell: int, below_s: float, middle_v: FloatArray) -> Finding:
        lowest_v = float(np.nanmin(block.voltage_v[:, cell]))
        off_v = block.voltage_v[:, cell] - middle_v
        first_ns = int(block.time_ns[0])
        return Finding(
            string_id=self.string_id,
            cell=cell,
            fault=FaultClass.MICRO_SHORT,
            level=FindingLevel.ACT,
            since_ns=first_ns,
            found_ns=max((first_ns // NS_PER_DAY + 1) * NS_PER_DAY, first_ns),
            probability=PROBABILITY,
            evidence=MappingProxyType(
                {"below_v": -float(np.nanmin(off_v)), "lowest_v": lowest_v, "below_hours": below_s / 3600.0}
            ),
        )
