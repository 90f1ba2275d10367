"""``battuta doctor``: is this machine fit to run Battuta, and what to do where it is not."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from battuta.interfaces.cli import options, output

if TYPE_CHECKING:
    from battuta.app.doctor import Check


def run(
    fix: Annotated[bool, typer.Option("--fix", help="Mend what can be mended without asking.")] = False,
    as_json: options.JsonOption = False,
) -> None:
    """Check the machine, its libraries and its data, and say how to mend what is amiss."""
    from battuta.app.doctor import check_machine

    checks = check_machine(is_fixing=fix)
    if as_json:
        rows: list[output.Json] = [
            {"name": check.name, "ok": check.is_ok, "found": check.found, "mend": check.mend} for check in checks
        ]
        output.print_json({"checks": rows})
    else:
        lines = [[_verdict(check), check.name, check.found, check.mend] for check in checks]
        output.print_table("doctor", ["", "check", "found", "what to do"], lines, left=4)
    if not all(check.is_ok or check.is_optional for check in checks):
        raise typer.Exit(1)


def _verdict(check: Check) -> str:
    return "ok" if check.is_ok else "hint" if check.is_optional else "MEND"
