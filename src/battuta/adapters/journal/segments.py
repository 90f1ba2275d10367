"""Writes a journal into a folder of segments that only grow."""

from __future__ import annotations

import os
from collections.abc import Generator, Mapping, Sequence
from contextlib import contextmanager, suppress
from io import FileIO
from pathlib import Path
from typing import Literal, Self

import zstandard

from battuta.adapters.journal.chunks import EVENT_CODE, KINDS_MAX, ChunkBuffer
from battuta.adapters.journal.frames import MAGIC, NO_HASH, FrameType, frame_bytes, segment_path
from battuta.adapters.journal.head import head_bytes
from battuta.domain.errors import StorageError, UsageError
from battuta.ports.journal import FieldValue, IntegerArray, RecordKind

LEVEL = 1
CHUNK_RECORDS = 512
CHUNK_BYTES_MAX = 8 << 20
SEGMENT_BYTES_MAX = 64 << 20
MEND = (
    "free space there or allow it to be written, or keep runs elsewhere with --runs-dir; what was written before stays "
    "whole"
)

Sync = Literal["chunk", "segment", "never"]


class SegmentJournal:
    """`battuta.ports.journal.JournalWriter` in a folder.

    Parameters
    ----------
    folder : Path
        Where; made if it is missing. It must not hold a journal yet.
    kinds : sequence of RecordKind
        Kinds of records, at most 255.
    settings : mapping of str to str
        Settings of the run, kept in the head of each segment.
    chunk_records : int
        Records and events that are written together, at most; as many are lost at most when the process dies.
    chunk_bytes_max : int
        Size of the records of one kind from which a chunk is written sooner: the bound of memory, per kind. [byte]
    flush_every_s : float or None
        Time between records, either way, after which a chunk is written though it is not full; None waits until it
        is. [s]
    segment_bytes_max : int
        Size from which the next segment begins. [byte]
    sync : {"chunk", "segment", "never"}
        When the disk must confirm: after each chunk, after each segment and at the end, or never. What the disk did not
        confirm may be lost when the power fails, not when the process dies.
    level : int
        Effort of the compression, 1 to 19. The noise of instruments does not get smaller by more of it.

    Raises
    ------
    UsageError
        If the folder holds a journal, or the kinds cannot be told apart.
    StorageError
        If the disk takes nothing, here and in every other call: what waits goes on waiting, and may be tried again.
    """

    def __init__(
        self,
        folder: Path,
        kinds: Sequence[RecordKind],
        settings: Mapping[str, str],
        *,
        chunk_records: int = CHUNK_RECORDS,
        chunk_bytes_max: int = CHUNK_BYTES_MAX,
        flush_every_s: float | None = None,
        segment_bytes_max: int = SEGMENT_BYTES_MAX,
        sync: Sync = "segment",
        level: int = LEVEL,
    ) -> None:
        names = [kind.name for kind in kinds]
        if len(set(names)) < len(names) or len(names) > KINDS_MAX:
            message = f"a journal needs kinds with different names, at most {KINDS_MAX}; given are {names}"
            raise UsageError(message)
        if chunk_records < 1:
            message = f"chunk_records = {chunk_records}: a chunk holds at least one record"
            raise UsageError(message)
        with _on_disk(folder):
            folder.mkdir(parents=True, exist_ok=True)
        if any(folder.glob("segment-*.log")):
            message = f"{folder} holds a journal already; a journal is never written again, name another folder"
            raise UsageError(message)
        self._folder = folder
        self._kinds = tuple(kinds)
        self._settings = dict(settings)
        self._buffer = ChunkBuffer(self._kinds, chunk_records, chunk_bytes_max)
        self._flush_every_ns = None if flush_every_s is None else round(flush_every_s * 1e9)
        self._segment_bytes_max = segment_bytes_max
        self._sync: Sync = sync
        self._compressor = zstandard.ZstdCompressor(level=level)
        self._digest = NO_HASH
        self._number = 0
        self._size = 0
        self._file: FileIO | None = None
        self._closed = False
        self._begin_segment()

    def __enter__(self) -> Self:
        """Use in a ``with`` block."""
        return self

    def __exit__(self, *_: object) -> None:
        """Close."""
        self.close()

    @property
    def root(self) -> str:
        """Last hash of the chain over everything that was written, in hexadecimal digits."""
        return self._digest.hex()

    def append(self, kind: str, time_ns: int, /, **arrays: IntegerArray) -> None:
        """Append a record, its arrays by name of field."""
        self.append_row(kind, time_ns, self._buffer.in_order(kind, arrays))

    def append_row(self, kind: str, time_ns: int, arrays: Sequence[IntegerArray]) -> None:
        """Append a record, its arrays in the order of the fields."""
        code = self._buffer.code(kind)
        self._make_room(code, time_ns)
        self._buffer.put_record(code, time_ns, arrays)

    def event(self, time_ns: int, name: str, fields: Mapping[str, FieldValue]) -> None:
        """Append an event."""
        self._make_room(EVENT_CODE, time_ns)
        self._buffer.put_event(time_ns, name, fields)

    def flush(self) -> None:
        """Write what waits as a chunk."""
        if self._closed:
            message = f"the journal in {self._folder} is closed; nothing can be added"
            raise UsageError(message)
        if not self._buffer.n_entries:
            return
        if self._size >= self._segment_bytes_max:
            self._end_segment()
        if self._file is None:
            self._begin_segment()
        self._write(FrameType.CHUNK, self._buffer.payload(self._compressor))
        self._buffer.clear()

    def close(self) -> None:
        """Write what waits and the closing mark; a second call does nothing."""
        if self._closed:
            return
        self.flush()
        if self._file is None:
            self._begin_segment()
        self._write(FrameType.END, b"")
        self._end_segment()
        self._closed = True

    def _make_room(self, code: int, time_ns: int) -> None:
        buffer = self._buffer
        late = self._flush_every_ns is not None and abs(time_ns - buffer.time_ns_first) >= self._flush_every_ns
        if late or self._closed or buffer.full_for(code):
            self.flush()

    def _begin_segment(self) -> None:
        """Make the next file with its head, or leave no file."""
        number = self._number + 1
        path = segment_path(self._folder, number)
        with _on_disk(path):
            self._file = path.open("xb", buffering=0)
        self._size = 0
        try:
            self._write(FrameType.HEAD, head_bytes(number, self._kinds, self._settings), before=MAGIC)
        except StorageError:
            self._file.close()
            self._file = None
            with suppress(OSError):
                path.unlink()
            raise
        self._number = number
        if self._sync != "never":
            with _on_disk(self._folder):
                _confirm_folder(self._folder)

    def _end_segment(self) -> None:
        file = self._file
        if file is not None:
            with _on_disk(segment_path(self._folder, self._number)):
                if self._sync != "never":
                    os.fsync(file.fileno())
                file.close()
            self._file = None
            self._size = 0

    def _write(self, kind: FrameType, payload: bytes, *, before: bytes = b"") -> None:
        """Write a frame whole, or leave the file as it was."""
        file = self._file
        assert file is not None, "only an open segment is written to"
        frame, digest = frame_bytes(kind, payload, self._digest)
        left = memoryview(before + frame)
        number = self._number + (kind is FrameType.HEAD)
        try:
            with _on_disk(segment_path(self._folder, number)):
                while left:
                    left = left[file.write(left) :]
                if self._sync == "chunk":
                    os.fsync(file.fileno())
        except StorageError:
            with suppress(OSError):
                os.ftruncate(file.fileno(), self._size)
            file.seek(self._size)
            raise
        self._digest = digest
        self._size += len(before) + len(frame)


@contextmanager
def _on_disk(path: Path) -> Generator[None]:
    """Say what the disk refuses in words, with the path and the mend."""
    try:
        yield
    except OSError as error:
        raise StorageError(str(path), error.strerror or str(error), MEND) from error


def _confirm_folder(folder: Path) -> None:
    """Make the disk keep the name of a new file."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
