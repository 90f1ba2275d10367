"""Data sets arrive verified, or trusted on first use and held to it; licence and failures are always told."""

import hashlib

import pytest

from battuta.adapters.datasets.checksum_lock import LOCK_NAME, ChecksumLock
from battuta.adapters.datasets.fake import FakeArchive, Fault
from battuta.adapters.datasets.fetch import NOTICE_NAME, FetchProgress, Verdict, fetch, notice
from battuta.adapters.datasets.listing import Dataset, DatasetFile
from battuta.domain.errors import DataError, UsageError

PUBLISHED, UNPUBLISHED = b"Date,Price\n2026-01-01,1.0\n", b"Date,Price\n2026-01-01,2.0\n"
SET = Dataset(
    name="set",
    title="A set",
    homepage="https://x.example/page",
    licence="CC BY 4.0",
    citation="A. Author, 2026",
    clock="utc",
    note="Read the note.",
    files=(
        DatasetFile(name="a.csv", url="https://x.example/a.csv", sha256=hashlib.sha256(PUBLISHED).hexdigest()),
        DatasetFile(name="b.csv", url="https://x.example/b.csv"),
    ),
)
CONTENTS = {"set/a.csv": PUBLISHED, "set/b.csv": UNPUBLISHED}


@pytest.fixture(autouse=True)
def one_set(monkeypatch):
    monkeypatch.setattr("battuta.adapters.datasets.listing._listed", lambda: (SET,))


def get(archive, folder, names=("set",), **settings):
    return fetch(names, folder, archive.base_url, sleep=lambda _: None, **settings)


def verdicts(files):
    return [file.verdict for file in files]


def test_files_arrive_with_verdict_licence_and_notice(tmp_path):
    with FakeArchive(CONTENTS) as archive:
        one, two = get(archive, tmp_path / "new" / "data")
        assert [path for path, _ in archive.requests] == ["set/a.csv", "set/b.csv"]
    folder = tmp_path / "new" / "data" / "set"
    assert (one.path, two.path) == (folder / "a.csv", folder / "b.csv")
    assert (one.path.read_bytes(), two.path.read_bytes()) == (PUBLISHED, UNPUBLISHED)
    assert (one.verdict, two.verdict) == (Verdict.VERIFIED, Verdict.FIRST_SEEN)
    assert (one.sha256, one.n_bytes, one.is_new, one.licence) == (
        SET.files[0].sha256,
        len(PUBLISHED),
        True,
        "CC BY 4.0",
    )
    assert (folder / NOTICE_NAME).read_text() == notice(SET)
    for words in (SET.homepage, SET.licence, SET.citation, SET.note):
        assert words in notice(SET)
    assert sorted(path.name for path in folder.iterdir()) == [NOTICE_NAME, "a.csv", "b.csv"]


def test_an_unverified_file_is_written_down_at_first_use(tmp_path):
    with FakeArchive(CONTENTS) as archive:
        get(archive, tmp_path)
        seen = ChecksumLock(tmp_path).get("set/b.csv")
        assert seen is not None
        assert (seen.sha256, seen.n_bytes) == (hashlib.sha256(UNPUBLISHED).hexdigest(), len(UNPUBLISHED))
        assert seen.url == f"{archive.base_url}/set/b.csv"
        assert seen.answered_at
    assert ChecksumLock(tmp_path).get("set/a.csv") is None


def test_the_second_time_nothing_is_fetched(tmp_path):
    with FakeArchive(CONTENTS) as archive:
        get(archive, tmp_path)
        again = get(archive, tmp_path)
        assert len(archive.requests) == 2
    assert verdicts(again) == [Verdict.VERIFIED, Verdict.AS_FIRST_SEEN]
    assert [file.is_new for file in again] == [False, False]


def test_a_damaged_file_is_fetched_anew(tmp_path):
    with FakeArchive(CONTENTS) as archive:
        for file in get(archive, tmp_path):
            file.path.write_bytes(b"damaged")
        again = get(archive, tmp_path)
    assert [file.path.read_bytes() for file in again] == [PUBLISHED, UNPUBLISHED]
    assert verdicts(again) == [Verdict.VERIFIED, Verdict.AS_FIRST_SEEN]


