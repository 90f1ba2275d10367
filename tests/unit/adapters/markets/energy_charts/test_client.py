"""The connector to energy-charts, over a real socket."""

from datetime import date, timedelta

import numpy as np
import pytest

from battuta.adapters.markets.answer_cache import AnswerCache
from battuta.adapters.markets.energy_charts.client import BASE_URL, EnergyChartsClient
from battuta.adapters.markets.energy_charts.fake import CC_BY, FakeEnergyCharts, example_price_per_mwh
from battuta.adapters.markets.fault_server import Fault
from battuta.domain.errors import DataError, SourceUnavailableError, StaleDataError, UsageError
from battuta.domain.prices import History

DAY = date(2026, 5, 30)


def test_prices_come_with_licence_and_attribution(make_source):
    with FakeEnergyCharts().serve() as server:
        client = EnergyChartsClient(source=make_source(), base_url=server.base_url)
        fetched = client.day_ahead_prices("DE-LU", DAY, date(2026, 5, 31))
        assert server.requests == [("/price", {"bzn": "DE-LU", "start": "2026-05-30", "end": "2026-05-31"})]
    series = fetched.series
    assert (series.n_times, series.step, series.currency, series.zone) == (
        192,
        timedelta(minutes=15),
        "EUR",
        "Europe/Berlin",
    )
    expected = [example_price_per_mwh(int(at) // 10**9) for at in series.time_ns]
    np.testing.assert_array_equal(series.price_per_mwh, expected)
    assert not series.is_synthetic
    assert series.source == fetched.notice
    assert fetched.notice == (f"energy-charts.info (Fraunhofer ISE), DE-LU; {CC_BY}; fetched 2026-06-01T14:00Z")
    assert (fetched.from_cache, fetched.warnings, len(fetched.sha256[0])) == (False, (), 64)
    assert History(series).view(int(series.time_ns[0])).n_known() == 96


def test_the_default_is_the_public_service(make_source):
    assert EnergyChartsClient(source=make_source()).base_url == BASE_URL == "https://api.energy-charts.info"


def test_days_are_local_days_of_the_zone(make_source):
    with FakeEnergyCharts().serve() as server:
        client = EnergyChartsClient(source=make_source(), base_url=server.base_url + "/")
        finland = client.day_ahead_prices("FI", DAY, DAY).series
        germany = client.day_ahead_prices("DE-LU", DAY, DAY).series
        assert server.requests[0][1] == {"bzn": "FI", "start": "2026-05-30", "end": "2026-05-31"}
    np.testing.assert_array_equal(finland.time_ns, germany.time_ns)


def test_passing_faults_are_outlived(make_source, waits):
    faults = (Fault.SERVER_ERROR, Fault.TOO_MANY_REQUESTS, Fault.TRUNCATED)
    with FakeEnergyCharts(faults=faults, retry_after="30").serve() as server:
        client = EnergyChartsClient(source=make_source(), base_url=server.base_url)
        assert client.day_ahead_prices("DE-LU", DAY, DAY).series.n_times == 96
    assert waits == [2.0, 30.0, 8.0]


@pytest.mark.parametrize(
    ("fault", "words"),
    [
        (Fault.HTML, "a web page instead of JSON"),
        (Fault.CUT_OFF, "cut off or damaged"),
        (Fault.MOVED, "moved to"),
    ],
)
def test_lasting_faults_are_named_and_nothing_is_kept(fault, words, make_source, tmp_path):
    source = make_source(cache=AnswerCache(tmp_path))
    with FakeEnergyCharts(faults=(fault,)).serve() as server, pytest.raises(SourceUnavailableError, match=words):
        EnergyChartsClient(source=source, base_url=server.base_url).day_ahead_prices("DE-LU", DAY, DAY)
    assert list(tmp_path.iterdir()) == []


def test_days_to_come_are_named_and_not_kept(make_source, tmp_path):
    source = make_source(cache=AnswerCache(tmp_path))
    with FakeEnergyCharts(last_day=DAY).serve() as server:
        client = EnergyChartsClient(source=source, base_url=server.base_url)
        with pytest.raises(StaleDataError, match="not published yet"):
            client.day_ahead_prices("DE-LU", DAY, DAY + timedelta(days=1))
        assert list(tmp_path.iterdir()) == []
        with pytest.raises(SourceUnavailableError, match="404 Not Found: no content available"):
            client.day_ahead_prices("DE-LU", DAY + timedelta(days=1), DAY + timedelta(days=1))


def test_the_second_time_nothing_is_asked_even_offline(make_source, tmp_path):
    cache = AnswerCache(tmp_path)
    with FakeEnergyCharts(is_deprecated=True).serve() as server:
        base_url = server.base_url
        first = EnergyChartsClient(source=make_source(cache=cache), base_url=base_url).day_ahead_prices("AT", DAY, DAY)
    offline = EnergyChartsClient(source=make_source(cache=cache, offline=True), base_url=base_url)
    again = offline.day_ahead_prices("AT", DAY, DAY)
    np.testing.assert_array_equal(again.series.price_per_mwh, first.series.price_per_mwh)
    assert (first.from_cache, again.from_cache) == (False, True)
    assert again.notice == first.notice
    assert again.warnings == ("the source calls this address deprecated",)
    with pytest.raises(SourceUnavailableError, match="offline, and no answer is kept"):
        offline.day_ahead_prices("AT", DAY, DAY + timedelta(days=1))


def test_the_unit_may_be_vouched_for(make_source):
    with FakeEnergyCharts(unit="No Unit").serve() as server:
        with pytest.raises(DataError, match="No Unit"):
            EnergyChartsClient(source=make_source(), base_url=server.base_url).day_ahead_prices("FR", DAY, DAY)
        client = EnergyChartsClient(source=make_source(), base_url=server.base_url, allow_unstated_unit=True)
        assert client.day_ahead_prices("FR", DAY, DAY).series.n_times == 96


def test_an_unknown_zone_is_not_asked_for(make_source):
    with FakeEnergyCharts().serve() as server:
        client = EnergyChartsClient(source=make_source(), base_url=server.base_url)
        with pytest.raises(UsageError, match="is not known"):
            client.day_ahead_prices("DE", DAY, DAY)
        with pytest.raises(UsageError, match="is empty"):
            client.day_ahead_prices("FR", DAY, DAY - timedelta(days=1))
        assert server.requests == []
