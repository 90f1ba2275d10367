"""Ask a public service over HTTP: time limits, patience where it helps, answers kept on disk, secrets kept secret."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from http import HTTPStatus
from typing import TypeVar
from urllib.parse import quote
from urllib.request import getproxies, proxy_bypass

import httpx

from battuta.adapters.markets.answer_cache import Answer, AnswerCache
from battuta.domain.errors import DataError, SourceUnavailableError

T = TypeVar("T")

USER_AGENT = "battuta (open-source software for grid batteries)"
BODY_BYTES_MAX = 64 * 1024 * 1024
_THIS_MACHINE = {"127.0.0.1", "::1", "localhost"}
_WORTH_ANOTHER_TRY = {
    HTTPStatus.REQUEST_TIMEOUT,
    HTTPStatus.TOO_MANY_REQUESTS,
    HTTPStatus.INTERNAL_SERVER_ERROR,
    HTTPStatus.BAD_GATEWAY,
    HTTPStatus.SERVICE_UNAVAILABLE,
    HTTPStatus.GATEWAY_TIMEOUT,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Patience:
    """How often and how long to try.

    Attributes
    ----------
    n_attempts : int
        Attempts in all.
    wait_s_first : float
        Wait before the second attempt; it doubles from there. [s]
    wait_s_crowded : float
        Wait after an answer that asks for patience without saying how much (429). [s]
    wait_s_max : float
        Longest wait, also of one that the service asks for. [s]
    silence_s_max : float
        Longest silence of the service within an attempt. [s]
    attempt_s_max : float
        Longest attempt in all, however steadily it drips. [s]
    """

    n_attempts: int = 4
    wait_s_first: float = 2.0
    wait_s_crowded: float = 31.0
    wait_s_max: float = 65.0
    silence_s_max: float = 20.0
    attempt_s_max: float = 120.0


class _RefusalError(Exception):
    """One failed attempt: what happened, whether another may help, how long to wait, and whether the service asked."""

    def __init__(
        self, what: str, *, worth_another: bool = True, wait_s: float | None = None, is_asked: bool = False
    ) -> None:
        super().__init__(what)
        self.worth_another = worth_another
        self.wait_s = wait_s
        self.is_asked = is_asked


class _SecretTransport(httpx.BaseTransport):
    """Adds secret query parameters below the client, where neither its log nor its exceptions can see them."""

    def __init__(self, inner: httpx.BaseTransport, secret: Mapping[str, str]) -> None:
        self._inner = inner
        self._secret = dict(secret)

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        return self._inner.handle_request(
            httpx.Request(
                request.method,
                request.url.copy_merge_params(self._secret),
                headers=request.headers,
                stream=request.stream,
                extensions=request.extensions,
            )
        )

    def close(self) -> None:
        self._inner.close()


@dataclass(frozen=True, slots=True, kw_only=True)
class HttpSource:
    """A service that is asked with GET.

    Attributes
    ----------
    name : str
        What errors call it.
    now : callable
        Gives the present, aware.
    cache : AnswerCache, optional
        Where answers are kept and looked for first.
    offline : bool
        True to read kept answers only.
    patience : Patience
        How often and how long to try.
    secret : mapping of str to str
        Query parameters that appear in no address, log, cache or error.
    sleep, monotonic_s : callable
        How waiting is done and measured; tests put their own.
    """

    name: str
    now: Callable[[], datetime]
    cache: AnswerCache | None = None
    offline: bool = False
    patience: Patience = field(default_factory=Patience)
    secret: Mapping[str, str] = field(default_factory=dict[str, str], repr=False)
    sleep: Callable[[float], None] = field(default=time.sleep, repr=False)
    monotonic_s: Callable[[], float] = field(default=time.monotonic, repr=False)

    def get(
        self,
        url: str,
        params: Mapping[str, str],
        *,
        accept: Callable[[Answer], T],
        explain: Callable[[bytes], str] = lambda body: "",  # noqa: ARG005
    ) -> tuple[T, Answer]:
        """Return what `accept` makes of the answer, and the answer itself.

        Parameters
        ----------
        url : str
            Address without parameters.
        params : mapping of str to str
            Query parameters, without secrets.
        accept : callable
            Reads an answer; raises `DataError` where it cannot be used, and then nothing is kept.
        explain : callable
            Finds the reason in the body of a refusal.

        Raises
        ------
        SourceUnavailableError
            If the service did not answer, or offline and nothing is kept.
        DataError
            If `accept` refuses the answer.
        """
        address = self._address(url, params)
        kept = self._kept(address)
        if kept is not None:
            try:
                return accept(kept), kept
            except DataError:
                if self.offline:
                    raise
        if self.offline:
            mend = "go online, as it is not kept" if self.cache is None else "fetch it once while online"
            message = f"{self.name}: offline, and no answer is kept for {address}; {mend}"
            raise SourceUnavailableError(message)
        answer = self._ask(address, explain)
        value = accept(answer)
        if self.cache is not None:
            self.cache.write(answer)
        return value, answer

    def _address(self, url: str, params: Mapping[str, str]) -> str:
        try:
            return str(httpx.URL(url, params=dict(sorted(params.items()))))
        except httpx.InvalidURL as error:
            message = f"{self.name}: {url!r} is no address ({error})"
            raise SourceUnavailableError(message) from None

    def _kept(self, address: str) -> Answer | None:
        if self.cache is None:
            return None
        try:
            return self.cache.read(address)
        except DataError:
            if self.offline:
                raise
            return None

    def _ask(self, address: str, explain: Callable[[bytes], str]) -> Answer:
        wait_s = self.patience.wait_s_first
        for attempt in range(1, self.patience.n_attempts + 1):
            try:
                return self._attempt(address, explain)
            except _RefusalError as refused:
                asked_s = wait_s if refused.wait_s is None else refused.wait_s
                last = attempt == self.patience.n_attempts
                if last or not refused.worth_another or asked_s > self.patience.wait_s_max:
                    tried = f" after {attempt} attempts" if attempt > 1 else ""
                    later = f"; it asks to wait {asked_s:.0f} s" if refused.is_asked and asked_s else ""
                    message = f"{self.name} {self._without_secrets(str(refused))}{tried}{later} ({address})"
                    raise SourceUnavailableError(message) from None
                self.sleep(asked_s)
                wait_s = min(2.0 * wait_s, self.patience.wait_s_max)
        message = f"{self.name} was not asked: n_attempts = {self.patience.n_attempts}"
        raise SourceUnavailableError(message)

    def _attempt(self, address: str, explain: Callable[[bytes], str]) -> Answer:
        end_s = self.monotonic_s() + self.patience.attempt_s_max
        transport = _SecretTransport(_transport(address), self.secret)
        timeout = httpx.Timeout(self.patience.silence_s_max)
        headers = {"User-Agent": USER_AGENT}
        try:
            with (
                httpx.Client(transport=transport, timeout=timeout, headers=headers) as client,
                client.stream("GET", address) as response,
            ):
                body = self._body(response, end_s)
                self._check(response, body, explain)
                content_type = response.headers.get("content-type", "")
        except httpx.TimeoutException:
            message = f"was silent for {self.patience.silence_s_max:g} s"
            raise _RefusalError(message) from None
        except (httpx.RequestError, httpx.InvalidURL) as error:
            message = f"could not be read: {type(error).__name__} {error}".strip()
            raise _RefusalError(message) from None
        return Answer(address=address, body=body, content_type=content_type, fetched_at=self.now())

    def _body(self, response: httpx.Response, end_s: float) -> bytes:
        body = bytearray()
        for piece in response.iter_bytes():
            body += piece
            if len(body) > BODY_BYTES_MAX:
                message = f"answered more than {BODY_BYTES_MAX} bytes"
                raise _RefusalError(message, worth_another=False)
            if self.monotonic_s() > end_s:
                message = f"had not finished after {self.patience.attempt_s_max:g} s"
                raise _RefusalError(message)
        return bytes(body)

    def _check(self, response: httpx.Response, body: bytes, explain: Callable[[bytes], str]) -> None:
        if response.status_code == HTTPStatus.OK:
            return
        if response.is_redirect:
            message = f"answered {response.status_code}, moved to {_host(response.headers.get('location', ''))}"
            raise _RefusalError(message, worth_another=False)
        reason = explain(body)
        message = f"answered {response.status_code} {response.reason_phrase}{': ' if reason else ''}{reason}"
        wait_s = _retry_after_s(response.headers, self.now)
        is_asked = wait_s is not None
        if wait_s is None and response.status_code == HTTPStatus.TOO_MANY_REQUESTS:
            wait_s = self.patience.wait_s_crowded
        worth_another = response.status_code in _WORTH_ANOTHER_TRY
        raise _RefusalError(message, worth_another=worth_another, wait_s=wait_s, is_asked=is_asked)

    def _without_secrets(self, text: str) -> str:
        for value in self.secret.values():
            for spelling in {value, quote(value, safe=""), quote(value)}:
                text = text.replace(spelling, "***") if spelling else text
        return text


def _transport(address: str) -> httpx.HTTPTransport:
    """Return a transport that goes through the proxy of the environment, where there is one for the address."""
    url = httpx.URL(address)
    direct = url.host in _THIS_MACHINE or proxy_bypass(url.host)
    proxy = None if direct else getproxies().get(url.scheme)
    return httpx.HTTPTransport(proxy=proxy)


def _host(location: str) -> str:
    try:
        return httpx.URL(location).host or "another path"
    except httpx.InvalidURL:
        return "an unreadable address"


def _retry_after_s(headers: httpx.Headers, now: Callable[[], datetime]) -> float | None:
    text = headers.get("retry-after", "").strip()
    if not text:
        return None
    if text.isdecimal():
        return float(text)
    try:
        until = parsedate_to_datetime(text)
    except ValueError:
        return None
    return max(0.0, (until.replace(tzinfo=until.tzinfo or UTC) - now()).total_seconds())
