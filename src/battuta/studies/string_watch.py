"""One string of a fleet, watched through all that becomes of its record: other cells, a wrong sign, a restart."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from battuta.domain.errors import DataError
from battuta.domain.health import Finding
from battuta.domain.telemetry import Block
from battuta.domain.time import from_ns
from battuta.health.decision_settings import DecisionSettings
from battuta.health.scan_state import SavedState, require_same_attributes, restore_state, save_state
from battuta.health.string_scan import StringScan, require_same_settings
from battuta.numerics.arrays import IntArray
from battuta.physics.cell_parameters import CellParameters
from battuta.ports.telemetry import TelemetryFinding, TelemetryFlaw

WRONG_SIGN_BLOCKS, FORGOTTEN_BLOCKS = 3, 14
"""Blocks in which the voltage rises with the discharge, after which a string is not looked at any more, and blocks
without such after which they are forgotten; a battery at rest says nothing of its sign on most days. [-]"""
SEEN_SHARE_MIN = 0.3
"""Share of the rows of a day in which a channel has to speak for the filter to follow its cell. [-]"""
_Saved: TypeAlias = Mapping[str, NDArray[np.generic]]


class OtherCellsError(DataError):
    """A record that goes on with other cells than the state was kept of."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ScanSettings:
    """What decides on the findings of a scan beside the telemetry.

    Attributes
    ----------
    parameters : CellParameters
        Kind of cell.
    capacity_ah : float or None
        Capacity of a cell; that of the kind if left out. [Ah]
    decisions : DecisionSettings or None
        Limits of the tests.
    """

    parameters: CellParameters
    capacity_ah: float | None = None
    decisions: DecisionSettings | None = None


