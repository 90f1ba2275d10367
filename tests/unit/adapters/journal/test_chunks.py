"""A chunk keeps the order of records and events of all kinds, and refuses what does not fit its kind."""

import json
import struct

import numpy as np
import pytest
import zstandard

from battuta.adapters.journal.chunks import EVENT_CODE, ChunkBuffer, read_chunk
from battuta.adapters.journal.coding import Past, Prediction, encode
from battuta.domain.errors import UsageError
from battuta.ports.journal import FieldShape, JournalEvent, RecordKind

PAIR = RecordKind(
    name="pair",
    fields=(FieldShape(name="power_w", dtype="int32", shape=(2,)), FieldShape(name="level", dtype="uint8")),
)
ONE = RecordKind(name="one", fields=(FieldShape(name="count", dtype="int64"),))
COMPRESSOR = zstandard.ZstdCompressor(level=1)


def a_pair(value: int) -> tuple[np.ndarray, np.uint8]:
    return np.array([value, -value], dtype=np.int32), np.uint8(value)


@pytest.fixture
def buffer() -> ChunkBuffer:
    return ChunkBuffer((PAIR, ONE), 6, 1000)


def test_order_is_kept_across_kinds(buffer) -> None:
    buffer.put_record(1, 5, (np.int64(-7),))
    buffer.put_record(0, 4, a_pair(1))
    buffer.put_event(9, "guard.tripped", {"site": "a", "share": 0.5, "open": None})
    buffer.put_record(0, 10, a_pair(2))
    chunk = read_chunk(buffer.payload(COMPRESSOR), (PAIR, ONE))
    assert chunk.codes.tolist() == [1, 0, EVENT_CODE, 0]
    one, first, event, second = chunk.entries((PAIR, ONE))
    assert event == JournalEvent(time_ns=9, name="guard.tripped", fields={"site": "a", "share": 0.5, "open": None})
    assert (one.kind, one.time_ns, int(one.arrays["count"])) == ("one", 5, -7)
    assert first.arrays["power_w"].tolist() == [1, -1]
    assert (second.time_ns, int(second.arrays["level"])) == (10, 2)


@pytest.mark.parametrize(
    "arrays",
    [
        (np.zeros(2, dtype=np.int32),),
        (np.zeros(2, dtype=np.int64), np.uint8(0)),
        (np.zeros(2), np.uint8(0)),
        (np.zeros(1, dtype=np.int32), np.uint8(0)),
        (np.zeros(2, dtype=np.int32), np.zeros(1, dtype=np.uint8)),
    ],
)
def test_another_shape_or_type_is_refused_and_adds_nothing(buffer, arrays) -> None:
    with pytest.raises(UsageError, match=r"power_w int32\[2\], level uint8\[\]"):
        buffer.put_record(0, 1, arrays)
    assert buffer.n_entries == 0
    buffer.put_record(0, 2, a_pair(3))
    (record,) = read_chunk(buffer.payload(COMPRESSOR), (PAIR, ONE)).entries((PAIR, ONE))
    assert record.arrays["power_w"].tolist() == [3, -3]


def test_an_event_that_is_not_plain_adds_nothing(buffer) -> None:
    with pytest.raises(TypeError):
        buffer.put_event(1, "x", {"a": object()})
    assert buffer.n_entries == 0


def test_memory_is_bounded_by_count_and_by_bytes(buffer) -> None:
    assert ChunkBuffer((PAIR,), 6, 2 * PAIR.n_bytes)._kinds[0].rows_max == 2
    assert ChunkBuffer((PAIR,), 6, 1)._kinds[0].rows_max == 1
    for _ in range(6):
        assert not buffer.full_for(0)
        buffer.put_record(0, 1, a_pair(1))
    assert buffer.full_for(0)
    assert buffer.full_for(EVENT_CODE)
    buffer.clear()
    buffer.put_event(1, "x", {"text": "y" * 1000})
    assert buffer.full_for(EVENT_CODE)
    assert not buffer.full_for(0)


def test_names_are_checked(buffer) -> None:
    with pytest.raises(UsageError, match="no kind 'three'; it has pair, one"):
        buffer.code("three")
    with pytest.raises(UsageError, match="has fields power_w, level"):
        buffer.in_order("pair", {"power_w": np.zeros(2, dtype=np.int32)})
    assert buffer.in_order("pair", {"level": 1, "power_w": 2}) == [2, 1]


def payload_of(codes: list[int], events: object) -> bytes:
    """What another writer might have written: a chunk without blocks."""
    n = len(codes)
    parts = [struct.pack("<I", n)]
    for block in (np.array(codes, dtype=np.uint8), np.arange(n)):
        data = encode(block, Prediction(Past.NOTHING), COMPRESSOR)
        parts += [struct.pack("<BI", Prediction(Past.NOTHING).byte, len(data)), data]
    return b"".join([*parts, COMPRESSOR.compress(json.dumps(events).encode())])


@pytest.mark.parametrize(
    ("codes", "events", "told"),
    [
        ([7], [], "kind number 7, yet there are 2 kinds"),
        ([EVENT_CODE], [], "0 events where 1 are expected"),
        ([EVENT_CODE], [[3, {}]], "not a name with single values: 3"),
        ([EVENT_CODE], [["x", {"a": [1]}]], "not a name with single values: 'x'"),
        ([EVENT_CODE], [["x"]], "not enough values"),
    ],
)
def test_a_chunk_of_another_writer_is_not_half_read(codes, events, told) -> None:
    with pytest.raises(ValueError, match=told):
        read_chunk(payload_of(codes, events), (PAIR, ONE))
