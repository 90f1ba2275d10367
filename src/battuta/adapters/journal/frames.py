"""The frames that a segment is made of, and the chain of hashes that ties each to all before it.

A segment is `MAGIC`, a frame with its head, frames with chunks, and, in the last one of a journal that was closed, a
frame that says so. A frame is its type, its length, a check of these two, a hash and the payload. The check tells a
damaged length from a file that was cut off.
"""

from __future__ import annotations

import hashlib
import re
import struct
import zlib
from collections.abc import Iterator
from enum import IntEnum
from pathlib import Path
from typing import BinaryIO, NamedTuple

from battuta.ports.journal import JournalDamagedError

MAGIC = b"BATTJRN\x01"
NO_HASH = bytes(32)

_FRONT = struct.Struct("<4sBxxxI")
_CHECK = struct.Struct("<I")
_MARK = b"FRAM"
_NAME = re.compile(r"segment-[0-9]{6}\.log")
_FIXED = _FRONT.size + _CHECK.size + 32


class FrameType(IntEnum):
    """What a frame holds."""

    HEAD = 0
    CHUNK = 1
    END = 2


class Frame(NamedTuple):
    """One frame of a file.

    Attributes
    ----------
    type : FrameType
        What it holds.
    payload : bytes
        Its contents.
    digest : bytes
        Hash of the chain up to and with this frame.
    offset : int
        Where it begins in the file. [byte]
    """

    type: FrameType
    payload: bytes
    digest: bytes
    offset: int


def _digest(previous: bytes, front: bytes, payload: bytes) -> bytes:
    chain = hashlib.sha256(previous)
    chain.update(front)
    chain.update(payload)
    return chain.digest()


def frame_bytes(kind: FrameType, payload: bytes, previous: bytes) -> tuple[bytes, bytes]:
    """Wrap a payload.

    Parameters
    ----------
    kind : FrameType
        What the payload is.
    payload : bytes
        Contents, shorter than 4 GiB.
    previous : bytes
        Hash of the frame before, or `NO_HASH`.

    Returns
    -------
    frame : bytes
        What to write.
    digest : bytes
        Hash of this frame.
    """
    front = _FRONT.pack(_MARK, kind, len(payload))
    digest = _digest(previous, front, payload)
    return b"".join((front, _CHECK.pack(zlib.crc32(front)), digest, payload)), digest


def segment_path(folder: Path, number: int) -> Path:
    """Name a segment, from 1.

    Examples
    --------
    >>> segment_path(Path("run"), 1).name
    'segment-000001.log'
    """
    return folder / f"segment-{number:06d}.log"


def listed_segments(folder: Path) -> tuple[list[Path], list[Path]]:
    """Tell the segments of a folder from files that only look like them.

    Parameters
    ----------
    folder : Path
        Where a journal was written.

    Returns
    -------
    segments, strays : list of Path
        Files named as `segment_path` names them, and others that begin and end as those do; each in order.
    """
    alike = sorted(folder.glob("segment-*.log"))
    segments = [path for path in alike if _NAME.fullmatch(path.name)]
    return segments, [path for path in alike if not _NAME.fullmatch(path.name)]


class SegmentScan:
    """Goes over the frames of one file, checking each.

    Parameters
    ----------
    path : Path
        The file.
    previous : bytes
        Hash of the last frame of the segment before, or `NO_HASH`.

    Attributes
    ----------
    digest : bytes
        Hash of the last whole frame seen.
    n_frames : int
        How many whole frames were seen.
    torn_at : int or None
        Where the file ends in the middle of a frame; None if it ends after one. [byte]
    closed : bool
        Whether the closing mark was seen.
    """

    def __init__(self, path: Path, previous: bytes) -> None:
        self.path = path
        self.digest = previous
        self.n_frames = 0
        self.torn_at: int | None = None
        self.closed = False

    def damaged(self, index: int, offset: int, reason: str) -> JournalDamagedError:
        """Say which frame is wrong; `index` 0 is the head."""
        return JournalDamagedError(str(self.path), index - 1, offset, reason)

    def __iter__(self) -> Iterator[Frame]:
        """Whole frames in their order."""
        with self.path.open("rb") as file:
            start = file.read(len(MAGIC))
            if not MAGIC.startswith(start):
                raise self.damaged(0, 0, f"it begins with {start!r}, not {MAGIC!r}")
            if len(start) < len(MAGIC):
                self.torn_at = 0
                return
            while (frame := self._next(file, self.n_frames)) is not None:
                self.n_frames += 1
                yield frame

    def _next(self, file: BinaryIO, index: int) -> Frame | None:
        offset = file.tell()
        fixed = file.read(_FIXED)
        if not fixed:
            return None
        front, rest = fixed[: _FRONT.size], fixed[_FRONT.size :]
        if self.closed:
            raise self.damaged(index, offset, "something follows the closing mark")
        if len(rest) >= _CHECK.size:
            if _CHECK.unpack_from(rest)[0] != zlib.crc32(front):
                raise self.damaged(index, offset, "its length does not pass its check")
        elif not _MARK.startswith(front[: len(_MARK)]):
            raise self.damaged(index, offset, f"it does not begin with {_MARK!r}")
        if len(fixed) < _FIXED:
            self.torn_at = offset
            return None
        _, kind, length = _FRONT.unpack(front)
        payload = file.read(length)
        if len(payload) < length:
            self.torn_at = offset
            return None
        self.digest = self._checked(_digest(self.digest, front, payload), rest[_CHECK.size :], index, offset)
        if (kind == FrameType.HEAD) != (index == 0):
            raise self.damaged(index, offset, f"a frame of type {kind} stands in its place")
        if kind not in set(FrameType):
            raise self.damaged(index, offset, f"no frame is of type {kind}")
        self.closed = kind == FrameType.END
        return Frame(FrameType(kind), payload, self.digest, offset)

    def _checked(self, digest: bytes, written: bytes, index: int, offset: int) -> bytes:
        if digest != written:
            reason = f"its hash is {digest.hex()[:12]}, written is {written.hex()[:12]}"
            raise self.damaged(index, offset, f"{reason}: it, or what stood before it, was changed")
        return digest
