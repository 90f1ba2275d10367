"""A record of telemetry, opened as it is written and scanned for cells that go bad."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter

from battuta.adapters.compute.local import LocalCompute
from battuta.adapters.telemetry.formats import OpenedTelemetry, ReadRequest
from battuta.adapters.telemetry.formats import open_telemetry as _open
from battuta.adapters.telemetry.scan_states import StateFile
from battuta.domain.errors import DataError, UsageError
from battuta.health.string_scan import settings_hash
from battuta.physics.cell_parameters import cell_parameters
from battuta.ports.telemetry import TelemetrySource
from battuta.studies.fleet_scan import FleetScan, Progress, ScanStates, scan_fleet

CAPACITY_AH_MIN, CAPACITY_AH_MAX = 0.001, 10_000.0
"""Of a single cell: a coin and more, a whole string less. [Ah]"""


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
    """Open a file or folder of telemetry that says by itself what it is."""
    return open_stated(path).source


def open_stated(
    path: Path,
    *,
    form: str = "auto",
    layout: Path | None = None,
    stated: Mapping[str, str] | None = None,
    seen_ns: Mapping[str, int] | None = None,
) -> OpenedTelemetry:
    """Open a file or folder of telemetry as what it is.

    Parameters
    ----------
    path : Path
        Parquet, one file per string and day, or a CSV of a logger.
    form : str
        ``auto``, ``parquet``, ``wide``, ``pylontech`` or ``battgp``.
    layout : Path or None
        TOML file that says what the columns of a CSV are.
    stated : mapping of str to str
        The same in single words.
    seen_ns : mapping of str to int
        Last row of each string that an earlier run has seen. [ns]

    Returns
    -------
    OpenedTelemetry
        The telemetry, and what it was taken for.
    """
    return _open(ReadRequest(path=path, format=form, layout=layout, stated=stated or {}, seen_ns=seen_ns or {}))


def scan_with_state(
    opening: Callable[[Mapping[str, int]], TelemetrySource],
    state: Path,
    *,
    cell: str = "lfp_314ah",
    capacity_ah: float | None = None,
    is_recorded: bool = False,
    progress: Progress | None = None,
) -> TimedScan:
    """Scan a record that goes on from what an earlier run has seen, and keep where this one ends.

    Parameters
    ----------
    opening : callable
        Opens the record, given the last row of each string that was seen. [ns]
    state : Path
        File of the watches of all strings; made by the first run, and put in place as a whole at the end of each.
    cell, capacity_ah, is_recorded, progress
        As in `scan_health`; kind and capacity the same in all runs.

    Returns
    -------
    TimedScan
        What was found since the first run, as if a single run had seen everything.

    Raises
    ------
    DataError
        If the file was kept under other settings, or is none of these.
    """
    capacity_ah = _capacity_ah(capacity_ah)
    with StateFile(state, settings_hash(cell_parameters(cell), capacity_ah)) as states:
        source = opening(states.last_ns)
        return scan_health(
            source, cell=cell, capacity_ah=capacity_ah, states=states, is_recorded=is_recorded, progress=progress
        )


def scan_health(
    source: TelemetrySource,
    *,
    cell: str = "lfp_314ah",
    capacity_ah: float | None = None,
    states: ScanStates | None = None,
    is_recorded: bool = False,
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
    states : ScanStates or None
        Where to go on from and what to go on from next time.
    is_recorded : bool
        Whether to keep what a report shows.
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
    DataError
        If not a single string could be read.
    """
    capacity_ah = _capacity_ah(capacity_ah)
    started = perf_counter()
    found = scan_fleet(
        source,
        cell_parameters(cell),
        LocalCompute(),
        capacity_ah=capacity_ah,
        states=states,
        is_recorded=is_recorded,
        progress=progress,
    )
    broken = [f"{each.string_id}: {each.refused}" for each in found.strings if each.refused]
    if not found.n_samples and (broken or found.refused):
        reasons = "".join(f"\n  - {reason}" for reason in (*found.refused, *broken))
        message = f"no string of {len(found.strings)} could be read, so nothing was looked at:{reasons}"
        raise DataError(message)
    return TimedScan(scan=found, seconds=perf_counter() - started)


def _capacity_ah(capacity_ah: float | None) -> float | None:
    if capacity_ah is not None and not CAPACITY_AH_MIN <= capacity_ah <= CAPACITY_AH_MAX:
        message = f"a capacity of {capacity_ah} Ah is none; give that of one cell, from 0.001 to 10,000 Ah"
        raise UsageError(message)
    return capacity_ah
