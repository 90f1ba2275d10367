"""The stand-in serves whole files and ranges, and fails as told."""

import httpx
import pytest

from battuta.adapters.datasets.fake import FakeArchive, Fault

CONTENT = b"0123456789"


@pytest.fixture(autouse=True)
def no_proxy(monkeypatch):
    monkeypatch.setenv("no_proxy", "127.0.0.1")


def test_it_serves_whole_files_and_ranges():
    with FakeArchive({"a": CONTENT}) as archive:
        whole = httpx.get(f"{archive.base_url}/a")
        tag = whole.headers["etag"]
        part = httpx.get(f"{archive.base_url}/a", headers={"Range": "bytes=4-", "If-Range": tag})
        other = httpx.get(f"{archive.base_url}/a", headers={"Range": "bytes=4-", "If-Range": '"x"'})
        beyond = httpx.get(f"{archive.base_url}/a", headers={"Range": "bytes=10-", "If-Range": tag})
        assert archive.requests[1] == ("a", "bytes=4-")
    assert (whole.status_code, whole.content) == (200, CONTENT)
    assert (part.status_code, part.content, part.headers["content-range"]) == (206, b"456789", "bytes 4-9/10")
    assert (other.status_code, other.content) == (200, CONTENT)
    assert beyond.status_code == 416


@pytest.mark.parametrize(
    ("fault", "status"), [(Fault.SERVER_ERROR, 503), (Fault.FORBIDDEN, 403), (Fault.HTML, 200), (Fault.MOVED, 302)]
)
def test_it_fails_once_as_told(fault, status):
    with FakeArchive({"a": CONTENT}, faults=(fault,)) as archive:
        assert httpx.get(f"{archive.base_url}/a").status_code == status
        assert httpx.get(f"{archive.base_url}/a").content == CONTENT
        assert httpx.get(f"{archive.base_url}/b").status_code == 404


def test_it_breaks_off_and_runs_only_when_asked():
    with FakeArchive({"a": CONTENT}, faults=(Fault.BREAK_OFF,)) as archive, pytest.raises(httpx.RemoteProtocolError):
        httpx.get(f"{archive.base_url}/a")
    with pytest.raises(RuntimeError, match="with block"):
        _ = archive.base_url
