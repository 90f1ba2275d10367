"""Bring one file from its address to a path: in pieces, resumed where it broke off, complete or not at all."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable, Generator
from contextlib import contextmanager
from dataclasses import dataclass
from http import HTTPStatus
from pathlib import Path

import httpx

from battuta.domain.errors import SourceUnavailableError

USER_AGENT = "battuta (open-source software for grid batteries)"
N_ATTEMPTS = 4
BYTES_MAX = 512 * 1024 * 1024
_SILENCE_S_MAX = 30.0
_REDIRECTS_MAX = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Downloaded:
    """A complete download, not yet at its place.

    Attributes
    ----------
    path : Path
        Where it lies.
    sha256 : str
        Its checksum.
    n_bytes : int
        Its size.
    answered_at : str
        The server's own clock, empty where it told none.
    """

    path: Path
    sha256: str
    n_bytes: int
    answered_at: str


class _BrokenOffError(Exception):
    """An attempt failed in a way that another may not."""


def download(
    url: str,
    partial: Path,
    *,
    told: Callable[[int, int | None], None],
    sleep: Callable[[float], None] = time.sleep,
) -> Downloaded:
    """Download to a partial file, which is left for a later attempt where this one breaks off.

    Parameters
    ----------
    url : str
        Address.
    partial : Path
        Partial file; its server's tag is kept beside it, so that only the same content is continued.
    told : callable
        Receives the bytes so far and in all, None where the server does not say.
    sleep : callable
        How waiting is done.

    Raises
    ------
    SourceUnavailableError
        If the server does not give the file.
    """
    wait_s, answered_at = 1.0, ""
    for attempt in range(1, N_ATTEMPTS + 1):
        try:
            answered_at = _attempt(url, partial, told)
            break
        except _BrokenOffError as error:
            if attempt == N_ATTEMPTS:
                message = f"{url}: {error} after {attempt} attempts; run the command again to continue"
                raise SourceUnavailableError(message) from None
            sleep(wait_s)
            wait_s *= 2.0
    _tag_path(partial).unlink(missing_ok=True)
    return Downloaded(path=partial, sha256=checksum(partial), n_bytes=partial.stat().st_size, answered_at=answered_at)


def checksum(path: Path) -> str:
    """SHA-256 of a file."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def discard(partial: Path) -> None:
    """Remove a partial file and its tag."""
    partial.unlink(missing_ok=True)
    _tag_path(partial).unlink(missing_ok=True)


def _attempt(url: str, partial: Path, told: Callable[[int, int | None], None]) -> str:
    tag = _tag_path(partial)
    headers = {"User-Agent": USER_AGENT, "Accept-Encoding": "identity"}
    n_done = partial.stat().st_size if partial.exists() and tag.exists() else 0
    if n_done:
        headers |= {"Range": f"bytes={n_done}-", "If-Range": tag.read_text(encoding="ascii")}
    with _opened(url, headers) as response:
        _check(response, url)
        continues = response.status_code == HTTPStatus.PARTIAL_CONTENT and n_done > 0
        if response.status_code == HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE or (
            continues and not response.headers.get("content-range", "").startswith(f"bytes {n_done}-")
        ):
            discard(partial)
            message = "the server did not continue where the download broke off"
            raise _BrokenOffError(message)
        n_done = n_done if continues else 0
        if not continues:
            discard(partial)
            etag = response.headers.get("etag", "")
            if etag.startswith('"'):
                tag.write_text(etag, encoding="ascii")
        length = response.headers.get("content-length", "")
        n_all = n_done + int(length) if length.isdecimal() else None
        with partial.open("ab" if continues else "wb") as file:
            for piece in response.iter_raw():
                file.write(piece)
                n_done += len(piece)
                if n_done > BYTES_MAX:
                    message = f"{url}: more than {BYTES_MAX} bytes"
                    raise SourceUnavailableError(message)
                told(n_done, n_all)
        return response.headers.get("date", "")


@contextmanager
def _opened(url: str, headers: dict[str, str]) -> Generator[httpx.Response]:
    try:
        with (
            httpx.Client(
                headers=headers,
                timeout=_SILENCE_S_MAX,
                follow_redirects=True,
                trust_env=_leaves_this_machine(url),
                max_redirects=_REDIRECTS_MAX,
                event_hooks={"request": [_only_secure_from(url)]},
            ) as client,
            client.stream("GET", url) as response,
        ):
            yield response
    except httpx.UnsupportedProtocol as error:
        message = f"{url}: {error}"
        raise SourceUnavailableError(message) from None
    except httpx.InvalidURL as error:
        message = f"{url} is no address ({error})"
        raise SourceUnavailableError(message) from None
    except httpx.TooManyRedirects:
        message = f"{url}: moved on more than {_REDIRECTS_MAX} times"
        raise SourceUnavailableError(message) from None
    except httpx.RequestError as error:
        message = f"{type(error).__name__} {error}".strip()
        raise _BrokenOffError(message) from None


def _leaves_this_machine(url: str) -> bool:
    """Tell whether the proxy of the environment may be asked."""
    return httpx.URL(url).host not in {"127.0.0.1", "::1", "localhost"}


def _only_secure_from(url: str) -> Callable[[httpx.Request], None]:
    """Refuse to be sent from a secure address to one that is not."""

    def check(request: httpx.Request) -> None:
        if url.startswith("https:") and request.url.scheme != "https":
            message = f"{url} moved to {request.url.host}, which is not secure"
            raise SourceUnavailableError(message)

    return check


def _check(response: httpx.Response, url: str) -> None:
    status = response.status_code
    if response.headers.get("content-encoding", "identity") != "identity":
        message = f"{url}: the server packed the file as {response.headers['content-encoding']}, unasked"
        raise SourceUnavailableError(message)
    if status in {HTTPStatus.OK, HTTPStatus.PARTIAL_CONTENT, HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE}:
        return
    what = f"answered {status} {response.reason_phrase}"
    if status in {HTTPStatus.TOO_MANY_REQUESTS, HTTPStatus.REQUEST_TIMEOUT} or response.is_server_error:
        raise _BrokenOffError(what)
    message = f"{url}: {what}"
    raise SourceUnavailableError(message)


def _tag_path(partial: Path) -> Path:
    return partial.with_name(f"{partial.name}.etag")
