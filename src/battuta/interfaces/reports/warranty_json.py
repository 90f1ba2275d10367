"""A site's warranty as JSON: clause by clause, with what was left out of the record."""

from __future__ import annotations

from datetime import datetime

from battuta.app.warranty_watch import WatchedWarranty
from battuta.interfaces.reports.twin_json_parts import Json, number
from battuta.twin.warranty_pace import used_up_on


def warranty_json(found: WatchedWarranty) -> dict[str, Json]:
    """Write a warranty that a site's telemetry was held against.

    Parameters
    ----------
    found : WatchedWarranty
        What came of it.

    Returns
    -------
    dict
        ``warranty``, ``is_assumed``, ``is_synthetic``, ``as_of``, ``first_breach``, ``clauses`` by name, ``records``.
    """
    logged = found.logged
    clauses: dict[str, Json] = {
        each.name: {
            "kind": each.kind.value,
            "text": each.text,
            "limit": number(each.limit),
            "unit": each.unit,
            "margin": number(each.margin),
            "first_breach": _instant(each.first_breach),
            "used_up_on": _instant(used_up_on(each, logged.hours_on_record, logged.as_of)),
            "by_year": {
                label: number(value) for label, value in zip(logged.year_label, each.by_year.tolist(), strict=True)
            },
        }
        for each in logged.clauses
    }
    return {
        "warranty": logged.warranty.name,
        "is_assumed": logged.warranty.is_assumed,
        "is_synthetic": found.is_synthetic,
        "is_continued": found.is_continued,
        "is_checked": found.is_checked,
        "as_of": logged.as_of.isoformat(),
        "first_breach": _instant(logged.first_breach),
        "clauses": clauses,
        "records": {
            "taken_in": logged.n_records,
            "repeated": logged.n_repeated,
            "conflicting": logged.n_conflicting,
            "late": logged.n_late,
            "before": logged.n_before,
            "after": logged.n_after,
        },
    }


def _instant(moment: datetime | None) -> str | None:
    return None if moment is None else moment.isoformat()
