"""A file as text, or words on why it is none."""

import os
from pathlib import Path

import pytest

from battuta.adapters.files.toml_text import refuse_endless, toml_text
from battuta.domain.errors import DataError


def test_text_is_read_without_its_byte_order_mark(tmp_path):
    path = tmp_path / "a.toml"
    path.write_bytes(b"\xef\xbb\xbfname = 'a'\n")
    assert toml_text(path, "asset") == "name = 'a'\n"


def test_what_is_absent_or_no_text_is_named_with_the_mend(tmp_path):
    with pytest.raises(DataError, match=r"no\.toml does not exist; write one with: battuta schema study --example"):
        toml_text(tmp_path / "no.toml", "study")
    with pytest.raises(DataError, match=r"no\.toml does not exist$"):
        toml_text(tmp_path / "no.toml")
    (tmp_path / "b.toml").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(DataError, match=r"cannot be read as text: .*; save it as UTF-8"):
        toml_text(tmp_path / "b.toml", "study")
    with pytest.raises(DataError, match="cannot be read as text: File name too long"):
        toml_text(tmp_path / ("n" * 5000), "study")
    with pytest.raises(DataError, match="cannot be read as text: Is a directory"):
        toml_text(tmp_path, "study")


def test_a_pipe_on_disk_is_not_waited_for_and_a_device_not_read(tmp_path):
    os.mkfifo(tmp_path / "pipe.toml")
    with pytest.raises(DataError, match=r"pipe\.toml is a pipe or a device and no file; name a file"):
        refuse_endless(tmp_path / "pipe.toml")
    with pytest.raises(DataError, match="/dev/null is a pipe or a device"):
        toml_text(Path("/dev/null"))


def test_the_pipe_that_a_shell_lays_is_read():
    reads, writes = os.pipe()
    os.write(writes, b"a = 1")
    os.close(writes)
    assert toml_text(Path(f"/dev/fd/{reads}")) == "a = 1"
    os.close(reads)
