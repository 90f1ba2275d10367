"""The writer: what it adds is whole, what it cannot add it leaves out, and each record is cheap."""

import logging
import time

import numpy as np
import pytest

from battuta.adapters.journal.reader import SegmentJournalReader
from battuta.adapters.journal.segments import SegmentJournal
from battuta.domain.errors import StorageError, UsageError
from battuta.ports.journal import FieldShape, RecordKind

KIND = RecordKind(name="second", fields=(FieldShape(name="power_w", dtype="int32", shape=(3,)),))
SECOND_NS = 10**9


def power_w(value: int) -> np.ndarray:
    return np.full(3, value, dtype=np.int32)


def times(folder) -> list[int]:
    return [entry.time_ns for entry in SegmentJournalReader(folder)]


def test_what_is_appended_is_read_back(tmp_path) -> None:
    writer = SegmentJournal(tmp_path / "run", (KIND,), {"seed": "1"})
    writer.append("second", 1, power_w=power_w(5))
    writer.append_row("second", 2, (power_w(6),))
    writer.event(3, "run.ended", {"ok": True})
    writer.close()
    writer.close()
    reader = SegmentJournalReader(tmp_path / "run")
    first, second, event = reader
    assert first.arrays["power_w"].tolist() == [5, 5, 5]
    assert second.arrays["power_w"].tolist() == [6, 6, 6]
    assert event.fields == {"ok": True}
    assert reader.root == writer.root
    assert reader.findings == ()


def test_arrays_are_copied(tmp_path) -> None:
    reused = power_w(1)
    with SegmentJournal(tmp_path, (KIND,), {}) as writer:
        writer.append("second", 1, power_w=reused)
        reused[:] = 2
    (record,) = SegmentJournalReader(tmp_path)
    assert record.arrays["power_w"].tolist() == [1, 1, 1]


def test_a_full_chunk_and_a_late_one_are_written(tmp_path) -> None:
    writer = SegmentJournal(tmp_path / "a", (KIND,), {}, chunk_records=4)
    for second in range(9):
        writer.append("second", second, power_w=power_w(second))
    assert times(tmp_path / "a") == list(range(8))
    late = SegmentJournal(tmp_path / "b", (KIND,), {}, flush_every_s=3.0)
    for second in range(5):
        late.append("second", second * SECOND_NS, power_w=power_w(second))
    assert times(tmp_path / "b") == [0, SECOND_NS, 2 * SECOND_NS]
    late.flush()
    assert len(times(tmp_path / "b")) == 5
    late.append("second", 4 * SECOND_NS, power_w=power_w(5))
    late.append("second", 1 * SECOND_NS, power_w=power_w(6))  # a clock that was set back
    assert len(times(tmp_path / "b")) == 6
    writer.close()
    late.close()


@pytest.mark.parametrize("sync", ["chunk", "segment", "never"])
def test_segments_follow_each_other(tmp_path, sync) -> None:
    writer = SegmentJournal(tmp_path, (KIND,), {}, chunk_records=2, segment_bytes_max=600, sync=sync)
    for second in range(20):
        writer.append("second", second, power_w=power_w(second))
    writer.close()
    assert len(list(tmp_path.iterdir())) > 2
    assert times(tmp_path) == list(range(20))
    assert SegmentJournalReader(tmp_path).root == writer.root


def test_a_full_disk_loses_nothing_that_waits(tmp_path) -> None:
    writer = SegmentJournal(tmp_path, (KIND,), {}, chunk_records=2)
    file = writer._file

    class FullDisk:
        def __init__(self) -> None:
            self.calls = 0

        def write(self, data) -> int:
            self.calls += 1
            if self.calls > 1:
                raise OSError(28, "No space left on device")
            return file.write(data[:10])

        def __getattr__(self, name):
            return getattr(file, name)

    writer.append("second", 0, power_w=power_w(0))
    writer.append("second", 1, power_w=power_w(1))
    n_bytes = (tmp_path / "segment-000001.log").stat().st_size
    writer._file = FullDisk()
    for _ in range(2):
        with pytest.raises(StorageError, match=r"segment-000001\.log cannot be written: No space left.*--runs-dir"):
            writer.append("second", 2, power_w=power_w(2))
        writer._file.calls = 0
        assert (tmp_path / "segment-000001.log").stat().st_size == n_bytes
    writer._file = file
    writer.append("second", 2, power_w=power_w(2))
    writer.close()
    reader = SegmentJournalReader(tmp_path)
    assert [entry.time_ns for entry in reader] == [0, 1, 2]
    assert reader.findings == ()


