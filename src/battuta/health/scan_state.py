"""All that a watch carries, laid out as plain arrays and brought back bit for bit, so that it survives a restart.

Whatever attributes an object has are saved, so that nothing that is added to a watch is forgotten: numbers, texts,
arrays, collections, and objects of Battuta's own classes. What an older program saved and a newer one carries
otherwise is refused, never guessed.
"""

from __future__ import annotations

import json
import zlib
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from enum import Enum
from hashlib import sha256
from importlib import import_module
from types import MappingProxyType
from typing import TypeAlias, cast

import numpy as np
from numpy.typing import NDArray

from battuta.domain.errors import DataError

STATE_VERSION = 3
"""To be raised where saved values come to mean something else under the same names."""
SavedState: TypeAlias = dict[str, NDArray[np.generic]]
"""Arrays of one dimension by name: the tree in JSON as bytes, and the numbers of all arrays by their type."""
_Node: TypeAlias = bool | int | str | list["_Node"] | dict[str, "_Node"] | None
_TREE, _PACKED = "tree", "packed"
_PACK_BYTES_MIN = 65_536
_ROOT = "battuta."
_MEND = "scan the record anew, with another state file"


def save_state(value: object) -> SavedState:
    """Lay an object out as arrays.

    Parameters
    ----------
    value : object
        Of one of Battuta's own classes, or a collection of such.

    Returns
    -------
    dict of str to ndarray
        Plain arrays of one dimension, none of them of objects.

    Examples
    --------
    >>> saved = save_state({"a": np.array([1.0, 2.0]), "n": 3})
    >>> sorted(saved), restore_state(saved)
    (['<f8', 'tree'], {'a': array([1., 2.]), 'n': 3})
    """
    writer = _Writer()
    tree = writer.node(value)
    text = json.dumps({"version": STATE_VERSION, "value": tree}, separators=(",", ":")).encode()
    return {_TREE: np.frombuffer(text, dtype=np.uint8), **writer.saved()}


def restore_state(saved: Mapping[str, NDArray[np.generic]]) -> object:
    """Bring back what `save_state` laid out.

    Raises
    ------
    DataError
        If it is broken, or was saved by a program that carries something else.
    """
    try:
        told = cast("dict[str, _Node]", json.loads(saved[_TREE].tobytes()))
        version = told["version"]
        if version == STATE_VERSION:
            return _Reader(saved).value(told["value"])
    except (KeyError, ValueError, TypeError, IndexError, AttributeError, zlib.error) as error:
        message = f"a saved state cannot be read ({error}); {_MEND}"
        raise DataError(message) from error
    message = f"a state was saved as version {version}, and this program keeps version {STATE_VERSION}; {_MEND}"
    raise DataError(message)


def fingerprint(*values: object) -> str:
    """Hash of values that decide on a result, in hexadecimal digits: the same values, the same hash."""
    saved = save_state(values)
    digest = sha256()
    for name in sorted(saved):
        digest.update(name.encode() + b"|" + saved[name].tobytes())
    return digest.hexdigest()[:32]


def require_same_attributes(restored: object, fresh: object) -> None:
    """Refuse an object that carries other attributes than a fresh one, anywhere down the objects of both.

    Raises
    ------
    DataError
        If it does.
    """
    if not _is_own(fresh):
        return
    was, now = (_attributes(each) if _is_own(each) else {} for each in (restored, fresh))
    if type(restored) is not type(fresh) or set(was) != set(now):
        differ = ", ".join(sorted(set(was) ^ set(now))) or type(restored).__name__
        message = f"the state was saved by another version of this program ({type(fresh).__name__}: {differ}); {_MEND}"
        raise DataError(message)
    for name, value in now.items():
        if value is not None and was[name] is not None:
            require_same_attributes(was[name], value)


