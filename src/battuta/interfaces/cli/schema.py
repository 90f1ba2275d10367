"""``battuta schema``: the schema of a file that Battuta reads, or an example of it."""

from __future__ import annotations

from typing import Annotated

import typer


def run(
    name: Annotated[str, typer.Argument(help="Which file: asset.")],
    example: Annotated[bool, typer.Option("--example", help="Print an example to start from instead.")] = False,
) -> None:
    """Print the schema of a file that Battuta reads."""
    from battuta.app.assets import EXAMPLE, asset_schema
    from battuta.domain.errors import UsageError

    if name != "asset":
        message = f"there is no schema {name!r}; choose: asset"
        raise UsageError(message)
    print(EXAMPLE if example else asset_schema(), end="" if example else "\n")
