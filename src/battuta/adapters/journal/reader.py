"""Reads a journal from a folder of segments, checking each byte against the chain of hashes."""

from __future__ import annotations

import struct
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import numpy as np
import zstandard

from battuta.adapters.journal.chunks import Chunk, read_chunk
from battuta.adapters.journal.frames import NO_HASH, Frame, FrameType, SegmentScan, listed_segments, segment_path
from battuta.adapters.journal.head import Head, read_head
from battuta.domain.errors import DataError, UsageError
from battuta.ports.journal import JournalDamagedError, JournalEvent, Record, RecordKind, Stack

_UNREADABLE = (ValueError, LookupError, TypeError, AttributeError, RecursionError, struct.error, zstandard.ZstdError)
_STRAY = "it is no part of this journal and is left out, move it away"


class SegmentJournalReader:
    """`battuta.ports.journal.JournalReader` of a folder.

    Each pass looks at the folder anew, so a journal that grows is read up to its last whole chunk.

    Parameters
    ----------
    folder : Path
        Where `battuta.adapters.journal.segments.SegmentJournal` wrote.

    Raises
    ------
    DataError
        If there is no journal, one of another format, or one that may not be read.
    JournalDamagedError
        If not even its head can be read.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._findings: tuple[str, ...] = ()
        self._digest = NO_HASH
        first = segment_path(folder, 1)
        if not first.is_file():
            message = f"{folder} holds no journal: {first.name} is missing; name the folder that a run wrote"
            raise DataError(message)
        scan = SegmentScan(first, NO_HASH)
        frame = next(_readable(scan), None)
        if frame is None:
            raise scan.damaged(0, scan.torn_at or 0, "it was cut off before the journal began")
        self._head = _head(scan, frame, 1)

    @property
    def header(self) -> Mapping[str, str]:
        """Settings of the run."""
        return self._head.settings

    @property
    def kinds(self) -> tuple[RecordKind, ...]:
        """Kinds of records."""
        return self._head.kinds

    @property
    def root(self) -> str:
        """Last hash of the chain, in hexadecimal digits; goes over the whole journal."""
        for _ in self._frames():
            pass
        return self._digest.hex()

    @property
    def root_seen(self) -> str:
        """Last hash that the last pass came to; of a journal that grows, the one that belongs to what it gave."""
        return self._digest.hex()

    @property
    def findings(self) -> tuple[str, ...]:
        """What the last pass found wanting."""
        return self._findings

    def __iter__(self) -> Iterator[Record | JournalEvent]:
        """Records and events in the order written."""
        for chunk in self.chunks():
            yield from chunk.entries(self.kinds)

    def chunks(self) -> Iterator[Chunk]:
        """Whole chunks in the order written: the fast way to look at many records."""
        for scan, index, frame in self._frames():
            if frame.type is FrameType.CHUNK:
                try:
                    chunk = read_chunk(frame.payload, self.kinds)
                except _UNREADABLE as error:
                    raise scan.damaged(index, frame.offset, f"it cannot be decoded ({error})") from error
                yield chunk

    def stack(self, kind: str) -> Stack:
        """Gather all records of one kind.

        Parameters
        ----------
        kind : str
            Name of the kind.

        Returns
        -------
        Stack
            Times, and one array per field, time first.
        """
        codes = [each.name for each in self.kinds]
        if kind not in codes:
            message = f"the journal in {self._folder} has no kind {kind!r}; it has {', '.join(codes)}"
            raise UsageError(message)
        code = codes.index(kind)
        fields = self.kinds[code].fields
        parts = [
            (chunk.times_ns[chunk.codes == code], chunk.blocks[code]) for chunk in self.chunks() if code in chunk.blocks
        ]
        return Stack(
            time_ns=np.concatenate([np.empty(0, dtype=np.int64), *(times for times, _ in parts)]),
            arrays={
                field.name: np.concatenate(
                    [np.empty((0, *field.shape), dtype=field.dtype), *(blocks[field.name] for _, blocks in parts)]
                )
                for field in fields
            },
        )

    def _frames(self) -> Iterator[tuple[SegmentScan, int, Frame]]:
        """Go over all frames, checked, and keep what was found."""
        self._digest = NO_HASH
        paths, strays = listed_segments(self._folder)
        self._findings = tuple(f"{path}: is not named as a segment is; {_STRAY}" for path in strays)
        for number, path in enumerate(paths, start=1):
            expected = segment_path(self._folder, number)
            if path != expected:
                raise JournalDamagedError(str(expected), -1, 0, f"the file is missing, yet {path.name} is there")
            scan = SegmentScan(path, self._digest)
            for index, frame in enumerate(_readable(scan)):
                if index == 0:
                    _head(scan, frame, number)
                self._digest = frame.digest
                yield scan, index, frame
            self._findings += _end_of_segment(scan, paths[number:])
            if scan.closed:
                return


def _end_of_segment(scan: SegmentScan, later: Sequence[Path]) -> tuple[str, ...]:
    """Say what a segment lacks at its end, or which files follow one that closed the journal."""
    if scan.closed:
        why = f"follows the closing mark of {scan.path.name}"
        return tuple(f"{path}: {why}; {_STRAY}" for path in later)
    if later:
        if scan.torn_at is not None:
            raise scan.damaged(scan.n_frames, scan.torn_at, f"it was cut off, yet {later[0].name} follows")
        return ()
    if scan.torn_at is not None:
        n_bytes = scan.path.stat().st_size - scan.torn_at
        where = f"{scan.path}: cut off at byte {scan.torn_at}"
        why = "the writer was stopped, or still writes"
        return (f"{where}: the last {n_bytes} bytes are no whole chunk and are left out; {why}",)
    return (f"{scan.path}: no closing mark; what the writer had not written yet is missing, or it still writes",)


def _readable(scan: SegmentScan) -> Iterator[Frame]:
    """Go over the frames of a file that may not be readable at all."""
    try:
        yield from scan
    except OSError as error:
        message = f"{scan.path} cannot be read: {error.strerror or error}; allow it to be read, or take it from a copy"
        raise DataError(message) from error


def _head(scan: SegmentScan, frame: Frame, number: int) -> Head:
    try:
        head = read_head(frame.payload)
    except DataError as error:
        message = f"{scan.path}: {error}"
        raise DataError(message) from error
    except _UNREADABLE as error:
        raise scan.damaged(0, frame.offset, f"it cannot be decoded ({error})") from error
    if head.segment != number:
        raise scan.damaged(0, frame.offset, f"it says that it is segment {head.segment}")
    return head
