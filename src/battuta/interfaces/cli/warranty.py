"""``battuta warranty``: a site's telemetry held against its warranty, clause by clause."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path
from typing import Annotated

import typer

from battuta.interfaces.cli import options, output


def run(
    terms: Annotated[
        str, typer.Argument(help="Warranty file (TOML), or the name of one that ships; see: battuta schema warranty.")
    ],
    telemetry: Annotated[
        Path,
        typer.Argument(help="CSV or Parquet with time, soc, temperature_c and power_kw, or a folder of such files."),
    ],
    start: Annotated[
        str, typer.Option("--start", help="First day of the warranty, YYYY-MM-DD; it begins at 00:00 UTC.")
    ],
    installed_mwh: Annotated[float, typer.Option("--installed-mwh", help="Energy of the battery when new [MWh].")],
    opened: Annotated[
        str | None,
        typer.Option(
            "--opened", help="When records begin, with offset; the start if left out. Silence counts from here."
        ),
    ] = None,
    full_cycles_before: Annotated[
        float | None, typer.Option("--full-cycles-before", help="Full cycles before records begin.")
    ] = None,
    discharged_mwh_before: Annotated[
        float | None, typer.Option("--discharged-mwh-before", help="Energy discharged before records begin [MWh].")
    ] = None,
    until: Annotated[
        str | None, typer.Option("--until", help="As of when to judge, with offset; the last record if left out.")
    ] = None,
    capacity_tests: Annotated[
        Path | None, typer.Option("--capacity-tests", help="CSV or Parquet with time and soh_capacity.")
    ] = None,
    state: Annotated[
        Path | None,
        typer.Option("--state", help="Go on from this file, and keep in it where the next run is to go on from."),
    ] = None,
    as_json: options.JsonOption = False,
) -> None:
    """Hold what a site logs against its warranty: margins, first breaches, and when totals are used up."""
    from battuta.app.warranty_watch import WarrantyQuestion, watched_warranty
    from battuta.interfaces.cli.warranty_words import print_watched
    from battuta.interfaces.reports.warranty_json import warranty_json

    options.refuse_to_overwrite([Path(terms), telemetry, capacity_tests], None, state)
    question = WarrantyQuestion(
        terms=terms,
        telemetry=telemetry,
        start=_day(start),
        installed_mwh=installed_mwh,
        opened=_instant("--opened", opened),
        full_cycles_before=full_cycles_before,
        discharged_mwh_before=discharged_mwh_before,
        until=_instant("--until", until),
        capacity_tests=capacity_tests,
        state=state,
    )
    with output.working(f"reading {telemetry}"):
        found = watched_warranty(question)
    if as_json:
        output.print_json(warranty_json(found))
    else:
        print_watched(found)


def _day(text: str) -> date:
    from battuta.domain.errors import UsageError

    try:
        return date.fromisoformat(text)
    except ValueError:
        message = f"--start {text!r} is no day; write it as 2027-01-01"
        raise UsageError(message) from None


def _instant(option: str, text: str | None) -> datetime | None:
    from battuta.domain.errors import UsageError

    if text is None:
        return None
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        moment = None
    if moment is None or moment.tzinfo is None:
        message = f"{option} {text!r} is no instant with its offset; write it as 2027-06-01T00:00+02:00"
        raise UsageError(message)
    return moment.astimezone(UTC)
