"""Jobs on a terminal: a table of all, and one with what came of it."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, cast

from battuta.domain.time import from_ns
from battuta.interfaces.cli import output

if TYPE_CHECKING:
    from battuta.app.jobs import Jobs
    from battuta.domain.job import Job

_ERROR_LENGTH = 90


def print_jobs(jobs: Sequence[Job], folder: Path) -> None:
    """Print a row for each job, the first that was asked first."""
    if not jobs:
        print(f"no jobs in {folder}; submit one with: battuta twin STUDY --job")
        return
    rows = [[each.job_id, each.state.value, _clock(each.submitted_ns), each.title, _last_words(each)] for each in jobs]
    output.print_table(
        f"jobs in {folder}", ["id", "state", "submitted", "question", "last words"], rows, left=4, ends_in_text=True
    )


def print_job(job: Job, jobs: Jobs) -> None:
    """Print how far a job is, and the main figures of its answer."""
    from battuta.app.jobs import LIVES, REPORT, RESULT
    from battuta.domain.job import JobState

    print(f"{job.title}: {job_words(job)}")
    heard_ns = job.heard_ns if job.is_live else None
    times = {"submitted": job.submitted_ns, "began": job.began_ns, "heard": heard_ns, "ended": job.ended_ns}
    print(", ".join(f"{name} {_clock(time_ns)}" for name, time_ns in times.items() if time_ns is not None))
    if job.state is JobState.DONE:
        print_answer(jobs.answered(job))
        for name in (RESULT, REPORT, LIVES):
            if (path := jobs.file_of(job.job_id, name)).is_file():
                print(path)
    elif job.failure is not None:
        print(f"log: {jobs.file_of(job.job_id, 'worker.log')}")


def print_answer(content: bytes) -> None:
    """Print the main figures of an answer, a column for each strategy."""
    answer = cast("Mapping[str, object]", json.loads(content))
    strategies = cast("Mapping[str, Mapping[str, Mapping[str, object]]]", answer["strategies"])
    columns = {name: _figures(each, str(answer["currency"])) for name, each in strategies.items()}
    rows = [[row, *(each[row] for each in columns.values())] for row in next(iter(columns.values()))]
    title = f"{answer['study']}: {answer['lives']} lives of {answer['years']} years, seed {answer['seed']}"
    output.print_table(title, ["", *columns], rows)


def job_words(job: Job) -> str:
    """Say where a job stands, in one line."""
    if job.failure is not None:
        return f"{job.state.value}: error {job.failure.code}: {job.failure.words}"
    if job.is_live and job.cancel_asked_ns is not None:
        return f"{job.state.value}, asked to stop"
    if job.is_live and job.progress:
        return f"{job.state.value}, {job.progress}"
    return job.state.value


def _figures(strategy: Mapping[str, Mapping[str, object]], currency: str) -> dict[str, str]:
    soh = cast("Mapping[str, Mapping[str, float]]", strategy["soh"])
    last = max(soh, key=int)
    money, warranty = strategy["finance"], strategy.get("warranty")
    left = " / ".join(f"{100.0 * soh[last][name]:.1f}" for name in ("p10", "p50", "p90"))
    return {
        f"capacity left in year {last}, P10 / P50 / P90": f"{left} %",
        "warranty broken, any clause": "-"
        if warranty is None
        else _number(warranty["breach_probability"], 100.0, " %"),
        "IRR of the equity, P50": _number(money["irr"], 100.0, " %"),
        f"NPV of the equity, P50, {currency}": _number(money["npv"]),
        f"LCOS nominal, P50, {currency}/MWh": _number(money["lcos"]),
    }


def _number(value: object, scale: float = 1.0, unit: str = "") -> str:
    if not isinstance(value, int | float):
        return "-"
    return f"{scale * value:.1f}{unit}" if unit else f"{scale * value:,.0f}"


def _last_words(job: Job) -> str:
    words = job.failure.words if job.failure is not None else job.progress if job.is_live else ""
    first = words.splitlines()[0] if words else ""
    return first if len(first) <= _ERROR_LENGTH else f"{first[: _ERROR_LENGTH - 3]}..."


def _clock(time_ns: int) -> str:
    local: datetime = from_ns(time_ns).astimezone()
    return f"{local:%Y-%m-%d %H:%M:%S}"
