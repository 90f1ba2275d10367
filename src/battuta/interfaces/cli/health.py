"""``battuta health``: telemetry in, cells that go bad out, each with its evidence."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from battuta.interfaces.cli import options, output
from battuta.interfaces.cli.health_commission import commission
from battuta.interfaces.cli.health_features import features
from battuta.interfaces.cli.health_flaws import say_capacity, say_flaws, stated_words
from battuta.interfaces.cli.health_plan import plan
from battuta.interfaces.cli.health_results import refuse_among_telemetry
from battuta.interfaces.cli.health_site import site
from battuta.interfaces.cli.health_uniform import uniform
from battuta.interfaces.cli.health_words import FINDING_HEADS, counted, finding_json, finding_row

if TYPE_CHECKING:
    from battuta.app.health_scan import TimedScan
    from battuta.ports.telemetry import TelemetrySource

app = typer.Typer(
    help="Find the cells of a battery that go bad, from what its management system logs.",
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    no_args_is_help=True,
)
app.command("commission", short_help="Check a site before first power.")(commission)
app.command("features", short_help="Write a table of what each cell showed on each day.")(features)
app.command("plan", short_help="Plan which modules to exchange on which visit.")(plan)
app.command("site", short_help="Check what a site logs around its cells.")(site)
app.command("uniform", short_help="Compare ways of using unequal modules over twenty years, SYNTHETIC.")(uniform)

FAULT_HELP = (
    "Plant a fault: leak,string=0,cell=17,size=100,start=20 (days), growth=42 (days) if it grows. May be repeated. "
    "Kinds and units of size: leak [ohm], resistance_rise [share], loose_contact [ohm], capacity_fade [share], "
    "capacity_knee [share], voltage_offset [V], temperature_offset [K], current_offset [A], current_gain [share], "
    "swapped_channels [channels further on], stuck_value [any], cooling_loss [share]."
)
"""Kinds and units of planted faults, as the foreign fleet knows them."""


@app.command("scan", short_help="Say which cell differs from its string.")
def scan(
    telemetry: Annotated[
        Path, typer.Argument(help="A folder of Parquet, one file per string and day, or one file; or CSV of a logger.")
    ],
    form: Annotated[
        str, typer.Option("--format", help="auto, parquet, wide, pylontech or battgp; auto says what it took.")
    ] = "auto",
    layout: Annotated[
        Path | None, typer.Option("--layout", help="TOML file that says what the columns of a CSV are.")
    ] = None,
    said: Annotated[
        list[str] | None,
        typer.Option(
            "--set", help="The same in single words: clock=utc, units=console, voltage=v{n}. May be repeated."
        ),
    ] = None,
    cell: Annotated[str, typer.Option("--cell", help="Kind of cell, as parameter sets are named.")] = "lfp_314ah",
    capacity_ah: Annotated[
        float | None, typer.Option("--capacity-ah", help="Capacity of a cell; that of its kind if left out.")
    ] = None,
    state: Annotated[
        Path | None,
        typer.Option("--state", help="Go on from this file, and keep in it where the next run is to go on from."),
    ] = None,
    out: Annotated[Path | None, typer.Option("--out", help="Write a row per finding (CSV or Parquet).")] = None,
    report: Annotated[
        Path | None, typer.Option("--report", help="Write a self-contained HTML report with the evidence.")
    ] = None,
    as_json: options.JsonOption = False,
) -> None:
    """Scan a record of telemetry and say which cell differs from its string, since when, and how surely."""
    from battuta.app.health_scan import open_stated, scan_health, scan_with_state
    from battuta.interfaces.python.health_tables import findings_frame
    from battuta.interfaces.python.tables import write_frame

    options.refuse_to_overwrite([telemetry, layout], out, state, report)
    refuse_among_telemetry(telemetry, out, state, report)
    is_recorded = report is not None
    stated = stated_words(said or ())

    def opened(seen_ns: Mapping[str, int]) -> TelemetrySource:
        found = open_stated(telemetry, form=form, layout=layout, stated=stated, seen_ns=seen_ns)
        output.note(f"{telemetry}: {found.why}")
        say_capacity(cell, capacity_ah)
        return found.source

    with output.progress_bar() as progress:
        if state is None:
            timed = scan_health(
                opened({}), cell=cell, capacity_ah=capacity_ah, is_recorded=is_recorded, progress=progress
            )
        else:
            timed = scan_with_state(
                opened, state, cell=cell, capacity_ah=capacity_ah, is_recorded=is_recorded, progress=progress
            )
    say_flaws(timed.scan)
    if out is not None:
        found = timed.scan.findings
        write_frame(findings_frame(found, [timed.scan.label(each) for each in found]), out)
        output.note(f"findings: {out}")
    if report is not None:
        from battuta.app.clock import utc_now
        from battuta.interfaces.reports.health_report import write_health_report

        write_health_report(timed.scan, report, telemetry=str(telemetry), cell=cell, created_at=utc_now())
        output.note(f"report: {report}")
    if as_json:
        output.print_json(summary(timed))
    else:
        _print(timed)
    timed.scan.require_judged()


@app.command("example", short_help="Write invented telemetry, SYNTHETIC, to try all that on.")
def example(
    folder: Annotated[Path, typer.Argument(help="Where to write it; not there yet, or empty.")],
    strings: Annotated[int, typer.Option("--strings", min=1, max=1000, help="Number of strings.")] = 2,
    cells: Annotated[int, typer.Option("--cells", min=8, max=1000, help="Cells in series of each.")] = 240,
    days: Annotated[int, typer.Option("--days", min=1, max=3660, help="Days of each.")] = 60,
    seed: Annotated[int, typer.Option("--seed", min=0, max=2**63 - 1, help="Same seed, same bytes.")] = 1,
    fault: Annotated[
        list[str] | None,
        typer.Option("--fault", help=FAULT_HELP),
    ] = None,
) -> None:
    """Write invented telemetry, to see how cells are found before you show your own. SYNTHETIC."""
    from battuta.app.health_example import write_example

    with output.progress_bar() as progress:
        n_files = write_example(
            folder, seed=seed, n_strings=strings, n_cells=cells, n_days=days, faults=fault or (), progress=progress
        )
    print(f"{counted(n_files, 'file')} of SYNTHETIC telemetry in {folder}")


SYNTHETIC_LABEL = "SYNTHETIC: telemetry of an invented fleet, no battery was measured"
"""What is said of strings whose names say that they were invented."""


def summary(timed: TimedScan) -> dict[str, output.Json]:
    """Write a scan as the command's JSON object."""
    found = timed.scan
    return {
        "strings": len(found.strings),
        "cells": found.n_cells,
        "samples": found.n_samples,
        "seconds": timed.seconds,
        **({"is_synthetic": True, "label": SYNTHETIC_LABEL} if found.is_synthetic else {}),
        "findings": [finding_json(each, found.label(each)) for each in found.findings],
        "unjudged": list(found.unjudged),
        "refused": [*found.refused, *(f"{each.string_id}: {each.refused}" for each in found.strings if each.refused)],
    }


def _print(timed: TimedScan) -> None:
    found = timed.scan
    rows = [finding_row(each, found.label(each)) for each in found.findings]
    where = f"{counted(found.n_cells, 'cell')} in {counted(len(found.strings), 'string')}"
    samples = f"{where}, {counted(found.n_samples, 'sample')}"
    if found.is_synthetic:
        print(SYNTHETIC_LABEL)
    if rows:
        output.print_table(f"Findings in {samples}", FINDING_HEADS, rows, left=len(FINDING_HEADS))
    elif not found.n_judged:
        print(f"Nothing judged yet in {samples}: no finding says nothing of them, see above.")
    else:
        n_silent = len(found.unjudged)
        but = f" of what could be judged; {counted(n_silent, 'string')} could not, or not whole: see above"
        print(f"No finding in {samples}{but if n_silent else ''}.")
    print(f"{timed.seconds:.1f} s")
