"""From telemetry of a string, in whatever pieces it comes, to findings: whole days go through filter and decisions.

A day is decided on when the first row of a later one has come, or when somebody says that no more will; how the rows
were cut into blocks changes nothing, nor does a restart from what was saved.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from itertools import pairwise
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

from battuta.domain.errors import DataError
from battuta.domain.health import FaultClass, Finding, FindingLevel
from battuta.domain.telemetry import Block
from battuta.domain.time import NS_PER_DAY
from battuta.health.decision_settings import DecisionSettings
from battuta.health.decisions import StringDecisions
from battuta.health.plain_voltage import PlainVoltage
from battuta.health.scan_state import SavedState, fingerprint, require_same_attributes, restore_state, save_state
from battuta.health.string_checks import StringChecks
from battuta.health.string_filter import StringDay, StringFilter
from battuta.health.string_resistance import StringResistance
from battuta.health.temperature_checks import PROBABILITY
from battuta.physics.cell_parameters import CellParameters

_SHORT_DAYS = 30
"""How long after a short was told its string's current sensor is doubted. [d]"""


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

    Attributes
    ----------
    newest : StringDay or None
        What the last day said.
    n_days : int
        Days that said something.
    is_shorted : bool
        Whether a cell of it was told to leak, at `act`, within 30 days; it bends what a current sensor seems to count,
        so that of the sensor no more than a doubt is told meanwhile.
    settings_hash : str
        Of all settings; a saved state goes on under the same alone.
    last_ns : int or None
        Last row that was taken; what is not later is refused. [ns]
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
        cell_ah = parameters.capacity_ah if capacity_ah is None else capacity_ah
        usual = StringResistance.of_kind(parameters, cell_ah)
        self.filter = StringFilter(parameters, n_cells, capacity_ah)
        self.checks = StringChecks(string_id, n_cells, cell_ah)
        self.plain = PlainVoltage(string_id, n_cells, cell_ah)
        self.decisions = StringDecisions(n_cells, settings, usual.fast_ohm + usual.slow_ohm)
        self.newest: StringDay | None = None
        self.n_days = 0
        self.is_shorted = False
        self._short_day: int | None = None
        self.settings_hash = settings_hash(parameters, capacity_ah, settings)
        self.last_ns: int | None = None
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
            self.last_ns = int(piece.time_ns[-1])
        return found

    def close(self) -> list[Finding]:
        """Decide on the day that is open, as no more of it will come."""
        if not self._open:
            return []
        day = self._open[0] if len(self._open) == 1 else joined(self._open)
        self._open = []
        said = self.filter.take(day)
        found = [*self.plain.take(day, self.filter.middle_v), *self.checks.take(day, said)]
        self._begin_swapped_anew(found)
        if said is not None:
            self.newest = said
            self.n_days += 1
            of_cells = self.decisions.take(said)
            if any(_is_certain_short(each) for each in of_cells):
                self._short_day = said.day
            found = [*of_cells, *found]
        today = int(day.time_ns[0] // NS_PER_DAY)
        self.is_shorted = self._short_day is not None and today - self._short_day <= _SHORT_DAYS
        return [_doubted(each) if self.is_shorted else each for each in found]

    def _begin_swapped_anew(self, found: list[Finding]) -> None:
        """Channels that carry each other's cell say nothing by what they read before."""
        swapped = [each.cell for each in found if each.fault is FaultClass.SWAPPED_CHANNELS and each.cell is not None]
        if swapped:
            self.decisions.restart(np.isin(np.arange(self.n_cells), swapped))

    def close_full(self) -> list[Finding]:
        """Decide on the day that is open if its last row is the last that fits: the next step ends in the next day."""
        if not self._open:
            return []
        time_ns = np.concatenate([block.time_ns for block in self._open])
        last_ns = int(time_ns[-1])
        step_ns = float(np.median(np.diff(time_ns))) if time_ns.size > 1 else 0.0
        return self.close() if last_ns % NS_PER_DAY + step_ns >= NS_PER_DAY else []

    def save(self) -> SavedState:
        """Lay out all that is carried, the rows of the open day included, as plain arrays.

        Returns
        -------
        dict of str to ndarray
            Arrays of one dimension; ``np.savez(file, **scan.save())`` keeps them.
        """
        return save_state(self)

    def restore(self, saved: Mapping[str, NDArray[np.generic]]) -> None:
        """Go on from what `save` laid out, as if there had been no break.

        Parameters
        ----------
        saved : mapping of str to ndarray
            What was saved by a watch of the same string under the same settings.

        Raises
        ------
        DataError
            If it was another string, or other settings, or another version of this program.
        """
        was = restore_state(saved)
        require_same_attributes(was, self)
        if not isinstance(was, StringScan) or (was.string_id, was.n_cells) != (self.string_id, self.n_cells):
            message = f"the state is not of string {self.string_id} with {self.n_cells} cells; name that string's own"
            raise DataError(message)
        require_same_settings(was.settings_hash, self.settings_hash)
        self.__dict__.update(vars(was))

    def _require(self, block: Block) -> None:
        if block.string_id != self.string_id or block.n_cells != self.n_cells:
            message = (
                f"string {self.string_id} with {self.n_cells} cells is watched; this is string {block.string_id} with "
                f"{block.n_cells}: begin another watch for it"
            )
            raise DataError(message)
        if self.last_ns is not None and block.n_times and block.time_ns[0] <= self.last_ns:
            message = f"string {self.string_id}: rows came that are not later than those before; sort them first"
            raise DataError(message)


def _doubted(finding: Finding) -> Finding:
    """What is said of the current sensor beside a short that was told: look again, and the evidence says why."""
    if finding.fault is not FaultClass.CURRENT_SENSOR:
        return finding
    level = FindingLevel.WATCH
    evidence = MappingProxyType({**finding.evidence, "short_told": 1.0})
    return replace(finding, level=level, probability=min(finding.probability, PROBABILITY[level]), evidence=evidence)


def _is_certain_short(finding: Finding) -> bool:
    return finding.fault is FaultClass.MICRO_SHORT and finding.level is FindingLevel.ACT


def settings_hash(
    parameters: CellParameters, capacity_ah: float | None = None, settings: DecisionSettings | None = None
) -> str:
    """Hash of what decides on findings beside the telemetry; a saved state goes on under the same alone."""
    return fingerprint(parameters, capacity_ah, settings or DecisionSettings())


def require_same_settings(was: str, now: str) -> None:
    """Refuse a state that was saved under other settings.

    Raises
    ------
    DataError
        If the hashes differ.
    """
    if was != now:
        message = (
            "the state was saved under another kind of cell, capacity or limits of the tests than are asked for now; "
            "ask for the same, or scan the record anew with another state file"
        )
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