def test_a_source_that_changed_is_refused_and_the_old_file_stays(tmp_path):
    with FakeArchive(CONTENTS) as archive:
        first = get(archive, tmp_path)
        (tmp_path / "set" / "b.csv").unlink()
        archive.contents = {"set/a.csv": b"other", "set/b.csv": b"other"}
        again = get(archive, tmp_path)
        assert verdicts(again) == [Verdict.VERIFIED, Verdict.FAILED]
        assert "not the first seen (in " in again[1].problem
        assert LOCK_NAME in again[1].problem
        (tmp_path / "set" / "a.csv").write_bytes(b"mine")
        last = get(archive, tmp_path)
        assert "not the published " in last[0].problem
    assert first[0].path.read_bytes() == b"mine"
    assert not (tmp_path / "set" / "b.csv").exists()
    assert not any(path.name.endswith(".part") for path in (tmp_path / "set").iterdir())


def test_one_failure_does_not_keep_the_others(tmp_path):
    with FakeArchive({"set/b.csv": UNPUBLISHED}) as archive:
        one, two = get(archive, tmp_path)
    assert (one.verdict, two.verdict) == (Verdict.FAILED, Verdict.FIRST_SEEN)
    assert "404 Not Found" in one.problem
    assert f"(by hand: https://x.example/page, to {one.path})" in one.problem
    assert (one.sha256, one.n_bytes, one.is_new) == ("", 0, False)


def test_a_file_put_there_by_hand_is_taken_if_it_is_the_published_one(tmp_path):
    (tmp_path / "set").mkdir()
    (tmp_path / "set" / "a.csv").write_bytes(PUBLISHED)
    with FakeArchive(CONTENTS) as archive:
        one, _ = get(archive, tmp_path)
        assert [path for path, _ in archive.requests] == ["set/b.csv"]
    assert (one.verdict, one.is_new) == (Verdict.VERIFIED, False)


@pytest.mark.parametrize(("content", "words"), [(b"", "sent nothing"), (None, "sent a web page")])
def test_what_is_no_data_is_not_trusted_at_first_use(content, words, tmp_path):
    faults = () if content is not None else (Fault.HTML,)
    (tmp_path / "set").mkdir()
    (tmp_path / "set" / "a.csv").write_bytes(PUBLISHED)
    with FakeArchive(
        {"set/b.csv": content or UNPUBLISHED} if content is None else {"set/b.csv": b""}, faults=faults
    ) as archive:
        _, two = get(archive, tmp_path)
    assert two.verdict is Verdict.FAILED
    assert words in two.problem
    assert ChecksumLock(tmp_path).get("set/b.csv") is None


def test_progress_is_told(tmp_path):
    told = []
    with FakeArchive(CONTENTS) as archive:
        get(archive, tmp_path, progress=told.append)
    assert told[0] == FetchProgress(dataset="set", name="a.csv", n_bytes=len(PUBLISHED), n_bytes_total=len(PUBLISHED))


def test_without_a_mirror_the_source_itself_is_asked(tmp_path, monkeypatch):
    asked = []

    def remember(url, partial, **_):
        asked.append(url)
        message = "not in a test"
        raise DataError(message)

    monkeypatch.setattr("battuta.adapters.datasets.fetch.download", remember)
    assert verdicts(fetch([], tmp_path)) == [Verdict.FAILED] * 2
    assert asked == ["https://x.example/a.csv", "https://x.example/b.csv"]


def test_what_cannot_be_is_refused(tmp_path):
    with pytest.raises(UsageError, match="'other' is not known; choose from set"):
        fetch(["other"], tmp_path)
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(DataError, match="cannot be written"):
        fetch(["set"], tmp_path / "file")
    (tmp_path / LOCK_NAME).write_text("{")
    with pytest.raises(DataError, match="lock file"):
        fetch(["set"], tmp_path)
