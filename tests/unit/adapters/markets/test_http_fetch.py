"""Asking a service: patience where it helps, clear words where it does not, and no secret anywhere."""

import logging
from datetime import UTC, datetime

import pytest
from httpcore import HTTPProxy

from battuta.adapters.markets.answer_cache import AnswerCache
from battuta.adapters.markets.fault_server import Fault, FaultServer, Reply
from battuta.adapters.markets.http_fetch import HttpSource, Patience, _transport
from battuta.domain.errors import DataError, SourceUnavailableError

TOKEN = "s3cret/tok en"
BODY = b'{"price": 1}'


def reply(path, query):
    del path, query
    return Reply(body=BODY)


def take(answer):
    return answer.body


def test_an_answer_is_read_and_dated(make_source):
    with FaultServer(reply) as server:
        value, answer = make_source().get(f"{server.base_url}/price", {"b": "2", "a": "1"}, accept=take)
    assert value == BODY
    assert answer.address.endswith("/price?a=1&b=2")
    assert (answer.fetched_at, answer.from_cache) == (datetime(2026, 6, 1, 14, 0, tzinfo=UTC), False)


@pytest.mark.parametrize("fault", [Fault.SERVER_ERROR, Fault.TRUNCATED, Fault.HANG_UP])
def test_a_passing_fault_is_tried_again_with_growing_waits(fault, make_source, waits):
    with FaultServer(reply, faults=(fault, fault, fault)) as server:
        value, _ = make_source().get(server.base_url, {}, accept=take)
    assert value == BODY
    assert waits == [2.0, 4.0, 8.0]


def test_patience_ends(make_source, waits):
    with FaultServer(reply, faults=(Fault.SERVER_ERROR,) * 9) as server:
        with pytest.raises(SourceUnavailableError, match="answered 500 Internal Server Error after 4 attempts"):
            make_source().get(server.base_url, {}, accept=take)
        assert len(server.requests) == 4
    assert len(waits) == 3


@pytest.mark.parametrize(
    ("retry_after", "expected"),
    [
        ("7", 7.0),
        ("", 31.0),
        ("nonsense", 31.0),
        ("Mon, 01 Jun 2026 14:00:20 GMT", 20.0),
        ("Mon, 01 Jun 2026 13:00:00 GMT", 0.0),
    ],
)
def test_a_crowded_service_says_how_long_to_wait(retry_after, expected, make_source, waits):
    with FaultServer(reply, faults=(Fault.TOO_MANY_REQUESTS,), retry_after=retry_after) as server:
        assert make_source().get(server.base_url, {}, accept=take)[0] == BODY
    assert waits == [expected]


def test_nobody_waits_an_hour(make_source, waits):
    with (
        FaultServer(reply, faults=(Fault.TOO_MANY_REQUESTS,), retry_after="3600") as server,
        pytest.raises(SourceUnavailableError, match="429 Too Many Requests; it asks to wait 3600 s"),
    ):
        make_source().get(server.base_url, {}, accept=take)
    assert waits == []


def test_a_wait_of_our_own_is_not_laid_into_the_service_s_mouth(make_source):
    with (
        FaultServer(reply, faults=(Fault.TOO_MANY_REQUESTS,) * 2) as server,
        pytest.raises(SourceUnavailableError, match=r"429 Too Many Requests after 2 attempts \("),
    ):
        make_source(patience=Patience(n_attempts=2)).get(server.base_url, {}, accept=take)


def test_offline_says_whether_an_answer_could_be_kept(make_source, tmp_path):
    with pytest.raises(SourceUnavailableError, match="go online, as it is not kept"):
        make_source(offline=True).get("http://service.example", {}, accept=take)
    with pytest.raises(SourceUnavailableError, match="fetch it once while online"):
        make_source(offline=True, cache=AnswerCache(tmp_path)).get("http://service.example", {}, accept=take)


