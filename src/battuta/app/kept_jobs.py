"""Jobs as they are kept: each in a file for its worker and everybody who looks, and as others are told of them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

from battuta.app.result_file import write_result
from battuta.domain.errors import BattutaError, DataError, StorageError
from battuta.domain.job import Job, JobFailure, JobState
from battuta.domain.time import from_ns

Json: TypeAlias = bool | int | float | str | list["Json"] | dict[str, "Json"] | None

FILE = "job.json"
_UNREADABLE = (LookupError, TypeError, ValueError, AttributeError, ArithmeticError, RecursionError, OSError)
_MEND = "free space, or name another folder with --jobs-dir"


def job_text(job: Job) -> str:
    """Write a job as JSON that `job_of` reads back without a difference."""
    kept: dict[str, Json] = {
        "job_id": job.job_id,
        "kind": job.kind,
        "title": job.title,
        "submitted_ns": job.submitted_ns,
        "state": job.state.value,
        "attempt": job.attempt,
        "began_ns": job.began_ns,
        "heard_ns": job.heard_ns,
        "ended_ns": job.ended_ns,
        "cancel_asked_ns": job.cancel_asked_ns,
        "progress": job.progress,
        "failure": None if job.failure is None else {
            "code": job.failure.code,
            "words": job.failure.words,
            "exit_code": job.failure.exit_code,
        },
    }  # fmt: skip
    return json.dumps(kept, indent=1)


def job_of(text: str) -> Job:
    """Read a job that `job_text` wrote.

    Raises
    ------
    DataError
        If it is something else.
    """
    try:
        found = json.loads(text)
        failure = found["failure"]
        return Job(
            job_id=str(found["job_id"]),
            kind=str(found["kind"]),
            title=str(found["title"]),
            submitted_ns=_time_ns(found["submitted_ns"]),
            state=JobState(found["state"]),
            attempt=int(found["attempt"]),
            began_ns=_instant(found["began_ns"]),
            heard_ns=_instant(found["heard_ns"]),
            ended_ns=_instant(found["ended_ns"]),
            cancel_asked_ns=_instant(found["cancel_asked_ns"]),
            progress=str(found["progress"]),
            failure=None if failure is None else JobFailure(
                code=str(failure["code"]), words=str(failure["words"]), exit_code=int(failure["exit_code"])
            ),
        )  # fmt: skip
    except BattutaError:
        raise
    except _UNREADABLE as error:
        what = f"{error} is missing" if isinstance(error, KeyError) else str(error)
        message = f"a job cannot be read ({what})"
        raise DataError(message) from error


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptJobs:
    """All that a folder of jobs holds.

    Attributes
    ----------
    jobs : tuple of Job
        Those that can be read.
    damaged : mapping of str to str
        By the names of their folders, those that cannot: what is wrong, and how to mend it.
    """

    jobs: tuple[Job, ...]
    damaged: Mapping[str, str]


def kept_jobs(folder: Path) -> KeptJobs:
    """Read all jobs of a folder; none where there is no folder. One that is damaged hides no other."""
    found: list[Job] = []
    damaged: dict[str, str] = {}
    for path in sorted(folder.glob(f"[!.]*/{FILE}")):
        try:
            found.append(_job_in(path))
        except (OSError, UnicodeDecodeError, DataError) as error:
            damaged[path.parent.name] = f"{path}: {error}; remove {path.parent} and submit its question again"
    return KeptJobs(jobs=tuple(found), damaged=damaged)


def _job_in(path: Path) -> Job:
    """Read the job of a folder; one that says it is another would be kept in a folder that is not its own."""
    job = job_of(path.read_text(encoding="utf-8"))
    if job.job_id != path.parent.name:
        message = f"it is that of job {job.job_id!r}, in a folder of another name"
        raise DataError(message)
    return job


def keep_job(folder: Path, job: Job) -> None:
    """Keep a job as it stands, whole or as it was before; raises StorageError where the disk does not take it."""
    keep_text(folder / job.job_id / FILE, job_text(job))


def keep_text(path: Path, text: str) -> None:
    """Write a file of a job, whole or as it was before; raises StorageError where the disk does not take it."""
    try:
        write_result(path, text.encode())
    except DataError as error:
        raise StorageError(
            str(path), str(error).removeprefix(f"{path} cannot be written: ").split(";", 1)[0], _MEND
        ) from error


def job_json(job: Job, folder: Path) -> dict[str, Json]:
    """Write a job for people and other software: times as ISO 8601, what does not apply left out.

    Parameters
    ----------
    job : Job
        The job.
    folder : Path
        Where jobs are kept.

    Returns
    -------
    dict
        `id`, `kind`, `title`, `state`, times, and the files that are there.
    """
    own = folder / job.job_id
    times = {"began": job.began_ns, "heard": job.heard_ns, "ended": job.ended_ns, "cancel_asked": job.cancel_asked_ns}
    names = {"result": "result.json", "report": "study.pdf", "lives": "lives.parquet", "log": "worker.log"}
    files = {what: own / name for what, name in names.items()}
    failure = job.failure
    return {
        "id": job.job_id,
        "kind": job.kind,
        "title": job.title,
        "state": job.state.value,
        "attempt": job.attempt,
        "submitted": from_ns(job.submitted_ns).isoformat(),
        **{name: from_ns(time_ns).isoformat() for name, time_ns in times.items() if time_ns is not None},
        **({"progress": job.progress} if job.progress else {}),
        **({} if failure is None else {"error": {"code": failure.code, "message": failure.words}}),
        "folder": str(own),
        **{
            name: str(path)
            for name, path in files.items()
            if path.is_file() and (job.state is JobState.DONE or name == "log")
        },
    }


def _instant(given: object) -> int | None:
    return None if given is None else _time_ns(given)


def _time_ns(given: object) -> int:
    """Time in ns, one that can be told as a date. [ns]"""
    if isinstance(given, int):
        from_ns(given)
        return given
    message = f"{given!r} is no time in ns"
    raise TypeError(message)
