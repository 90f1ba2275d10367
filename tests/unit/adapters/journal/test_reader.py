"""The reader: whole chunks in order, a cut tail is named, a changed byte is located, a growing journal is read."""

import numpy as np
import pytest

from battuta.adapters.journal.reader import SegmentJournalReader
from battuta.adapters.journal.segments import SegmentJournal
from battuta.domain.errors import DataError, UsageError
from battuta.ports.journal import FieldShape, JournalDamagedError, RecordKind

KINDS = (
    RecordKind(name="second", fields=(FieldShape(name="power_w", dtype="int32", shape=(3,)),)),
    RecordKind(name="minute", fields=(FieldShape(name="soc", dtype="uint16"),)),
)


def write(folder, n: int, **options) -> SegmentJournal:
    writer = SegmentJournal(folder, KINDS, {"seed": "4", "config": "{}"}, chunk_records=4, **options)
    for second in range(n):
        writer.append("second", second, power_w=np.full(3, second, dtype=np.int32))
        if second % 3 == 0:
            writer.append("minute", second, soc=np.uint16(second))
    return writer


def segment(folder, number: int = 1):
    return folder / f"segment-{number:06d}.log"


def test_head_kinds_and_stacks(tmp_path) -> None:
    write(tmp_path, 10).close()
    reader = SegmentJournalReader(tmp_path)
    assert reader.header == {"seed": "4", "config": "{}"}
    assert reader.kinds == KINDS
    assert [(entry.kind, entry.time_ns) for entry in reader][:3] == [("second", 0), ("minute", 0), ("second", 1)]
    stack = reader.stack("second")
    assert stack.time_ns.tolist() == list(range(10))
    assert stack.arrays["power_w"].shape == (10, 3)
    assert reader.stack("minute").arrays["soc"].tolist() == [0, 3, 6, 9]
    with pytest.raises(UsageError, match="second, minute"):
        reader.stack("hour")


def test_a_kind_without_records_is_an_empty_stack(tmp_path) -> None:
    SegmentJournal(tmp_path, KINDS, {}).close()
    stack = SegmentJournalReader(tmp_path).stack("second")
    assert stack.arrays["power_w"].shape == (0, 3)
    assert stack.arrays["power_w"].dtype == np.int32


def test_a_growing_journal_is_read_up_to_its_last_whole_chunk(tmp_path) -> None:
    writer = write(tmp_path, 5)
    reader = SegmentJournalReader(tmp_path)
    assert len(list(reader)) == 4
    assert "no closing mark" in reader.findings[0]
    writer.flush()
    assert len(list(reader)) == 7
    assert reader.root == writer.root
    writer.close()
    assert len(list(reader)) == 7
    assert reader.findings == ()


def test_a_cut_tail_is_left_out_and_named(tmp_path) -> None:
    write(tmp_path, 10).close()
    path = segment(tmp_path)
    path.write_bytes(path.read_bytes()[:-70])
    reader = SegmentJournalReader(tmp_path)
    assert 4 <= len(list(reader)) < 14
    assert "cut off at byte" in reader.findings[0]


def test_a_changed_byte_is_located_after_all_before_it(tmp_path) -> None:
    write(tmp_path, 10).close()
    whole = [entry.time_ns for entry in SegmentJournalReader(tmp_path)]
    offsets = [frame.offset for _, _, frame in SegmentJournalReader(tmp_path)._frames()]
    data = bytearray(segment(tmp_path).read_bytes())
    data[offsets[2] + 60] ^= 1
    segment(tmp_path).write_bytes(data)
    seen: list[int] = []
    with pytest.raises(JournalDamagedError) as caught:
        seen.extend(entry.time_ns for entry in SegmentJournalReader(tmp_path))
    assert (caught.value.chunk, caught.value.offset) == (1, offsets[2])
    entries = iter(SegmentJournalReader(tmp_path))
    assert [next(entries).time_ns for _ in range(4)] == whole[:4]


def test_missing_swapped_and_cut_segments_are_found(tmp_path) -> None:
    def fresh(name: str):
        write(tmp_path / name, 30, segment_bytes_max=700).close()
        assert segment(tmp_path / name, 3).is_file()
        return tmp_path / name

    folder = fresh("missing")
    segment(folder, 2).unlink()
    with pytest.raises(JournalDamagedError, match=r"000002.log.*missing"):
        list(SegmentJournalReader(folder))
    folder = fresh("swapped")
    segment(folder, 2).write_bytes(segment(folder, 3).read_bytes())
    with pytest.raises(JournalDamagedError, match="was changed"):
        list(SegmentJournalReader(folder))
    folder = fresh("cut")
    segment(folder, 2).write_bytes(segment(folder, 2).read_bytes()[:-5])
    with pytest.raises(JournalDamagedError, match=r"cut off, yet segment-000003\.log follows") as caught:
        list(SegmentJournalReader(folder))
    assert caught.value.chunk >= 0


def test_files_that_are_no_part_of_the_journal_are_named_and_left_out(tmp_path) -> None:
    writer = write(tmp_path, 10)
    writer.close()
    (tmp_path / "segment-old.log").write_bytes(b"")
    segment(tmp_path, 2).write_bytes(segment(tmp_path).read_bytes())
    segment(tmp_path, 4).write_bytes(b"nothing")
    reader = SegmentJournalReader(tmp_path)
    assert len(list(reader)) == 14
    assert reader.root == writer.root
    old, second, fourth = reader.findings
    assert "segment-old.log: is not named as a segment is" in old
    assert "segment-000002.log: follows the closing mark of segment-000001.log" in second
    assert "segment-000004.log: follows the closing mark of segment-000001.log" in fourth
    assert all(each.endswith("is left out, move it away") for each in reader.findings)


def test_a_stray_file_hides_no_segment(tmp_path) -> None:
    write(tmp_path, 30, segment_bytes_max=700).close()
    (tmp_path / "segment-0.log").write_bytes(b"")
    reader = SegmentJournalReader(tmp_path)
    assert len(list(reader)) == 40
    assert len(reader.findings) == 1
    segment(tmp_path, 2).unlink()
    with pytest.raises(JournalDamagedError, match=r"000002.log.*missing, yet segment-000003.log is there"):
        list(reader)


def test_what_may_not_be_read_is_told(tmp_path) -> None:
    writer = write(tmp_path, 5)
    writer.flush()
    segment(tmp_path, 2).mkdir()
    with pytest.raises(DataError, match=r"segment-000002.log cannot be read: Is a directory; allow it"):
        list(SegmentJournalReader(tmp_path))
    writer.close()


def test_no_journal_says_so(tmp_path) -> None:
    with pytest.raises(DataError, match="holds no journal"):
        SegmentJournalReader(tmp_path)
    segment(tmp_path).write_bytes(b"BATT")
    with pytest.raises(JournalDamagedError, match="before the journal began"):
        SegmentJournalReader(tmp_path)