def test_a_refusal_is_not_repeated_and_tells_its_reason(make_source, waits):
    def refuse(path, query):
        del path, query
        return Reply(body=b"zone unknown", status=400)

    with FaultServer(refuse) as server:
        with pytest.raises(SourceUnavailableError, match="answered 400 Bad Request: zone unknown"):
            make_source().get(server.base_url, {}, accept=take, explain=lambda body: body.decode())
        assert len(server.requests) == 1
    assert waits == []


def test_a_redirect_is_not_followed(make_source):
    with (
        FaultServer(reply, faults=(Fault.MOVED,)) as server,
        pytest.raises(SourceUnavailableError, match=r"moved to elsewhere\.example"),
    ):
        make_source(secret={"token": TOKEN}).get(server.base_url, {}, accept=take)


def test_silence_ends(make_source):
    source = make_source(patience=Patience(n_attempts=1, silence_s_max=0.2))
    with (
        FaultServer(reply, faults=(Fault.SLOW,)) as server,
        pytest.raises(SourceUnavailableError, match=r"was silent for 0\.2 s"),
    ):
        source.get(server.base_url, {}, accept=take)


def test_a_dripping_answer_ends(make_source):
    source = make_source(patience=Patience(n_attempts=1, silence_s_max=5.0, attempt_s_max=0.1))
    with (
        FaultServer(reply, faults=(Fault.DRIP,)) as server,
        pytest.raises(SourceUnavailableError, match=r"had not finished after 0\.1 s"),
    ):
        source.get(server.base_url, {}, accept=take)


def test_a_flood_ends(make_source, monkeypatch):
    monkeypatch.setattr("battuta.adapters.markets.http_fetch.BODY_BYTES_MAX", 4)
    with FaultServer(reply) as server, pytest.raises(SourceUnavailableError, match="more than 4 bytes"):
        make_source().get(server.base_url, {}, accept=take)


def test_nobody_there(make_source):
    with FaultServer(reply) as server:
        gone = server.base_url
    with pytest.raises(SourceUnavailableError, match="could not be read: ConnectError") as caught:
        make_source().get(gone, {}, accept=take)
    assert caught.value.__cause__ is None


@pytest.mark.parametrize("url", ["ftp://service.example/x", "http://[::1", "service"])
def test_an_address_that_is_none(url, make_source):
    with pytest.raises(SourceUnavailableError, match=r"could not be read|is no address"):
        make_source(patience=Patience(n_attempts=1)).get(url, {}, accept=take)


def test_answers_are_kept_and_then_not_asked_for(make_source, tmp_path):
    cache = AnswerCache(tmp_path)
    with FaultServer(reply) as server:
        first = make_source(cache=cache).get(server.base_url, {"a": "1"}, accept=take)[1]
        again = make_source(cache=cache).get(server.base_url, {"a": "1"}, accept=take)[1]
        assert len(server.requests) == 1
        base_url = server.base_url
    assert (first.from_cache, again.from_cache) == (False, True)
    offline = make_source(cache=cache, offline=True).get(base_url, {"a": "1"}, accept=take)[1]
    assert offline.body == BODY


def test_offline_says_what_is_missing(make_source, tmp_path):
    for cache in (AnswerCache(tmp_path), None):
        with pytest.raises(
            SourceUnavailableError, match=r"offline, and no answer is kept for https://x\.example/\?a=1"
        ):
            make_source(cache=cache, offline=True).get("https://x.example/", {"a": "1"}, accept=take)


def test_what_is_refused_is_not_kept(make_source, tmp_path):
    def refuse(answer):
        message = f"{len(answer.body)} bytes are not enough"
        raise DataError(message)

    with FaultServer(reply) as server, pytest.raises(DataError, match="12 bytes are not enough"):
        make_source(cache=AnswerCache(tmp_path)).get(server.base_url, {}, accept=refuse)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("how", ["damaged", "refused"])
