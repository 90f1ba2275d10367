"""What the process of a job does: take it up, tell how far it is, keep the answer, end when it is told to."""

from __future__ import annotations

import signal
from collections.abc import Callable, Generator, Mapping
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from typing import TypeAlias

from battuta.app.job_question import FOLDER, StudyQuestion, kept_question, require_unchanged
from battuta.app.jobs import Jobs
from battuta.app.life_studies import answer, read_study
from battuta.app.result_file import write_result
from battuta.app.worker_beat import Heart
from battuta.domain.errors import BattutaError
from battuta.domain.job import JobFailure
from battuta.services.jobs import Began, Finished, Stopped
from battuta.studies.life_study_result import LifeStudyResult

Written: TypeAlias = Callable[[LifeStudyResult, float], Mapping[str, bytes]]
"""Makes the files of an answer, by their names, from it and the time that it took. [s]"""

_AGAIN_S = 2.0
"""When an end that was swallowed is asked for again. [s]"""


class _StopAskedError(BaseException):
    """The process was told to end."""


def work(jobs: Jobs, job_id: str, attempt: int, written: Written, seconds: Callable[[], float]) -> None:
    """Answer a job; what becomes of it is told to its folder.

    Parameters
    ----------
    jobs : Jobs
        Where it is kept.
    job_id : str
        Which job.
    attempt : int
        Which attempt at it this is. [-]
    written : callable
        Makes the files of the answer, by their names.
    seconds : callable
        Time since the answer was begun. [s]
    """
    own = jobs.folder / job_id
    try:
        with _stoppable(), Heart(own, attempt) as heart:
            jobs.tell(Began(job_id=job_id, attempt=attempt))
            question = kept_question(own)
            result = _answered(own, question, heart)
            require_unchanged(question, own)
            heart.say("writing the answer")
            for name, content in written(result, seconds()).items():
                write_result(own / name, content)
    except _StopAskedError:
        jobs.tell(Stopped(job_id=job_id, attempt=attempt))
    except BattutaError as error:
        failure = JobFailure(code=error.code, words=str(error), exit_code=error.exit_code)
        jobs.tell(Finished(job_id=job_id, attempt=attempt, failure=failure))
    except Exception as error:
        words = " ".join(f"{type(error).__name__}: {error}".split())
        failure = JobFailure(code="E000", words=f"{words}; this is a fault of Battuta, see worker.log of the job")
        jobs.tell(Finished(job_id=job_id, attempt=attempt, failure=failure))
        raise
    else:
        jobs.tell(Finished(job_id=job_id, attempt=attempt))


def _answered(own: Path, question: StudyQuestion, heart: Heart) -> LifeStudyResult:
    path = own / FOLDER / question.study
    return answer(
        read_study(path),
        path.parent,
        n_lives=question.n_lives,
        seed=question.seed,
        n_threads=question.n_threads,
        said=heart.say,
    )


@contextmanager
def _stoppable() -> Generator[None]:
    """End what is done where the process is told to; once it is left, the last words are said undisturbed.

    Where the end is swallowed, as in a callback of compiled code, it is asked for again a moment later.
    """

    def stop(number: int, frame: FrameType | None) -> None:
        del number, frame
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        signal.setitimer(signal.ITIMER_REAL, _AGAIN_S)
        raise _StopAskedError

    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGALRM, stop)
    signal.signal(signal.SIGTERM, stop)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        signal.signal(signal.SIGALRM, signal.SIG_IGN)
        signal.setitimer(signal.ITIMER_REAL, 0.0)
