"""The folder of a run: named by time and seed, never one that exists."""

from __future__ import annotations

from pathlib import Path

from battuta.app.clock import utc_now
from battuta.domain.errors import DataError


def run_folder(runs_dir: Path, seed: int) -> Path:
    """Make an empty folder for what is kept of a run.

    Parameters
    ----------
    runs_dir : Path
        Where runs are kept.
    seed : int
        Named in the folder.

    Returns
    -------
    Path
        The folder, which exists and is empty.

    Raises
    ------
    DataError
        If it cannot be made.
    """
    folder = runs_dir / f"{utc_now():%Y%m%dT%H%M%SZ}-{seed}"
    for attempt in range(1, 1000):
        candidate = folder if attempt == 1 else folder.with_name(f"{folder.name}-{attempt}")
        try:
            candidate.mkdir(parents=True)
        except FileExistsError:
            continue
        except OSError as error:
            message = f"{candidate} cannot be made: {error.strerror}; choose another place with --runs-dir"
            raise DataError(message) from None
        return candidate
    message = f"{folder} and its numbered neighbours exist; choose another place with --runs-dir"
    raise DataError(message)
