"""From telemetry of a string, in whatever pieces it comes, to findings: whole days go through filter and decisions.

A day is decided on when the first row of a later one has come, or when somebody says that no more will; how the rows
were cut into blocks changes nothing.
"""

from __future__ import annotations

from itertools import pairwise

import numpy as np

from battuta.domain.errors import DataError
from battuta.domain.health import Finding
from battuta.domain.telemetry import Block
from battuta.domain.time import NS_PER_DAY
from battuta.health.decision_settings import DecisionSettings
from battuta.health.decisions import StringDecisions
from battuta.health.string_filter import StringDay, StringFilter
from battuta.physics.cell_parameters import CellParameters


class StringScan:
    """Watches one string.

    Parameters
    ----------
    parameters : CellParameters
        Kind of cell.
    string_id : str
        The string.
    n_cells : int
        Cells in series.
    capacity_ah : float or None
        Capacity of a cell; that of the kind if left out. [Ah]
    settings : DecisionSettings or None
        Limits of the tests.
    """

    def __init__(
        self,
        parameters: CellParameters,
        string_id: str,
        n_cells: int,
        capacity_ah: float | None = None,
        settings: DecisionSettings | None = None,
    ) -> None:
        self.string_id, self.n_cells = string_id, n_cells
        self.filter = StringFilter(parameters, n_cells, capacity_ah)
        self.decisions = StringDecisions(n_cells, settings)
        self.newest: StringDay | None = None
        self.n_days = 0
        self._open: list[Block] = []

    def take(self, block: Block) -> list[Finding]:
        """Take rows and tell what is new by the days that they complete.

        Parameters
        ----------
        block : Block
            Rows later than all before.

        Returns
        -------
        list of Finding
            What was found.

        Raises
        ------
        DataError
            If it is another string, has other cells, or is not later.
        """
        self._require(block)
        found: list[Finding] = []
        days = block.time_ns // NS_PER_DAY
        for first, stop in _runs(days):
            piece = block if stop - first == block.n_times else block.rows(slice(first, stop))
            if self._open and piece.time_ns[0] // NS_PER_DAY != self._open[-1].time_ns[0] // NS_PER_DAY:
                found += self.close()
            self._open.append(piece)
        return found

    def close(self) -> list[Finding]:
        """Decide on the day that is open, as no more of it will come."""
        if not self._open:
            return []
        day = self._open[0] if len(self._open) == 1 else joined(self._open)
        self._open = []
        said = self.filter.take(day)
        if said is None:
            return []
        self.newest = said
        self.n_days += 1
        return self.decisions.take(said)

    def _require(self, block: Block) -> None:
        if block.string_id != self.string_id or block.n_cells != self.n_cells:
            message = (
                f"string {self.string_id} with {self.n_cells} cells is watched; this is string {block.string_id} with "
                f"{block.n_cells}: begin another watch for it"
            )
            raise DataError(message)
        if self._open and block.n_times and block.time_ns[0] <= self._open[-1].time_ns[-1]:
            message = f"string {self.string_id}: rows came that are not later than those before; sort them first"
            raise DataError(message)


def joined(blocks: list[Block]) -> Block:
    """Put blocks of one string that follow each other into one.

    Where only some say what was bled, the others bled nothing.
    """
    has_bleed = any(block.bleed_ah is not None for block in blocks)
    bled = [np.zeros(b.voltage_v.shape) if b.bleed_ah is None else b.bleed_ah for b in blocks] if has_bleed else None
    return Block(
        string_id=blocks[0].string_id,
        time_ns=np.concatenate([block.time_ns for block in blocks]),
        current_a=np.concatenate([block.current_a for block in blocks]),
        voltage_v=np.concatenate([block.voltage_v for block in blocks]),
        temperature_c=np.concatenate([block.temperature_c for block in blocks]),
        bleed_ah=None if bled is None else np.concatenate(bled),
    )


def _runs(days: np.ndarray[tuple[int], np.dtype[np.int64]]) -> list[tuple[int, int]]:
    """Where each run of equal days begins and ends."""
    if not days.size:
        return []
    edges = [0, *(int(each) + 1 for each in np.flatnonzero(np.diff(days))), days.size]
    return list(pairwise(edges))
