"""What was first seen is kept, once and for all."""

import json

import pytest

from battuta.adapters.datasets.checksum_lock import LOCK_NAME, ChecksumLock, Seen
from battuta.domain.errors import DataError

SEEN = Seen(sha256="ab" * 32, n_bytes=7, url="https://x.example/a.csv", answered_at="Mon, 01 Jun 2026 14:00:00 GMT")


def test_what_was_seen_is_read_again(tmp_path):
    ChecksumLock(tmp_path).record("set/b.csv", SEEN)
    lock = ChecksumLock(tmp_path)
    lock.record("set/a.csv", SEEN)
    assert ChecksumLock(tmp_path).get("set/b.csv") == SEEN
    assert ChecksumLock(tmp_path).get("set/c.csv") is None
    assert list(json.loads((tmp_path / LOCK_NAME).read_text())) == ["set/a.csv", "set/b.csv"]
    assert [path.name for path in tmp_path.iterdir()] == [LOCK_NAME]


def test_the_first_use_is_the_one_that_counts(tmp_path):
    lock = ChecksumLock(tmp_path)
    lock.record("set/a.csv", SEEN)
    lock.record("set/a.csv", Seen(sha256="00" * 32, n_bytes=1, url="", answered_at=""))
    assert ChecksumLock(tmp_path).get("set/a.csv") == SEEN


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{",
        "[]",
        '{"a": 1}',
        '{"a": {"sha256": "x"}}',
        '{"a": {"sha256": "x", "n_bytes": "y", "url": "", "answered_at": ""}}',
        "\udcff",
    ],
)
def test_a_lock_that_cannot_be_read_is_named(tmp_path, text):
    (tmp_path / LOCK_NAME).write_bytes(text.encode("utf-8", "surrogateescape"))
    with pytest.raises(DataError, match=r"cannot be read .*; mend it, or delete it to trust anew"):
        ChecksumLock(tmp_path)
