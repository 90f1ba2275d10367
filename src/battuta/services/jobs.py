"""Jobs: queued in order, so many at once, begun once each, and never silently gone."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import TypeAlias

from battuta.domain.errors import InvalidQuantityError, UsageError
from battuta.domain.job import Job, JobFailure, JobState

NS_PER_S = 1_000_000_000
SILENCE_S = 60.0
"""A worker that was not heard for longer is given up. [s]"""
STOP_S = 20.0
"""A worker that was asked to stop and still runs after that is ended. [s]"""

_GONE = (
    "its worker ended without a word: killed, out of memory or of disk, or the machine went down; "
    "worker.log may say more; submit it again"
)
_SILENT = f"its worker was not heard for more than {SILENCE_S:.0f} s and was ended; submit it again"
_STOPPED = "its worker was told to stop, not by battuta jobs cancel; submit it again"


@dataclass(frozen=True, slots=True, kw_only=True)
class JobBook:
    """All jobs that are kept.

    Attributes
    ----------
    jobs : mapping of str to Job
        By their ids, in the order in which they were asked.
    at_once : int
        How many run side by side. [-]
    """

    jobs: Mapping[str, Job]
    at_once: int = 1

    def __post_init__(self) -> None:
        """Refuse a queue that never moves."""
        if self.at_once < 1:
            raise InvalidQuantityError("at_once", self.at_once, 1, float("inf"), "-", where="jobs")

    @classmethod
    def of(cls, jobs: tuple[Job, ...], at_once: int = 1) -> JobBook:
        """Book of jobs that were kept, in whatever order."""
        return cls(jobs=_in_order({each.job_id: each for each in jobs}), at_once=at_once)

    def in_state(self, state: JobState) -> tuple[Job, ...]:
        """Jobs that stand so, the first that was asked first."""
        return tuple(each for each in self.jobs.values() if each.state is state)


@dataclass(frozen=True, slots=True, kw_only=True)
class Submitted:
    """Somebody asked a question; `has_answer` says whether one is kept of before."""

    job_id: str
    kind: str
    title: str
    has_answer: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Began:
    """A worker took up its job."""

    job_id: str
    attempt: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Progressed:
    """A worker was heard, at `heard_ns`; what it said last."""

    job_id: str
    attempt: int
    heard_ns: int
    words: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Finished:
    """A worker has kept its answer, or says why there is none."""

    job_id: str
    attempt: int
    failure: JobFailure | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Stopped:
    """A worker was told to stop and has come to its end."""

    job_id: str
    attempt: int


@dataclass(frozen=True, slots=True, kw_only=True)
class CancelAsked:
    """Somebody does not want the answer any more."""

    job_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Opened:
    """Somebody looks, maybe after a crash: `alive` are the jobs whose workers live, whatever else is kept of them."""

    alive: frozenset[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class StopWorker:
    """End the worker of a job: ask it to, or, where `is_hard`, make it and wait until it is gone."""

    job_id: str
    attempt: int
    is_hard: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Keep:
    """A job is to be kept as it stands now."""

    job: Job


@dataclass(frozen=True, slots=True, kw_only=True)
class StartWorker:
    """Start a process that answers a job."""

    job_id: str
    attempt: int


JobEvent: TypeAlias = Submitted | Began | Progressed | Finished | Stopped | CancelAsked | Opened
JobEffect: TypeAlias = StopWorker | Keep | StartWorker


def step(book: JobBook, event: JobEvent, now_ns: int) -> tuple[JobBook, tuple[JobEffect, ...]]:
    """Take one event.

    Words of a worker that was given up, or of an attempt before, change nothing.

    Parameters
    ----------
    book : JobBook
        All jobs.
    event : JobEvent
        What happened.
    now_ns : int
        When it is told. [ns]

    Returns
    -------
    tuple of (JobBook, tuple of JobEffect)
        All jobs now, and what has to be done, in this order: workers end, jobs are kept, workers start. A crash between
        any two of them leaves a book from which the next `Opened` goes on.

    Raises
    ------
    UsageError
        If there is no such job.
    """
    stops: tuple[StopWorker, ...] = ()
    match event:
        case Submitted():
            changed = _submitted(book, event, now_ns)
        case CancelAsked():
            changed, stops = _cancelled(_known(book, event.job_id), now_ns)
        case Opened():
            changed, stops = _opened(book, event, now_ns)
        case Began() | Progressed() | Finished() | Stopped():
            changed = _heard(_known(book, event.job_id), event, now_ns)
    jobs = {**book.jobs, **{each.job_id: each for each in changed}}
    started = _started(_in_order(jobs), book.at_once, now_ns)
    jobs |= {each.job_id: each for each in started}
    kept = tuple(Keep(job=each) for name, each in jobs.items() if each != book.jobs.get(name))
    starts = tuple(StartWorker(job_id=each.job_id, attempt=each.attempt) for each in started)
    return replace(book, jobs=_in_order(jobs)), (*stops, *kept, *starts)


def _submitted(book: JobBook, event: Submitted, now_ns: int) -> tuple[Job, ...]:
    """Queue a question; one that waits, runs, or has its answer stays as it is."""
    before = book.jobs.get(event.job_id)
    if before is None:
        return (Job(job_id=event.job_id, kind=event.kind, title=event.title, submitted_ns=now_ns),)
    if before.is_live or (before.state is JobState.DONE and event.has_answer):
        return ()
    again = Job(job_id=event.job_id, kind=event.kind, title=event.title, submitted_ns=now_ns, attempt=before.attempt)
    return (again,)


def _cancelled(job: Job, now_ns: int) -> tuple[tuple[Job, ...], tuple[StopWorker, ...]]:
    if job.state is JobState.QUEUED:
        return (_ended(job, JobState.CANCELLED, now_ns),), ()
    if job.state is not JobState.RUNNING:
        return (), ()
    stop = StopWorker(job_id=job.job_id, attempt=job.attempt, is_hard=False)
    if job.cancel_asked_ns is not None:
        return (), (stop,)
    return (replace(job, cancel_asked_ns=now_ns),), (stop,)


def _opened(book: JobBook, event: Opened, now_ns: int) -> tuple[tuple[Job, ...], tuple[StopWorker, ...]]:
    """Give up running jobs whose workers are gone, silent, or do not stop."""
    changed: list[Job] = []
    stops: list[StopWorker] = []
    for job in book.in_state(JobState.RUNNING):
        if job.job_id not in event.alive:
            changed.append(_given_up(job, _GONE, now_ns))
        elif _is_past(job.heard_ns, SILENCE_S, now_ns) or _is_past(job.cancel_asked_ns, STOP_S, now_ns):
            changed.append(_given_up(job, _SILENT, now_ns))
            stops.append(StopWorker(job_id=job.job_id, attempt=job.attempt, is_hard=True))
    return tuple(changed), tuple(stops)


def _heard(job: Job, event: Began | Progressed | Finished | Stopped, now_ns: int) -> tuple[Job, ...]:
    if event.attempt != job.attempt or job.state is not JobState.RUNNING:
        return ()
    match event:
        case Began():
            return (replace(job, heard_ns=now_ns),)
        case Progressed():
            heard_ns = max(job.heard_ns or 0, min(event.heard_ns, now_ns))
            return (replace(job, heard_ns=heard_ns, progress=event.words or job.progress),)
        case Finished():
            state = JobState.DONE if event.failure is None else JobState.FAILED
            return (_ended(job, state, now_ns, event.failure),)
        case Stopped():
            failure = None if job.cancel_asked_ns is not None else JobFailure(code="E800", words=_STOPPED)
            return (_ended(job, JobState.CANCELLED, now_ns, failure),)


def _given_up(job: Job, words: str, now_ns: int) -> Job:
    if job.cancel_asked_ns is not None:
        return _ended(job, JobState.CANCELLED, now_ns)
    return _ended(job, JobState.LOST, now_ns, JobFailure(code="E800", words=words))


def _ended(job: Job, state: JobState, now_ns: int, failure: JobFailure | None = None) -> Job:
    return replace(job, state=state, ended_ns=max(now_ns, job.submitted_ns), failure=failure)


def _started(jobs: Mapping[str, Job], at_once: int, now_ns: int) -> tuple[Job, ...]:
    """Begin the next in the queue while there is room."""
    n_running = sum(each.state is JobState.RUNNING for each in jobs.values())
    queued = [each for each in jobs.values() if each.state is JobState.QUEUED]
    return tuple(
        replace(each, state=JobState.RUNNING, attempt=each.attempt + 1, began_ns=now_ns, heard_ns=now_ns)
        for each in queued[: max(at_once - n_running, 0)]
    )


def _is_past(since_ns: int | None, limit_s: float, now_ns: int) -> bool:
    return since_ns is not None and now_ns - since_ns > limit_s * NS_PER_S


def _known(book: JobBook, job_id: str) -> Job:
    job = book.jobs.get(job_id)
    if job is None:
        message = f"there is no job {job_id!r}; see: battuta jobs"
        raise UsageError(message)
    return job


def _in_order(jobs: Mapping[str, Job]) -> Mapping[str, Job]:
    ordered = sorted(jobs.values(), key=lambda each: (each.submitted_ns, each.job_id))
    return MappingProxyType({each.job_id: each for each in ordered})
