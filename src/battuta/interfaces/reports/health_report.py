"""The report of a scan of cells as one HTML file: what was found, where, why to believe it, and what was not seen."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from battuta.domain.health import Finding, FindingLevel
from battuta.domain.time import from_ns, require_aware
from battuta.interfaces.reports.health_cards import Case, card
from battuta.interfaces.reports.health_maps import Links, fleet_map, legend, map_limit, string_map
from battuta.interfaces.reports.health_page import write_still_page
from battuta.interfaces.reports.health_tables import class_table, findings_table, flaw_table, unseen_words
from battuta.interfaces.reports.markup import Html, element, pairs
from battuta.interfaces.reports.report_tables import label_html
from battuta.interfaces.reports.wording import number_text, percent_text
from battuta.studies.fleet_scan import FleetScan, StringResult

CARDS_MAX: Final = 150
"""Most cells whose evidence is drawn, so that the file stays small."""
MAPS_MAX: Final = 32
"""Most strings that are drawn cell by cell."""
_CAUTION: Final = (
    "A finding names a suspect for people to look at and proves nothing by itself; most are false alarms where faults "
    "are rare, as the probabilities say. Cells are counted from 0 in the order of the record: cell 0 is the first."
)
_SHORTEST: Final = (
    "The day that is drawn is the one on which the cell lay farthest from its string since it was told. Of several "
    "windows that speak, the shortest is told and drawn; a longer one may be what reached act."
)
_KEY: Final = (
    ("band", "M0 200h1000v600h-1000z", "the middle 90 % of the cells of the string"),
    ("middle", "M0 500h1000", "their middle"),
    ("cell", "M0 500h1000", "the cell"),
    ("watch", "M0 500h1000", "watch begins"),
    ("act", "M0 500h1000", "act begins"),
    ("since", "M500 0v1000", "since, as far as the data tell"),
    ("told", "M500 0v1000", "told"),
)


def write_health_report(
    scan: FleetScan,
    path: Path,
    *,
    telemetry: str,
    cell: str,
    created_at: datetime,
    notes: Sequence[str] = (),
) -> Path:
    """Write the report of a scan that kept its records.

    Parameters
    ----------
    scan : FleetScan
        What was found.
    path : Path
        The HTML file.
    telemetry : str
        What was scanned, as its user named it.
    cell : str
        Kind of cell, as parameter sets are named.
    created_at : datetime
        When the report is made, aware.
    notes : sequence of str
        Sentences for the end of the page, such as a command that makes it again.

    Returns
    -------
    Path
        The same path.

    Raises
    ------
    DataError
        If the file cannot be written.
    """
    cases = _cases(scan)
    links: Links = {(each.findings[0].string_id, each.findings[0].cell): each.key for each in cases[:CARDS_MAX]}
    strings = f"{number_text(len(scan.strings), 0)} {'string' if len(scan.strings) == 1 else 'strings'}"
    title = f"Health of {number_text(scan.n_cells, 0)} cells in {strings}"
    body = [
        _header(title, scan, telemetry, cell),
        _section("What was found", *_summary(scan, links)),
        *([_section("The fleet", *_fleet(scan, links))] if len(scan.strings) > 1 else []),
        _section("Each string", *_strings(scan, links)),
        *([_section("Evidence", *_evidence(cases))] if cases else []),
        _section("What the record said of itself", _flaws(scan)),
        _section(
            "What was not seen", element("ul", *(element("li", each) for each in unseen_words(scan)), class_="words")
        ),
        _footer(created_at, notes),
    ]
    return write_still_page(path, title=title, body=body)


def _section(heading: str, *content: str) -> Html:
    return element("section", element("h2", heading), *content)


def _cases(scan: FleetScan) -> list[Case]:
    """Put what was told of one cell together, the gravest cell first."""
    records = {each.string_id: each for each in scan.strings}
    by_place: dict[tuple[str, int | None], list[Finding]] = {}
    for each in scan.findings:
        by_place.setdefault((each.string_id, each.cell), []).append(each)
    cases: list[Case] = []
    for k, ((string_id, _), found) in enumerate(by_place.items()):
        result = records[string_id]
        record = result.record
        tests = (
            []
            if record is None
            else [(each, record.tests[at]) for each, at in _numbered(result, found) if at in record.tests]
        )
        unlike = {(test.name, test.window_days, test.against): (each, test) for each, test in reversed(tests)}
        cases.append(
            Case(
                key=f"case-{k + 1}",
                findings=tuple(found),
                record=record,
                tests=tuple(reversed(unlike.values())),
                label=scan.label(found[0]),
            )
        )
    return cases


def _numbered(result: StringResult, found: Sequence[Finding]) -> list[tuple[Finding, int]]:
    """Findings with their places among those of the string."""
    return [(each, next(k for k, one in enumerate(result.findings) if one is each)) for each in found]


def _header(title: str, scan: FleetScan, telemetry: str, cell: str) -> Html:
    records = [each.record for each in scan.strings if each.record is not None]
    period = "no row was read"
    if records:
        first, last = min(each.first_ns for each in records), max(each.last_ns for each in records)
        period = f"{from_ns(first):%Y-%m-%d %H:%M} to {from_ns(last):%Y-%m-%d %H:%M}, UTC"
    days = [each.n_days for each in scan.strings]
    facts = [
        ("telemetry", telemetry),
        ("time", period),
        ("kind of cell", cell),
        ("strings and cells", f"{number_text(len(scan.strings), 0)} and {number_text(scan.n_cells, 0)}"),
        ("days of a string that said something", _range(days)),
        ("voltages that were looked at", number_text(scan.n_samples, 0)),
        ("rows", number_text(sum(each.n_rows for each in records), 0)),
        ("sensors of temperature of a string", _range([each.n_sensors for each in records])),
        ("balancing is logged by", f"{sum(each.has_bleed for each in records)} of {len(records)} strings"),
    ]
    label = "SYNTHETIC: telemetry of an invented fleet, no battery was measured" if scan.is_synthetic else ""
    return element("header", element("h1", title), label_html(label), pairs(facts, "facts"))


def _range(values: Sequence[int]) -> str:
    if not values:
        return "none"
    low, high = number_text(min(values), 0), number_text(max(values), 0)
    return low if low == high else f"{low} to {high}"


def _summary(scan: FleetScan, links: Links) -> list[Html]:
    found = scan.findings
    cells = {(each.string_id, each.cell) for each in found}
    labels = {(each.string_id, each.cell): scan.label(each) for each in found}
    quiet = sum(not each.findings for each in scan.strings)
    counts = [
        (f"findings at {level.name.lower()}", number_text(sum(each.level is level for each in found), 0))
        for level in sorted(FindingLevel, reverse=True)
    ]
    keys = [
        *counts,
        ("cells or strings concerned", number_text(len(cells), 0)),
        ("the same, share of all cells", percent_text(len(cells) / max(scan.n_cells, 1), 2)),
        ("strings without a finding", f"{quiet} of {len(scan.strings)}"),
        ("strings not judged, or not whole", number_text(len(scan.unjudged), 0)),
    ]
    if not scan.n_judged:
        words = "Nothing was judged yet, so no finding says nothing of these cells; the last section says why."
        return [pairs(keys, "keys"), element("p", words)]
    if not found:
        return [
            pairs(keys, "keys"),
            element("p", "No cell stands apart from its string by what was seen; the last section says what was not."),
        ]
    return [pairs(keys, "keys"), element("p", _CAUTION), class_table(found), findings_table(found, links, labels)]


def _fleet(scan: FleetScan, links: Links) -> list[Html]:
    limit = map_limit(scan.strings, "charge")
    words = (
        "One row for each string, one field for sixteen neighbouring cells: the charge of the cell that lay farthest "
        "from the middle of its string in the last seven days. Marks are findings: full at act; the number counts them."
    )
    return [element("p", words), legend("charge", limit), fleet_map(scan.strings, links, limit)]


def _strings(scan: FleetScan, links: Links) -> list[Html]:
    drawn = [each for each in scan.strings if each.record is not None and each.record.days.size]
    gravest = sorted(drawn, key=lambda each: -max((found.level for found in each.findings), default=0))[:MAPS_MAX]
    limits = {name: map_limit(gravest, name) for name in ("charge", "resistance_ohm")}
    chosen = sorted(gravest, key=lambda each: each.string_id)
    left_out = len(drawn) - len(chosen)
    words = (
        "What the balancer took is given back to the charge. Marks lead from the day on which something began to the "
        "day on which it was told: full at act. Where days or cells had to be put together, the value farthest from "
        "the middle is drawn."
    )
    if left_out:
        strings = "1 more string" if left_out == 1 else f"{left_out:,} more strings"
        words += f" Left out to keep the file small: {strings}, none graver than these."
    return [
        element("p", words),
        *(legend(name, limit) for name, limit in limits.items()),
        *(_string(each, links, limits) for each in chosen),
    ]


def _string(result: StringResult, links: Links, limits: dict[str, float]) -> Html:
    if result.record is None:
        return Html("")
    n_found = len(result.findings)
    told = "no finding" if not n_found else "1 finding" if n_found == 1 else f"{n_found} findings"
    days = "1 day" if result.n_days == 1 else f"{result.n_days} days"
    heading = element("h3", f"{result.string_id}: {result.n_cells} cells, {days}, {told}")
    maps = [string_map(result.record, result.findings, links, name, limit) for name, limit in limits.items()]
    return element("div", heading, *maps)


def _evidence(cases: Sequence[Case]) -> list[Html]:
    key = [
        element(
            "li",
            element("svg", element("path", class_=kind, d=line), viewBox="0 0 1000 1000", preserveAspectRatio="none"),
            words,
        )
        for kind, line, words in _KEY
    ]
    words = _SHORTEST
    if len(cases) > CARDS_MAX:
        words += f" The gravest {CARDS_MAX} of {len(cases):,} cells are shown."
    return [element("p", words), element("ul", *key, class_="key"), *(card(each) for each in cases[:CARDS_MAX])]


def _flaws(scan: FleetScan) -> Html:
    flaws = [flaw for each in scan.strings for flaw in each.flaws]
    return flaw_table(flaws) if flaws else element("p", "No flaw was seen.")


def _footer(created_at: datetime, notes: Sequence[str]) -> Html:
    made = f"Made {require_aware(created_at, 'created_at').astimezone(UTC):%Y-%m-%d %H:%M} UTC by Battuta."
    signs = "Discharge is positive; cells are counted from 0, the first is cell 0; days are those of UTC."
    return element("footer", *(element("p", words) for words in (*notes, signs, made)))
