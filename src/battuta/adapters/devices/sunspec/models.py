"""SunSpec models as data: which points a model has, how long they are, where they lie in a device's registers.

The definitions are those of the SunSpec Alliance, read from the JSON files that ship with pysunspec2.

References
----------
.. [1] SunSpec Alliance, Device Information Model Specification, version 1.1 (2022).
.. [2] SunSpec Alliance, https://github.com/sunspec/models, Apache-2.0, as packaged by pysunspec2.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import TypedDict, cast

HEADER_REGISTERS = 2
"""Each model begins with its number and its length, which counts what follows."""

FILL = 0
"""A group with this count is repeated until the model's length is used up."""


class PointJson(TypedDict, total=False):
    """The keys of a point that are used here."""

    name: str
    type: str
    size: int
    sf: str | int
    units: str
    access: str


class GroupJson(TypedDict, total=False):
    """The keys of a group that are used here."""

    name: str
    count: str | int
    points: list[PointJson]
    groups: list[GroupJson]


@dataclass(frozen=True, slots=True, kw_only=True)
class Point:
    """One value of a model.

    Attributes
    ----------
    name : str
        As the model names it.
    kind : str
        Type as the model names it, for example ``int16``.
    n_registers : int
        How many registers it takes.
    scale : str or int or None
        Name of the point that holds the power of ten, or the power itself.
    unit : str
        As the model names it, empty for none.
    is_writable : bool
        Whether a client may write it.
    """

    name: str
    kind: str
    n_registers: int
    scale: str | int | None = None
    unit: str = ""
    is_writable: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """Points that follow each other, and groups that follow them.

    Attributes
    ----------
    name : str
        As the model names it.
    count : str or int
        Name of the point that says how often the group is repeated, or the number; 0 fills the model's length.
    points : tuple of Point
        In order.
    groups : tuple of Group
        In order, after the points.
    """

    name: str
    count: str | int
    points: tuple[Point, ...]
    groups: tuple[Group, ...]

    @property
    def n_registers(self) -> int:
        """Registers of one repetition, without groups that are repeated by a number the device says."""
        own = sum(point.n_registers for point in self.points)
        return own + sum(group.n_registers * group.count for group in self.groups if isinstance(group.count, int))


@dataclass(frozen=True, slots=True, kw_only=True)
class Placed:
    """Where a point lies.

    Attributes
    ----------
    point : Point
        The point.
    offsets : tuple of int
        Registers from the first of the model, one per repetition.
    """

    point: Point
    offsets: tuple[int, ...]


def _group(raw: GroupJson) -> Group:
    points = tuple(
        Point(
            name=each.get("name", ""),
            kind=each.get("type", "pad"),
            n_registers=each.get("size", 1),
            scale=each.get("sf"),
            unit=each.get("units", ""),
            is_writable=each.get("access", "R") == "RW",
        )
        for each in raw.get("points", [])
    )
    groups = tuple(_group(each) for each in raw.get("groups", []))
    return Group(name=raw.get("name", ""), count=raw.get("count", 1), points=points, groups=groups)


@cache
def definition(number: int) -> Group | None:
    """Definition of a model by its number, None if the SunSpec Alliance published none.

    Examples
    --------
    >>> definition(701).points[7].name, definition(701).points[8].scale
    ('DERMode', 'W_SF')
    >>> definition(9999) is None
    True
    """
    path = files("sunspec2") / "models" / "json" / f"model_{number}.json"
    if not path.is_file():
        return None
    raw = cast("dict[str, GroupJson]", json.loads(path.read_text(encoding="utf-8")))
    return _group(raw["group"])


def _walk(group: Group, prefix: str, start: int, counts: Mapping[str, int]) -> Iterator[tuple[str, Point, int]]:
    """Yield every point with its offset, group after group; the last offset is the length."""
    offset = start
    for point in group.points:
        yield prefix + point.name, point, offset
        offset += point.n_registers
    for inner in group.groups:
        times = inner.count if isinstance(inner.count, int) and inner.count != FILL else counts.get(inner.name, 0)
        for _ in range(times):
            for name, point, at in _walk(inner, f"{prefix}{inner.name}.", offset, counts):
                yield name, point, at
                offset = at + point.n_registers


def place(number: int, counts: Mapping[str, int], n_registers: int | None = None) -> dict[str, Placed]:
    """Lay a model out.

    Parameters
    ----------
    number : int
        Number of the model.
    counts : mapping of str to int
        How often each repeated group is there, by the name of the group.
    n_registers : int, optional
        Length of the model as the device says, header included: points that lie beyond it are not there.

    Returns
    -------
    dict of str to Placed
        By name; points of inner groups are named ``group.point``, of groups in them ``group.inner.point``. Empty for
        an unknown model.
    """
    group = definition(number)
    if group is None:
        return {}
    found: dict[str, tuple[Point, list[int]]] = {}
    for name, point, offset in _walk(group, "", 0, counts):
        if n_registers is None or offset + point.n_registers <= n_registers:
            found.setdefault(name, (point, []))[1].append(offset)
    return {name: Placed(point=point, offsets=tuple(offsets)) for name, (point, offsets) in found.items()}


def repetitions(number: int, registers: Sequence[int]) -> dict[str, int]:
    """Read from a model's registers how often its groups are repeated.

    Parameters
    ----------
    number : int
        Number of the model.
    registers : sequence of int
        All registers of the model, header included.

    Returns
    -------
    dict of str to int
        By the name of the group; never more than the length has room for.
    """
    group = definition(number)
    if group is None:
        return {}
    counts: dict[str, int] = {}
    room = len(registers) - sum(point.n_registers for point in group.points)
    _count(group, place(number, {}, len(registers)), registers, max(0, room), counts)
    return counts


def _count(
    group: Group, fixed: Mapping[str, Placed], registers: Sequence[int], room: int, counts: dict[str, int]
) -> None:
    """Count the groups below one, the innermost first: a curve is as long as its points are many."""
    for inner in group.groups:
        _count(inner, fixed, registers, room, counts)
        most = room // max(1, _size(inner, counts))
        if isinstance(inner.count, str):
            placed = fixed.get(inner.count)
            counts[inner.name] = min(registers[placed.offsets[0]] if placed else 0, most)
        elif inner.count == FILL:
            counts[inner.name] = most


def _size(group: Group, counts: Mapping[str, int]) -> int:
    """Registers of one repetition, when it is known how often the groups in it are repeated."""
    size = sum(point.n_registers for point in group.points)
    for inner in group.groups:
        is_said = isinstance(inner.count, str) or inner.count == FILL
        size += _size(inner, counts) * (counts.get(inner.name, 0) if is_said else int(inner.count))
    return size


def length_registers(placed: Mapping[str, Placed]) -> int:
    """Registers that a laid out model takes, header included."""
    return max((offset + each.point.n_registers for each in placed.values() for offset in each.offsets), default=0)
