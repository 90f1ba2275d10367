"""Frames are tied to all before them; a tail that was cut off is told from a byte that was changed."""

import zlib

import pytest

from battuta.adapters.journal.frames import (
    MAGIC,
    NO_HASH,
    FrameType,
    SegmentScan,
    frame_bytes,
    listed_segments,
    segment_path,
)
from battuta.ports.journal import JournalDamagedError


def segment(*frames: tuple[FrameType, bytes]) -> bytes:
    data, digest = MAGIC, NO_HASH
    for kind, payload in frames:
        frame, digest = frame_bytes(kind, payload, digest)
        data += frame
    return data


WHOLE = segment((FrameType.HEAD, b"{}"), (FrameType.CHUNK, b"first"), (FrameType.CHUNK, b"second"))


def scan(tmp_path, data: bytes, previous: bytes = NO_HASH) -> tuple[SegmentScan, list[bytes]]:
    path = tmp_path / "segment.log"
    path.write_bytes(data)
    found = SegmentScan(path, previous)
    return found, [frame.payload for frame in found]


def test_frames_come_back(tmp_path) -> None:
    found, payloads = scan(tmp_path, WHOLE)
    assert payloads == [b"{}", b"first", b"second"]
    assert (found.torn_at, found.closed) == (None, False)
    closed, _ = scan(tmp_path, segment((FrameType.HEAD, b"{}"), (FrameType.END, b"")))
    assert closed.closed


def test_every_cut_gives_a_prefix(tmp_path) -> None:
    for length in range(len(WHOLE)):
        found, payloads = scan(tmp_path, WHOLE[:length])
        assert payloads == [b"{}", b"first", b"second"][: len(payloads)]
        whole = MAGIC if not payloads else segment((FrameType.HEAD, b"{}"), (FrameType.CHUNK, b"first"))
        assert found.torn_at is not None or length == len(whole) or length == len(segment((FrameType.HEAD, b"{}")))


def test_every_changed_byte_is_found_where_it_is(tmp_path) -> None:
    starts = [0, len(MAGIC), len(segment((FrameType.HEAD, b"{}")))]
    starts.append(len(segment((FrameType.HEAD, b"{}"), (FrameType.CHUNK, b"first"))))
    for position in range(len(WHOLE)):
        data = bytearray(WHOLE)
        data[position] ^= 0x40
        with pytest.raises(JournalDamagedError) as caught:
            scan(tmp_path, bytes(data))
        assert caught.value.offset == max(start for start in starts if start <= position)


def test_a_frame_of_another_chain_is_refused(tmp_path) -> None:
    with pytest.raises(JournalDamagedError, match="was changed"):
        scan(tmp_path, WHOLE, previous=b"x" * 32)


def test_a_type_changed_with_its_check_is_found_by_the_hash(tmp_path) -> None:
    start = len(segment((FrameType.HEAD, b"{}"), (FrameType.CHUNK, b"first")))
    data = bytearray(WHOLE)
    data[start + 4] = FrameType.END
    data[start + 12 : start + 16] = zlib.crc32(data[start : start + 12]).to_bytes(4, "little")
    with pytest.raises(JournalDamagedError, match="was changed"):
        scan(tmp_path, bytes(data))


@pytest.mark.parametrize(
    "frames",
    [
        ((FrameType.CHUNK, b"x"),),
        ((FrameType.HEAD, b"{}"), (FrameType.HEAD, b"{}")),
        ((FrameType.HEAD, b"{}"), (FrameType.END, b""), (FrameType.CHUNK, b"x")),
    ],
)
def test_a_frame_out_of_place_is_refused(tmp_path, frames) -> None:
    with pytest.raises(JournalDamagedError):
        scan(tmp_path, segment(*frames))


def test_segments_sort_by_name(tmp_path) -> None:
    assert segment_path(tmp_path, 12).name == "segment-000012.log"


def test_a_frame_of_no_known_type_is_damage(tmp_path) -> None:
    with pytest.raises(JournalDamagedError, match="no frame is of type 7"):
        scan(tmp_path, segment((FrameType.HEAD, b"{}"), (7, b"")))


def test_only_names_of_segments_are_segments(tmp_path) -> None:
    names = ("segment-000001.log", "segment-000012.log", "segment-old.log", "segment-1.log", "other.log")
    for name in names:
        (tmp_path / name).write_bytes(b"")
    segments, strays = listed_segments(tmp_path)
    assert [path.name for path in segments] == ["segment-000001.log", "segment-000012.log"]
    assert [path.name for path in strays] == ["segment-1.log", "segment-old.log"]
