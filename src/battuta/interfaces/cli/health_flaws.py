"""What was wrong with a record of telemetry, said on stderr: each kind once, what spoils findings first."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from battuta.domain.errors import UsageError
from battuta.interfaces.cli import output
from battuta.interfaces.cli.health_words import counted

if TYPE_CHECKING:
    from battuta.ports.telemetry import TelemetryFinding
    from battuta.studies.fleet_scan import FleetScan

FIRST = ("wrong_sign", "clock_set_back", "ambiguous_hour", "conflicting_duplicate", "out_of_range", "cell_count")
"""Kinds that are said before the others."""
UNJUDGED_SHOWN = 20
"""Strings that are named one by one, if they could not be judged. [-]"""


def say_flaws(scan: FleetScan) -> None:
    """Say what was wrong with the record, what of it was left out, and what could not be judged."""
    for line in flaw_lines([flaw for each in scan.strings for flaw in each.flaws]):
        output.note(line)
    seen_before = [each.n_left_out for each in scan.strings if each.n_left_out]
    if seen_before:
        output.note(
            f"{counted(sum(seen_before), 'row')} of {counted(len(seen_before), 'string')}: no later than what the "
            "state has seen, left out"
        )
    for reason in scan.refused:
        output.note(reason)
    for each in scan.strings:
        if each.refused:
            output.note(f"{each.string_id} breaks off: {each.refused}")
    unjudged = scan.unjudged
    for said in unjudged[:UNJUDGED_SHOWN]:
        output.note(said)
    if len(unjudged) > UNJUDGED_SHOWN:
        output.note(
            f"{counted(len(unjudged) - UNJUDGED_SHOWN, 'more string')} not judged, or not whole; --json names them all"
        )


def say_capacity(cell: str, capacity_ah: float | None) -> None:
    """Say which capacity is taken where nobody states one."""
    from battuta.physics.cell_parameters import cell_parameters

    if capacity_ah is None:
        taken_ah = cell_parameters(cell).capacity_ah
        output.note(
            f"--capacity-ah is not stated: {taken_ah:g} Ah a cell, that of {cell}, is taken; state it where yours have "
            "another, since charge and resistance are judged by it"
        )


def flaw_lines(flaws: Sequence[TelemetryFinding]) -> list[str]:
    """Say each kind of flaw once, with its first place and how much of it there is.

    Parameters
    ----------
    flaws : sequence of TelemetryFinding
        All that was seen.

    Returns
    -------
    list of str
        A line for each kind.
    """
    by_kind: dict[str, list[TelemetryFinding]] = {}
    for flaw in flaws:
        by_kind.setdefault(flaw.flaw.value, []).append(flaw)
    order = sorted(by_kind, key=lambda kind: (FIRST.index(kind) if kind in FIRST else len(FIRST), kind))
    lines: list[str] = []
    for kind in order:
        own = by_kind[kind]
        n_strings = len({flaw.string_id for flaw in own})
        more = "" if len(own) == 1 else f"; {len(own):,} remarks of this kind on {counted(n_strings, 'string')}"
        lines.append(f"{own[0]}{more}")
    return lines


def stated_words(words: Sequence[str]) -> dict[str, str]:
    """Split words such as ``clock=utc``.

    Parameters
    ----------
    words : sequence of str
        What was stated.

    Returns
    -------
    dict of str to str
        Names and what was stated for them.

    Raises
    ------
    UsageError
        If a word has no ``=``, or a name is stated twice.

    Examples
    --------
    >>> stated_words(["clock=utc", "voltage=v{n}"])
    {'clock': 'utc', 'voltage': 'v{n}'}
    """
    stated: dict[str, str] = {}
    for word in words:
        name, mark, value = word.partition("=")
        if not mark or not name or name in stated:
            message = f"--set {word}: state a name once, with what it is, such as clock=utc"
            raise UsageError(message)
        stated[name] = value
    return stated
