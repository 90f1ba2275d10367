"""``battuta replay``: decide a run's journal again and compare every setpoint with what was written."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from battuta.interfaces.cli import options, output

if TYPE_CHECKING:
    from battuta.app.replay import ReplayResult

EXIT_UNPROVEN = 4
"""As for any data that cannot be used as it stands."""


def run(
    journal: Annotated[Path, typer.Argument(help="Folder of a run, or of its journal.")],
    as_json: options.JsonOption = False,
) -> None:
    """Replay a journal; ends with 1 where a setpoint comes out differently, with 4 where not all of it is there."""
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
                "decisions": result.decisions,
                "setpoints": result.setpoints,
                "differences": result.differences,
                **({"first_difference": first} if first else {}),
                "records": result.records,
                "root": result.root,
                "proven": result.is_proven,
                "findings": list(result.findings),
            }
        )
    else:
        print(
            f"{result.seconds_replayed:,} seconds of {result.sites} sites, {result.decisions:,} decisions and "
            f"{result.setpoints:,} setpoints compared"
        )
        print(f"{result.differences:,} differences{_verdict(result, first)}")
        for each in result.findings:
            print(f"journal: {each}")
        print(f"root {result.root}")
    if result.differences:
        raise typer.Exit(1)
    if not result.is_proven:
        raise typer.Exit(EXIT_UNPROVEN)


def _verdict(result: ReplayResult, first: str) -> str:
    """What the number of differences means."""
    if first:
        return f", the first at {first}"
    if result.is_proven:
        return ": byte for byte the same"
    return " in what was compared, which is not the whole of a sound journal: no proof"
