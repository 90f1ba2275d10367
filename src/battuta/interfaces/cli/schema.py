"""``battuta schema``: the schema of a file that Battuta reads, or an example of it."""

from __future__ import annotations

from typing import Annotated

import typer


def run(
    name: Annotated[str, typer.Argument(help="Which file: asset, study, trading_study or warranty.")],
    example: Annotated[bool, typer.Option("--example", help="Print an example to start from instead.")] = False,
) -> None:
    """Print the schema of a file that Battuta reads."""
    from battuta.app.schemas import SCHEMAS
    from battuta.domain.errors import UsageError

    if name not in SCHEMAS:
        message = f"there is no schema {name!r}; choose: {', '.join(SCHEMAS)}"
        raise UsageError(message)
    schema, start = SCHEMAS[name]
    print(start() if example else schema(), end="" if example else "\n")
