"""The promise of a journal: what was seen and decided, in the order it happened, in a store that only grows."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol, TypeAlias

import numpy as np
from numpy.typing import NDArray

from battuta.domain.errors import DataError, UsageError

IntegerArray: TypeAlias = NDArray[np.integer]
FieldValue: TypeAlias = str | int | float | bool | None

DTYPES = ("int8", "int16", "int32", "int64", "uint8", "uint16", "uint32", "uint64")
"""What a field may be made of: whole numbers only, so that what is read is what was written."""


class JournalDamagedError(DataError):
    """A journal whose bytes are not those that were written.

    Parameters
    ----------
    segment : str
        Path of the file.
    chunk : int
        Which chunk of that file, from 0; -1 is the head of the file.
    offset : int
        Where the chunk begins in the file. [byte]
    reason : str
        What does not fit.
    """

    def __init__(self, segment: str, chunk: int, offset: int, reason: str) -> None:
        part = "the head of the file" if chunk < 0 else f"chunk {chunk}"
        super().__init__(
            f"{segment}: {part} at byte {offset} is damaged: {reason}; "
            f"all before it can be read, for the rest take this file from a copy"
        )
        self.segment = segment
        self.chunk = chunk
        self.offset = offset


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldShape:
    """One array of a record.

    Attributes
    ----------
    name : str
        Name, unit last.
    dtype : str
        One of `DTYPES`.
    shape : tuple of int
        Shape of the array of one record; empty for a single number.
    """

    name: str
    dtype: str
    shape: tuple[int, ...] = ()

    def __post_init__(self) -> None:
        """Refuse what cannot be stored."""
        if not self.name:
            message = "a field of a journal needs a name"
            raise UsageError(message)
        if self.dtype not in DTYPES:
            message = f"field {self.name!r} is {self.dtype!r}; a journal stores one of {', '.join(DTYPES)}"
            raise UsageError(message)
        if any(length < 1 for length in self.shape):
            message = f"field {self.name!r} has shape {self.shape}; every length must be at least 1"
            raise UsageError(message)

    @property
    def n_bytes(self) -> int:
        """Size of one array. [byte]

        Examples
        --------
        >>> FieldShape(name="image", dtype="int32", shape=(24, 20)).n_bytes
        1920
        """
        return np.dtype(self.dtype).itemsize * math.prod(self.shape)


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordKind:
    """A kind of record: its name, and the arrays that each one of it has.

    Attributes
    ----------
    name : str
        Name of the kind.
    fields : tuple of FieldShape
        The arrays, in the order in which they are appended.
    """

    name: str
    fields: tuple[FieldShape, ...]

    def __post_init__(self) -> None:
        """Refuse what cannot be told apart."""
        names = [field.name for field in self.fields]
        if not self.name or not names or len(set(names)) < len(names):
            message = f"kind {self.name!r} of a journal needs a name, and fields with different names: {names}"
            raise UsageError(message)

    @property
    def n_bytes(self) -> int:
        """Size of one record before compression. [byte]"""
        return sum(field.n_bytes for field in self.fields)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Record:
    """One record as it was appended.

    Attributes
    ----------
    kind : str
        Name of its kind.
    time_ns : int
        Its time. [ns]
    arrays : mapping of str to ndarray
        Its arrays by name of field; they cannot be written to.
    """

    kind: str
    time_ns: int
    arrays: Mapping[str, IntegerArray]


@dataclass(frozen=True, slots=True, kw_only=True)
class JournalEvent:
    """Something rare, told in words.

    Attributes
    ----------
    time_ns : int
        When. [ns]
    name : str
        What happened, verb in the past.
    fields : mapping of str to str, int, float, bool or None
        Its particulars.
    """

    time_ns: int
    name: str
    fields: Mapping[str, FieldValue]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Stack:
    """All records of one kind.

    Attributes
    ----------
    time_ns : ndarray of int64, shape (n_times,)
        Times in the order written. [ns]
    arrays : mapping of str to ndarray, shape (n_times, ...)
        One stack per field.
    """

    time_ns: NDArray[np.int64]
    arrays: Mapping[str, IntegerArray]


class JournalWriter(Protocol):
    """Takes records and events, and keeps their order.

    Promises: what was appended is read back bit for bit; an append that raises has added nothing; memory is bounded;
    at most one chunk of records is lost when the process dies; nothing that was written is ever changed. One thread
    writes.
    """

    def append(self, kind: str, time_ns: int, /, **arrays: IntegerArray) -> None:
        """Append a record, its arrays by name of field; copies them."""
        ...

    def append_row(self, kind: str, time_ns: int, arrays: Sequence[IntegerArray]) -> None:
        """Append a record, its arrays in the order of the fields; copies them. The fast way."""
        ...

    def event(self, time_ns: int, name: str, fields: Mapping[str, FieldValue]) -> None:
        """Append an event."""
        ...

    def flush(self) -> None:
        """Hand everything to the operating system now."""
        ...

    def close(self) -> None:
        """Write what is left and the closing mark; a second call does nothing."""
        ...


class JournalReader(Protocol):
    """Reads a journal, also one that is still being written.

    Promises: yields whole chunks only, in the order written, across kinds; every byte it yields was checked against
    the chain of hashes; a tail that was cut off, and files that are no part of it, are left out and named in
    `findings`; any other difference raises `JournalDamagedError` after everything before it was yielded.
    """

    @property
    def header(self) -> Mapping[str, str]:
        """Settings of the run, as they were given to the writer."""
        ...

    @property
    def kinds(self) -> tuple[RecordKind, ...]:
        """The kinds of records that there can be."""
        ...

    @property
    def root(self) -> str:
        """Last hash of the chain over everything readable, in hexadecimal digits."""
        ...

    @property
    def findings(self) -> tuple[str, ...]:
        """What the last pass over the journal found wanting; empty for one that was closed well."""
        ...

    def __iter__(self) -> Iterator[Record | JournalEvent]:
        """Records and events in the order written."""
        ...