def test_a_kept_answer_that_cannot_be_used_is_fetched_anew_or_named_offline(how, make_source, tmp_path):
    cache = AnswerCache(tmp_path)

    def accept(answer):
        if answer.body != BODY:
            message = "not what it should be"
            raise DataError(message)
        return answer.body

    with FaultServer(reply) as server:
        answer = make_source(cache=cache).get(server.base_url, {}, accept=take)[1]
        path = cache.path_of(answer.address)
        if how == "damaged":
            path.write_bytes(path.read_bytes()[:-1])
        else:
            cache.write(
                type(answer)(address=answer.address, body=b"old", content_type="", fetched_at=answer.fetched_at)
            )
        with pytest.raises(DataError, match=r"damaged|not what it should be"):
            make_source(cache=cache, offline=True).get(server.base_url, {}, accept=accept)
        assert make_source(cache=cache).get(server.base_url, {}, accept=accept)[1].from_cache is False
        assert len(server.requests) == 2


@pytest.mark.parametrize("faults", [(), (Fault.SERVER_ERROR,) * 4, (Fault.HANG_UP,) * 4])
def test_a_secret_is_sent_but_never_told(faults, make_source, tmp_path, caplog):
    caplog.set_level(logging.DEBUG)

    def tell(path, query):
        del path
        return Reply(body=f"refused {query['token']}".encode(), status=200 if not faults else 403)

    source = make_source(cache=AnswerCache(tmp_path), secret={"token": TOKEN})
    words = [repr(source)]
    with FaultServer(tell if faults else reply, faults=faults) as server:
        try:
            words.append(repr(source.get(server.base_url, {"a": "1"}, accept=take, explain=bytes.decode)))
        except SourceUnavailableError as error:
            words += [str(error), repr(error), repr(error.__cause__), repr(error.__context__)]
        assert {query["token"] for _, query in server.requests} == {TOKEN}
    words += [record.getMessage() for record in caplog.records if record.name.startswith("httpx")]
    words += [path.read_bytes().decode("latin-1") + path.name for path in tmp_path.iterdir()]
    assert [word for word in words if "s3cret" in word] == []
    assert any("a=1" in word for word in words)


def test_a_secret_that_the_service_repeats_is_struck_out(make_source):
    def tell(path, query):
        del path
        return Reply(body=f"token {query['token']} is unknown".encode(), status=401)

    with (
        FaultServer(tell) as server,
        pytest.raises(SourceUnavailableError, match=r"401 Unauthorized: token \*\*\* is unknown"),
    ):
        make_source(secret={"token": TOKEN}).get(server.base_url, {}, accept=take, explain=bytes.decode)


def test_the_proxy_of_the_environment_is_used_and_bypassed_for_this_machine(make_source, monkeypatch):
    with FaultServer(lambda path, query: Reply(body=b"from the proxy")) as proxy, FaultServer(reply) as server:
        monkeypatch.setenv("http_proxy", proxy.base_url)
        monkeypatch.delenv("no_proxy", raising=False)
        assert make_source().get("http://service.example/price", {}, accept=take)[0] == b"from the proxy"
        assert make_source().get(server.base_url, {}, accept=take)[0] == BODY


def test_an_address_that_the_environment_excepts_is_asked_directly(monkeypatch):
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:9")
    monkeypatch.setenv("no_proxy", "service.example")
    pools = {host: _transport(f"http://{host}/")._pool for host in ("service.example", "other.example")}
    assert {host: isinstance(pool, HTTPProxy) for host, pool in pools.items()} == {
        "service.example": False,
        "other.example": True,
    }


def test_no_attempt_is_no_answer():
    source = HttpSource(name="service", now=lambda: datetime.now(UTC), patience=Patience(n_attempts=0))
    with pytest.raises(SourceUnavailableError, match="n_attempts = 0"):
        source.get("http://127.0.0.1:9/", {}, accept=take)
