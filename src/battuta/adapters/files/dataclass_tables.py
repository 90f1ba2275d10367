"""TOML tables made from the dataclasses of the domain: a key, a range and a sentence stand in one place only.

A dataclass becomes a strict table that knows its keys: the type of each field is what the file may hold, the words on
it in the docstring are what the schema says, and what the dataclass itself refuses is refused with the table's name.
"""

from __future__ import annotations

import re
import types
from collections.abc import Callable, Mapping, Sequence
from dataclasses import MISSING, Field, fields, is_dataclass
from functools import cache
from types import GenericAlias
from typing import Annotated, Any, Union, cast, get_args, get_origin, get_type_hints

from pydantic import BaseModel, ConfigDict, Strict, create_model
from pydantic import Field as TableField

_ATTRIBUTE = re.compile(r"^    (?P<names>\w+(?:, \w+)*) : .*$")


@cache
def table_of(kind: type) -> type[BaseModel]:
    """Strict table of a frozen dataclass: its keys, their types, and what they mean.

    Parameters
    ----------
    kind : type
        A dataclass whose fields are numbers, texts, flags, enumerations, dataclasses, or tuples of them.

    Returns
    -------
    type of BaseModel
        Table that refuses unknown keys and numbers written as text.

    Examples
    --------
    >>> from battuta.domain.outlook import Availability
    >>> sorted(table_of(Availability).model_fields)
    ['deviation', 'failure', 'mean']
    """
    hints, said = get_type_hints(kind), meanings(kind)
    keys: dict[str, tuple[object, object]] = {}
    for each in fields(kind):
        hint = _as_table(hints[each.name])
        keys[each.name] = (hint, TableField(default=_default(each), description=said.get(each.name)))
    strict = ConfigDict(extra="forbid", allow_inf_nan=False)
    model = create_model(kind.__name__, __config__=strict, **cast("Any", keys))
    model.__doc__ = (kind.__doc__ or "").strip().split("\n", maxsplit=1)[0]
    return model


def value_of(kind: type, table: BaseModel) -> object:
    """Dataclass that a checked table says; what the file leaves out keeps the dataclass's own default."""
    hints = get_type_hints(kind)
    given = {name: _as_value(hints[name], getattr(table, name)) for name in table.model_fields_set}
    return kind(**given)


def meanings(kind: type) -> Mapping[str, str]:
    """What the docstring of a dataclass says of each attribute, by name.

    Examples
    --------
    >>> from battuta.domain.study import Storage
    >>> meanings(Storage)["soc"]
    'State of charge. [-]'
    """
    said: dict[str, str] = {}
    names: list[str] = []
    inside = False
    for line in (kind.__doc__ or "").splitlines():
        found = _ATTRIBUTE.match(line)
        if line.strip() == "Attributes":
            inside = True
        elif inside and line.strip() in {"Examples", "Raises", "References"}:
            break
        elif inside and found is not None:
            names = found["names"].split(", ")
        elif inside and line.startswith("        ") and line.strip():
            for name in names:
                said[name] = f"{said.get(name, '')} {line.strip()}".strip()
    return said


def _union(inner: tuple[object, ...]) -> object:
    return Union[inner]  # noqa: UP007 - the members are known at run time only


def _row(inner: tuple[object, ...]) -> object:
    return GenericAlias(list, inner[:1]) if inner[1:] == (Ellipsis,) else GenericAlias(tuple, inner)


_OUTER: Mapping[object, Callable[[tuple[object, ...]], object]] = {
    Union: _union,
    types.UnionType: _union,
    tuple: _row,
    Mapping: lambda inner: GenericAlias(dict, inner),
}
"""Type that a file may hold for a type of the domain that is made of others."""


def _as_table(hint: object) -> object:
    """Type that a file may hold for a type of the domain."""
    if hint is float or hint is int:
        return Annotated[cast("type", hint), Strict()]
    if isinstance(hint, type) and is_dataclass(hint):
        return table_of(hint)
    inner = tuple(each if each is Ellipsis else _as_table(each) for each in get_args(hint))
    outer = _OUTER.get(get_origin(hint))
    return cast("object", hint) if outer is None else outer(inner)


def _as_value(hint: object, given: object) -> object:
    """Value of the domain for what a table holds."""
    if isinstance(given, BaseModel):
        kinds = [hint, *get_args(hint)]
        kind = next(each for each in kinds if isinstance(each, type) and is_dataclass(each) and _names(each, given))
        return value_of(kind, given)
    if isinstance(given, list | tuple):
        inner = get_args(hint)
        rows = cast("Sequence[object]", given)
        return tuple(_as_value(inner[0] if inner[1:] in {(), (Ellipsis,)} else inner[i], x) for i, x in enumerate(rows))
    return given


def _names(kind: type, table: BaseModel) -> bool:
    return type(table) is table_of(kind)


def _default(each: Field[object]) -> object:
    if each.default is not MISSING:
        return each.default
    if each.default_factory is not MISSING:
        return None
    return ...
