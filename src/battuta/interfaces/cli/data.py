"""``battuta data``: list the public data sets, fetch them with checksum and licence, or fetch prices of a zone."""

from __future__ import annotations

import sys
from collections.abc import Callable
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, TypeAlias

import typer

from battuta.interfaces.cli import data_prices, options, output

if TYPE_CHECKING:
    from collections.abc import Generator

    from battuta.app.datasets import FetchedFile, FetchProgress

DEFAULT_FOLDER = Path("battuta-data")


app = typer.Typer(
    help="List public data sets, or fetch data with licence and checksum.",
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)
app.command("prices")(data_prices.run)

NamesArgument: TypeAlias = Annotated[
    list[str] | None, typer.Argument(help="Data sets, as list shows them; none means all.")
]


@app.callback(invoke_without_command=True)
def start(context: typer.Context, as_json: options.JsonOption = False) -> None:
    """List public data sets, or fetch data with licence and checksum."""
    if context.invoked_subcommand is None:
        list_datasets([], as_json=as_json)


@app.command("fetch")
def fetch_datasets(
    names: NamesArgument = None,
    into: Annotated[Path, typer.Option("--into", help="Folder of the data.")] = DEFAULT_FOLDER,
    base_url: Annotated[
        str | None, typer.Option("--base-url", help="A mirror that keeps each file as <data set>/<file>.")
    ] = None,
    as_json: options.JsonOption = False,
) -> None:
    """Fetch public benchmark data from its own sources with licence and checksum."""
    from battuta.app.datasets import Verdict, fetch

    with _progress(is_shown=not as_json and sys.stderr.isatty()) as told:
        fetched = fetch(names or [], into, base_url, told)
    failed = [file for file in fetched if file.verdict is Verdict.FAILED]
    if as_json:
        output.print_json({"files": [_described(file) for file in fetched], "failed": len(failed)})
    else:
        _show(fetched, into)
    if failed:
        from battuta.domain.errors import DataError

        raise typer.Exit(DataError.exit_code)


@app.command("list")
def list_datasets(names: NamesArgument = None, as_json: options.JsonOption = False) -> None:
    """List public benchmark data sets, each with its licence."""
    from battuta.app.datasets import available, find

    datasets = find(names) if names else available()
    if as_json:
        rows: list[output.Json] = [
            {
                "name": dataset.name,
                "title": dataset.title,
                "homepage": dataset.homepage,
                "licence": dataset.licence,
                "citation": dataset.citation,
                "clock": dataset.clock,
                "note": dataset.note,
                "files": [{"name": file.name, "url": file.url, "sha256": file.sha256} for file in dataset.files],
            }
            for dataset in datasets
        ]
        output.print_json({"datasets": rows})
        return
    lines = [
        [
            dataset.name,
            dataset.title,
            dataset.licence,
            f"{sum(file.is_verified for file in dataset.files)} of {len(dataset.files)}",
        ]
        for dataset in datasets
    ]
    output.print_table("public data sets", ["name", "what", "licence", "checksums"], lines, left=3)
    output.note("fetch them with: battuta data fetch NAME... (none means all)")


def _described(file: FetchedFile) -> output.Json:
    described: dict[str, output.Json] = {
        "dataset": file.dataset,
        "name": file.name,
        "path": str(file.path),
        "verdict": file.verdict.value,
        "licence": file.licence,
    }
    if file.problem:
        return described | {"problem": file.problem}
    return described | {"sha256": file.sha256, "bytes": file.n_bytes, "new": file.is_new}


def _show(fetched: list[FetchedFile], into: Path) -> None:
    lines = [
        [file.dataset, file.name, file.verdict.value, "new" if file.is_new else "", f"{file.n_bytes:,}"]
        for file in fetched
    ]
    output.print_table(f"data in {into}", ["data set", "file", "checksum", "", "bytes"], lines, left=4)
    for dataset, licence in dict.fromkeys((file.dataset, file.licence) for file in fetched):
        output.note(f"{dataset}: licence {licence}; cite as its note in {into / dataset} says")
    for file in fetched:
        if file.problem:
            output.note(f"{file.dataset}/{file.name} failed: {file.problem}")


@contextmanager
def _progress(*, is_shown: bool) -> Generator[Callable[[FetchProgress], None] | None]:
    if not is_shown:
        yield None
        return
    with output.progress_bar() as show:

        def told(progress: FetchProgress) -> None:
            show(progress.name, progress.n_bytes, progress.n_bytes_total or progress.n_bytes)

        yield told
