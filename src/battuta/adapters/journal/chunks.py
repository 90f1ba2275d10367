"""A chunk: some records and events in their order, gathered in memory, then written as one payload.

A payload is the number of entries, the kind of each (`EVENT_CODE` is an event), their times, one block per kind and
field that occurs, and the events as JSON; all of these compressed.
"""

from __future__ import annotations

import json
import struct
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import zstandard
from numpy.typing import NDArray

from battuta.adapters.journal.coding import Past, Prediction, best_prediction, decode, encode
from battuta.domain.errors import UsageError
from battuta.ports.journal import FieldValue, IntegerArray, JournalEvent, Record, RecordKind

EVENT_CODE = 255
KINDS_MAX = EVENT_CODE
CHOICE_ROWS = 16384
"""For how many records a prediction is kept before the best one is looked for again."""

_COUNT = struct.Struct("<I")
_BLOCK = struct.Struct("<BI")


class KindBuffer:
    """Records of one kind that wait for their chunk.

    Parameters
    ----------
    kind : RecordKind
        What they are.
    rows_max : int
        How many fit.
    """

    def __init__(self, kind: RecordKind, rows_max: int) -> None:
        self.kind = kind
        self.rows_max = rows_max
        self.n_rows = 0
        self._columns = [np.empty((rows_max, *field.shape), dtype=field.dtype) for field in kind.fields]
        self._slots = [
            (column, field.shape, column.dtype) for column, field in zip(self._columns, kind.fields, strict=True)
        ]
        self._predictions = [Prediction()] * len(self._columns)
        self._choice_rows = 0
        self._choice_age = 0

    def put(self, arrays: Sequence[IntegerArray]) -> None:
        """Copy one record; one of the wrong shape or type is refused and adds nothing."""
        row = self.n_rows
        if len(arrays) != len(self._slots):
            raise self._refusal(arrays)
        for (column, shape, dtype), array in zip(self._slots, arrays, strict=True):
            if array.shape != shape or array.dtype != dtype:
                raise self._refusal(arrays)
            column[row] = array
        self.n_rows = row + 1

    def _refusal(self, arrays: Sequence[IntegerArray]) -> UsageError:
        given = ", ".join(f"{array.dtype}{list(array.shape)}" for array in arrays)
        asked = ", ".join(f"{field.name} {field.dtype}{list(field.shape)}" for field in self.kind.fields)
        return UsageError(f"a record of kind {self.kind.name!r} is ({asked}), given is ({given}); convert it first")

    def encoded(self, compressor: zstandard.ZstdCompressor) -> Iterator[bytes]:
        """Blocks of all fields."""
        blocks = [column[: self.n_rows] for column in self._columns]
        if self._choice_age >= CHOICE_ROWS or self.n_rows > 2 * self._choice_rows:
            self._predictions = [best_prediction(block) for block in blocks]
            self._choice_rows = self.n_rows
            self._choice_age = 0
        self._choice_age += self.n_rows
        for block, prediction in zip(blocks, self._predictions, strict=True):
            yield from _framed(block, prediction, compressor)


def _framed(block: IntegerArray, prediction: Prediction, compressor: zstandard.ZstdCompressor) -> tuple[bytes, bytes]:
    data = encode(block, prediction, compressor)
    return _BLOCK.pack(prediction.byte, len(data)), data


