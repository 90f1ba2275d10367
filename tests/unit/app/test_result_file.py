"""A result is there whole, or what was there before is."""

import os
import resource
import stat

import pytest

from battuta.app.result_file import write_result
from battuta.domain.errors import DataError


@pytest.fixture
def small_disk():
    """A disk on which no file grows beyond a hundred bytes."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (100, before[1]))
    yield
    resource.setrlimit(resource.RLIMIT_FSIZE, before)


def test_a_file_is_written_and_replaced_and_nothing_is_left_beside_it(tmp_path):
    path = tmp_path / "a.csv"
    write_result(path, b"one")
    path.chmod(0o640)
    write_result(path, b"two")
    assert (path.read_bytes(), stat.S_IMODE(path.stat().st_mode)) == (b"two", 0o640)
    assert [each.name for each in tmp_path.iterdir()] == ["a.csv"]


def test_a_full_disk_leaves_the_old_file_whole(tmp_path, small_disk):
    path = tmp_path / "a.csv"
    write_result(path, b"old and good")
    with pytest.raises(DataError, match=r"a\.csv cannot be written: File too large; .*older file stays"):
        write_result(path, b"x" * 1000)
    assert path.read_bytes() == b"old and good"
    assert [each.name for each in tmp_path.iterdir()] == ["a.csv"]


def test_a_link_stays_one_and_a_pipe_takes_what_comes(tmp_path):
    target, link, pipe = tmp_path / "target", tmp_path / "link", tmp_path / "pipe"
    target.write_bytes(b"")
    link.symlink_to(target)
    write_result(link, b"through")
    assert (target.read_bytes(), link.is_symlink()) == (b"through", True)
    os.mkfifo(pipe)
    reader = os.open(pipe, os.O_RDONLY | os.O_NONBLOCK)
    write_result(pipe, b"flows")
    assert os.read(reader, 10) == b"flows"
    os.close(reader)


def test_a_folder_is_made_where_that_is_asked(tmp_path):
    path = tmp_path / "new" / "deep" / "a.csv"
    with pytest.raises(DataError, match=r"a\.csv cannot be written: No such file"):
        write_result(path, b"one")
    write_result(path, b"one", makes_folder=True)
    assert path.read_bytes() == b"one"
