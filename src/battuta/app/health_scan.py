"""A record of telemetry, opened as it is written and scanned for cells that go bad."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from time import perf_counter

from battuta.adapters.compute.local import LocalCompute
from battuta.adapters.telemetry.parquet import ParquetTelemetry
from battuta.domain.errors import UsageError
from battuta.physics.cell_parameters import cell_parameters
from battuta.ports.telemetry import TelemetrySource
from battuta.studies.fleet_scan import FleetScan, Progress, scan_fleet

CAPACITY_AH_MAX = 10_000.0


@dataclass(frozen=True, slots=True, kw_only=True)
class TimedScan:
    """A scan and how long it took.

    Attributes
    ----------
    scan : FleetScan
        What was found.
    seconds : float
        From opening the record to the last finding. [s]
    """

    scan: FleetScan
    seconds: float


def open_telemetry(path: Path) -> TelemetrySource:
    """Open a file, or a folder of one file per string and day, in Parquet."""
    return ParquetTelemetry(path)


def scan_health(
    source: TelemetrySource,
    *,
    cell: str = "lfp_314ah",
    capacity_ah: float | None = None,
    progress: Progress | None = None,
) -> TimedScan:
    """Scan a record.

    Parameters
    ----------
    source : TelemetrySource
        The record.
    cell : str
        Kind of cell, as parameter sets are named.
    capacity_ah : float or None
        Capacity of a cell; that of the kind if left out. [Ah]
    progress : callable or None
        Told of progress.

    Returns
    -------
    TimedScan
        What was found.

    Raises
    ------
    UsageError
        If the kind does not exist, or the capacity is none.
    """
    if capacity_ah is not None and not 0.0 < capacity_ah <= CAPACITY_AH_MAX:
        message = f"a capacity of {capacity_ah} Ah is none; give that of one cell, above 0 and at most 10,000 Ah"
        raise UsageError(message)
    started = perf_counter()
    found = scan_fleet(source, cell_parameters(cell), LocalCompute(), capacity_ah=capacity_ah, progress=progress)
    return TimedScan(scan=found, seconds=perf_counter() - started)
