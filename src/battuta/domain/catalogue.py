"""The data files that ship inside the rooms, read in one place: parameter sets, products, register maps."""

from __future__ import annotations

import tomllib
from importlib.resources import files
from typing import TypeAlias

from battuta.domain.errors import UsageError

Toml: TypeAlias = "str | int | float | bool | list[Toml] | dict[str, Toml]"
"""What a TOML file may hold, dates apart."""


def names(room: str, folder: str) -> tuple[str, ...]:
    """Names of the data files of one kind, without their ending, sorted.

    Parameters
    ----------
    room : str
        Room that ships them, such as ``physics``; a dotted path for a deeper one.
    folder : str
        Folder within the room.

    Returns
    -------
    tuple of str
        Names as `table` takes them.
    """
    place = files(f"battuta.{room}") / folder
    return tuple(sorted(each.name.removesuffix(".toml") for each in place.iterdir() if each.name.endswith(".toml")))


def table(room: str, folder: str, name: str) -> dict[str, Toml]:
    """Read one data file.

    Parameters
    ----------
    room, folder, name : str
        Room, folder within it, name without its ending.

    Returns
    -------
    dict
        The parsed TOML table.

    Raises
    ------
    UsageError
        If there is none of that name; the message lists those that exist.

    Examples
    --------
    >>> table("physics", "parameter_sets", "no such")
    Traceback (most recent call last):
    battuta.domain.errors.UsageError: physics/parameter_sets has no 'no such'; there is ...
    """
    known = names(room, folder)
    if name not in known:
        message = f"{room}/{folder} has no {name!r}; there is {', '.join(known)}"
        raise UsageError(message)
    text = (files(f"battuta.{room}") / folder / f"{name}.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)