class _Writer:
    """Turns values into a tree whose leaves point into arrays; what occurs twice is written once."""

    def __init__(self) -> None:
        self._flat: dict[str, list[NDArray[np.generic]]] = {}
        self._sizes: dict[str, int] = {}
        self._seen: dict[int, int] = {}
        self._kept: list[object] = []

    def saved(self) -> SavedState:
        return {name: np.concatenate(parts) for name, parts in self._flat.items()}

    def node(self, value: object) -> _Node:
        if value is None or type(value) in {bool, int, str}:
            return cast("_Node", value)
        if type(value) is float:
            return {"f": value.hex()}
        if isinstance(value, Enum):
            return {"e": _name_of(type(value)), "v": value.name}
        if isinstance(value, list | tuple):
            items = cast("list[object]", value)
            return {"l" if isinstance(value, list) else "t": [self.node(each) for each in items]}
        if isinstance(value, dict | MappingProxyType):
            return self._pairs("d" if isinstance(value, dict) else "m", cast("Mapping[object, object]", value))
        return self._shared(value)

    def _pairs(self, kind: str, pairs: Mapping[object, object]) -> _Node:
        return {kind: [[self.node(key), self.node(each)] for key, each in pairs.items()]}

    def _shared(self, value: object) -> _Node:
        """An array, a number of its kind, or an object; or a hint at where it stands already."""
        if isinstance(value, np.generic):
            return {"s": self._array(np.asarray(cast("object", value)))}
        if id(value) in self._seen:
            return {"r": self._seen[id(value)]}
        self._seen[id(value)] = len(self._kept)
        self._kept.append(value)
        if isinstance(value, np.ndarray):
            return {"a": self._array(cast("NDArray[np.generic]", value))}
        if not _is_own(value):
            message = f"{type(value).__name__} cannot be saved with a watch"
            raise TypeError(message)
        attributes = _attributes(value)
        return {"o": _name_of(type(value)), "v": {name: self.node(each) for name, each in attributes.items()}}

    def _array(self, array: NDArray[np.generic]) -> _Node:
        order = "F" if array.flags.f_contiguous and not array.flags.c_contiguous else "C"
        flat, dtype = array.ravel(order), array.dtype.str
        place: dict[str, _Node] = {"type": dtype, "shape": list(array.shape), "order": order}
        if dtype == "<f8" and array.nbytes >= _PACK_BYTES_MIN:
            narrow = flat.astype(np.float32)
            if narrow.astype(np.float64).tobytes() == flat.tobytes():
                packed = np.frombuffer(zlib.compress(narrow.tobytes(), 1), dtype=np.uint8)
                return {**place, "in": _PACKED, "at": self._append(_PACKED, packed), "n": packed.size}
        return {**place, "in": dtype, "at": self._append(dtype, flat), "n": flat.size}

    def _append(self, name: str, flat: NDArray[np.generic]) -> int:
        at = self._sizes.get(name, 0)
        self._flat.setdefault(name, []).append(flat)
        self._sizes[name] = at + flat.size
        return at


class _Reader:
    """Turns such a tree into values again."""

    def __init__(self, saved: Mapping[str, NDArray[np.generic]]) -> None:
        self._saved = saved
        self._kept: list[object] = []

    def value(self, node: _Node) -> object:
        if not isinstance(node, dict):
            return node
        (kind, inner), *_ = node.items()
        if isinstance(inner, list):
            return self._collection(kind, inner)
        if kind == "a":
            self._kept.append(self._array(inner))
            return self._kept[-1]
        return self._leaf(kind, inner, node) if kind != "o" else self._object(str(inner), node["v"])

    def _leaf(self, kind: str, inner: _Node, node: dict[str, _Node]) -> object:
        if kind == "f":
            return float.fromhex(str(inner))
        if kind == "e":
            return cast("type[Enum]", _class_of(str(inner)))[str(node["v"])]
        return self._array(inner)[()] if kind == "s" else self._kept[cast("int", inner)]

    def _collection(self, kind: str, inner: list[_Node]) -> object:
        if kind in {"d", "m"}:
            pairs = cast("list[list[_Node]]", inner)
            found = {self.value(key): self.value(each) for key, each in pairs}
            return found if kind == "d" else MappingProxyType(found)
        values = [self.value(each) for each in inner]
        return values if kind == "l" else tuple(values)

    def _object(self, name: str, node: _Node) -> object:
        kind, attributes = _class_of(name), cast("dict[str, _Node]", node)
        differ = _fields(kind, set(attributes)) ^ set(attributes)
        if differ:
            message = f"{name} has come to carry other things: {', '.join(sorted(differ))}"
            raise ValueError(message)
        made = object.__new__(cast("type[object]", kind))
        self._kept.append(made)
        for each, value in attributes.items():
            object.__setattr__(made, each, self.value(value))
        return made

    def _array(self, node: _Node) -> NDArray[np.generic]:
        place = cast("dict[str, _Node]", node)
        name, at, n = str(place["in"]), cast("int", place["at"]), cast("int", place["n"])
        flat = self._saved[name][at : at + n]
        if flat.size != n:
            message = "numbers are missing"
            raise ValueError(message)
        if name == _PACKED:
            flat = np.frombuffer(zlib.decompress(flat.tobytes()), dtype=np.float32)
        shape, order = cast("list[int]", place["shape"]), "F" if place["order"] == "F" else "C"
        return flat.astype(np.dtype(str(place["type"]))).reshape(tuple(shape), order=order)


def _is_own(value: object) -> bool:
    return type(value).__module__.startswith(_ROOT) and not isinstance(value, Enum | type)


def _attributes(value: object) -> dict[str, object]:
    """Everything that an object of ours carries, by name."""
    if is_dataclass(value) and not isinstance(value, type):
        return {each.name: cast("object", getattr(value, each.name)) for each in fields(value)}
    return dict(vars(value))


def _fields(kind: type, otherwise: set[str]) -> set[str]:
    """Names of the fields of a dataclass; of any other class nobody knows them beforehand."""
    return {each.name for each in fields(kind)} if is_dataclass(kind) else otherwise


def _name_of(kind: type) -> str:
    return f"{kind.__module__}:{kind.__qualname__}"


def _class_of(name: str) -> type:
    """A class of ours by its name, and no other."""
    module, _, within = name.partition(":")
    if not module.startswith(_ROOT):
        message = f"{name} is no class of Battuta"
        raise ValueError(message)
    try:
        kind = cast("object", getattr(import_module(module), within))
    except ImportError as error:
        message = f"{name} is not there any more"
        raise ValueError(message) from error
    if not isinstance(kind, type):
        message = f"{name} is no class"
        raise TypeError(message)
    return kind
