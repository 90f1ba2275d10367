"""A file is written whole or not at all."""

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