class ChunkBuffer:
    """Everything that waits for its chunk.

    Parameters
    ----------
    kinds : sequence of RecordKind
        What may come.
    entries_max : int
        Records and events in a chunk, at most.
    bytes_max : int
        Size of the records of each kind, and of the events, from which a chunk is full sooner. [byte]
    """

    def __init__(self, kinds: Sequence[RecordKind], entries_max: int, bytes_max: int) -> None:
        self.entries_max = entries_max
        self.n_entries = 0
        self.time_ns_first = 0
        self._bytes_max = bytes_max
        self._codes = np.empty(entries_max, dtype=np.uint8)
        self._times = np.empty(entries_max, dtype=np.int64)
        self._events: list[str] = []
        self._event_bytes = 0
        self._kinds = [KindBuffer(kind, max(1, min(entries_max, bytes_max // kind.n_bytes))) for kind in kinds]
        self._code_of = {kind.name: code for code, kind in enumerate(kinds)}
        self._names_of = {kind.name: [field.name for field in kind.fields] for kind in kinds}

    def code(self, kind: str) -> int:
        """Number of a kind."""
        try:
            return self._code_of[kind]
        except KeyError:
            message = f"this journal has no kind {kind!r}; it has {', '.join(self._code_of)}"
            raise UsageError(message) from None

    def in_order(self, kind: str, arrays: Mapping[str, IntegerArray]) -> list[IntegerArray]:
        """Put arrays in the order of the fields of their kind."""
        self.code(kind)
        names = self._names_of[kind]
        if set(arrays) != set(names):
            message = f"a record of kind {kind!r} has fields {', '.join(names)}; given are {', '.join(arrays)}"
            raise UsageError(message)
        return [arrays[name] for name in names]

    def full_for(self, code: int) -> bool:
        """Whether one more record of a kind, or one more event, does not fit."""
        if self.n_entries == self.entries_max:
            return True
        if code == EVENT_CODE:
            return self._event_bytes >= self._bytes_max
        buffer = self._kinds[code]
        return buffer.n_rows == buffer.rows_max

    def put_record(self, code: int, time_ns: int, arrays: Sequence[IntegerArray]) -> None:
        """Copy one record; it must fit."""
        self._times[self.n_entries] = time_ns
        self._kinds[code].put(arrays)
        self._entered(code, time_ns)

    def put_event(self, time_ns: int, name: str, fields: Mapping[str, FieldValue]) -> None:
        """Keep one event; it must fit."""
        text = json.dumps([name, dict(fields)], separators=(",", ":"))
        self._times[self.n_entries] = time_ns
        self._events.append(text)
        self._event_bytes += len(text)
        self._entered(EVENT_CODE, time_ns)

    def _entered(self, code: int, time_ns: int) -> None:
        if self.n_entries == 0:
            self.time_ns_first = time_ns
        self._codes[self.n_entries] = code
        self.n_entries += 1

    def payload(self, compressor: zstandard.ZstdCompressor) -> bytes:
        """Everything that waits, as bytes; it goes on waiting until `clear`."""
        n = self.n_entries
        parts = [_COUNT.pack(n)]
        parts += _framed(self._codes[:n], Prediction(Past.NOTHING), compressor)
        parts += _framed(self._times[:n], Prediction(Past.PREVIOUS), compressor)
        for buffer in self._kinds:
            if buffer.n_rows:
                parts += buffer.encoded(compressor)
        if self._events:
            parts.append(compressor.compress(f"[{','.join(self._events)}]".encode()))
        return b"".join(parts)

    def clear(self) -> None:
        """Forget what waited: it is written."""
        for buffer in self._kinds:
            buffer.n_rows = 0
        self._events = []
        self._event_bytes = 0
        self.n_entries = 0


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Chunk:
    """A chunk as it is read.

    Attributes
    ----------
    codes : ndarray of uint8, shape (n_entries,)
        Kind of each entry, or `EVENT_CODE`.
    times_ns : ndarray of int64, shape (n_entries,)
        Time of each entry. [ns]
    blocks : mapping of int to mapping of str to ndarray, shape (n_times, ...)
        Stacks by code of the kind and name of the field.
    events : sequence of (name, fields)
        The events.
    """

    codes: NDArray[np.uint8]
    times_ns: NDArray[np.int64]
    blocks: Mapping[int, Mapping[str, IntegerArray]]
    events: Sequence[tuple[str, Mapping[str, FieldValue]]]

    def entries(self, kinds: Sequence[RecordKind]) -> Iterator[Record | JournalEvent]:
        """Records and events in their order."""
        rows = [0] * (EVENT_CODE + 1)
        codes: list[int] = self.codes.tolist()
        times_ns: list[int] = self.times_ns.tolist()
        for code, time_ns in zip(codes, times_ns, strict=True):
            row = rows[code]
            rows[code] = row + 1
            if code == EVENT_CODE:
                name, fields = self.events[row]
                yield JournalEvent(time_ns=time_ns, name=name, fields=fields)
            else:
                arrays = {name: block[row] for name, block in self.blocks[code].items()}
                yield Record(kind=kinds[code].name, time_ns=time_ns, arrays=arrays)


def read_chunk(payload: bytes, kinds: Sequence[RecordKind]) -> Chunk:
    """Undo `ChunkBuffer.payload`.

    Parameters
    ----------
    payload : bytes
        What was written.
    kinds : sequence of RecordKind
        Kinds of the journal, in its order.

    Returns
    -------
    Chunk
        Its arrays cannot be written to.

    Raises
    ------
    ValueError, LookupError, TypeError, AttributeError, RecursionError, struct.error, zstandard.ZstdError
        If it is not what `ChunkBuffer` writes.
    """
    n = _COUNT.unpack_from(payload)[0]
    offset = _COUNT.size
    view = memoryview(payload)

    def block(dtype: str, shape: tuple[int, ...]) -> IntegerArray:
        nonlocal offset
        byte, length = _BLOCK.unpack_from(view, offset)
        start = offset + _BLOCK.size
        offset = start + length
        return decode(view[start:offset], dtype, shape, Prediction.of_byte(byte))

    codes = block("uint8", (n,)).astype(np.uint8, copy=False)
    times_ns = block("int64", (n,)).astype(np.int64, copy=False)
    n_rows: list[int] = np.bincount(codes, minlength=EVENT_CODE + 1).tolist()
    blocks = {
        code: {field.name: block(field.dtype, (n_rows[code], *field.shape)) for field in kind.fields}
        for code, kind in enumerate(kinds)
        if n_rows[code]
    }
    unknown = set(codes.tolist()) - set(range(len(kinds))) - {EVENT_CODE}
    if unknown:
        message = f"an entry of kind number {min(unknown)}, yet there are {len(kinds)} kinds"
        raise ValueError(message)
    events = _read_events(view[offset:]) if n_rows[EVENT_CODE] else []
    if len(events) != n_rows[EVENT_CODE]:
        message = f"{len(events)} events where {n_rows[EVENT_CODE]} are expected"
        raise ValueError(message)
    return Chunk(codes=codes, times_ns=times_ns, blocks=blocks, events=events)


def _read_events(data: memoryview) -> list[tuple[str, dict[str, FieldValue]]]:
    """Read events, each a name with fields that are single values."""
    found: list[tuple[object, dict[str, object]]] = json.loads(zstandard.ZstdDecompressor().decompress(data))
    events: list[tuple[str, dict[str, FieldValue]]] = []
    for name, fields in found:
        plain = {key: value for key, value in fields.items() if isinstance(value, str | int | float | None)}
        if not isinstance(name, str) or len(plain) < len(fields):
            message = f"an event that is not a name with single values: {name!r}"
            raise ValueError(message)
        events.append((name, plain))
    return events
