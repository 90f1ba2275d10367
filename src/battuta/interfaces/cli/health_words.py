"""A finding in words and as JSON."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from battuta.domain.health import Finding
    from battuta.interfaces.cli.output import Json


def finding_json(finding: Finding, label: str = "") -> dict[str, Json]:
    """Write a finding as an object of the command's JSON, with the name that the file has for its cell."""
    from battuta.domain.time import from_ns

    limit = finding.days_to_limit
    written: dict[str, Json] = {
        "string": finding.string_id,
        "cell": finding.cell,
        **({"label": label} if label else {}),
        "kind": finding.fault.value,
        "level": finding.level.name.lower(),
        "since": from_ns(finding.since_ns).isoformat(),
        "found": from_ns(finding.found_ns).isoformat(),
        "probability": finding.probability,
        "evidence": dict(finding.evidence),
    }
    return written if limit is None else {**written, "days_to_limit": list(limit)}


FINDING_HEADS = ("level", "string", "cell (from 0)", "what", "since", "told", "likely", "evidence")
"""Columns of a table of findings; a log may number its cells from 1, so the table says how these are counted."""


def finding_row(finding: Finding, label: str = "") -> list[str]:
    """Write a finding as a row below `FINDING_HEADS`, the name that the file has for its cell in brackets."""
    return [
        finding.level.name.lower(),
        finding.string_id,
        cell_text(finding, label),
        finding.fault.value,
        day_text(finding.since_ns),
        day_text(finding.found_ns),
        f"{100.0 * finding.probability:.2g} %",
        evidence_text(finding),
    ]


def finding_words(finding: Finding) -> str:
    """Say a finding in one line."""
    where = finding.string_id if finding.cell is None else f"{finding.string_id}, cell {finding.cell} (from 0)"
    what = finding.fault.value.replace("_", " ")
    since, told = day_text(finding.since_ns), day_text(finding.found_ns)
    measured = f" ({evidence_text(finding)})" if finding.evidence else ""
    return f"{finding.level.name.lower()}: {where}: {what} since {since}, told {told}{measured}"


def cell_text(finding: Finding, label: str = "") -> str:
    """Name a cell by its number, and by what the file calls it."""
    if finding.cell is None:
        return "string"
    return f"{finding.cell} ({label})" if label else str(finding.cell)


def counted(number: int, noun: str) -> str:
    """Write a number with its noun, one or many.

    Examples
    --------
    >>> counted(1, "alarm"), counted(1200, "alarm")
    ('1 alarm', '1,200 alarms')
    """
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def day_text(time_ns: int) -> str:
    """Write the UTC day of an instant."""
    from battuta.domain.time import from_ns

    return from_ns(time_ns).date().isoformat()


def evidence_text(finding: Finding) -> str:
    """Write what was measured."""
    return ", ".join(f"{name} {value:.3g}" for name, value in finding.evidence.items())
