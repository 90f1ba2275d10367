"""The scan of a fleet: every string of a record through filter and decisions, strings side by side."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import Protocol, runtime_checkable

import numpy as np
from numpy.typing import NDArray

from battuta.domain.errors import DataError, StaleDataError
from battuta.domain.health import Finding
from battuta.domain.telemetry import Block
from battuta.domain.time import NS_PER_DAY, from_ns
from battuta.health.decision_settings import DecisionSettings
from battuta.health.scan_record import StringRecord, StringRecorder
from battuta.health.scan_state import SavedState
from battuta.physics.cell_parameters import CellParameters
from battuta.ports.compute import Compute
from battuta.ports.telemetry import TelemetryFinding, TelemetrySource
from battuta.studies.string_watch import OtherCellsError, ScanSettings, StringWatch, restored_watch

N_SHOWN = 8
"""Cells or strings that a sentence names before it counts the rest. [-]"""
FIRST_TOLD_DAY = 17
"""Day of a string, from 1, whose rows are the first that tests decide on; a plainly dead cell is told before. [-]"""
EARLY_DATES = 2
"""Dates with rows in a run that goes on with a state, up to which a day that is not over yet is no surprise. [-]"""
SYNTHETIC = "synthetic-"
"""How names of strings begin that were invented, as `battuta health example` writes them."""
Progress = Callable[[str, int, int], None]
"""Told what is done, how much of it, and how much there is."""


class ScanStates(Protocol):
    """Where the watches of strings are kept between runs; called from several threads at once."""

    def strings(self) -> tuple[str, ...]:
        """Names of the strings that were kept by the run before."""
        ...

    def load(self, string_id: str) -> Mapping[str, NDArray[np.generic]] | None:
        """What the run before kept of a string; None where it kept nothing."""
        ...

    def keep(self, string_id: str, saved: SavedState, last_ns: int | None) -> None:
        """Keep a string, whose last row was at `last_ns` [ns], for the next run."""
        ...


@runtime_checkable
class NamesCells(Protocol):
    """A source of telemetry whose file names its cells."""

    def cell_names(self, string_id: str) -> tuple[str, ...]:
        """Names of the cells of a string in their order; empty where files do not agree on them."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class StringResult:
    """What was found in one string.

    Attributes
    ----------
    string_id : str
        The string.
    n_cells : int
        Its cells; the most it ever had.
    n_samples : int
        Cell voltages that were looked at.
    n_days : int
        Days that said something.
    findings : tuple of Finding
        In the order in which they were told.
    flaws : tuple of TelemetryFinding
        What was wrong with the record.
    refused : str
        Why the string could not be read to its end; empty if it was.
    n_left_out : int
        Rows that are no later than what an earlier run has seen.
    record : StringRecord or None
        What a report shows of it; None where nobody asked, or nothing was read.
    unseen : tuple of int
        Cells, from 0, of which nothing can be said, as their channels were silent on all days that count.
    is_other : bool
        Whether it was refused as it has other cells than the state was kept of.
    cell_names : tuple of str
        What the file calls its cells; empty where it has no names for them.
    last_ns : int or None
        Last row that was seen. [ns]
    n_dates : int
        UTC dates of rows of this run.
    """

    string_id: str
    n_cells: int
    n_samples: int
    n_days: int
    findings: tuple[Finding, ...]
    flaws: tuple[TelemetryFinding, ...]
    refused: str = ""
    n_left_out: int = 0
    record: StringRecord | None = None
    unseen: tuple[int, ...] = ()
    is_other: bool = False
    cell_names: tuple[str, ...] = ()
    last_ns: int | None = None
    n_dates: int = field(default=0, compare=False)

    @property
    def is_too_short(self) -> bool:
        """Whether tests of its cells have not spoken yet, though days of it were read."""
        return 0 < self.n_days < FIRST_TOLD_DAY

    @property
    def is_judged(self) -> bool:
        """Whether something is known of it: tests spoke, or a cell was plainly dead before."""
        return self.n_days >= FIRST_TOLD_DAY or bool(self.findings)

    @property
    def unjudged(self) -> str:
        """What of it could not be judged, and the mend; empty if all was, or a refusal says it."""
        if not self.n_days:
            none = f"none of its {self.n_cells} cells was" if self.n_cells else "nothing was read, so no cell was"
            why = "no day has 60 rows in which they can be compared: voltages of most cells that move, and a current"
            return (
                "" if self.refused else f"{self.string_id}: {none} judged, as {why}; look at the record, or give more"
            )
        if self.is_too_short:
            return self._too_short()
        if not self.unseen:
            return ""
        shown = ", ".join(map(str, self.unseen[:N_SHOWN]))
        more = f" and {len(self.unseen) - N_SHOWN} more" if len(self.unseen) > N_SHOWN else ""
        cells = "cells" if len(self.unseen) > 1 else "cell"
        return (
            f"{self.string_id}: {cells} {shown}{more} of {self.n_cells} not judged, as no day has their voltages in "
            "enough rows; look at their channels"
        )

    def _too_short(self) -> str:
        days = "is 1 day that counts" if self.n_days == 1 else f"are {self.n_days} days that count"
        when = ""
        if self.last_ns is not None:
            first_ns = self.last_ns + (FIRST_TOLD_DAY - self.n_days) * NS_PER_DAY
            when = f", {from_ns(first_ns).date().isoformat()} at the earliest"
        return (
            f"{self.string_id}: its {self.n_cells} cells not judged yet, as there {days}; tests speak from day "
            f"{FIRST_TOLD_DAY} on{when}, and tell a plainly dead cell alone before; give more days"
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class FleetScan:
    """What was found in a fleet.

    Attributes
    ----------
    strings : tuple of StringResult
        One per string.
    refused : tuple of str
        Files that could not be opened, each with its reason.
    has_state : bool
        Whether the run goes on from the one before, so that a string may still be short.
    """

    strings: tuple[StringResult, ...]
    refused: tuple[str, ...] = ()
    has_state: bool = field(default=False, compare=False)

    @property
    def n_cells(self) -> int:
        """Cells of all strings."""
        return sum(each.n_cells for each in self.strings)

    @property
    def n_samples(self) -> int:
        """Cell voltages that were looked at."""
        return sum(each.n_samples for each in self.strings)

    @property
    def is_synthetic(self) -> bool:
        """Whether a string says by its name that it was invented."""
        return any(each.string_id.startswith(SYNTHETIC) for each in self.strings)

    @property
    def n_judged(self) -> int:
        """Strings of which something is known."""
        return sum(each.is_judged for each in self.strings)

    def label(self, finding: Finding) -> str:
        """What the file calls the cell of a finding; empty where it has no name for it."""
        names = next((each.cell_names for each in self.strings if each.string_id == finding.string_id), ())
        return names[finding.cell] if finding.cell is not None and finding.cell < len(names) else ""

    @property
    def unjudged(self) -> tuple[str, ...]:
        """Strings and cells of which nothing can be said, each with its reason and the mend."""
        return tuple(said for each in self.strings if (said := each.unjudged))

    def require_judged(self) -> None:
        """Refuse a scan in which nothing at all could be judged, as it is no healthy fleet.

        Raises
        ------
        StaleDataError
            If no string is long enough for its tests, and nothing was found. A state that is built up day by day is
            let grow: its strings may be short, and a first day may not be over.
        """
        if self.n_judged:
            return
        if self.has_state and any(each.n_days or 0 < each.n_dates <= EARLY_DATES for each in self.strings):
            return
        reasons = (*self.unjudged, *(f"{each.string_id}: {each.refused}" for each in self.strings if each.refused))
        more = f"\n  - and {len(reasons) - N_SHOWN} more" if len(reasons) > N_SHOWN else ""
        said = "".join(f"\n  - {reason}" for reason in reasons[:N_SHOWN])
        strings = "1 string" if len(self.strings) == 1 else f"{len(self.strings):,} strings"
        message = f"nothing could be judged in {strings}, so no cell is known to be sound:{said}{more}"
        raise StaleDataError(message)

    @property
    def findings(self) -> tuple[Finding, ...]:
        """Findings of all strings, the gravest first, then the oldest."""
        found = [finding for each in self.strings for finding in each.findings]
        return tuple(sorted(found, key=lambda each: (-each.level, each.found_ns, each.string_id, each.cell or 0)))


def scan_fleet(
    source: TelemetrySource,
    parameters: CellParameters,
    compute: Compute,
    *,
    capacity_ah: float | None = None,
    settings: DecisionSettings | None = None,
    states: ScanStates | None = None,
    is_recorded: bool = False,
    progress: Progress | None = None,
) -> FleetScan:
    """Scan all strings of a record.

    Parameters
    ----------
    source : TelemetrySource
        The record.
    parameters : CellParameters
        Kind of cell.
    compute : Compute
        Where strings are scanned.
    capacity_ah : float or None
        Capacity of a cell; that of the kind if left out. [Ah]
    settings : DecisionSettings or None
        Limits of the tests.
    states : ScanStates or None
        Where to go on from, and where to keep what the next run goes on from. Findings of earlier runs are told again:
        all is as if one run had seen everything.
    is_recorded : bool
        Whether to keep what a report shows: about 30 kB a cell and year of the strings in work, little afterwards.
    progress : callable or None
        Told of progress.

    Returns
    -------
    FleetScan
        What was found; a string that breaks off is named, and the others are scanned.

    Raises
    ------
    DataError
        If all strings have other cells than the states were kept of.
    """
    names = sorted({*source.strings(), *(states.strings() if states is not None else ())})
    asked = ScanSettings(parameters=parameters, capacity_ah=capacity_ah, decisions=settings)
    work = partial(_scanned, source, frozenset(source.strings()), asked, states, is_recorded=is_recorded)
    done = None if progress is None else partial(progress, "strings")
    scan = FleetScan(
        strings=tuple(compute.map(work, names, done)), refused=source.refused, has_state=states is not None
    )
    read = [each for each in scan.strings if each.string_id in set(source.strings())]
    if read and all(each.is_other for each in read):
        message = f"{read[0].string_id}: {read[0].refused}; so it is with all {len(read):,} strings"
        raise DataError(message)
    return scan


def _scanned(
    source: TelemetrySource,
    there: frozenset[str],
    settings: ScanSettings,
    states: ScanStates | None,
    string_id: str,
    *,
    is_recorded: bool,
) -> StringResult:
    """Scan one string, going on from where the run before left it."""
    saved = None if states is None else states.load(string_id)
    watch = StringWatch(string_id=string_id) if saved is None else restored_watch(saved, settings)
    flaws: list[TelemetryFinding] = []
    refused, is_other, resumed_ns = "", False, watch.last_ns
    dates: set[int] = set()
    recorder = StringRecorder(string_id=string_id, is_resumed=saved is not None, n_told=len(watch.findings))
    try:
        for each in source.read(string_id) if string_id in there else ():
            flaws += each.findings
            if saved is not None and watch.last_ns == resumed_ns:
                watch.require_own(each.block)
            dates |= _dates(each.block)
            watch.take(each.block, each.findings, settings)
            if is_recorded and watch.scan is not None:
                recorder.look(each.block, watch.scan.newest, watch.findings, watch.scan.decisions.verdicts)
    except DataError as error:
        refused, is_other = str(error), isinstance(error, OtherCellsError)
    n_left_out = watch.n_left_out
    if states is not None:
        states.keep(string_id, watch.save(), watch.last_ns)
    scan = watch.scan
    watch.close()
    if is_recorded and scan is not None:
        recorder.look(None, scan.newest, watch.findings, scan.decisions.verdicts)
    return StringResult(
        string_id=string_id,
        n_cells=watch.n_cells,
        n_samples=watch.n_samples,
        n_days=watch.n_days,
        findings=tuple(watch.findings),
        flaws=tuple(flaws),
        refused=refused,
        n_left_out=n_left_out,
        record=recorder.close(watch.findings),
        unseen=watch.unseen,
        is_other=is_other,
        cell_names=_cell_names(source, string_id) if string_id in there else (),
        last_ns=watch.last_ns,
        n_dates=len(dates),
    )


def _cell_names(source: TelemetrySource, string_id: str) -> tuple[str, ...]:
    return source.cell_names(string_id) if isinstance(source, NamesCells) else ()


def _dates(block: Block) -> set[int]:
    """First and last UTC day of rows; a block ends with its day. [d]"""
    return {int(time_ns // NS_PER_DAY) for time_ns in block.time_ns[[0, -1]]} if block.n_times else set()