def test_a_disk_that_takes_no_file_is_named(tmp_path) -> None:
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(StorageError, match="file cannot be written: File exists"):
        SegmentJournal(tmp_path / "file", (KIND,), {})
    writer = SegmentJournal(tmp_path / "run", (KIND,), {}, segment_bytes_max=1)
    (tmp_path / "run" / "segment-000002.log").write_bytes(b"")
    writer.append("second", 0, power_w=power_w(0))
    with pytest.raises(StorageError, match=r"segment-000002\.log cannot be written: File exists"):
        writer.flush()
    (tmp_path / "run" / "segment-000002.log").unlink()
    writer.close()
    assert times(tmp_path / "run") == [0]


def test_a_real_limit_of_the_system_is_told_and_what_was_written_stays(tmp_path) -> None:
    """As on a full disk: the system refuses a file of more than so many bytes, at the head or at a chunk."""
    resource = pytest.importorskip("resource")
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    writer = SegmentJournal(tmp_path / "chunk", (FLEET,), {}, chunk_records=4)
    for second, arrays in enumerate(fleet_seconds(8)):
        writer.append_row("second", second, arrays)
    try:
        resource.setrlimit(resource.RLIMIT_FSIZE, (5_000, limits[1]))
        with pytest.raises(StorageError, match=r"segment-000001\.log cannot be written: File too large"):
            writer.flush()
        resource.setrlimit(resource.RLIMIT_FSIZE, (100, limits[1]))
        with pytest.raises(StorageError, match=r"segment-000001\.log cannot be written: File too large"):
            SegmentJournal(tmp_path / "head", (FLEET,), {})
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
    assert list((tmp_path / "head").iterdir()) == []
    assert times(tmp_path / "chunk") == [0, 1, 2, 3]
    writer.close()
    assert times(tmp_path / "chunk") == list(range(8))


def test_misuse_is_refused(tmp_path) -> None:
    writer = SegmentJournal(tmp_path, (KIND,), {})
    with pytest.raises(UsageError, match="holds a journal already"):
        SegmentJournal(tmp_path, (KIND,), {})
    writer.close()
    with pytest.raises(UsageError, match="closed"):
        writer.append("second", 1, power_w=power_w(1))
    with pytest.raises(UsageError, match="closed"):
        writer.event(1, "x", {})
    with pytest.raises(UsageError, match="different names"):
        SegmentJournal(tmp_path / "b", (KIND, KIND), {})
    with pytest.raises(UsageError, match="at least one record"):
        SegmentJournal(tmp_path / "b", (KIND,), {}, chunk_records=0)


FLEET = RecordKind(
    name="second",
    fields=(
        FieldShape(name="image", dtype="int32", shape=(24, 20)),
        FieldShape(name="age_ms", dtype="int32", shape=(5, 20)),
        FieldShape(name="frequency_mhz", dtype="int16", shape=(20, 20)),
        FieldShape(name="setpoint_w", dtype="int32", shape=(20, 20)),
    ),
)


def fleet_seconds(n: int) -> list[tuple[np.ndarray, ...]]:
    """Twenty sites: noise in six rows of the image, drift in eight, ages by tens of ms, frequency, rare setpoints."""
    rng = np.random.default_rng(0)
    image = np.repeat(rng.integers(-50000, 50000, (1, 24, 20)), n, axis=0)
    image[:, :6] += np.rint(rng.normal(0, 20, (n, 6, 20))).astype(int)
    image[:, 6:14] += np.cumsum(rng.random((n, 8, 20)) < 0.03, axis=0)
    age_ms = rng.integers(0, 100, (n, 5, 20)) * 10
    grid = np.cumsum(rng.normal(0, 1, (n, 1, 20)), axis=2)
    frequency_mhz = np.rint(grid + rng.normal(0, 1, (n, 20, 20)))
    setpoint_w = np.repeat(rng.integers(-50000, 50000, (n // 60 + 1, 20, 20)), 60, axis=0)[:n]
    stacks = (image, age_ms, frequency_mhz, setpoint_w)
    typed = [stack.astype(field.dtype) for stack, field in zip(stacks, FLEET.fields, strict=True)]
    return list(zip(*typed, strict=True))


def test_a_second_of_twenty_sites_is_cheap(tmp_path) -> None:
    """Generous bound of time, the machine may be shared; `pytest -rP` shows the figures."""
    n = 2048
    seconds = fleet_seconds(n)
    writer = SegmentJournal(tmp_path, (FLEET,), {})
    begin = time.process_time()
    for second, arrays in enumerate(seconds):
        writer.append_row("second", second * SECOND_NS, arrays)
    writer.close()
    cost_us = (time.process_time() - begin) / n * 1e6
    n_bytes = sum(path.stat().st_size for path in tmp_path.iterdir()) / n
    logging.getLogger(__name__).warning("%.1f us, %.0f of %d bytes per record", cost_us, n_bytes, FLEET.n_bytes)
    assert n_bytes < 420
    assert cost_us < 150
