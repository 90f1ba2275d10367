"""A real server on this machine's loopback that answers as told, and fails as told: for tests of connectors."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Self
from urllib.parse import parse_qsl, urlsplit


class Fault(StrEnum):
    """What may go wrong with one request."""

    TOO_MANY_REQUESTS = "429"
    SERVER_ERROR = "500"
    MOVED = "moved"
    SLOW = "slow"
    DRIP = "drip"
    TRUNCATED = "truncated"
    CUT_OFF = "cut_off"
    HANG_UP = "hang_up"
    HTML = "html"


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """An answer to a request.

    Attributes
    ----------
    body : bytes
        What is sent.
    content_type : str
        What it is called.
    status : int
        HTTP status.
    headers : mapping of str to str
        Further headers.
    """

    body: bytes
    content_type: str = "application/json"
    status: int = HTTPStatus.OK
    headers: Mapping[str, str] = field(default_factory=dict[str, str])


HTML_PAGE = Reply(body=b"<!DOCTYPE html><html><body>Maintenance</body></html>", content_type="text/html")


class FaultServer:
    """A server on 127.0.0.1 at a free port, running within a ``with`` block.

    Parameters
    ----------
    answer : callable
        Makes the reply to a path and its query parameters.
    faults : sequence of Fault
        What goes wrong with the first requests, in order; later ones are answered properly.
    retry_after : str
        Header of a 429, empty for none.

    Examples
    --------
    >>> import urllib.request
    >>> opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    >>> with FaultServer(lambda path, query: Reply(body=b"hello")) as server:
    ...     opener.open(f"{server.base_url}/x?a=1").read(), server.requests
    (b'hello', [('/x', {'a': '1'})])
    """

    def __init__(
        self,
        answer: Callable[[str, dict[str, str]], Reply],
        *,
        faults: tuple[Fault, ...] = (),
        retry_after: str = "",
    ) -> None:
        self.answer = answer
        self.faults = deque(faults)
        self.retry_after = retry_after
        self.requests: list[tuple[str, dict[str, str]]] = []
        self.closing = threading.Event()
        self._server: ThreadingHTTPServer | None = None
        self._thread: threading.Thread | None = None

    @property
    def base_url(self) -> str:
        """Address of the running server."""
        if self._server is None:
            message = "the server runs only within its with block"
            raise RuntimeError(message)
        return f"http://127.0.0.1:{self._server.server_address[1]}"

    def __enter__(self) -> Self:
        """Start to listen."""
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                _serve(outer, self)

            def log_message(self, format: str, *args: object) -> None:  # noqa: A002
                """Keep silent."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.02})
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Stop, and wake handlers that are being slow."""
        self.closing.set()
        if self._server is not None and self._thread is not None:
            self._server.shutdown()
            self._thread.join()
            self._server.server_close()
        self._server = None


def _serve(server: FaultServer, handler: BaseHTTPRequestHandler) -> None:
    parts = urlsplit(handler.path)
    query = dict(parse_qsl(parts.query, keep_blank_values=True))
    server.requests.append((parts.path, query))
    fault = server.faults.popleft() if server.faults else None
    reply = server.answer(parts.path, query)
    try:
        if fault is Fault.HANG_UP:
            handler.close_connection = True
        elif fault is Fault.SLOW:
            server.closing.wait(30.0)
        elif fault is Fault.TRUNCATED:
            _send(handler, reply, n_bytes=len(reply.body) // 2)
        elif fault is Fault.DRIP:
            _send(handler, reply, n_bytes=0)
            for index in range(len(reply.body)):
                handler.wfile.write(reply.body[index : index + 1])
                if server.closing.wait(0.02):
                    return
        else:
            _send(handler, reply if fault is None else _spoilt(fault, reply, server.retry_after))
    except ConnectionError:
        handler.close_connection = True


def _spoilt(fault: Fault, reply: Reply, retry_after: str) -> Reply:
    match fault:
        case Fault.TOO_MANY_REQUESTS:
            headers = {"Retry-After": retry_after} if retry_after else {}
            return Reply(body=b"{}", status=HTTPStatus.TOO_MANY_REQUESTS, headers=headers)
        case Fault.MOVED:
            return Reply(body=b"", status=HTTPStatus.FOUND, headers={"Location": "https://elsewhere.example/price"})
        case Fault.CUT_OFF:
            return Reply(body=reply.body[: len(reply.body) // 2], content_type=reply.content_type)
        case Fault.HTML:
            return HTML_PAGE
        case _:
            return Reply(body=b"{}", status=HTTPStatus.INTERNAL_SERVER_ERROR)


def _send(handler: BaseHTTPRequestHandler, reply: Reply, n_bytes: int | None = None) -> None:
    handler.send_response(reply.status)
    handler.send_header("Content-Type", reply.content_type)
    handler.send_header("Content-Length", str(len(reply.body)))
    for name, value in reply.headers.items():
        handler.send_header(name, value)
    handler.end_headers()
    handler.wfile.write(reply.body if n_bytes is None else reply.body[:n_bytes])
    handler.wfile.flush()
