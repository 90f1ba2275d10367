"""A folder of jobs: what `battuta.services.jobs` asks for is done here, by whoever looks into the folder."""

from __future__ import annotations

import os
import secrets
import shutil
import signal
from collections.abc import Callable, Generator
from contextlib import AbstractContextManager, contextmanager
from difflib import get_close_matches
from importlib.metadata import version
from pathlib import Path
from time import monotonic, sleep

from battuta.adapters.clock.system import SystemClock
from battuta.app.folder_lock import folder_lock, holder
from battuta.app.job_question import FILE as QUESTION_FILE
from battuta.app.job_question import FOLDER as QUESTION_FOLDER
from battuta.app.job_question import question_hash, question_of
from battuta.app.job_worker_process import WORKER_LOCK, start_worker
from battuta.app.kept_jobs import keep_job, kept_jobs
from battuta.app.life_studies import prepared, read_study
from battuta.app.worker_beat import BEAT_S, kept_beat
from battuta.domain.errors import BattutaError, DataError, JobError, StorageError, UsageError
from battuta.domain.job import Job, JobFailure, JobState
from battuta.domain.time import to_ns
from battuta.services.jobs import (
    SILENCE_S,
    CancelAsked,
    Finished,
    JobBook,
    JobEffect,
    JobEvent,
    Keep,
    Opened,
    Progressed,
    StartWorker,
    StopWorker,
    Submitted,
    step,
)

DEFAULT_FOLDER = Path("battuta-jobs")
LIFE_STUDY = "life_study"
AT_ONCE = "BATTUTA_JOBS_AT_ONCE"
"""Environment: how many jobs run side by side, 1 if it is not set."""
RESULT, REPORT, LIVES = "result.json", "study.pdf", "lives.parquet"

_LOCK = "lock"
_LOOK_S = 0.5
_GONE_S = 10.0
"""How long a worker that was ended is waited for. [s]"""


