"""Lines that were cut off, ran together or are the header again are emptied in their place, with the reason."""

import gzip

import numpy as np
import pytest

from battuta.adapters.telemetry.csv_lines import read_lines
from battuta.domain.errors import DataError

GOOD = b"v,time\n3.3,a\n3.4,b\n"


def read(tmp_path, data, separator=","):
    path = tmp_path / "log.csv"
    path.write_bytes(data)
    return read_lines(path, separator, 1)


@pytest.mark.parametrize(
    "data", [GOOD, GOOD.replace(b"\n", b"\r\n"), b"\xef\xbb\xbf" + GOOD, gzip.compress(GOOD, mtime=0)]
)
def test_a_sound_file_is_left_as_it_is(tmp_path, data):
    text, broken = read(tmp_path, data)
    assert text.replace(b"\r", b"") == GOOD
    assert broken.size == 0


def test_broken_lines_keep_their_place_and_say_why(tmp_path):
    lines = b"v,time\n3.3,a\n3\n3.4,b,3.5,c\nv,time\n\n\0\0\0\n3.6,d\n\0\0\0\0\n"
    text, broken = read(tmp_path, lines)
    assert text.decode().splitlines() == [
        "v,time", "3.3,a", ",1 cells where the header has 2", ",4 cells where the header has 2", ",the header again",
        ",1 cells where the header has 2", ",1 cells where the header has 2", "3.6,d",
    ]  # fmt: skip
    np.testing.assert_array_equal(broken, [1, 2, 3, 4, 5])


def test_separators_in_quotes_are_none(tmp_path):
    text, broken = read(tmp_path, b'"v","time"\n"3,3",a\n"3,4"\n')
    assert broken.tolist() == [1]
    assert text.startswith(b'"v","time"\n"3,3",a\n,1 cells')


def test_a_file_cut_off_or_not_there_is_refused(tmp_path):
    with pytest.raises(DataError, match="cannot be read"):
        read(tmp_path, gzip.compress(GOOD)[:-9])
    with pytest.raises(DataError, match="gone"):
        read_lines(tmp_path / "gone.csv", ",", 0)
