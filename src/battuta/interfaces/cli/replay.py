"""``battuta replay``: decide a run's journal again and compare every setpoint with what was written."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from battuta.interfaces.cli import options, output


def run(
    journal: Annotated[Path, typer.Argument(help="Folder of a run, or of its journal.")],
    as_json: options.JsonOption = False,
) -> None:
    """Replay a journal; ends with 1 where a setpoint comes out differently."""
    from battuta.app.living_result import iso
    from battuta.app.replay import replay

    with output.working("replaying"):
        result = replay(journal)
    first = "" if result.first_difference_ns < 0 else iso(result.first_difference_ns)
    if as_json:
        output.print_json(
            {
                "sites": result.sites,
                "seconds_replayed": result.seconds_replayed,
                "setpoints": result.setpoints,
                "differences": result.differences,
                **({"first_difference": first} if first else {}),
                "records": result.records,
                "root": result.root,
                "findings": list(result.findings),
            }
        )
    else:
        print(f"{result.seconds_replayed:,} seconds of {result.sites} sites, {result.setpoints:,} setpoints compared")
        print(
            f"{result.differences:,} differences" + (f", the first at {first}" if first else ": byte for byte the same")
        )
        for each in result.findings:
            print(f"journal: {each}")
        print(f"root {result.root}")
    if result.differences:
        raise typer.Exit(1)
