"""One file arrives whole: at once, in two goes, or not at all."""

import hashlib

import pytest

from battuta.adapters.datasets.download import checksum, discard, download
from battuta.adapters.datasets.fake import FakeArchive, Fault
from battuta.domain.errors import SourceUnavailableError

CONTENT = bytes(range(256)) * 40
SHA256 = hashlib.sha256(CONTENT).hexdigest()


@pytest.fixture
def archive_of():
    def make(*faults, with_tags=True, content=CONTENT):
        return FakeArchive({"set/a.csv": content}, faults=faults, with_tags=with_tags)

    return make


def bring(archive, partial, waits=None):
    told = []
    arrived = download(
        f"{archive.base_url}/set/a.csv",
        partial,
        told=lambda n, total: told.append((n, total)),
        sleep=(waits if waits is not None else []).append,
    )
    return arrived, told


def test_a_file_arrives_and_progress_is_told(archive_of, tmp_path):
    with archive_of() as archive:
        arrived, told = bring(archive, tmp_path / "a.part")
    assert (arrived.sha256, arrived.n_bytes) == (SHA256, len(CONTENT))
    assert arrived.path.read_bytes() == CONTENT
    assert arrived.answered_at.endswith("GMT")
    assert told[-1] == (len(CONTENT), len(CONTENT))
    assert [path.name for path in tmp_path.iterdir()] == ["a.part"]


def test_a_download_that_broke_off_is_continued(archive_of, tmp_path):
    with archive_of(Fault.BREAK_OFF) as archive:
        waits = []
        arrived, told = bring(archive, tmp_path / "a.part", waits)
        assert archive.requests == [("set/a.csv", ""), ("set/a.csv", f"bytes={len(CONTENT) // 2}-")]
    assert (arrived.sha256, waits) == (SHA256, [1.0])
    assert told[-1] == (len(CONTENT), len(CONTENT))


def test_it_is_continued_by_another_run_too(archive_of, tmp_path):
    partial = tmp_path / "a.part"
    with archive_of(*(Fault.BREAK_OFF,) * 4) as archive:
        with pytest.raises(SourceUnavailableError, match="after 4 attempts; run the command again to continue"):
            bring(archive, partial)
        assert 0 < partial.stat().st_size < len(CONTENT)
        arrived, _ = bring(archive, partial)
        assert archive.requests[-1][1].startswith("bytes=")
    assert arrived.sha256 == SHA256


def test_other_content_is_not_continued(archive_of, tmp_path):
    partial = tmp_path / "a.part"
    with archive_of(Fault.BREAK_OFF) as archive:
        archive.faults.extend([Fault.FORBIDDEN])
        with pytest.raises(SourceUnavailableError, match="403 Forbidden"):
            bring(archive, partial)
        archive.contents["set/a.csv"] = CONTENT[::-1]
        arrived, _ = bring(archive, partial)
        assert archive.requests[-1][1] != ""
    assert arrived.path.read_bytes() == CONTENT[::-1]


def test_without_a_tag_it_begins_anew(archive_of, tmp_path):
    with archive_of(Fault.BREAK_OFF, with_tags=False) as archive:
        arrived, _ = bring(archive, tmp_path / "a.part")
        assert [asked for _, asked in archive.requests] == ["", ""]
    assert arrived.sha256 == SHA256


def test_a_server_that_continues_elsewhere_is_not_believed(archive_of, tmp_path):
    with archive_of(Fault.BREAK_OFF, Fault.WRONG_RANGE) as archive:
        arrived, _ = bring(archive, tmp_path / "a.part")
        assert [asked for _, asked in archive.requests] == ["", f"bytes={len(CONTENT) // 2}-", ""]
    assert arrived.sha256 == SHA256


def test_a_partial_file_that_is_complete_already_is_fetched_anew(archive_of, tmp_path):
    partial = tmp_path / "a.part"
    partial.write_bytes(CONTENT)
    (tmp_path / "a.part.etag").write_text(f'"{SHA256[:16]}"')
    with archive_of() as archive:
        assert bring(archive, partial)[0].sha256 == SHA256


def test_patience_ends(archive_of, tmp_path):
    waits = []
    with (
        archive_of(*(Fault.SERVER_ERROR,) * 9) as archive,
        pytest.raises(SourceUnavailableError, match="503 Service Unavailable after 4 attempts"),
    ):
        bring(archive, tmp_path / "a.part", waits)
    assert waits == [1.0, 2.0, 4.0]


def test_a_refusal_is_not_repeated(archive_of, tmp_path):
    with archive_of(Fault.FORBIDDEN) as archive:
        with pytest.raises(SourceUnavailableError, match="answered 403 Forbidden"):
            bring(archive, tmp_path / "a.part")
        assert len(archive.requests) == 1


def test_a_moved_file_is_followed_but_not_in_circles(archive_of, tmp_path):
    with archive_of(Fault.MOVED) as archive:
        assert bring(archive, tmp_path / "a.part")[0].sha256 == SHA256
    with (
        archive_of(*(Fault.MOVED,) * 9) as archive,
        pytest.raises(SourceUnavailableError, match="moved on more than 5"),
    ):
        bring(archive, tmp_path / "b.part")


def test_a_secure_address_does_not_lead_to_an_open_one():
    import httpx

    from battuta.adapters.datasets.download import _only_secure_from

    check = _only_secure_from("https://zenodo.org/a")
    check(httpx.Request("GET", "https://elsewhere.example/a"))
    with pytest.raises(SourceUnavailableError, match=r"moved to elsewhere\.example, which is not secure"):
        check(httpx.Request("GET", "http://elsewhere.example/a"))


@pytest.mark.parametrize("url", ["ftp://x.example/a", "nowhere", "http://[::1", "http://127.0.0.1:1/a"])
def test_an_address_that_leads_nowhere_is_named(url, tmp_path):
    with pytest.raises(SourceUnavailableError, match=r"(ftp|nowhere|http)"):
        download(url, tmp_path / "a.part", told=lambda *_: None, sleep=lambda _: None)


def test_the_proxy_of_the_environment_is_used_but_not_for_this_machine(archive_of, tmp_path, monkeypatch):
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:9")
    monkeypatch.delenv("no_proxy", raising=False)
    with archive_of() as archive:
        assert bring(archive, tmp_path / "a.part")[0].sha256 == SHA256
    url = "http://x.example/a"
    with FakeArchive({url: CONTENT}) as proxy:
        monkeypatch.setenv("http_proxy", proxy.base_url)
        arrived = download(url, tmp_path / "b.part", told=lambda *_: None, sleep=lambda _: None)
    assert arrived.sha256 == SHA256


def test_a_flood_ends(archive_of, tmp_path, monkeypatch):
    monkeypatch.setattr("battuta.adapters.datasets.download.BYTES_MAX", 100)
    with archive_of() as archive, pytest.raises(SourceUnavailableError, match="more than 100 bytes"):
        bring(archive, tmp_path / "a.part")


def test_a_packed_answer_is_refused(tmp_path, monkeypatch):
    import httpx

    from battuta.adapters.datasets.download import _check

    response = httpx.Response(200, headers={"content-encoding": "gzip"}, content=b"")
    with pytest.raises(SourceUnavailableError, match="packed the file as gzip"):
        _check(response, "https://x.example/a")


def test_checksum_and_discard(tmp_path):
    path = tmp_path / "a.part"
    path.write_bytes(CONTENT)
    (tmp_path / "a.part.etag").write_text("x")
    assert checksum(path) == SHA256
    discard(path)
    discard(path)
    assert list(tmp_path.iterdir()) == []
