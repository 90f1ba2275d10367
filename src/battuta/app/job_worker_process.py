"""The process that answers a job: started so that it outlives who started it, and known to live by a lock it holds."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from battuta.app.folder_lock import sign, taken
from battuta.domain.errors import StorageError

WORKER_LOCK = "worker.lock"
LOG = "worker.log"
_EXIT_WAIT_S = 10.0
"""How long the worker of before, which has said its last word, may take to be gone. [s]"""

_started: list[subprocess.Popen[bytes]] = []
"""Workers of this process, which are to be buried when they are dead."""


def worker_command(folder: Path, job_id: str, attempt: int) -> list[str]:
    """Words of the command that answers a job."""
    words = ["jobs", "work", job_id, "--attempt", str(attempt), "--jobs-dir", str(folder)]
    return [sys.executable, "-m", "battuta", *words]


def start_worker(folder: Path, job_id: str, attempt: int) -> None:
    """Start the worker of a job.

    From its first moment it holds the lock `WORKER_LOCK` of the job, which the system gives back when it is gone.

    Parameters
    ----------
    folder : Path
        Where jobs are kept.
    job_id : str
        Which job.
    attempt : int
        Which attempt at it. [-]

    Raises
    ------
    StorageError
        If a worker of before still lives, its log cannot be written, or the system starts no process.
    """
    _started[:] = [each for each in _started if each.poll() is None]
    own = folder / job_id
    with taken(own / WORKER_LOCK, _EXIT_WAIT_S) as lock:
        try:
            with (own / LOG).open("wb") as log:
                process = subprocess.Popen(  # noqa: S603 - our own command
                    worker_command(folder, job_id, attempt),
                    stdin=subprocess.DEVNULL,
                    stdout=log,
                    stderr=log,
                    pass_fds=(lock,),
                    start_new_session=True,
                    env={**os.environ, "PYTHONSAFEPATH": "1"},
                )
        except OSError as error:
            raise StorageError(str(own / LOG), error.strerror or str(error), "free memory or space") from None
        sign(lock, process.pid)
        _started.append(process)
