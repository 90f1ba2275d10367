"""``battuta jobs``: studies that are answered in processes of their own, how far they are, and what came of them."""

from __future__ import annotations

from collections.abc import Mapping
from io import BytesIO
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING, Annotated, TypeAlias

import typer

from battuta.interfaces.cli import options, output
from battuta.interfaces.cli.jobs_words import job_words, print_job, print_jobs

if TYPE_CHECKING:
    from battuta.app.jobs import Jobs
    from battuta.studies.life_study_result import LifeStudyResult

app = typer.Typer(
    help="List jobs, look at one, wait for it, cancel it. A job is submitted with: battuta twin STUDY --job.",
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)

IdArgument: TypeAlias = Annotated[str, typer.Argument(help="Id of a job, or its first letters; see: battuta jobs.")]


@app.callback(invoke_without_command=True)
def start(context: typer.Context, jobs_dir: options.JobsOption = None, as_json: options.JsonOption = False) -> None:
    """List jobs, look at one, wait for it, cancel it. A job is submitted with: battuta twin STUDY --job."""
    if context.invoked_subcommand is None:
        from battuta.app.kept_jobs import job_json

        jobs = _jobs(jobs_dir)
        found = jobs.all()
        if as_json:
            output.print_json({"jobs": [job_json(each, jobs.folder) for each in found]})
        else:
            print_jobs(found, jobs.folder)
        for each in jobs.damaged():
            output.note(f"not shown: {each}")


@app.command("show")
def show(job_id: IdArgument, jobs_dir: options.JobsOption = None, as_json: options.JsonOption = False) -> None:
    """Show how far a job is, and what came of it."""
    from battuta.app.kept_jobs import job_json

    jobs = _jobs(jobs_dir)
    job = jobs.job(job_id)
    if as_json:
        output.print_json(job_json(job, jobs.folder))
    else:
        print_job(job, jobs)


@app.command("wait")
def wait(job_id: IdArgument, jobs_dir: options.JobsOption = None, as_json: options.JsonOption = False) -> None:
    """Wait until a job has ended, and end with its exit code; the job goes on where this is interrupted."""
    from battuta.app.jobs import require_done
    from battuta.app.kept_jobs import job_json

    jobs = _jobs(jobs_dir)
    said: list[str] = []

    def tell(words: str) -> None:
        if said[-1:] != [words]:
            said.append(words)
            output.note(words)

    job = jobs.wait(jobs.job(job_id).job_id, lambda each: tell(job_words(each)))
    if as_json:
        output.print_json(job_json(job, jobs.folder))
    require_done(job)
    if not as_json:
        print_job(job, jobs)


@app.command("cancel")
def cancel(job_id: IdArgument, jobs_dir: options.JobsOption = None, as_json: options.JsonOption = False) -> None:
    """Cancel a job; one that has ended stays as it is."""
    from battuta.app.kept_jobs import job_json

    jobs = _jobs(jobs_dir)
    job = jobs.cancel(job_id)
    if as_json:
        output.print_json(job_json(job, jobs.folder))
    else:
        print(f"{job.job_id} {job_words(job)}")


@app.command("work", hidden=True)
def work(job_id: str, attempt: Annotated[int, typer.Option("--attempt")], jobs_dir: options.JobsOption = None) -> None:
    """Answer a job that is begun: what its process does."""
    from battuta.app.job_worker import work as do_work

    started = perf_counter()
    do_work(_jobs(jobs_dir), job_id, attempt, _files, lambda: perf_counter() - started)


def submit(
    study: Path,
    jobs_dir: Path | None,
    *,
    n_lives: int | None,
    seed: int | None,
    n_threads: int | None,
    as_json: bool,
) -> None:
    """Submit a study as a job, and print its id."""
    from battuta.app.kept_jobs import job_json

    jobs = _jobs(jobs_dir)
    job = jobs.submit(study, n_lives=n_lives, seed=seed, n_threads=n_threads)
    if as_json:
        output.print_json(job_json(job, jobs.folder))
    else:
        print(job.job_id)
        output.note(f"{job.title}: {job_words(job)}; see: battuta jobs show {job.job_id}")


def refuse_files(given: Mapping[str, Path | None]) -> None:
    """Refuse options that write files, as a job keeps its own."""
    from battuta.domain.errors import UsageError

    named = [name for name, path in given.items() if path is not None]
    if named:
        message = f"--job with {', '.join(named)}: a job keeps result.json, study.pdf and lives.parquet; leave it away"
        raise UsageError(message)


def _jobs(jobs_dir: Path | None) -> Jobs:
    from battuta.app.jobs import DEFAULT_FOLDER, Jobs

    return Jobs(jobs_dir or DEFAULT_FOLDER)


def _files(result: LifeStudyResult, seconds: float) -> Mapping[str, bytes]:
    from importlib.metadata import version

    from battuta.app.jobs import LIVES, REPORT, RESULT
    from battuta.interfaces.python.life_tables import lives_frame
    from battuta.interfaces.reports.twin_json import twin_json
    from battuta.interfaces.reports.twin_pdf import twin_pdf

    rows = BytesIO()
    lives_frame(result).write_parquet(rows)
    return {
        LIVES: rows.getvalue(),
        RESULT: output.json_text({**twin_json(result), "seconds": seconds}).encode(),
        REPORT: twin_pdf(result, version=version("battuta")),
    }