@dataclass(slots=True, kw_only=True)
class StringWatch:
    """What was seen of a string so far; saved and brought back as a whole.

    Attributes
    ----------
    string_id : str
        The string.
    scan : StringScan or None
        The watch of the cells that it has now; None before its first row.
    n_cells, n_samples, n_days : int
        Most cells it ever had, voltages that were looked at, and days that said something.
    n_left_out : int
        Rows that are no later than what was seen before this run, and were left out.
    findings : list of Finding
        In the order in which they were told.
    last_ns : int or None
        Last row that was seen. [ns]
    wrong_sign_blocks, calm_blocks : int
        Blocks whose current has the other sign, and blocks since the last of them.
    seen_days : ndarray, shape (n_cells,)
        Days on which each of the cells that it has now was seen often enough to be judged.
    counted_day : int
        Last day that was counted; -1 before the first.
    """

    string_id: str
    scan: StringScan | None = None
    n_cells: int = 0
    n_samples: int = 0
    n_days: int = 0
    n_left_out: int = 0
    findings: list[Finding] = field(default_factory=list[Finding])
    last_ns: int | None = None
    wrong_sign_blocks: int = 0
    calm_blocks: int = 0
    seen_days: IntArray = field(default_factory=lambda: np.zeros(0, dtype=np.int64))
    counted_day: int = -1

    @property
    def unseen(self) -> tuple[int, ...]:
        """Cells that were on no day seen often enough to be judged."""
        return tuple(np.flatnonzero(self.seen_days == 0).tolist())

    def take(self, block: Block, flaws: Sequence[TelemetryFinding], settings: ScanSettings) -> None:
        """Take rows; a string that changes its number of cells begins anew.

        Parameters
        ----------
        block : Block
            Rows, those left out that are not later than before.
        flaws : sequence of TelemetryFinding
            What the reader says of them.
        settings : ScanSettings
            What decides on findings.

        Raises
        ------
        DataError
            If its current has the other sign in several blocks.
        """
        block = self._later(block)
        if not block.n_times:
            return
        self._require_sign(block, flaws)
        if self.scan is None or self.scan.n_cells != block.n_cells:
            self.close()
            self.scan = _fresh(settings, self.string_id, block.n_cells)
            self.seen_days, self.counted_day = np.zeros(block.n_cells, dtype=np.int64), -1
        self.findings += self.scan.take(block)
        self._count(self.scan)
        self.n_samples += block.n_times * block.n_cells
        self.n_cells = max(self.n_cells, block.n_cells)
        self.last_ns = int(block.time_ns[-1])

    def close(self) -> None:
        """Decide on the day that is open, as no more of it will come."""
        if self.scan is not None:
            self.findings += self.scan.close()
            self._count(self.scan)
            self.n_days += self.scan.n_days
            self.scan = None

    def save(self) -> SavedState:
        """Lay all of it out as plain arrays, after deciding on an open day that is full."""
        if self.scan is not None:
            self.findings += self.scan.close_full()
            self._count(self.scan)
        self.n_left_out = 0
        return save_state(self)

    def require_own(self, block: Block) -> None:
        """Refuse the first later rows after a restart if they have other cells than were watched.

        Parameters
        ----------
        block : Block
            Rows; those that were seen before may have any cells.

        Raises
        ------
        OtherCellsError
            If it has others.
        """
        if self.scan is None or self.last_ns is None or not block.n_times or block.time_ns[-1] <= self.last_ns:
            return
        if block.n_cells != self.scan.n_cells:
            at = from_ns(int(block.time_ns[-1])).date().isoformat()
            message = (
                f"the state was kept of {self.scan.n_cells} cells, and the record has {block.n_cells} on {at}: is it "
                "the state of another fleet? Name the state of this one; where modules were taken out or put in, begin "
                "anew with a file that is not there yet"
            )
            raise OtherCellsError(message)

    def _count(self, scan: StringScan) -> None:
        """Count the day that was decided on last, once."""
        if scan.newest is not None and scan.newest.day != self.counted_day:
            self.seen_days = self.seen_days + (scan.newest.seen_share > SEEN_SHARE_MIN)
            self.counted_day = scan.newest.day

    def _require_sign(self, block: Block, flaws: Sequence[TelemetryFinding]) -> None:
        wrong = [each for each in flaws if each.flaw is TelemetryFlaw.WRONG_SIGN]
        self.calm_blocks = 0 if wrong else self.calm_blocks + 1
        if self.calm_blocks >= FORGOTTEN_BLOCKS:
            self.wrong_sign_blocks = 0
        self.wrong_sign_blocks += bool(wrong)
        if wrong and self.wrong_sign_blocks >= WRONG_SIGN_BLOCKS:
            at = from_ns(int(block.time_ns[0])).date().isoformat()
            message = (
                f"its current has the other sign: on {self.wrong_sign_blocks} days, the last {at}, "
                f"{wrong[0].detail}. Discharge is positive: turn it about, or state current_sign, and scan anew"
            )
            raise DataError(message)

    def _later(self, block: Block) -> Block:
        """Rows that were not seen before."""
        if self.last_ns is None or not block.n_times or block.time_ns[0] > self.last_ns:
            return block
        first = int(np.searchsorted(block.time_ns, self.last_ns, side="right"))
        self.n_left_out += first
        return block.rows(slice(first, None))


def restored_watch(saved: _Saved, settings: ScanSettings) -> StringWatch:
    """Go on from what `StringWatch.save` laid out.

    Parameters
    ----------
    saved : mapping of str to ndarray
        What was saved.
    settings : ScanSettings
        What decides on findings, the same as before.

    Returns
    -------
    StringWatch
        As it was.

    Raises
    ------
    DataError
        If it is broken, or was saved under other settings or by another version of this program.
    """
    watch = restore_state(saved)
    if not isinstance(watch, StringWatch):
        message = f"a {type(watch).__name__} was saved, not the watch of a string; name another state file"
        raise DataError(message)
    if watch.scan is not None:
        fresh = _fresh(settings, watch.string_id, watch.scan.n_cells)
        require_same_attributes(watch.scan, fresh)
        require_same_settings(watch.scan.settings_hash, fresh.settings_hash)
    return watch


def _fresh(settings: ScanSettings, string_id: str, n_cells: int) -> StringScan:
    return StringScan(settings.parameters, string_id, n_cells, settings.capacity_ah, settings.decisions)
