"""``battuta health features``: telemetry in, a table of what each cell showed on each day out."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from battuta.interfaces.cli import options, output
from battuta.interfaces.cli.health_flaws import say_capacity, stated_words
from battuta.interfaces.cli.health_results import refuse_among_telemetry
from battuta.interfaces.cli.health_words import counted

if TYPE_CHECKING:
    from battuta.app.health_features import FeatureRun


def features(
    telemetry: Annotated[
        Path, typer.Argument(help="A folder of Parquet, one file per string and day, or one file; or CSV of a logger.")
    ],
    out: Annotated[Path, typer.Option("--out", help="The table, a row per cell and day (CSV or Parquet).")],
    form: Annotated[
        str, typer.Option("--format", help="auto, parquet, wide, pylontech or battgp; auto says what it took.")
    ] = "auto",
    layout: Annotated[
        Path | None, typer.Option("--layout", help="TOML file that says what the columns of a CSV are.")
    ] = None,
    said: Annotated[
        list[str] | None,
        typer.Option("--set", help="The same in single words: clock=utc, units=console. May be repeated."),
    ] = None,
    cell: Annotated[str, typer.Option("--cell", help="Kind of cell, as parameter sets are named.")] = "lfp_314ah",
    capacity_ah: Annotated[
        float | None, typer.Option("--capacity-ah", help="Capacity of a cell; that of its kind if left out.")
    ] = None,
    as_json: options.JsonOption = False,
) -> None:
    """Write capacity between two features, resistances, relaxation and warmth of each cell on each day."""
    from battuta.app.health_features import write_features
    from battuta.app.health_scan import open_stated
    from battuta.interfaces.python.tables import require_frame_path

    options.refuse_to_overwrite([telemetry, layout], out)
    refuse_among_telemetry(telemetry, out)
    require_frame_path(out)
    found = open_stated(telemetry, form=form, layout=layout, stated=stated_words(said or ()))
    output.note(f"{telemetry}: {found.why}")
    say_capacity(cell, capacity_ah)
    with output.progress_bar() as progress:
        run = write_features(found.source, out, cell=cell, capacity_ah=capacity_ah, progress=progress)
    for each in run.refused:
        output.note(each)
    if as_json:
        output.print_json(summary(run))
    else:
        cells, strings = counted(run.cells, "cell"), counted(run.strings, "string")
        print(f"{counted(run.rows, 'row')}, {cells} in {strings}, {counted(run.days, 'day')}: {out}")
        print(f"{run.seconds:.1f} s")


def summary(run: FeatureRun) -> dict[str, output.Json]:
    """Write a run as the command's JSON object."""
    return {
        "strings": run.strings,
        "cells": run.cells,
        "days": run.days,
        "rows": run.rows,
        "seconds": run.seconds,
        "refused": list(run.refused),
    }
