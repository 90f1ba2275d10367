"""The connector to the Transparency Platform, over a real socket."""

import logging
from datetime import date, timedelta

import numpy as np
import pytest

from battuta.adapters.markets.answer_cache import AnswerCache
from battuta.adapters.markets.entsoe.client import BASE_URL, EntsoeClient
from battuta.adapters.markets.entsoe.fake import FakeEntsoe, example_price_per_mwh
from battuta.adapters.markets.fault_server import Fault
from battuta.domain.errors import CurrencyError, DataError, SourceUnavailableError, UsageError

DAY = date(2026, 5, 30)
TOKEN = "7f3c-not-a-real-token"


@pytest.fixture
def make_client(make_source):
    def make(base_url, token=TOKEN, **changes):
        return EntsoeClient.with_token(token, make_source(name="ENTSO-E", **changes), base_url)

    return make


def test_prices_come_with_attribution(make_client):
    with FakeEntsoe(token=TOKEN, with_intraday=True).serve() as server:
        fetched = make_client(server.base_url).day_ahead_prices("DE-LU", DAY, DAY)
        ((_, asked),) = server.requests
    assert asked == {
        "documentType": "A44",
        "contract_MarketAgreement.type": "A01",
        "in_Domain": "10Y1001A1001A82H",
        "out_Domain": "10Y1001A1001A82H",
        "periodStart": "202605292200",
        "periodEnd": "202605302200",
        "securityToken": TOKEN,
    }
    series = fetched.series
    assert (series.n_times, series.step, series.currency) == (96, timedelta(minutes=15), "EUR")
    expected = [example_price_per_mwh(int(at) // 10**9) for at in series.time_ns]
    np.testing.assert_array_equal(series.price_per_mwh, expected)
    assert series.source == fetched.notice
    assert fetched.notice.startswith("ENTSO-E Transparency Platform, DE-LU; terms and conditions")


def test_the_default_is_the_public_service(make_source):
    client = EntsoeClient.with_token(TOKEN, make_source())
    assert client.base_url == BASE_URL == "https://web-api.tp.entsoe.eu/api"


def test_a_long_range_is_asked_for_month_by_month(make_client):
    first, last = date(2024, 1, 20), date(2024, 3, 10)
    with FakeEntsoe(token=TOKEN).serve() as server:
        series = make_client(server.base_url).day_ahead_prices("FR", first, last).series
        assert len(server.requests) == 3
    assert series.n_times == ((last - first).days + 1) * 24
    np.testing.assert_array_equal(np.diff(series.time_ns), 3600 * 10**9)


@pytest.mark.parametrize(
    ("first", "last"), [(date(2025, 9, 30), date(2025, 10, 1)), (date(2025, 8, 31), date(2025, 11, 1))]
)
def test_the_change_to_quarter_hours_is_named_between_months_too(first, last, make_client):
    with FakeEntsoe(token=TOKEN).serve() as server, pytest.raises(DataError, match="on 2025-10-01; ask for"):
        make_client(server.base_url).day_ahead_prices("DE-LU", first, last)


def test_a_change_of_currency_between_months_is_named(make_client, tmp_path):
    settings = {"cache": AnswerCache(tmp_path)}
    fake = FakeEntsoe(token=TOKEN)
    with fake.serve() as server:
        client = make_client(server.base_url, **settings)
        client.day_ahead_prices("PL", date(2024, 1, 31), date(2024, 1, 31))
        fake.currency = "PLN"
        with pytest.raises(CurrencyError, match="come in EUR before and in PLN from 2024-01-31 on"):
            client.day_ahead_prices("PL", date(2024, 1, 31), date(2024, 2, 1))


def test_another_auction_by_number(make_client):
    with FakeEntsoe(token=TOKEN).serve() as server:
        client = make_client(server.base_url)
        one = client.day_ahead_prices("DE-LU", DAY, DAY).series.price_per_mwh
        two = client.day_ahead_prices("DE-LU", DAY, DAY, sequence=2).series.price_per_mwh
    np.testing.assert_allclose(two - one, 1000.0)


def test_a_wrong_token_is_refused_without_being_told(make_client):
    with (
        FakeEntsoe().serve() as server,
        pytest.raises(SourceUnavailableError, match="401 Unauthorized: Authentication failed") as caught,
    ):
        make_client(server.base_url).day_ahead_prices("DE-LU", DAY, DAY)
    assert TOKEN not in str(caught.value)


@pytest.mark.parametrize("fault", [None, Fault.HTML, Fault.CUT_OFF, Fault.HANG_UP])
def test_the_token_is_nowhere_but_in_the_request(fault, make_client, tmp_path, caplog):
    caplog.set_level(logging.DEBUG)
    words = []
    with FakeEntsoe(token=TOKEN, faults=(fault,) * 4 if fault else ()).serve() as server:
        client = make_client(server.base_url, cache=AnswerCache(tmp_path))
        words.append(repr(client))
        try:
            words.append(repr(client.day_ahead_prices("DE-LU", DAY, DAY)))
        except SourceUnavailableError as error:
            words.append(repr(error))
        assert all(asked["securityToken"] == TOKEN for _, asked in server.requests)
    words += [record.getMessage() for record in caplog.records if record.name.startswith("httpx")]
    words += [path.name + path.read_text() for path in tmp_path.iterdir()]
    assert [word for word in words if TOKEN in word] == []
    assert len(list(tmp_path.iterdir())) == (0 if fault else 1)


def test_without_token_only_what_is_kept(make_client, tmp_path):
    cache = AnswerCache(tmp_path)
    with FakeEntsoe(token=TOKEN).serve() as server:
        base_url = server.base_url
        make_client(base_url, cache=cache).day_ahead_prices("DE-LU", DAY, DAY)
    offline = make_client(base_url, token="", cache=cache, offline=True)
    assert offline.day_ahead_prices("DE-LU", DAY, DAY).from_cache
    with pytest.raises(UsageError, match="set BATTUTA_ENTSOE_TOKEN"):
        make_client(base_url, token=" ")


def test_what_is_not_published_is_told(make_client):
    with FakeEntsoe(token=TOKEN, last_day=DAY - timedelta(days=1)).serve() as server:
        client = make_client(server.base_url)
        with pytest.raises(DataError, match="No matching data found"):
            client.day_ahead_prices("DE-LU", DAY, DAY)
        with pytest.raises(UsageError, match="is empty"):
            client.day_ahead_prices("DE-LU", DAY, DAY - timedelta(days=1))
