"""Invented telemetry for whoever wants to see how cells are found before showing their own."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from battuta.adapters.telemetry.parquet import write_block
from battuta.adapters.telemetry.simulated import SimulatedTelemetry
from battuta.domain.errors import DataError
from battuta.studies.fleet_scan import Progress


def write_example(
    folder: Path,
    *,
    seed: int = 1,
    n_strings: int = 2,
    n_cells: int = 240,
    n_days: int = 60,
    faults: Sequence[str] = (),
    progress: Progress | None = None,
) -> int:
    """Write SYNTHETIC telemetry as one Parquet file per string and day.

    Parameters
    ----------
    folder : Path
        Where; not there, or empty.
    seed : int
        Same seed, same bytes.
    n_strings, n_cells, n_days : int
        How much.
    faults : sequence of str
        What breaks, as ``leak,string=0,cell=17,size=100,start=20``.
    progress : callable or None
        Told of progress.

    Returns
    -------
    int
        Files that were written.

    Raises
    ------
    DataError
        If the folder holds something already.
    UsageError
        If a fault cannot be read, or a number cannot be.
    """
    if folder.is_file() or (folder.is_dir() and any(folder.iterdir())):
        message = f"{folder} is not empty: name a folder that is not there yet, so that nothing is written over"
        raise DataError(message)
    source = SimulatedTelemetry(seed, n_strings, n_cells, n_days, faults)
    n_files, names = 0, source.strings()
    for done, name in enumerate(names):
        for each in source.read(name):
            write_block(each.block, folder)
            n_files += 1
        if progress is not None:
            progress("strings", done + 1, len(names))
    return n_files
