"""The connector to Open-Meteo, over a real socket."""

from datetime import UTC, date, datetime, timedelta

import numpy as np
import pytest

from battuta.adapters.markets.answer_cache import AnswerCache
from battuta.adapters.markets.fault_server import Fault
from battuta.adapters.weather.open_meteo.client import ATTRIBUTION, OpenMeteoHosts
from battuta.adapters.weather.open_meteo.fake import FakeOpenMeteo
from battuta.domain.errors import DataError, InvalidQuantityError, SourceUnavailableError, UsageError
from battuta.domain.time import NS_PER_HOUR, local_instant_ns, to_ns
from battuta.domain.weather import Place

BERLIN = Place(latitude_deg=52.52, longitude_deg=13.41, name="Berlin")
NOW_NS = to_ns(datetime(2026, 7, 10, 8, 30, tzinfo=UTC))
FIRST, LAST = date(2026, 7, 1), date(2026, 7, 3)


def ns(*parts):
    return to_ns(datetime(*parts, tzinfo=UTC))


def test_a_forecast_is_known_from_the_moment_of_the_answer(serve, make_client):
    with serve(FakeOpenMeteo()) as server:
        fetched = make_client(server).forecast(BERLIN, n_days=2)
        ((path, query),) = server.requests
    assert path == "/v1/forecast"
    assert query == {
        "latitude": "52.5200",
        "longitude": "13.4100",
        "hourly": "temperature_2m,wind_speed_10m,shortwave_radiation,cloud_cover",
        "start_date": "2026-07-10",
        "end_date": "2026-07-12",
        "timezone": "GMT",
        "timeformat": "unixtime",
        "temperature_unit": "celsius",
        "wind_speed_unit": "ms",
    }
    forecast = fetched.forecast
    assert forecast.n_times == 48
    assert forecast.time_ns[0] == ns(2026, 7, 10)
    assert set(forecast.known_at_ns) == {NOW_NS}
    assert forecast.columns["temperature_c"][13] == 11.3
    assert forecast.columns["wind_speed_m_per_s"][13] == 4.3
    assert forecast.columns["cloud_cover"][13] == pytest.approx(0.53)
    assert fetched.forecast.attribution == ATTRIBUTION == "Weather data by Open-Meteo.com (CC BY 4.0)"
    assert "fetched 2026-07-10T08:30Z" in forecast.source
    assert (len(fetched.sha256[0]), fetched.from_cache, fetched.warnings) == (64, False, ())


def test_radiation_of_the_hour_before_belongs_to_the_interval_before(serve, make_client):
    with serve(FakeOpenMeteo()) as server:
        forecast = make_client(server).forecast(BERLIN, n_days=1).forecast
    # the service says 180 W/m2 at 12:00, the mean from 11:00 to 12:00
    assert forecast.columns["radiation_w_per_m2"][11] == 180.0
    assert forecast.columns["radiation_w_per_m2"][12] == 150.0
    assert forecast.columns["radiation_w_per_m2"][23] == 0.0


def test_past_days_come_as_they_were_forecast_before(serve, make_client):
    with serve(FakeOpenMeteo()) as server:
        fetched = make_client(server).previous_runs(BERLIN, FIRST, LAST)
        assert "temperature_2m_previous_day2" in server.requests[0][1]["hourly"]
        assert "temperature_2m_previous_day1" in server.requests[0][1]["hourly"]
    forecast = fetched.forecast
    assert (forecast.n_times, forecast.n_distinct_times) == (2 * 72, 72)
    noon = forecast.time_ns == ns(2026, 7, 2, 12)
    np.testing.assert_array_equal(forecast.columns["temperature_c"][noon], [13.2, 12.2])
    # a run two days before the end of the hour at the latest, published within eight hours
    np.testing.assert_array_equal(forecast.known_at_ns[noon], [ns(2026, 6, 30, 21), ns(2026, 7, 1, 21)])
    assert "runs of 2 and 1 days before, known 8 h after their start" in forecast.source


