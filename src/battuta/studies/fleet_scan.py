"""The scan of a fleet: every string of a record through filter and decisions, strings side by side."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from battuta.domain.errors import DataError
from battuta.domain.health import Finding
from battuta.health.decision_settings import DecisionSettings
from battuta.health.string_scan import StringScan
from battuta.physics.cell_parameters import CellParameters
from battuta.ports.compute import Compute
from battuta.ports.telemetry import TelemetryFinding, TelemetrySource

Progress = Callable[[str, int, int], None]
"""Told what is done, how much of it, and how much there is."""


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
    """

    string_id: str
    n_cells: int
    n_samples: int
    n_days: int
    findings: tuple[Finding, ...]
    flaws: tuple[TelemetryFinding, ...]
    refused: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class FleetScan:
    """What was found in a fleet.

    Attributes
    ----------
    strings : tuple of StringResult
        One per string.
    refused : tuple of str
        Files that could not be opened, each with its reason.
    """

    strings: tuple[StringResult, ...]
    refused: tuple[str, ...] = ()

    @property
    def n_cells(self) -> int:
        """Cells of all strings."""
        return sum(each.n_cells for each in self.strings)

    @property
    def n_samples(self) -> int:
        """Cell voltages that were looked at."""
        return sum(each.n_samples for each in self.strings)

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
    progress : callable or None
        Told of progress.

    Returns
    -------
    FleetScan
        What was found; a string that breaks off is named, and the others are scanned.
    """
    names = source.strings()
    work = partial(_scanned, source, parameters, capacity_ah, settings)
    done = None if progress is None else partial(progress, "strings")
    return FleetScan(strings=tuple(compute.map(work, names, done)), refused=source.refused)


def _scanned(
    source: TelemetrySource,
    parameters: CellParameters,
    capacity_ah: float | None,
    settings: DecisionSettings | None,
    string_id: str,
) -> StringResult:
    """Scan one string; one that changes its number of cells begins anew."""
    scan: StringScan | None = None
    n_cells = n_samples = n_days = 0
    findings: list[Finding] = []
    flaws: list[TelemetryFinding] = []
    refused = ""
    try:
        for each in source.read(string_id):
            block = each.block
            flaws += each.findings
            if scan is None or scan.n_cells != block.n_cells:
                if scan is not None:
                    findings += scan.close()
                    n_days += scan.n_days
                scan = StringScan(parameters, string_id, block.n_cells, capacity_ah, settings)
            findings += scan.take(block)
            n_samples += block.n_times * block.n_cells
            n_cells = max(n_cells, block.n_cells)
    except DataError as error:
        refused = str(error)
    if scan is not None:
        findings += scan.close()
        n_days += scan.n_days
    return StringResult(
        string_id=string_id,
        n_cells=n_cells,
        n_samples=n_samples,
        n_days=n_days,
        findings=tuple(findings),
        flaws=tuple(flaws),
        refused=refused,
    )
