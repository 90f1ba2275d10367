"""``battuta twin``: twenty years of a battery, its warranty and its money, from one study file."""

from __future__ import annotations

import math
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING, Annotated

import typer

from battuta.interfaces.cli import options, output
from battuta.interfaces.cli.jobs import refuse_files, submit
from battuta.interfaces.cli.twin_words import print_result

if TYPE_CHECKING:
    from battuta.studies.life_study_result import LifeStudyResult

_REPORTS = (".pdf", ".html")


def run(
    study: Annotated[Path, typer.Argument(help="Study file (TOML); see: battuta schema study --example.")],
    report: Annotated[Path | None, typer.Option("--report", help="Write the report: FILE.pdf or FILE.html.")] = None,
    lives: Annotated[
        int | None, typer.Option("--lives", help="Lives for each strategy, in place of the study's.")
    ] = None,
    seed: Annotated[int | None, typer.Option("--seed", help="Seed, in place of the study's.")] = None,
    out: Annotated[
        Path | None, typer.Option("--out", help="Write a row per strategy, life and year (CSV, Parquet).")
    ] = None,
    wear_table: Annotated[
        Path | None,
        typer.Option("--wear-table", help="Write what use costs the project (JSON), for [battery] wear_table."),
    ] = None,
    spread: Annotated[
        float,
        typer.Option(
            "--spread-per-mwh", help="What trading earns above the mean price, for --wear-table [currency/MWh]."
        ),
    ] = 0.0,
    threads: Annotated[int | None, typer.Option("--threads", help="Work at once; the answer is the same.")] = None,
    job: Annotated[
        bool,
        typer.Option("--job", help="Answer it in a process of its own, print its id and return; see: battuta jobs."),
    ] = False,
    jobs_dir: options.JobsOption = None,
    as_json: options.JsonOption = False,
) -> None:
    """Answer a study: lives of several ageing models, warranty, cash flow, with how unsure each of them is."""
    from battuta.app.job_question import named_files
    from battuta.app.life_studies import answer, read_study
    from battuta.app.wear_tables import refuse_wear_table

    _refuse_options(report, wear_table, spread)
    if job:
        refuse_files({"--report": report, "--out": out, "--wear-table": wear_table})
        submit(study, jobs_dir, n_lives=lives, seed=seed, n_threads=threads, as_json=as_json)
        return
    options.refuse_to_overwrite([study, *(study.parent / each for each in named_files(study))], out, report, wear_table)
    asked = read_study(study)
    if wear_table is not None:
        refuse_wear_table(asked)
    started = perf_counter()
    with output.progress_bar() as progress:
        result = answer(
            asked, study.parent, n_lives=lives, seed=seed, n_threads=threads, said=output.note, progress=progress
        )
    seconds = perf_counter() - started
    if out is not None:
        _write_lives(result, out)
    if report is not None:
        _write_report(result, report)
    if as_json:
        from battuta.interfaces.reports.twin_json import twin_json

        output.print_json({**twin_json(result), "seconds": seconds})
    else:
        print_result(result, seconds)
    if wear_table is not None:
        _write_wear(result, wear_table, spread, threads)


def _refuse_options(report: Path | None, wear_table: Path | None, spread: float) -> None:
    from battuta.domain.errors import UsageError

    if report is not None and report.suffix.lower() not in _REPORTS:
        message = f"--report {report}: a report is a .pdf or a .html file"
        raise UsageError(message)
    if wear_table is not None and wear_table.suffix.lower() != ".json":
        message = f"--wear-table {wear_table}: a wear table is a .json file"
        raise UsageError(message)
    if spread and wear_table is None:
        message = "--spread-per-mwh prices a wear table; say where it goes with --wear-table FILE.json"
        raise UsageError(message)
    if not math.isfinite(spread):
        message = f"--spread-per-mwh {spread:g} is no price; write a number, as 25"
        raise UsageError(message)


def _write_lives(result: LifeStudyResult, out: Path) -> None:
    from battuta.interfaces.python.life_tables import lives_frame
    from battuta.interfaces.python.tables import write_frame

    write_frame(lives_frame(result), out)
    output.note(f"lives: {out}")


def _write_wear(result: LifeStudyResult, wear_table: Path, spread_per_mwh: float, threads: int | None) -> None:
    from battuta.app.wear_tables import write_wear_table

    table = write_wear_table(result, wear_table, spread_per_mwh=spread_per_mwh, n_threads=threads)
    output.note(f"wear table of {table.strategy} in {table.currency}: {wear_table}")
    for remark in table.remarks:
        output.note(f"- {remark}")


def _write_report(result: LifeStudyResult, report: Path) -> None:
    from importlib.metadata import version

    from battuta.app.result_file import write_result

    if report.suffix.lower() == ".pdf":
        from battuta.interfaces.reports.twin_pdf import twin_pdf

        content = twin_pdf(result, version=version("battuta"))
    else:
        from battuta.interfaces.reports.twin_html import twin_html

        content = twin_html(result, version=version("battuta")).encode()
    write_result(report, content, makes_folder=True)
    output.note(f"report: {report}")