@pytest.mark.parametrize("zone", ["Europe/Berlin", "America/New_York", "Asia/Tokyo"])
def test_every_hour_has_a_vintage_before_the_gate_and_none_from_after_it(serve, make_client, zone):
    with serve(FakeOpenMeteo()) as server:
        forecast = make_client(server).previous_runs(BERLIN, FIRST, LAST).forecast
    day = date(2026, 7, 2)
    gate_ns = local_instant_ns(day - timedelta(days=1), datetime(2026, 1, 1, 12, tzinfo=UTC).time(), zone)
    hours = local_instant_ns(day, datetime(2026, 1, 1, 0, tzinfo=UTC).time(), zone) + np.arange(24) * NS_PER_HOUR
    hours = hours[hours < ns(2026, 7, 4)]
    values = forecast.known_values("temperature_c", hours, np.full(hours.size, gate_ns))
    assert np.isfinite(values).all()
    days_before = np.round(values - 10.0 - (hours // NS_PER_HOUR % 24) / 10.0)
    run_ns = hours - (24 * NS_PER_HOUR * days_before).astype(np.int64)
    assert (run_ns <= gate_ns).all()
    assert 2.0 in days_before


def test_the_youngest_runs_are_known_at_no_gate(serve, make_client):
    with serve(FakeOpenMeteo()) as server:
        forecast = make_client(server).historical_forecast(BERLIN, FIRST, FIRST).forecast
    assert (forecast.known_at_ns - forecast.time_ns == 9 * NS_PER_HOUR).all()


def test_passing_faults_are_outlived(serve, make_client, waits):
    faults = (Fault.SERVER_ERROR, Fault.TOO_MANY_REQUESTS, Fault.TRUNCATED)
    with serve(FakeOpenMeteo(), faults=faults) as server:
        assert make_client(server).forecast(BERLIN).forecast.n_times == 72
    assert waits == [2.0, 31.0, 8.0]


def test_a_limit_is_told_in_the_words_of_the_service(serve, make_client, waits):
    reason = "Daily API request limit exceeded. Please try again tomorrow."
    with (
        serve(FakeOpenMeteo(limit=reason)) as server,
        pytest.raises(SourceUnavailableError, match="429 Too Many Requests: Daily API request limit exceeded"),
    ):
        make_client(server).forecast(BERLIN)
    assert len(waits) == 3


@pytest.mark.parametrize(
    ("fault", "words"),
    [
        (Fault.HTML, "a web page instead of JSON"),
        (Fault.CUT_OFF, "cut off or damaged"),
        (Fault.MOVED, "moved to"),
    ],
)
def test_lasting_faults_are_named_and_nothing_is_kept(serve, make_client, tmp_path, fault, words):
    with serve(FakeOpenMeteo(), faults=(fault,)) as server, pytest.raises(SourceUnavailableError, match=words):
        make_client(server, cache=AnswerCache(tmp_path)).previous_runs(BERLIN, FIRST, LAST)
    assert list(tmp_path.iterdir()) == []


def test_the_reason_of_a_refusal_is_told(serve, make_client):
    with serve(FakeOpenMeteo(last_day=date(2026, 7, 9))) as server:
        with pytest.raises(SourceUnavailableError, match="400 Bad Request: Parameter 'end_date' is out of allowed"):
            make_client(server).forecast(BERLIN)
        assert make_client(server).previous_runs(BERLIN, date(2026, 7, 8), date(2026, 7, 8)).forecast.n_times == 48


def test_the_second_time_nothing_is_asked_even_offline(serve, make_client, tmp_path):
    cache = AnswerCache(tmp_path)
    with serve(FakeOpenMeteo()) as server:
        base_url = server.base_url
        first = make_client(server, cache=cache).previous_runs(BERLIN, FIRST, LAST)
    again = make_client(base_url, cache=cache, offline=True).previous_runs(BERLIN, FIRST, LAST)
    assert (first.from_cache, again.from_cache) == (False, True)
    np.testing.assert_array_equal(again.forecast.columns["temperature_c"], first.forecast.columns["temperature_c"])
    with pytest.raises(SourceUnavailableError, match="offline, and no answer is kept"):
        make_client(base_url, cache=cache, offline=True).previous_runs(BERLIN, FIRST, FIRST)


def test_nulls_stay_missing_and_are_told(serve, make_client):
    hole = ns(2026, 7, 2, 5) // 10**9

    def value(name, at):
        return None if name == "cloud_cover_previous_day1" and at == hole else 1.0

    with serve(FakeOpenMeteo(value=value)) as server:
        fetched = make_client(server).previous_runs(BERLIN, FIRST, LAST)
    assert fetched.warnings == ("cloud_cover: 1 hours are null, they stay missing",)
    assert np.isnan(fetched.forecast.columns["cloud_cover"]).sum() == 1


def test_other_columns_can_be_asked_for(serve, make_client):
    with serve(FakeOpenMeteo()) as server:
        client = make_client(server, columns=("wind_speed_100m_m_per_s", "humidity_fraction"))
        assert list(client.forecast(BERLIN).forecast.columns) == ["wind_speed_100m_m_per_s", "humidity_fraction"]
        with pytest.raises(UsageError, match="is not asked for 'snow_mm'; there is temperature_c"):
            make_client(server, columns=("snow_mm",)).forecast(BERLIN)


def test_what_makes_no_sense_is_not_asked(serve, make_client):
    with serve(FakeOpenMeteo()) as server:
        client = make_client(server)
        with pytest.raises(InvalidQuantityError, match="n_days = 16"):
            client.forecast(BERLIN, n_days=16)
        with pytest.raises(UsageError, match="2026-07-10 is not over in UTC"):
            client.previous_runs(BERLIN, FIRST, date(2026, 7, 10))
        with pytest.raises(UsageError, match="is empty"):
            client.historical_forecast(BERLIN, LAST, FIRST)
        with pytest.raises(UsageError, match="1 to 7 days before"):
            client.previous_runs(BERLIN, FIRST, LAST, days_before=(0, 1))
        assert server.requests == []


def test_another_unit_is_refused(serve, make_client):
    with (
        serve(FakeOpenMeteo(unit={"wind_speed_10m": "km/h"})) as server,
        pytest.raises(DataError, match="wind_speed_10m is in 'km/h', not in m/s as asked for"),
    ):
        make_client(server).forecast(BERLIN)


def test_the_default_is_the_public_service():
    assert OpenMeteoHosts().forecast == "https://api.open-meteo.com"
