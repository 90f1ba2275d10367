"""``battuta health site``: what a site logs around its cells in; leaks, worn contactors and the like out."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from battuta.interfaces.cli import options, output
from battuta.interfaces.cli.health_words import counted, day_text, finding_json

if TYPE_CHECKING:
    from battuta.app.health_site import CheckedSite
    from battuta.domain.health import FaultClass, Finding

LOG_OHM = "_log10_ohm"
"""How names of evidence end that is a logarithm of a resistance."""


def site(
    log: Annotated[Path, typer.Argument(help="The site's own log, one Parquet file; see docs/site_faults.md.")],
    out: Annotated[Path | None, typer.Option("--out", help="Write a row per finding (CSV or Parquet).")] = None,
    as_json: options.JsonOption = False,
) -> None:
    """Check what a site logs around its cells: insulation, coolant, contactors, fuses, joints, air and supplies."""
    from battuta.app.health_site import check_site_log
    from battuta.interfaces.python.health_tables import findings_frame
    from battuta.interfaces.python.tables import write_frame

    options.refuse_to_overwrite([log], out)
    checked = check_site_log(log)
    for remark in checked.remarks:
        output.note(remark)
    if out is not None:
        write_frame(findings_frame(checked.report.findings), out)
        output.note(f"findings: {out}")
    if as_json:
        output.print_json(summary(checked))
    else:
        _print(checked)


def summary(checked: CheckedSite) -> dict[str, output.Json]:
    """Write what was found as the command's JSON object."""
    report = checked.report
    return {
        "site": checked.site_id,
        "rows": checked.n_rows,
        "findings": [finding_json(each) for each in report.findings],
        "tested": [each.value for each in report.tested],
        "not_tested": [each.value for each in report.not_tested],
        "remarks": list(checked.remarks),
    }


def _print(checked: CheckedSite) -> None:
    report = checked.report
    rows = [_row(each) for each in report.findings]
    where = f"{counted(checked.n_rows, 'row')} of site {checked.site_id}"
    if rows:
        output.print_table(f"Findings in {where}", HEADS, rows, left=len(HEADS))
    else:
        print(f"No finding in {where}.")
    print(f"Looked for: {_listed(report.tested)}.")
    print(f"Not looked for, as no data tells of it: {_listed(report.not_tested)}.")


HEADS = ("level", "site", "what", "since", "told", "likely", "measured")
"""Columns of a table of what was found around cells."""


def _row(finding: Finding) -> list[str]:
    return [
        finding.level.name.lower(),
        finding.string_id,
        finding.fault.value.replace("_", " "),
        day_text(finding.since_ns),
        day_text(finding.found_ns),
        f"{100.0 * finding.probability:.2g} %",
        measured_text(finding),
    ]


def measured_text(finding: Finding) -> str:
    """Say what was measured; a resistance that was followed by its logarithm is said in ohm, its change as a factor."""
    decades = next((name for name in finding.evidence if name.endswith(LOG_OHM)), "")
    said: list[str] = []
    for name, value in finding.evidence.items():
        words = name.removesuffix(LOG_OHM).replace("_", " ")
        if decades and name in {f"change_of_{decades}", "trend_per_day"}:
            words = "change" if name != "trend_per_day" else "trend a day"
            said.append(f"{words}: times {10.0**value:.3g}")
        elif name == decades:
            said.append(f"{words} {10.0**value:,.0f} ohm")
        else:
            said.append(f"{words} {value:.3g}")
    return ", ".join(said)


def _listed(faults: Sequence[FaultClass]) -> str:
    return ", ".join(each.value.replace("_", " ") for each in faults) or "nothing"
