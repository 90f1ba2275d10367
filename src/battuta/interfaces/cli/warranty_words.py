"""A site's warranty as a table of the terminal, and what was left out of its record."""

from __future__ import annotations

import math
from datetime import datetime
from typing import TYPE_CHECKING

from battuta.interfaces.cli import output

if TYPE_CHECKING:
    from battuta.app.warranty_watch import WatchedWarranty
    from battuta.twin.warranty_logged import LoggedClause, LoggedWarranty

_BEFORE = {"full_cycles": "full-cycles-before", "discharged_mwh_per_mwh": "discharged-mwh-before"}
_HEADS = ("clause", "whose", "limit", "least margin", "first breach (UTC)", "used up at this pace")


def print_watched(found: WatchedWarranty) -> None:
    """Print clauses, then what was left out of the record."""
    from battuta.twin.warranty_pace import used_up_on

    logged = found.logged
    labels = [
        *(["SYNTHETIC records"] if found.is_synthetic else []),
        *(["the warranty is ASSUMED, nobody signed it"] if logged.warranty.is_assumed else []),
    ]
    if labels:
        print("; ".join(labels))
    rows = [_row(each, used_up_on(each, logged.hours_on_record, logged.as_of)) for each in logged.clauses]
    title = f"{logged.warranty.name} as of {logged.as_of:%Y-%m-%d %H:%M} UTC, {_of_records(logged)}"
    output.print_table(title, _HEADS, rows, left=2)
    unchecked = "the state of charge hardly moves with power_kw: sign and unit of the power are not checked by it"
    for line in (*_unjudged(logged), *_left_out(logged), *([] if found.is_checked else [unchecked])):
        print(f"- {line}")
    print(_verdict(logged))


def _verdict(logged: LoggedWarranty) -> str:
    first = logged.first_breach
    if first is not None:
        return f"first breach: {first:%Y-%m-%d %H:%M} UTC"
    if logged.n_records <= logged.n_after:
        return "no record counts: this says nothing of the site; see --start, --opened and the times of the record"
    return "no clause is broken"


def _of_records(logged: LoggedWarranty) -> str:
    return f"{logged.n_records:,} record{'' if logged.n_records == 1 else 's'}"


def _row(clause: LoggedClause, used_up: datetime | None) -> list[str]:
    unit = "" if clause.unit == "-" else f" {clause.unit}"
    return [
        clause.name,
        "supplier" if clause.kind.value == "promise" else "owner",
        "-" if math.isnan(clause.limit) else f"{clause.limit:.4g}{unit}",
        "-" if math.isnan(clause.margin) else f"{clause.margin:.3g}",
        "-" if clause.first_breach is None else f"{clause.first_breach:%Y-%m-%d %H:%M}",
        "" if used_up is None else f"{used_up:%Y-%m-%d}",
    ]


def _unjudged(logged: LoggedWarranty) -> list[str]:
    said: list[str] = []
    for each in logged.clauses:
        if math.isnan(each.before):
            said.append(
                f"{each.name}: what was used before the record begins is not known; say it with --{_BEFORE[each.name]}"
            )
        elif math.isnan(each.margin):
            said.append(f"{each.name}: {_nothing(each.name)} on record to judge it by")
    return said


def _nothing(name: str) -> str:
    return "no test of a time for which a floor is promised" if name == "soh_capacity" else "nothing"


def _left_out(logged: LoggedWarranty) -> list[str]:
    told = (
        (logged.n_repeated, "repeated, left out"),
        (logged.n_conflicting, "at the time of another with other values, left out"),
        (logged.n_late, "earlier than one that was taken in before, here or by an earlier run, left out"),
        (logged.n_before, "from before records count, left out"),
        (logged.n_after, "from after the term, left out"),
    )
    return [f"{count:,} record{'' if count == 1 else 's'} {words}" for count, words in told if count]
