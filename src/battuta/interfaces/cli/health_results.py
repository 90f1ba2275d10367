"""Results that would lie among telemetry are refused, before they replace some of it or are read as some of it."""

from __future__ import annotations

from pathlib import Path

from battuta.domain.errors import UsageError

TELEMETRY_ENDINGS = (".parquet", ".csv", ".csv.gz", ".txt", ".log")
"""How files end that are read out of a folder of telemetry."""


def refuse_among_telemetry(telemetry: Path, *results: Path | None) -> None:
    """Refuse a result in the folder that is read, if its name ends as telemetry does.

    Parameters
    ----------
    telemetry : Path
        What is read: a folder with files at any depth, or a file, beside which results may lie.
    *results : Path or None
        Where a table, a report or a state is written; None for what was not given.

    Raises
    ------
    UsageError
        If one would lie among the files that are read.
    """
    if not telemetry.is_dir():
        return
    folder = telemetry.resolve()
    for path in results:
        if path is not None and path.name.endswith(TELEMETRY_ENDINGS) and folder in path.resolve().parents:
            what = "replace telemetry" if path.exists() else "be read as telemetry next time"
            message = f"{path} lies in {telemetry}, which is read, and would {what}; write it to another folder"
            raise UsageError(message)
