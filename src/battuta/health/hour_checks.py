"""Hard faults within hours: a joint whose resistance stepped, and a channel that does not move while its string does.

Whatever grows slowly is left to the days. Resistance is told from what each cell does when the current changes, against
the middle of its string and against what it was, so that neither its charge nor an offset counts.
"""

from __future__ import annotations

from dataclasses import dataclass
from types import MappingProxyType

import numpy as np

from battuta.domain.errors import DataError
from battuta.domain.health import FaultClass, Finding, FindingLevel
from battuta.domain.telemetry import Block
from battuta.numerics.arrays import BoolArray, FloatArray, IntArray

_MAD_PER_SIGMA = 1.4826
_EXCITED_SHARE = 0.5
"""Share of the excitation that a cell with missing values needs to be judged. [-]"""
_PIECES_KEPT = 24
"""How many pieces of the past a cell is known by."""


@dataclass(frozen=True, slots=True, kw_only=True)
class HourSettings:
    """Limits of the quick tests, chosen for faults that leave no doubt; all but the last are assumptions.

    Attributes
    ----------
    excitation_a : float
        Root of the summed squares of changes of current that a piece needs. [A]
    rise_ohm : float
        Smallest step of a resistance that is told. [ohm]
    score : float
        The same in usual differences between the cells. [-]
    spread_ohm_min : float
        Smallest usual difference. [ohm]
    moved_v_min : float
        How far the middle of a string has to move for a channel to be stuck. [V]
    rows_min : int
        Fewest rows of a piece.
    pieces_before, pieces_in_row, pieces_again : int
        Pieces that a cell is known by before it is judged, that have to agree, and after which what lasts is told
        again: an order that was closed too early is opened anew.
    faults_per_cell_year, false_per_cell_year : float
        How often a cell breaks, assumed, and is told wrongly: the upper 95 % bound of none in 631 cell-years of a
        SYNTHETIC healthy fleet of foreign equations. [1/year]
    """

    excitation_a: float = 10.0
    rise_ohm: float = 2e-4
    score: float = 12.0
    spread_ohm_min: float = 1e-5
    moved_v_min: float = 0.01
    rows_min: int = 10
    pieces_before: int = 2
    pieces_in_row: int = 2
    pieces_again: int = 24
    faults_per_cell_year: float = 1e-4
    false_per_cell_year: float = 5e-3

    @property
    def probability(self) -> float:
        """How likely a finding is no false alarm. [-]"""
        return self.faults_per_cell_year / (self.faults_per_cell_year + self.false_per_cell_year)


