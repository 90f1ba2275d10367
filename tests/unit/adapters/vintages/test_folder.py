"""A folder of vintages only grows, is safe under two writers, and names what was damaged."""

import hashlib
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date

import numpy as np
import pytest

from battuta.adapters.vintages.folder import FolderVintages
from battuta.domain.errors import StorageError, UsageError
from battuta.domain.time import ClockKind
from battuta.ports.vintages import Vintage, Vintages

DAY = date(2026, 1, 31)
VINTAGE = Vintage(
    day=DAY,
    model="linear",
    inputs="0a1b",
    known_at_ns=10**18,
    unit="EUR/MWh",
    clock=ClockKind.UTC,
    time_ns=10**18 + np.arange(24) * 3_600_000_000_000,
    slot=np.arange(24),
    point=np.arange(24.0),
    quantiles=np.arange(24 * 99.0).reshape(24, 99),
    members={"lear_56d": np.arange(24.0)},
)


def files(folder):
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())


def test_what_was_kept_is_found_by_the_next_reader(tmp_path):
    store: Vintages = FolderVintages(tmp_path / "kept")
    assert store.read("linear", DAY, "0a1b") is None
    store.keep(VINTAGE)
    for reader in (store, FolderVintages(tmp_path / "kept")):
        np.testing.assert_array_equal(reader.read("linear", DAY, "0a1b").point, VINTAGE.point)
        assert reader.read("linear", DAY, "ffff") is None
        assert reader.read("trees", DAY, "0a1b") is None
        assert reader.read("linear", date(2026, 2, 1), "0a1b") is None
        assert reader.findings == ()


def test_another_issue_of_a_day_is_kept_beside_the_first(tmp_path):
    store = FolderVintages(tmp_path)
    store.keep(VINTAGE)
    before = files(tmp_path)
    store.keep(VINTAGE)
    assert files(tmp_path) == before
    store.keep(replace(VINTAGE, inputs="0a1c", point=VINTAGE.point + 1.0))
    assert set(before) < set(files(tmp_path))
    assert store.read("linear", DAY, "0a1b").point[0] == 0.0
    assert store.read("linear", DAY, "0a1c").point[0] == 1.0


@pytest.mark.parametrize("damage", [lambda b: b[:-100], lambda b: b[:500] + b"\x00" + b[501:], lambda _: b""])
def test_damage_is_named_and_mended_by_keeping_again(damage, tmp_path):
    FolderVintages(tmp_path).keep(VINTAGE)
    (path,) = (tmp_path / "linear").iterdir()
    content = path.read_bytes()
    path.write_bytes(damage(content))
    store = FolderVintages(tmp_path)
    assert store.read("linear", DAY, "0a1b") is None
    assert len(store.findings) == 1
    assert str(path) in store.findings[0]
    assert "damaged" in store.findings[0]
    store.keep(VINTAGE)
    assert path.read_bytes() == content
    assert FolderVintages(tmp_path).read("linear", DAY, "0a1b") is not None


def test_two_writers_leave_one_whole_file_of_each_day(tmp_path):
    days = [replace(VINTAGE, day=date(2026, 1, day)) for day in range(1, 29)]

    def write(_):
        store = FolderVintages(tmp_path)
        for each in days:
            store.keep(each)
            assert store.read("linear", each.day, "0a1b") is not None

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(write, range(4)))
    assert len(files(tmp_path)) == 28
    store = FolderVintages(tmp_path)
    assert all(store.read("linear", each.day, "0a1b") is not None for each in days)


def test_a_renamed_file_is_named_and_passed_over(tmp_path):
    FolderVintages(tmp_path).keep(VINTAGE)
    (path,) = (tmp_path / "linear").iterdir()
    path.rename(path.with_name(path.name.replace("2026-01-31", "2026-01-30")))
    store = FolderVintages(tmp_path)
    assert store.read("linear", date(2026, 1, 30), "0a1b") is None
    assert "was renamed and is passed over: remove it" in store.findings[0]


def test_foreign_entries_are_named_and_passed_over(tmp_path):
    FolderVintages(tmp_path).keep(VINTAGE)
    (tmp_path / "readme.txt").write_text("mine")
    for name in ("a.csv", "b.parquet", "c.txt", "d.txt"):
        (tmp_path / "linear" / name).write_text("mine")
    (tmp_path / "linear" / ".part-x").write_text("being written")
    content = b"sound bytes that are no vintage"
    digits = hashlib.sha256(content).hexdigest()[:24]
    other = tmp_path / "linear" / f"2026-02-01-0a1b-{digits}.parquet"
    other.write_bytes(content)
    store = FolderVintages(tmp_path)
    assert store.read("linear", DAY, "0a1b") is not None
    assert store.read("linear", date(2026, 2, 1), "0a1b") is None
    root, folder, foreign = store.findings
    assert root == f"{tmp_path} holds what is no vintage and is passed over: readme.txt"
    assert folder.endswith("passed over: a.csv, b.parquet, c.txt and 1 more")
    assert foreign.startswith(f"{other} is no vintage")


def test_a_folder_that_cannot_be_listed_is_named(tmp_path):
    (tmp_path / "linear").write_text("a file where a folder is expected")
    store = FolderVintages(tmp_path)
    assert store.read("linear", DAY, "0a1b") is None
    assert store.findings[0].endswith("passed over: linear")
    assert "linear cannot be listed: Not a directory" in store.findings[1]


def test_a_file_is_no_folder(tmp_path):
    (tmp_path / "kept").write_text("")
    with pytest.raises(UsageError, match="is a file"):
        FolderVintages(tmp_path / "kept")


def test_a_folder_that_takes_nothing_is_named(tmp_path):
    store = FolderVintages(tmp_path)
    (tmp_path / "linear").write_text("in the way")
    with pytest.raises(StorageError, match="cannot be written"):
        store.keep(VINTAGE)
