"""A file is written whole or not at all."""

import os

import pytest

from battuta.adapters.vintages.whole_file import PART, write_whole


def test_a_file_is_there_with_all_its_bytes(tmp_path):
    write_whole(tmp_path / "a.bin", b"first")
    write_whole(tmp_path / "a.bin", b"second")
    assert [path.name for path in tmp_path.iterdir()] == ["a.bin"]
    assert (tmp_path / "a.bin").read_bytes() == b"second"


def test_what_fails_leaves_nothing_behind(tmp_path):
    (tmp_path / "a.bin").mkdir()
    with pytest.raises(OSError, match="directory"):
        write_whole(tmp_path / "a.bin", b"content")
    assert not list(tmp_path.glob(f"{PART}*"))


def test_what_a_killed_process_left_is_removed_after_a_day(tmp_path):
    write_whole(tmp_path / "a.bin", b"first")
    now_s = (tmp_path / "a.bin").stat().st_mtime
    for name, age_s in ((f"{PART}old", 90_000), (f"{PART}new", 80_000), ("old.bin", 90_000)):
        (tmp_path / name).write_bytes(b"part")
        os.utime(tmp_path / name, (now_s - age_s, now_s - age_s))
    (tmp_path / f"{PART}folder").mkdir()
    os.utime(tmp_path / f"{PART}folder", (now_s - 90_000, now_s - 90_000))
    write_whole(tmp_path / "b.bin", b"second")
    left = sorted(path.name for path in tmp_path.iterdir())
    assert left == [f"{PART}folder", f"{PART}new", "a.bin", "b.bin", "old.bin"]
