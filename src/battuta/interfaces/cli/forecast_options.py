"""Options of ``battuta forecast`` alone: what stands beside prices, and where forecasts are kept."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, TypeAlias

import typer


def named_folder(text: str) -> Path:
    """Take the name of a folder; none is not the folder one stands in.

    Raises
    ------
    BadParameter
        If nothing is named.
    """
    if not text.strip():
        message = "it is empty; name a folder, or leave the option out"
        raise typer.BadParameter(message)
    return Path(text)


def named_files(neighbours: Sequence[str]) -> dict[str, Path]:
    """Take NAME=FILE of each neighbouring zone apart.

    Raises
    ------
    UsageError
        If one is written otherwise, or a name stands twice.

    Examples
    --------
    >>> named_files(["ch=prices_ch.csv"])["ch"].name
    'prices_ch.csv'
    """
    from battuta.domain.errors import UsageError

    files: dict[str, Path] = {}
    for text in neighbours:
        name, is_there, path = text.partition("=")
        if not (name and is_there and path):
            message = f"--neighbour {text!r} is not NAME=FILE, as in: --neighbour ch=prices_ch.csv"
            raise UsageError(message)
        if name in files:
            message = f"--neighbour {name} is given twice, as {files[name]} and as {path}; name each zone once"
            raise UsageError(message)
        files[name] = Path(path)
    return files


LateOption: TypeAlias = Annotated[
    bool,
    typer.Option("--late-columns", help="Take columns that are stated to come after the gate as known; labelled."),
]
KnownOption: TypeAlias = Annotated[
    str, typer.Option("--known-columns", help="Columns known to be published before the gate, comma-separated.")
]
WeatherOption: TypeAlias = Annotated[
    Path | None, typer.Option("--weather", help="Weather file; its values join the prices.")
]
NeighbourOption: TypeAlias = Annotated[
    list[str] | None, typer.Option("--neighbour", help="NAME=FILE of a zone whose spread counts. Repeatable.")
]
PublishedOption: TypeAlias = Annotated[
    Path | None, typer.Option("--published", help="A published forecast to compare with; needs --test-days.")
]
VintagesOption: TypeAlias = Annotated[
    Path | None,
    typer.Option(
        "--vintages",
        parser=named_folder,
        metavar="PATH",
        help="Folder of issued forecasts; battuta-forecasts if left out.",
    ),
]
KeepOption: TypeAlias = Annotated[
    Path | None,
    typer.Option(
        "--keep",
        parser=named_folder,
        metavar="PATH",
        help="Folder of calibrated days: a test that was interrupted goes on.",
    ),
]
PathsOption: TypeAlias = Annotated[
    int,
    typer.Option("--paths", min=0, help="Joint courses to draw, at most 10,000; in --json, beside --out, or scored."),
]
