"""A stand-in for the sources of data sets on the loopback: whole files, ranges, tags, and faults as told."""

from __future__ import annotations

import hashlib
import threading
from collections import deque
from collections.abc import Mapping
from enum import StrEnum
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Self


class Fault(StrEnum):
    """What may go wrong with one request."""

    SERVER_ERROR = "500"
    FORBIDDEN = "403"
    BREAK_OFF = "break_off"
    HTML = "html"
    MOVED = "moved"
    WRONG_RANGE = "wrong_range"


class FakeArchive:
    """A server on 127.0.0.1 at a free port, running within a ``with`` block.

    Parameters
    ----------
    contents : mapping of str to bytes
        Files by path, as ``epf/DE.csv``.
    faults : sequence of Fault
        What goes wrong with the first requests, in order.
    with_tags : bool
        Whether answers carry an ETag, without which no download is continued.

    Examples
    --------
    >>> import urllib.request
    >>> opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    >>> with FakeArchive({"epf/DE.csv": b"Date"}) as archive:
    ...     opener.open(f"{archive.base_url}/epf/DE.csv").read()
    b'Date'
    """

    def __init__(
        self, contents: Mapping[str, bytes], *, faults: tuple[Fault, ...] = (), with_tags: bool = True
    ) -> None:
        self.contents = dict(contents)
        self.faults = deque(faults)
        self.with_tags = with_tags
        self.requests: list[tuple[str, str]] = []
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
                try:
                    _serve(outer, self)
                except ConnectionError:
                    self.close_connection = True

            def log_message(self, format: str, *args: object) -> None:  # noqa: A002
                """Keep silent."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.02})
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Stop to listen."""
        if self._server is not None and self._thread is not None:
            self._server.shutdown()
            self._thread.join()
            self._server.server_close()
        self._server = None


def _serve(archive: FakeArchive, handler: BaseHTTPRequestHandler) -> None:
    path = handler.path.lstrip("/")
    asked = handler.headers.get("Range", "")
    archive.requests.append((path, asked))
    fault = archive.faults.popleft() if archive.faults else None
    content = archive.contents.get(path)
    if fault is Fault.SERVER_ERROR:
        _send(handler, HTTPStatus.SERVICE_UNAVAILABLE, b"")
    elif fault is Fault.FORBIDDEN:
        _send(handler, HTTPStatus.FORBIDDEN, b"")
    elif fault is Fault.HTML:
        _send(handler, HTTPStatus.OK, b"\n<!DOCTYPE html><html>please sign in</html>")
    elif fault is Fault.MOVED:
        _send(handler, HTTPStatus.FOUND, b"", {"Location": f"/{path}"})
    elif content is None:
        _send(handler, HTTPStatus.NOT_FOUND, b"")
    else:
        _send_file(archive, handler, content, fault)


def _send_file(archive: FakeArchive, handler: BaseHTTPRequestHandler, content: bytes, fault: Fault | None) -> None:
    tag = f'"{hashlib.sha256(content).hexdigest()[:16]}"'
    headers = {"ETag": tag} if archive.with_tags else {}
    start = int(handler.headers.get("Range", "bytes=0-")[len("bytes=") : -1])
    status = HTTPStatus.OK
    if start and handler.headers.get("If-Range") == tag:
        if start >= len(content):
            _send(handler, HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE, b"")
            return
        begins = 0 if fault is Fault.WRONG_RANGE else start
        headers["Content-Range"] = f"bytes {begins}-{len(content) - 1}/{len(content)}"
        status, content = HTTPStatus.PARTIAL_CONTENT, content[begins:]
    _send(handler, status, content, headers, n_bytes=len(content) // 2 if fault is Fault.BREAK_OFF else None)


def _send(
    handler: BaseHTTPRequestHandler,
    status: HTTPStatus,
    body: bytes,
    headers: Mapping[str, str] | None = None,
    n_bytes: int | None = None,
) -> None:
    handler.send_response(status)
    handler.send_header("Content-Length", str(len(body)))
    for name, value in (headers or {}).items():
        handler.send_header(name, value)
    handler.end_headers()
    handler.wfile.write(body if n_bytes is None else body[:n_bytes])
    handler.wfile.flush()