class Jobs:
    """Jobs of one folder, for all processes that look into it.

    Parameters
    ----------
    folder : Path
        Where they are kept; made when the first is submitted.
    at_once : int or None
        How many run side by side; what the environment says, or 1, if left out. [-]

    Raises
    ------
    UsageError, InvalidQuantityError
        If the environment holds no number, or it is below 1.
    """

    def __init__(self, folder: Path, at_once: int | None = None) -> None:
        self.folder = folder.absolute()
        self.at_once = _at_once() if at_once is None else at_once
        JobBook(jobs={}, at_once=self.at_once)

    def submit(
        self, study: Path, *, n_lives: int | None = None, seed: int | None = None, n_threads: int | None = None
    ) -> Job:
        """Ask a study; the same question again is the same job, and what is answered is not answered twice.

        Parameters
        ----------
        study : Path
            Study file. It and what it names are copied: later edits change nothing.
        n_lives, seed : int or None
            In place of those of the study.
        n_threads : int or None
            Pieces of work at once, one per core if left out.

        Returns
        -------
        Job
            As it stands now.

        Raises
        ------
        DataError, UsageError
            If the study asks what cannot be answered; nothing is submitted then.
        StorageError
            If the folder cannot be written.
        """
        asked, inputs = prepared(read_study(study), study.parent, n_lives=n_lives, seed=seed)
        with self._staged() as staged:
            question = question_of(study, staged, n_lives=n_lives, seed=seed, n_threads=n_threads)
            job_id = question_hash(question, staged, (LIFE_STUDY, version("battuta"), inputs.data_hash))
            with self._locked():
                before = self._book().jobs.get(job_id)
                has_answer = self.file_of(job_id, RESULT).is_file()
                if before is None or not (before.is_live or (before.state is JobState.DONE and has_answer)):
                    self._place(staged, job_id)
                self._take(Submitted(job_id=job_id, kind=LIFE_STUDY, title=asked.name, has_answer=has_answer))
                return self._look()[job_id]

    def all(self) -> tuple[Job, ...]:
        """Look at all jobs as they stand now, the first that was asked first; jobs that wait are begun."""
        if not self.folder.is_dir():
            return ()
        if not os.access(self.folder, os.W_OK):
            return tuple(self._book().jobs.values())
        with self._locked():
            return tuple(self._look().values())

    def damaged(self) -> tuple[str, ...]:
        """Name the jobs that cannot be read, each with what is wrong and how to mend it."""
        return tuple(kept_jobs(self.folder).damaged.values())

    def job(self, job_id: str) -> Job:
        """Look at one job; the first letters of its id will do.

        Raises
        ------
        DataError
            If it cannot be read.
        UsageError
            If there is none, or more than one; near ones are named.
        """
        jobs = {each.job_id: each for each in self.all()}
        alike = [name for name in jobs if name == job_id or (job_id and name.startswith(job_id))]
        if len(alike) == 1:
            return jobs[alike[0]]
        for name, words in kept_jobs(self.folder).damaged.items():
            if not alike and job_id and name.startswith(job_id):
                raise DataError(words)
        near = alike or get_close_matches(job_id, jobs, n=3, cutoff=0.5) or list(jobs)[-3:]
        shown = ", ".join(f"{name} ({jobs[name].title}, {jobs[name].state.value})" for name in near) or "none"
        there = "more than one job begins with" if alike else "there is no job"
        message = f"{there} {job_id!r} in {self.folder}; near: {shown}; see: battuta jobs"
        raise UsageError(message)

    def cancel(self, job_id: str, wait_s: float = 5.0) -> Job:
        """Ask a job to end, and wait a moment for it; one that has ended stays as it is. Raises as `job`."""
        job = self.job(job_id)
        with self._locked():
            self._take(CancelAsked(job_id=job.job_id))
        return self.wait(job.job_id, until_s=wait_s)

    def wait(self, job_id: str, told: Callable[[Job], None] | None = None, until_s: float | None = None) -> Job:
        """Wait until a job has ended.

        Parameters
        ----------
        job_id : str
            Its id.
        told : callable or None
            Given the job each time that it is looked at.
        until_s : float or None
            How long at most; without end if left out. [s]

        Returns
        -------
        Job
            As it stands then.
        """
        end_s = None if until_s is None else monotonic() + until_s
        while True:
            job = self.job(job_id)
            if told is not None:
                told(job)
            if not job.is_live or (end_s is not None and monotonic() >= end_s):
                return job
            sleep(_LOOK_S)

    def answered(self, job: Job) -> bytes:
        """Read the answer of a job that is done, one JSON object.

        Raises
        ------
        JobError
            If it has none; why, and what to do, is said.
        """
        require_done(job)
        try:
            return self.file_of(job.job_id, RESULT).read_bytes()
        except OSError as error:
            message = f"{error.filename} cannot be read: {error.strerror}; submit the question again"
            raise DataError(message) from None

    def tell(self, event: JobEvent) -> None:
        """Tell what happened, and do what follows."""
        with self._locked():
            self._take(event)

    def file_of(self, job_id: str, name: str) -> Path:
        """Where a job keeps a file."""
        return self.folder / job_id / name

    def _locked(self) -> AbstractContextManager[None]:
        return folder_lock(self.folder / _LOCK)

    def _book(self) -> JobBook:
        return JobBook.of(kept_jobs(self.folder).jobs, self.at_once)

    def _take(self, event: JobEvent) -> None:
        """Take an event and do what follows; only while the folder is locked."""
        _, effects = step(self._book(), event, _now_ns())
        for each in effects:
            self._do(each)

    def _do(self, effect: JobEffect) -> None:
        match effect:
            case StopWorker():
                self._stop(effect)
            case Keep():
                keep_job(self.folder, effect.job)
            case StartWorker():
                try:
                    start_worker(self.folder, effect.job_id, effect.attempt)
                except BattutaError as error:
                    failure = JobFailure(code=error.code, words=str(error), exit_code=error.exit_code)
                    self._take(Finished(job_id=effect.job_id, attempt=effect.attempt, failure=failure))

    def _look(self) -> dict[str, Job]:
        """Hear all workers, then give up those that are gone; only while the folder is locked."""
        self._hear()
        silent_ns = _now_ns() - round(SILENCE_S * 1e9)
        if any((each.heard_ns or 0) < silent_ns for each in self._book().in_state(JobState.RUNNING)):
            sleep(2.0 * BEAT_S)  # this machine may have slept, or its clock been set: who lives is heard by then
            self._hear()
        running = self._book().in_state(JobState.RUNNING)
        alive = {each.job_id for each in running if holder(self.file_of(each.job_id, WORKER_LOCK)) is not None}
        self._take(Opened(alive=frozenset(alive)))
        return dict(self._book().jobs)

    def _hear(self) -> None:
        for each in self._book().in_state(JobState.RUNNING):
            beat = kept_beat(self.folder / each.job_id)
            if beat is not None and beat.heard_ns > (each.heard_ns or 0):
                self._take(
                    Progressed(job_id=each.job_id, attempt=beat.attempt, heard_ns=beat.heard_ns, words=beat.words)
                )

    def _stop(self, effect: StopWorker) -> None:
        lock = self.file_of(effect.job_id, WORKER_LOCK)
        pid = holder(lock)
        if not pid:
            return
        try:
            os.kill(pid, signal.SIGKILL if effect.is_hard else signal.SIGTERM)
        except ProcessLookupError:
            return
        except PermissionError:
            message = f"the worker of job {effect.job_id} is process {pid} of somebody else, and cannot be ended"
            raise UsageError(message) from None
        until_s = monotonic() + (_GONE_S if effect.is_hard else 0.0)
        while monotonic() < until_s and holder(lock) is not None:
            sleep(0.05)

    @contextmanager
    def _staged(self) -> Generator[Path]:
        """Make a folder in which a question is put together, and which is gone afterwards."""
        staged = self.folder / f".new-{secrets.token_hex(8)}"
        try:
            staged.mkdir(parents=True)
        except OSError as error:
            raise _unwritable(staged, error) from None
        try:
            yield staged
        finally:
            shutil.rmtree(staged, ignore_errors=True)

    def _place(self, staged: Path, job_id: str) -> None:
        """Put a question where its job keeps it, in place of one that was left there."""
        own = self.folder / job_id
        try:
            own.mkdir(exist_ok=True)
            shutil.rmtree(own / QUESTION_FOLDER, ignore_errors=True)
            (staged / QUESTION_FOLDER).rename(own / QUESTION_FOLDER)
            (staged / QUESTION_FILE).replace(own / QUESTION_FILE)
            for name in (RESULT, REPORT, LIVES):
                (own / name).unlink(missing_ok=True)
        except OSError as error:
            raise _unwritable(own, error) from None


def require_done(job: Job) -> None:
    """Raise JobError where a job has no answer; why, and what to do, is said."""
    if job.state is JobState.DONE:
        return
    mend = "wait for it: battuta jobs wait" if job.is_live else "submit it again"
    failure = job.failure or JobFailure(code="E800", words=mend)
    code = failure.exit_code if job.failure is not None else (130 if job.state is JobState.CANCELLED else 1)
    raise JobError(job.job_id, job.state.value, failure.words, code)


def _at_once() -> int:
    given = os.environ.get(AT_ONCE, "") or "1"
    if not given.strip().isdigit():
        message = f"{AT_ONCE} = {given!r} is no number of jobs at once"
        raise UsageError(message)
    return int(given)


def _now_ns() -> int:
    return to_ns(SystemClock().now())


def _unwritable(path: Path, error: OSError) -> StorageError:
    reason = error.strerror or str(error)
    return StorageError(str(path), reason, "free space, or name another folder with --jobs-dir")
