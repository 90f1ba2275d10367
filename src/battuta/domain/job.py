"""A job: a question that is answered by a process of its own, whoever asked it having gone."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from battuta.domain.errors import DataError


class JobState(StrEnum):
    """Where a job stands."""

    QUEUED = "queued"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"
    LOST = "lost"
    """Its worker ended, or fell silent, without a word; asked again, it is answered anew."""


LIVE = frozenset({JobState.QUEUED, JobState.RUNNING})
"""States in which an answer is still to be expected."""


@dataclass(frozen=True, slots=True, kw_only=True)
class JobFailure:
    """Why a job has no answer.

    Attributes
    ----------
    code : str
        Code of the error, see `battuta.domain.errors`.
    words : str
        What, where, how much, and how to mend it.
    exit_code : int
        What the command line would have ended with.
    """

    code: str
    words: str
    exit_code: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """One question and how far it is.

    Attributes
    ----------
    job_id : str
        Hash of the kind, the question, its data and the version that answers: same question, same job.
    kind : str
        Who answers it, as ``life_study``.
    title : str
        What people call the question.
    submitted_ns : int
        When it was asked, the last time that it was put into the queue. [ns]
    state : JobState
        Where it stands.
    attempt : int
        How often a worker was started for it. [-]
    began_ns, heard_ns, ended_ns, cancel_asked_ns : int or None
        When its worker was started, was heard last, came to an end, was asked to stop; of the last attempt. [ns]
    progress : str
        What its worker does, in words.
    failure : JobFailure or None
        Why it has no answer, where it has none.
    """

    job_id: str
    kind: str
    title: str
    submitted_ns: int
    state: JobState = JobState.QUEUED
    attempt: int = 0
    began_ns: int | None = None
    heard_ns: int | None = None
    ended_ns: int | None = None
    cancel_asked_ns: int | None = None
    progress: str = ""
    failure: JobFailure | None = None

    def __post_init__(self) -> None:
        """Refuse what no job can be.

        Raises
        ------
        DataError
            If times, attempts or the failure do not belong to the state.
        """
        ran = self.attempt > 0 and self.began_ns is not None and self.heard_ns is not None
        wrong = {
            "it runs and was never begun": self.state is JobState.RUNNING and not ran,
            "it is done and was never begun": self.state is JobState.DONE and not ran,
            "it goes on and has an end": self.is_live == (self.ended_ns is not None),
            "it failed and does not say why": self.state is JobState.FAILED and self.failure is None,
            "it is done and says why not": self.state is JobState.DONE and self.failure is not None,
        }
        found = [words for words, is_wrong in wrong.items() if is_wrong]
        if found:
            message = f"job {self.job_id} is {self.state.value}, attempt {self.attempt}: {'; '.join(found)}"
            raise DataError(message)

    @property
    def is_live(self) -> bool:
        """Whether an answer is still to be expected."""
        return self.state in LIVE
