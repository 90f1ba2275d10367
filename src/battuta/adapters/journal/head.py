"""The head of a segment: what the journal is, which kinds it holds, and the settings of the run, as JSON."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from battuta.domain.errors import DataError
from battuta.ports.journal import FieldShape, RecordKind

FORMAT = 1


class Head(NamedTuple):
    """What a segment says of itself.

    Attributes
    ----------
    segment : int
        Which one it is, from 1.
    kinds : tuple of RecordKind
        Kinds in the order of their codes.
    settings : mapping of str to str
        Settings of the run.
    """

    segment: int
    kinds: tuple[RecordKind, ...]
    settings: Mapping[str, str]


def head_bytes(segment: int, kinds: Sequence[RecordKind], settings: Mapping[str, str]) -> bytes:
    """Write a head."""
    schema = [
        {"name": kind.name, "fields": [[field.name, field.dtype, list(field.shape)] for field in kind.fields]}
        for kind in kinds
    ]
    return json.dumps({"format": FORMAT, "segment": segment, "kinds": schema, "settings": dict(settings)}).encode()


def read_head(payload: bytes) -> Head:
    """Read a head.

    Raises
    ------
    DataError
        If it was written by a version of Battuta with another format.
    ValueError, LookupError, TypeError
        If it is not a head.
    """
    told = json.loads(payload)
    if told["format"] != FORMAT:
        message = f"a journal of format {told['format']}; this version reads {FORMAT}, use the one that wrote it"
        raise DataError(message)
    kinds = tuple(
        RecordKind(
            name=kind["name"],
            fields=tuple(
                FieldShape(name=name, dtype=dtype, shape=tuple(shape)) for name, dtype, shape in kind["fields"]
            ),
        )
        for kind in told["kinds"]
    )
    return Head(segment=told["segment"], kinds=kinds, settings=told["settings"])
