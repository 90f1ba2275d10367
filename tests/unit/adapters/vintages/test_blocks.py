"""A folder of calibrated blocks gives back what it was given, to the bit, and names what was damaged."""

from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

from battuta.adapters.vintages.blocks import FolderBlocks, from_npz, to_npz
from battuta.domain.errors import StorageError, UsageError
from battuta.forecast.member import MemberRow
from battuta.ports.calibrated_blocks import CalibratedBlocks

AWKWARD = np.array([0.1 + 0.2, -0.0, np.nan, 1e-310, 1e300, 1.0 / 3.0])
ROWS = [
    MemberRow(day=40, values={"kernel": AWKWARD}),
    MemberRow(day=41, values={"lear_56d": AWKWARD[::-1].copy(), "kernel": AWKWARD * 3.0}),
    MemberRow(day=42, values={}),
]
DAYS = range(40, 43)


def assert_same(one, two):
    assert [row.day for row in one] == [row.day for row in two]
    for mine, other in zip(one, two, strict=True):
        assert list(mine.values) == list(other.values), "members keep their order"
        for name in other.values:
            assert mine.values[name].tobytes() == other.values[name].tobytes()


def test_what_was_kept_is_read_back_to_the_bit(tmp_path):
    store: CalibratedBlocks = FolderBlocks(tmp_path / "new" / "kept", "1")
    assert store.read("ab", DAYS) is None
    store.keep("ab", ROWS)
    for reader in (store, FolderBlocks(tmp_path / "new" / "kept", "1")):
        assert_same(reader.read("ab", DAYS), ROWS)
        assert reader.read("ac", DAYS) is None
        assert (reader.findings, reader.n_days_found) == ((), 3)
    assert FolderBlocks(tmp_path / "new" / "kept", "2").read("ab", DAYS) is None, "another release finds nothing"


@pytest.mark.parametrize("rows", [[], ROWS[2:], ROWS[:1]])
def test_days_of_which_nobody_spoke_are_days(rows):
    key, read = from_npz(to_npz("1|ab", rows))
    assert key == "1|ab"
    assert_same(read, rows)


@pytest.mark.parametrize("damage", [lambda b: b[:-100], lambda b: b[:200] + b"\x00\x01" + b[202:], lambda _: b""])
def test_damage_is_named_and_mended_by_keeping_again(damage, tmp_path):
    FolderBlocks(tmp_path, "1").keep("ab", ROWS)
    (path,) = tmp_path.iterdir()
    content = path.read_bytes()
    path.write_bytes(damage(content))
    store = FolderBlocks(tmp_path, "1")
    assert store.read("ab", DAYS) is None
    (finding,) = store.findings
    assert finding.startswith(f"{path} is damaged")
    assert finding.endswith("its days are calibrated again")
    store.keep("ab", ROWS)
    assert path.read_bytes() == content
    assert_same(FolderBlocks(tmp_path, "1").read("ab", DAYS), ROWS)


def test_a_file_of_another_kind_under_a_right_name_is_named(tmp_path):
    store = FolderBlocks(tmp_path, "1")
    store.keep("ab", ROWS)
    (path,) = tmp_path.iterdir()
    path.unlink()
    path.mkdir()
    assert store.read("ab", DAYS) is None
    assert "cannot be read" in store.findings[0]
    store.keep("ab", ROWS)
    assert "cannot be written" in store.findings[1]


def test_a_block_under_the_name_of_another_is_not_taken_for_it(tmp_path):
    store = FolderBlocks(tmp_path, "1")
    store.keep("ab", ROWS)
    (path,) = tmp_path.iterdir()
    store.keep("ac", [MemberRow(day=each.day, values={}) for each in ROWS])
    (other,) = set(tmp_path.iterdir()) - {path}
    renamed = tmp_path / f"{path.stem.rpartition('-')[0]}-{other.stem.rpartition('-')[2]}.npz"
    path.unlink()
    other.rename(renamed)
    assert store.read("ab", DAYS) is None
    (finding,) = store.findings
    assert finding.startswith(f"{renamed} holds a block of another key than its name says")
    assert "remove it" in finding
    assert store.n_days_found == 0


@pytest.mark.parametrize("days", [range(40, 42), range(41, 44), range(43, 43)])
def test_a_block_of_other_days_is_not_taken(days, tmp_path):
    store = FolderBlocks(tmp_path, "1")
    store.keep("ab", ROWS)
    assert store.read("ab", days) is None
    assert "holds the days 40, 41, 42, not those of its block" in store.findings[0]
    assert store.n_days_found == 0


def test_two_writers_leave_one_whole_file(tmp_path):
    store = FolderBlocks(tmp_path, "1")
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda _: store.keep("ab", ROWS), range(20)))
    assert len(list(tmp_path.iterdir())) == 1
    assert_same(store.read("ab", DAYS), ROWS)


def test_a_folder_that_takes_nothing_is_named_before_anything_is_done(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(UsageError, match="is a file"):
        FolderBlocks(tmp_path / "file", "1")
    with pytest.raises(StorageError, match="choose another folder, or free space"):
        FolderBlocks(tmp_path / "file" / "below", "1")
