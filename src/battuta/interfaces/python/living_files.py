"""The folder of a living run: what is written into it when the run is over, whoever started it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from battuta.app.clock import utc_now
from battuta.domain.errors import StorageError
from battuta.interfaces.cli.output import Json, finite
from battuta.interfaces.cli.run_summary import summary
from battuta.interfaces.python.living_tables import write_deliveries
from battuta.interfaces.python.tables import write_frame
from battuta.interfaces.python.trace_tables import trace_frame

if TYPE_CHECKING:
    from pathlib import Path

    from battuta.interfaces.reports.living_record import LivingRecord

REPORT_S_MIN = 600
"""Shorter runs have no report: there is nothing to see in them. [s]"""


def keep_run(record: LivingRecord, folder: Path) -> dict[str, Json]:
    """Write ``summary.json``, ``deliveries.csv``, ``trace.parquet`` and, from ten minutes on, ``report.html``.

    Parameters
    ----------
    record : LivingRecord
        The run.
    folder : Path
        Its folder.

    Returns
    -------
    dict
        The summary, the object that ``battuta run --json`` prints.

    Raises
    ------
    StorageError
        If a file cannot be written.
    """
    told = summary(record.result, record.request.strategy, folder)
    try:
        _write_files(record, folder, told)
    except OSError as error:
        reason = error.strerror or str(error)
        raise StorageError(str(error.filename or folder), reason, "free space, or choose another --runs-dir") from error
    return told


def _write_files(record: LivingRecord, folder: Path, told: dict[str, Json]) -> None:
    (folder / "summary.json").write_text(json.dumps(finite(told), indent=2), encoding="utf-8")
    write_deliveries(record.result, folder / "deliveries.csv")
    write_frame(trace_frame(record.trace), folder / "trace.parquet")
    if record.result.simulated_s >= REPORT_S_MIN:
        write_report(record, folder, folder / "report.html")


def write_report(record: LivingRecord, folder: Path, path: Path) -> Path:
    """Write the HTML report of a run that lies in `folder`, and return its path."""
    from battuta.interfaces.reports.living_report import write_living_report

    replay = f"battuta replay {folder}" if record.result.journal_root else ""
    return write_living_report(record, path, created_at=utc_now(), replay=replay)
