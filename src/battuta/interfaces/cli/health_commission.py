"""``battuta health commission``: a short record before first power in; passed, failed and not tested out."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from battuta.interfaces.cli import options, output

if TYPE_CHECKING:
    from battuta.app.health_commission import CommissionReport

CELLS_SHOWN = 8


def commission(
    folder: Annotated[Path, typer.Argument(help="Telemetry of the strings in Parquet, and site.parquet beside it.")],
    layout: Annotated[Path | None, typer.Option("--layout", help="Plate and limits (TOML).")] = None,
    site: Annotated[Path | None, typer.Option("--site", help="The site's log, where it lies elsewhere.")] = None,
    cell: Annotated[str, typer.Option("--cell", help="Kind of cell, as parameter sets are named.")] = "lfp_314ah",
    as_json: options.JsonOption = False,
) -> None:
    """Scan a site before first power: wiring, sensors, coolant ...; ends with 1 if one fails, 4 if none was tested."""
    from battuta.app.health_commission import commission_site
    from battuta.domain.errors import StaleDataError
    from battuta.health.commission import Verdict

    report = commission_site(folder, layout=layout, site=site, cell=cell)
    for remark in report.remarks:
        output.note(remark)
    if as_json:
        output.print_json(summary(report))
    else:
        _print(report)
    if report.count(Verdict.FAIL):
        raise typer.Exit(1)
    if not report.count(Verdict.PASS):
        message = (
            f"nothing was tested, so nothing is accepted: 0 of {len(report.items)} items; each says what it needs, and "
            "docs/commissioning.md what to record"
        )
        raise StaleDataError(message)


def summary(report: CommissionReport) -> dict[str, output.Json]:
    """Write a scan as the command's JSON object."""
    from battuta.health.commission import Verdict

    return {
        **{verdict.value: report.count(verdict) for verdict in Verdict},
        "items": [
            {
                "where": item.where,
                "item": item.name,
                "kind": item.fault.value,
                "verdict": item.verdict.value,
                "reason": item.reason,
                "figures": dict(item.figures),
                "channels": list(item.cells),
            }
            for item in report.items
        ],
        "remarks": list(report.remarks),
    }


def _print(report: CommissionReport) -> None:
    from battuta.health.commission import Verdict

    rows = [
        [
            item.verdict.value.replace("_", " "),
            item.where,
            item.name.replace("_", " "),
            _channels(item.cells),
            item.reason,
        ]
        for item in report.items
    ]
    heads = ["verdict", "where", "item", "channels", "why"]
    failed, passed, untested = (report.count(each) for each in (Verdict.FAIL, Verdict.PASS, Verdict.NOT_TESTED))
    title = f"Before first power: {failed} failed, {passed} passed, {untested} not tested"
    if not failed + passed:
        title += ": NOT ACCEPTED, as nothing was tested"
    output.print_table(title, heads, rows, left=len(heads))


def _channels(cells: tuple[int, ...]) -> str:
    """Name the first channels concerned, and how many more there are."""
    more = f" and {len(cells) - CELLS_SHOWN} more" if len(cells) > CELLS_SHOWN else ""
    return ", ".join(map(str, cells[:CELLS_SHOWN])) + more
