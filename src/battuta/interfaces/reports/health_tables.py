"""The tables of a health report: findings, what they are by class and level, flaws of the record, what was not seen."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Final, TypeAlias

import numpy as np

from battuta.domain.health import Finding, FindingLevel
from battuta.interfaces.reports.health_maps import Links
from battuta.interfaces.reports.health_words import (
    evidence_pairs,
    fault_words,
    likely_text,
    limit_words,
    place_words,
    since_text,
    told_text,
)
from battuta.interfaces.reports.markup import Html, element, table
from battuta.interfaces.reports.wording import number_text
from battuta.ports.telemetry import TelemetryFinding
from battuta.studies.fleet_scan import FleetScan

ROWS_MAX: Final = 1_000
"""Most rows of the table of findings."""
_FIRST: Final = (
    "wrong_sign",
    "clock_set_back",
    "ambiguous_hour",
    "conflicting_duplicate",
    "out_of_range",
    "cell_count",
)
_LISTED_MAX: Final = 12
Labels: TypeAlias = Mapping[tuple[str, int | None], str]
"""What a file calls the cell of a string."""
_BLIND_SOC: Final = 0.01
"""Doubt of the charge above which a string tells little of leaks. [-]"""


def findings_table(findings: Sequence[Finding], links: Links, labels: Labels | None = None) -> Html:
    """List findings, the gravest first, each leading to its evidence.

    Parameters
    ----------
    findings : sequence of Finding
        The findings, in the order of the table.
    links : mapping of place to str
        Where the evidence stands.
    labels : mapping of place to str, optional
        What the file calls cells.

    Returns
    -------
    Html
        The table.
    """
    columns = ["where", "level", "what", "since", "told", "likely", "meets its limit in", "measured"]
    rows = [
        [
            _linked(each, links, (labels or {}).get((each.string_id, each.cell), "")),
            element("span", each.level.name.lower(), class_=f"level {each.level.name.lower()}"),
            fault_words(each.fault),
            since_text(each),
            told_text(each),
            likely_text(each),
            limit_words(each) or "-",
            " ".join(next(iter(evidence_pairs(each)), ("-",))),
        ]
        for each in findings[:ROWS_MAX]
    ]
    more = f", the gravest {ROWS_MAX:,} of {len(findings):,}" if len(findings) > ROWS_MAX else ""
    caption = f"Findings{more}; each leads to its evidence"
    return table(caption, columns, [rows], text_columns=(0, 1, 2, 3, 4, 6, 7))


def _linked(finding: Finding, links: Links, label: str) -> Html:
    words = f"{finding.string_id}, {place_words(finding, label)}"
    place = (finding.string_id, finding.cell)
    return element("a", words, href=f"#{links[place]}") if place in links else element("span", words)


def class_table(findings: Sequence[Finding]) -> Html:
    """Count findings by class and level."""
    counts = Counter((each.fault, each.level) for each in findings)
    faults = sorted({each.fault for each in findings})
    rows = [
        [fault_words(fault), *(number_text(counts[fault, level], 0) for level in sorted(FindingLevel, reverse=True))]
        for fault in faults
    ]
    levels = [each.name.lower() for each in sorted(FindingLevel, reverse=True)]
    return table("Findings by class and level", ["class", *levels], [rows])


def flaw_table(flaws: Sequence[TelemetryFinding]) -> Html:
    """List what was wrong with the record, each kind once, what spoils findings first."""
    by_kind: dict[str, list[TelemetryFinding]] = {}
    for each in flaws:
        by_kind.setdefault(each.flaw.value, []).append(each)
    order = sorted(by_kind, key=lambda kind: (_FIRST.index(kind) if kind in _FIRST else len(_FIRST), kind))
    rows = [
        [
            kind.replace("_", " "),
            number_text(len({each.string_id for each in by_kind[kind]}), 0),
            number_text(len(by_kind[kind]), 0),
            number_text(sum(each.count for each in by_kind[kind]), 0),
            str(by_kind[kind][0]),
        ]
        for kind in order
    ]
    columns = ["kind", "strings", "remarks", "rows or values", "the first of them"]
    return table("What was wrong with the record", columns, [rows], text_columns=(0, 4), long_column=4)


def unseen_words(scan: FleetScan) -> list[str]:
    """Say what of a fleet nobody looked at, or saw badly.

    Parameters
    ----------
    scan : FleetScan
        The scan, with its records.

    Returns
    -------
    list of str
        Sentences, none of which is left out where it holds.
    """
    records = [each.record for each in scan.strings if each.record is not None]
    words = [f"A file that could not be opened: {each}" for each in scan.refused]
    words += [f"{each.string_id} breaks off: {each.refused}" for each in scan.strings if each.refused]
    unjudged = scan.unjudged
    words += [f"Not judged: {said}." for said in unjudged[:_LISTED_MAX]]
    if len(unjudged) > _LISTED_MAX:
        words.append(f"Not judged, or not whole: {len(unjudged) - _LISTED_MAX:,} more strings; --json names them all.")
    unread = [each.string_id for each in scan.strings if each.record is None]
    words += _strings(unread, "No row was read in this run")
    gaps = {each.string_id: _missing_days(each.days) for each in records}
    lacking = sum(gaps.values())
    if lacking:
        words.append(
            f"{lacking:,} days between first and last of {_named([s for s, n in gaps.items() if n])} said nothing."
        )
    resumed = [each.string_id for each in records if each.is_resumed]
    words += _strings(resumed, "Days that an earlier run has seen are judged, but not drawn")
    silent = [f"{each.string_id} cell {cell}" for each in records for cell in each.silent]
    words += _strings(silent, "Channels that said nothing on most days")
    words += _strings(
        [each.string_id for each in records if not each.has_bleed],
        "What the balancer took is not logged, so that leaks may hide behind it",
    )
    words += _strings([each.string_id for each in records if not each.n_sensors], "No temperature is logged")
    flat = [each.string_id for each in records if each.days.size and float(np.median(each.doubt[0])) > _BLIND_SOC]
    words += _strings(flat, "Strings that hardly leave the flat part of their voltage, so that leaks are told late")
    words.append("Cells that all age alike differ in nothing, and are no finding. See docs/health.md for the rest.")
    return words


def _missing_days(days: np.ndarray[tuple[int], np.dtype[np.int64]]) -> int:
    return int(days[-1] - days[0] + 1 - days.size) if days.size else 0


def _strings(names: Sequence[str], words: str) -> list[str]:
    return [f"{words}: {_named(names)}."] if names else []


def _named(names: Sequence[str]) -> str:
    more = f" and {len(names) - _LISTED_MAX:,} more" if len(names) > _LISTED_MAX else ""
    return ", ".join(names[:_LISTED_MAX]) + more
