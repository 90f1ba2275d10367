"""Kept answers come back as they went in, or are called damaged."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from battuta.adapters.markets.answer_cache import Answer, AnswerCache
from battuta.domain.errors import DataError

ADDRESS = "https://service.example/price?zone=X"
FETCHED = datetime(2026, 6, 1, 14, 0, 0, 123456, tzinfo=UTC)


def answer(body=b'{"price": [1]}', address=ADDRESS):
    return Answer(address=address, body=body, content_type="application/json", fetched_at=FETCHED)


def test_an_answer_comes_back(tmp_path):
    cache = AnswerCache(tmp_path / "new" / "folder")
    cache.write(answer())
    kept = cache.read(ADDRESS)
    assert kept is not None
    assert (kept.body, kept.content_type, kept.fetched_at) == (b'{"price": [1]}', "application/json", FETCHED)
    assert kept.from_cache
    assert kept.sha256 == answer().sha256


def test_what_was_not_written_is_not_there(tmp_path):
    cache = AnswerCache(tmp_path)
    cache.write(answer())
    assert cache.read(ADDRESS + "&day=2") is None
    assert AnswerCache(tmp_path / "nowhere").read(ADDRESS) is None


@given(body=st.binary(max_size=200))
def test_any_bytes_survive(tmp_path_factory, body):
    cache = AnswerCache(tmp_path_factory.mktemp("cache"))
    cache.write(answer(body))
    assert cache.read(ADDRESS).body == body


def test_a_later_answer_replaces_the_earlier_and_leaves_nothing_behind(tmp_path):
    cache = AnswerCache(tmp_path)
    cache.write(answer(b"one"))
    cache.write(answer(b"two"))
    assert cache.read(ADDRESS).body == b"two"
    assert len(list(tmp_path.iterdir())) == 1


@pytest.mark.parametrize(
    "spoil",
    [
        lambda raw: raw[:-1],
        lambda raw: raw + b" ",
        lambda raw: raw.replace(b'"sha256": "', b'"sha256": "0'),
        lambda raw: raw.replace(b"zone=X", b"zone=Y"),
        lambda raw: raw.replace(b"+00:00", b""),
        lambda _: b"",
        lambda _: b"\xff\xfe",
        lambda _: b"[]\nbody",
        lambda _: b"null\nbody",
    ],
)
def test_damage_is_seen(tmp_path, spoil):
    cache = AnswerCache(tmp_path)
    path = cache.write(answer())
    path.write_bytes(spoil(path.read_bytes()))
    with pytest.raises(DataError, match="damaged; delete it"):
        cache.read(ADDRESS)
