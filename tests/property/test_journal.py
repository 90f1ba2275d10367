"""A journal gives back what was written, a prefix of it after any cut, and never anything else after any change."""

import tempfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from battuta.adapters.journal.frames import NO_HASH, SegmentScan
from battuta.adapters.journal.reader import SegmentJournalReader
from battuta.adapters.journal.segments import SegmentJournal
from battuta.ports.journal import DTYPES, FieldShape, JournalDamagedError, JournalEvent, RecordKind

INT64 = st.integers(-(2**63), 2**63 - 1)
SHAPES = st.lists(st.integers(1, 4), max_size=3).map(tuple)
WORDS = st.text(max_size=8)
FIELDS = st.dictionaries(WORDS, WORDS | INT64 | st.floats(allow_nan=False) | st.booleans() | st.none(), max_size=3)


@st.composite
def kinds_of_records(draw):
    kinds = []
    for number in range(draw(st.integers(1, 3))):
        fields = tuple(
            FieldShape(name=f"f{index}", dtype=draw(st.sampled_from(DTYPES)), shape=draw(SHAPES))
            for index in range(draw(st.integers(1, 3)))
        )
        kinds.append(RecordKind(name=f"kind{number}", fields=fields))
    return tuple(kinds)


@st.composite
def journals(draw):
    """Kinds, and a list of (kind or event name, time, arrays or fields)."""
    kinds = draw(kinds_of_records())
    entries = []
    for _ in range(draw(st.integers(0, 12))):
        time_ns = draw(INT64)
        kind = draw(st.none() | st.sampled_from(kinds))
        if kind is None:
            entries.append((None, time_ns, (draw(WORDS), draw(FIELDS))))
        else:
            row = tuple(draw(arrays(field.dtype, field.shape)) for field in kind.fields)
            entries.append((kind.name, time_ns, row))
    return kinds, entries


def write(folder: Path, journal, **options) -> SegmentJournal:
    kinds, entries = journal
    writer = SegmentJournal(folder, kinds, {"seed": "1"}, sync="never", **options)
    for kind, time_ns, what in entries:
        if kind is None:
            writer.event(time_ns, *what)
        else:
            writer.append_row(kind, time_ns, what)
    writer.close()
    return writer


def plain(entry):
    if isinstance(entry, JournalEvent):
        return None, entry.time_ns, (entry.name, dict(entry.fields))
    arrays_ = tuple((a.dtype.name, a.shape, a.tolist()) for a in entry.arrays.values())
    return entry.kind, entry.time_ns, arrays_


def expected(journal):
    return [
        (kind, time_ns, what if kind is None else tuple((a.dtype.name, a.shape, a.tolist()) for a in what))
        for kind, time_ns, what in journal[1]
    ]


@given(journal=journals(), chunk_records=st.integers(1, 15), segment_bytes_max=st.sampled_from([1, 500, 10**6]))
def test_what_was_written_is_read_whatever_the_chunks(journal, chunk_records, segment_bytes_max) -> None:
    with tempfile.TemporaryDirectory() as name:
        options = {"chunk_records": chunk_records, "segment_bytes_max": segment_bytes_max, "chunk_bytes_max": 60}
        writer = write(Path(name), journal, **options)
        reader = SegmentJournalReader(Path(name))
        assert [plain(entry) for entry in reader] == expected(journal)
        assert reader.findings == ()
        assert reader.root == writer.root


@given(journal=journals(), chunk_records=st.integers(1, 5), where=st.floats(0.0, 1.0, exclude_max=True))
def test_a_cut_anywhere_leaves_a_prefix(journal, chunk_records, where) -> None:
    with tempfile.TemporaryDirectory() as name:
        write(Path(name), journal, chunk_records=chunk_records)
        path = Path(name) / "segment-000001.log"
        data = path.read_bytes()
        path.write_bytes(data[: int(where * len(data))])
        head = next(iter(SegmentScan(path, NO_HASH)), None)
        if head is None:
            with pytest.raises(JournalDamagedError, match="before the journal began"):
                SegmentJournalReader(Path(name))
            return
        reader = SegmentJournalReader(Path(name))
        read = [plain(entry) for entry in reader]
        assert read == expected(journal)[: len(read)]
        assert len(reader.findings) == 1


@given(
    journal=journals(),
    chunk_records=st.integers(1, 5),
    where=st.floats(0.0, 1.0, exclude_max=True),
    change=st.integers(1, 255),
)
def test_a_changed_byte_anywhere_is_found(journal, chunk_records, where, change) -> None:
    with tempfile.TemporaryDirectory() as name:
        write(Path(name), journal, chunk_records=chunk_records)
        path = Path(name) / "segment-000001.log"
        data = bytearray(path.read_bytes())
        position = int(where * len(data))
        data[position] ^= change
        path.write_bytes(data)
        read = []
        with pytest.raises(JournalDamagedError) as caught:
            read.extend(plain(entry) for entry in SegmentJournalReader(Path(name)))
        assert caught.value.offset <= position
        assert read == expected(journal)[: len(read)]
