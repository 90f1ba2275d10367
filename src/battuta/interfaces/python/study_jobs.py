"""Studies that go on without the notebook: submitted, looked at, waited for, cancelled."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, cast

from battuta.app.jobs import DEFAULT_FOLDER, LIVES, REPORT, Jobs, require_done
from battuta.domain.errors import DataError
from battuta.domain.job import Job
from battuta.interfaces.python.arguments import require_count, require_path

if TYPE_CHECKING:
    import polars as pl

WHERE = "bt.submit_life_study"


class StudyJob:
    """A study that is answered by a process of its own.

    Parameters
    ----------
    jobs : Jobs
        Where it is kept.
    job_id : str
        Which job it is.
    """

    def __init__(self, jobs: Jobs, job_id: str) -> None:
        self._jobs = jobs
        self._id = job_id

    @property
    def id(self) -> str:
        """Hash of the question: the same study is the same job."""
        return self._id

    @property
    def folder(self) -> Path:
        """Where it keeps its question and its answer."""
        return self._jobs.folder / self._id

    @property
    def state(self) -> str:
        """``queued``, ``running``, ``done``, ``failed``, ``cancelled`` or ``lost``, as it stands now."""
        return self._look().state.value

    @property
    def progress(self) -> str:
        """What is being done, or why there is no answer, in words."""
        job = self._look()
        return job.progress if job.failure is None else job.failure.words

    def wait(self, timeout_s: float | None = None) -> StudyJob:
        """Wait until it is done.

        Parameters
        ----------
        timeout_s : float or None
            How long at most; without end if left out. [s]

        Returns
        -------
        StudyJob
            The same job.

        Raises
        ------
        JobError
            If it comes to no answer, or to none within that time.
        """
        require_done(self._jobs.wait(self._id, until_s=timeout_s))
        return self

    def answer(self) -> dict[str, object]:
        """Read what ``battuta twin STUDY --json`` would have printed; raises JobError where there is no answer."""
        return cast("dict[str, object]", json.loads(self._jobs.answered(self._look())))

    def report(self) -> Path:
        """Say where the report lies, a PDF; raises JobError where there is no answer."""
        require_done(self._look())
        return self.folder / REPORT

    def lives(self) -> pl.DataFrame:
        """Read a row per strategy, life and year, as ``battuta twin STUDY --out`` writes them.

        Raises
        ------
        JobError
            If there is no answer.
        DataError
            If the answer was kept without its lives, as jobs once were.
        """
        import polars as pl

        require_done(self._look())
        path = self.folder / LIVES
        if not path.is_file():
            message = f"{path} is not there; remove {self.folder} and submit the question again"
            raise DataError(message)
        return pl.read_parquet(path)

    def cancel(self) -> StudyJob:
        """Ask it to end; what has ended stays as it is."""
        self._jobs.cancel(self._id)
        return self

    def __repr__(self) -> str:
        """Say which question it is and how far."""
        job = self._look()
        return f"StudyJob({self._id!r}, {job.title!r}, {job.state.value})"

    def _look(self) -> Job:
        return self._jobs.job(self._id)


def submit_life_study(
    study: str | Path,
    *,
    lives: int | None = None,
    seed: int | None = None,
    threads: int | None = None,
    jobs_dir: str | Path = DEFAULT_FOLDER,
) -> StudyJob:
    """Have a study answered by a process of its own, which goes on when this one ends.

    Parameters
    ----------
    study : str or Path
        Study file; it and what it names are copied, so that later edits change nothing.
    lives, seed : int or None
        In place of those of the file.
    threads : int or None
        Pieces of work at once, one per core if left out; the answer does not depend on it.
    jobs_dir : str or Path
        Folder of the jobs, the one of ``battuta jobs --jobs-dir``.

    Returns
    -------
    StudyJob
        The job; the same question again is the same job, and is not answered twice.

    Raises
    ------
    DataError, UsageError
        If the study asks what cannot be answered; nothing is submitted then.
    StorageError
        If the folder cannot be written.
    """
    path, folder = require_path(WHERE, "study", study), require_path(WHERE, "jobs_dir", jobs_dir)
    counts = {
        name: value for name, value in (("lives", lives), ("seed", seed), ("threads", threads)) if value is not None
    }
    require_count(WHERE, **counts)
    jobs = Jobs(folder)
    return StudyJob(jobs, jobs.submit(path, n_lives=lives, seed=seed, n_threads=threads).job_id)