class HourChecks:
    """Hears one string, an hour or so at a time.

    Parameters
    ----------
    string_id : str
        The string.
    n_cells : int
        Cells in series.
    settings : HourSettings or None
        Limits.
    """

    def __init__(self, string_id: str, n_cells: int, settings: HourSettings | None = None) -> None:
        self.string_id, self.n_cells = string_id, n_cells
        self.settings = settings or HourSettings()
        self._moved: FloatArray = np.zeros(n_cells)
        self._excited: FloatArray = np.zeros(n_cells)
        """Sums of change of voltage times change of current, and of the latter squared, of the piece that is open."""
        self._last: tuple[FloatArray, FloatArray] | None = None
        """Current and voltages of the row before, since plans change on the hour."""
        self._usual_ohm: FloatArray = np.full(n_cells, np.nan)
        self._n_pieces = 0
        self._in_row = {fault: np.zeros(n_cells, dtype=np.int64) for fault in _FAULTS}
        self._since_ns = {fault: np.zeros(n_cells, dtype=np.int64) for fault in _FAULTS}

    def take(self, block: Block) -> list[Finding]:
        """Take rows that are later than those before, and tell what is new by them.

        Parameters
        ----------
        block : Block
            An hour of the string, or less.

        Returns
        -------
        list of Finding
            Each cell and class when it begins, and again now and then as long as it lasts.

        Raises
        ------
        DataError
            If it is another string.
        """
        if block.string_id != self.string_id or block.n_cells != self.n_cells:
            message = (
                f"string {self.string_id} with {self.n_cells} cells is watched; this is string {block.string_id} with "
                f"{block.n_cells}: begin another watch for it"
            )
            raise DataError(message)
        if block.n_times < self.settings.rows_min:
            return []
        apart_v = block.voltage_v - _middle(block.voltage_v)[:, None]
        return [*self._stuck(block), *self._stepped(block, apart_v)]

    def _stuck(self, block: Block) -> list[Finding]:
        is_read = np.isfinite(block.voltage_v)
        high_v = np.where(is_read, block.voltage_v, -np.inf).max(axis=0)
        range_v = high_v - np.where(is_read, block.voltage_v, np.inf).min(axis=0)
        is_known = is_read.sum(axis=0) >= self.settings.rows_min
        others_v = float(np.median(range_v[is_known])) if is_known.any() else 0.0
        if others_v < self.settings.moved_v_min:
            return []
        evidence = {"range_v": range_v, "others_range_v": np.full(self.n_cells, others_v)}
        return self._told(FaultClass.STUCK_VALUE, is_known & (range_v == 0.0), block, evidence)

    def _stepped(self, block: Block, apart_v: FloatArray) -> list[Finding]:
        settings = self.settings
        before_a, before_v = (block.current_a[:1], apart_v[:1]) if self._last is None else self._last
        change_a = np.diff(block.current_a, prepend=before_a)
        change_v = np.diff(apart_v, axis=0, prepend=before_v)
        self._last = block.current_a[-1:].copy(), apart_v[-1:].copy()
        counts = np.isfinite(change_v) & np.isfinite(change_a)[:, None]
        change_a = np.nan_to_num(change_a)
        self._moved -= np.where(counts, change_v, 0.0).T @ change_a
        self._excited += counts.T @ change_a**2
        if np.median(self._excited) < settings.excitation_a**2:
            return []
        is_known = self._excited >= _EXCITED_SHARE * settings.excitation_a**2
        piece_ohm = self._moved / np.where(is_known, self._excited, np.inf)
        self._moved, self._excited = np.zeros(self.n_cells), np.zeros(self.n_cells)
        self._n_pieces += 1
        usual_ohm = np.where(np.isnan(self._usual_ohm), piece_ohm, self._usual_ohm)
        usual_ohm = np.where(is_known | ~np.isnan(self._usual_ohm), usual_ohm, np.nan)
        rise_ohm = np.where(is_known, piece_ohm - usual_ohm, 0.0)
        rise_ohm -= np.median(rise_ohm[is_known])
        spread_ohm = max(_MAD_PER_SIGMA * float(np.median(np.abs(rise_ohm))), settings.spread_ohm_min)
        stands_out = (rise_ohm >= settings.rise_ohm) & (rise_ohm >= settings.score * spread_ohm)
        is_new = self._n_pieces <= settings.pieces_before
        share = np.where(is_known & (is_new | ~stands_out), 1.0 / min(self._n_pieces, _PIECES_KEPT), 0.0)
        self._usual_ohm = usual_ohm + share * (piece_ohm - usual_ohm)
        if is_new:
            return []
        evidence = {"resistance_ohm": rise_ohm, "score": rise_ohm / spread_ohm}
        return self._told(FaultClass.LOOSE_CONTACT, stands_out, block, evidence)

    def _told(
        self, fault: FaultClass, speaks: BoolArray, block: Block, evidence: dict[str, FloatArray]
    ) -> list[Finding]:
        in_row: IntArray = self._in_row[fault]
        since_ns = self._since_ns[fault]
        since_ns[:] = np.where(speaks & (in_row == 0), block.time_ns[0], since_ns)
        in_row[:] = np.where(speaks, in_row + 1, 0)
        is_again = (in_row > 0) & (in_row % self.settings.pieces_again == 0)
        is_told = (in_row == self.settings.pieces_in_row) | is_again
        return [
            Finding(
                string_id=self.string_id,
                cell=int(cell),
                fault=fault,
                level=FindingLevel.ACT,
                since_ns=int(since_ns[cell]),
                found_ns=int(block.time_ns[-1]),
                probability=self.settings.probability,
                evidence=MappingProxyType({name: float(value[cell]) for name, value in evidence.items()}),
            )
            for cell in np.flatnonzero(is_told)
        ]


_FAULTS = (FaultClass.STUCK_VALUE, FaultClass.LOOSE_CONTACT)


def _middle(voltage_v: FloatArray) -> FloatArray:
    """Median of the cells in each row, NaN where none is read, shape (n_times,). [V]"""
    read = np.isfinite(voltage_v).any(axis=1)
    middle = np.full(voltage_v.shape[0], np.nan)
    middle[read] = np.nanmedian(voltage_v[read], axis=1)
    return middle
