"""The server for tests answers properly, fails as told, and is gone afterwards."""

import socket
import time

import httpx
import pytest

from battuta.adapters.markets.fault_server import Fault, FaultServer, Reply


@pytest.fixture(autouse=True)
def no_proxy(monkeypatch):
    monkeypatch.setenv("no_proxy", "127.0.0.1")


def hello(path, query):
    return Reply(body=f"{path} {query}".encode(), content_type="text/plain")


def test_it_answers_and_remembers():
    with FaultServer(hello) as server:
        response = httpx.get(f"{server.base_url}/a?b=1&c=")
    assert response.text == "/a {'b': '1', 'c': ''}"
    assert response.headers["content-type"] == "text/plain"
    assert server.requests == [("/a", {"b": "1", "c": ""})]


def test_it_listens_on_the_loopback_only_and_stops():
    with FaultServer(hello) as server:
        port = int(server.base_url.rpartition(":")[2])
        assert server.base_url.startswith("http://127.0.0.1:")
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(("127.0.0.1", port), timeout=1.0)
    with pytest.raises(RuntimeError, match="with block"):
        _ = server.base_url


@pytest.mark.parametrize(
    ("fault", "status"), [(Fault.TOO_MANY_REQUESTS, 429), (Fault.SERVER_ERROR, 500), (Fault.MOVED, 302)]
)
def test_a_fault_strikes_once_and_in_order(fault, status):
    with FaultServer(hello, faults=(fault,), retry_after="7") as server:
        assert httpx.get(server.base_url).status_code == status
        assert httpx.get(server.base_url).status_code == 200


def test_bodies_are_spoilt():
    with FaultServer(hello, faults=(Fault.HTML, Fault.CUT_OFF, Fault.TRUNCATED, Fault.HANG_UP)) as server:
        assert httpx.get(server.base_url).text.startswith("<!DOCTYPE html>")
        assert httpx.get(f"{server.base_url}/abc").text == "/ab"[:3]
        for _ in range(2):
            with pytest.raises(httpx.RemoteProtocolError):
                httpx.get(server.base_url)


def test_slowness_ends_with_the_server():
    begun = time.monotonic()
    with FaultServer(hello, faults=(Fault.SLOW,)) as server, pytest.raises(httpx.ReadTimeout):
        httpx.get(server.base_url, timeout=0.2)
    assert time.monotonic() - begun < 5.0
