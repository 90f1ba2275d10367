"""Weather beside prices: what was known at the gate, on the grid of the prices, and nothing else."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

import numpy as np
import pytest

from battuta.adapters.markets.fault_server import FaultServer
from battuta.adapters.weather.open_meteo.client import OpenMeteoHosts
from battuta.adapters.weather.open_meteo.fake import FakeOpenMeteo
from battuta.app.holidays import with_holidays
from battuta.app.prices import with_gate
from battuta.app.weather import (
    WeatherRequest,
    WeatherWish,
    fetch_weather,
    load_weather,
    planted_market,
    with_weather,
)
from battuta.domain.errors import ClockError, DataError, SourceUnavailableError, UsageError
from battuta.domain.prices import History, PriceSeries
from battuta.domain.publication import LocalTimeRule
from battuta.domain.time import NS_PER_HOUR, ClockKind, duration_ns, local_instant_ns, to_ns
from battuta.domain.weather import Place, WeatherForecast

PLACE = Place(latitude_deg=52.52, longitude_deg=13.41)
DAY = date(2026, 7, 2)
HOUR, QUARTER = timedelta(hours=1), timedelta(minutes=15)
ZONE = "Europe/Berlin"
START_NS = local_instant_ns(DAY, time(0), ZONE)


def gate_ns(day, at=time(12)):
    return local_instant_ns(day - timedelta(days=1), at, ZONE)


def prices(step=HOUR, n_days=1, **changes):
    n_times = n_days * round(timedelta(days=1) / step)
    settings = {
        "time_ns": START_NS + np.arange(n_times) * duration_ns(step),
        "price_per_mwh": np.full(n_times, 50.0),
        "step": step,
        "currency": "EUR",
        "zone": ZONE,
        "source": "test",
    }
    return PriceSeries(**(settings | changes))


def weather(hours, known_ns, step=HOUR, *, is_synthetic=False, **columns):
    settings = {
        "time_ns": START_NS + np.asarray(hours) * duration_ns(step),
        "known_at_ns": np.broadcast_to(np.asarray(known_ns, dtype=np.int64), np.shape(hours)),
        "columns": {name: np.array(values, dtype=float) for name, values in columns.items()},
        "step": step,
        "place": PLACE,
        "source": "somebody",
        "is_synthetic": is_synthetic,
    }
    return WeatherForecast(**settings)


def test_the_latest_vintage_before_the_gate_is_taken():
    gate = gate_ns(DAY)
    minute = 60 * 10**9
    forecast = weather(
        [0, 0, 0, 0],
        [gate - 600 * minute, gate - minute, gate - minute // 2, gate + 60 * minute],
        temperature_c=[1.0, 2.0, 3.0, 4.0],
    )
    joined = with_weather(prices(), forecast)
    column = joined.columns["temperature_c"]
    assert column.values[0] == 2.0
    assert np.isnan(column.values[1:]).all()
    assert (column.unit, column.rule) == ("degC", LocalTimeRule(day_offset=-1, at=time(11, 59)))
    assert joined.source == "test; weather: somebody"
    assert History(joined).view(gate).n_known("temperature_c") == 24


@pytest.mark.parametrize("gate", [time(9, 30), time(12, 0), time(0, 0)])
def test_every_day_has_its_own_gate(gate):
    hours = np.repeat(np.arange(48), 2)
    known = np.concatenate(
        [[gate_ns(DAY + timedelta(days=k), gate) + s for s in (-(10**12), 10**9)] * 24 for k in (0, 1)]
    )
    forecast = weather(hours, known, temperature_c=np.tile([1.0, 2.0], 48))
    joined = with_weather(replace(prices(n_days=2), gate=gate), forecast)
    assert set(joined.columns["temperature_c"].values) == {1.0}
    view = History(joined).view(gate_ns(DAY + timedelta(days=1), gate))
    assert view.n_known("temperature_c") == 48
    assert History(joined).view(gate_ns(DAY + timedelta(days=1), gate) - 61 * 10**9).n_known("temperature_c") == 24


def test_what_comes_after_the_gate_changes_no_value_before():
    series, forecast = planted_market(3, 20)
    before = with_weather(series, forecast)
    day = series.days().dates[10]
    gate = local_instant_ns(day - timedelta(days=1), time(12), series.zone)
    later = forecast.known_at_ns >= gate
    changed = {name: np.where(later, 0.5, values) for name, values in forecast.columns.items()}
    after = with_weather(
        series,
        WeatherForecast(
            time_ns=forecast.time_ns,
            known_at_ns=forecast.known_at_ns,
            columns=changed,
            step=forecast.step,
            place=forecast.place,
            is_synthetic=True,
        ),
    )
    until = series.days().steps(10).stop
    for name in forecast.columns:
        assert before.columns[name].values[:until].tobytes() == after.columns[name].values[:until].tobytes()
        assert (before.columns[name].values[until:] != after.columns[name].values[until:]).any()


def test_hourly_weather_on_quarters_is_repeated_and_temperature_drawn_straight():
    forecast = weather([0, 1], gate_ns(DAY) - 10**12, temperature_c=[10.0, 14.0], wind_speed_m_per_s=[3.0, 5.0])
    joined = with_weather(prices(QUARTER), forecast)
    temperature, wind = (joined.columns[name].values for name in ("temperature_c", "wind_speed_m_per_s"))
    np.testing.assert_array_equal(temperature[:8], [10.0, 11.0, 12.0, 13.0, 14.0, np.nan, np.nan, np.nan])
    np.testing.assert_array_equal(wind[:9], [3.0] * 4 + [5.0] * 4 + [np.nan])


def test_finer_weather_is_averaged_and_a_missing_part_makes_it_missing():
    known = gate_ns(DAY) - 10**12
    forecast = weather(range(7), known, QUARTER, radiation_w_per_m2=[0.0, 100.0, 200.0, 300.0, 50.0, 50.0, 50.0])
    values = with_weather(prices(), forecast).columns["radiation_w_per_m2"].values
    np.testing.assert_array_equal(values[:2], [150.0, np.nan])


def test_finer_wind_directions_are_averaged_round_the_compass():
    known = gate_ns(DAY) - 10**12
    forecast = weather(range(4), known, QUARTER, wind_direction_deg=[350.0, 340.0, 20.0, 50.0])
    values = with_weather(prices(), forecast).columns["wind_direction_deg"].values
    assert values[0] == pytest.approx(10.0, abs=1.0)


def test_two_places_carry_labels():
    forecast = weather([0], gate_ns(DAY) - 10**12, temperature_c=[10.0])
    joined = with_weather(with_weather(prices(), forecast, label="north"), forecast, label="south")
    assert list(joined.columns) == ["north_temperature_c", "south_temperature_c"]
    with pytest.raises(UsageError, match="north_temperature_c already; give this weather a label"):
        with_weather(joined, forecast, label="north")


def test_what_cannot_be_joined_is_refused():
    forecast = weather([0], gate_ns(DAY) - 10**12, temperature_c=[10.0])
    with pytest.raises(ClockError, match="local_24h, whose labels are no instants"):
        with_weather(prices(zone="UTC", clock=ClockKind.LOCAL_24H), forecast)
    with pytest.raises(UsageError, match="is synthetic, the prices are recorded"):
        with_weather(prices(), weather([0], 0, temperature_c=[10.0], is_synthetic=True))
    with pytest.raises(DataError, match="does not fit"):
        with_weather(prices(time_ns=START_NS + 10**9 + np.arange(24) * NS_PER_HOUR), forecast)
    with pytest.raises(DataError, match="does not fit"):
        with_weather(prices(QUARTER), weather([0], 0, timedelta(minutes=10), temperature_c=[10.0]))


def test_weather_that_nobody_had_in_time_is_refused_with_its_reason():
    with pytest.raises(DataError, match=r"published at 2026-07-01T11:00Z, the gate closed at 2026-07-01T09:59Z; use"):
        with_weather(prices(), weather([0], gate_ns(DAY) + NS_PER_HOUR, temperature_c=[10.0]))
    with pytest.raises(DataError, match="the weather covers 2026-07-06 to 2026-07-06, the prices 2026-07-01 to"):
        with_weather(prices(), weather([100], 0, temperature_c=[10.0]))


NOW = datetime(2026, 7, 10, 8, 30, tzinfo=UTC)


def test_weather_without_a_value_is_said_to_be_empty():
    with pytest.raises(DataError, match=r"temperature_c hold no value at all; export it again"):
        with_weather(prices(n_days=3), weather([0, 1], gate_ns(DAY) - NS_PER_HOUR, temperature_c=[np.nan, np.nan]))


def test_weather_is_fetched_into_a_file_that_can_be_joined(tmp_path):
    path, cache = tmp_path / "weather.csv", tmp_path / "cache"
    with FaultServer(FakeOpenMeteo().reply) as server:
        hosts = OpenMeteoHosts(forecast=server.base_url, previous_runs=server.base_url)
        past = WeatherWish(place=PLACE, first_day=date(2026, 7, 1), last_day=DAY, hosts=hosts, cache_folder=cache)
        fetched = fetch_weather(past, path, now=lambda: NOW)
        fetch_weather(past, path, now=lambda: NOW)
        assert len(server.requests) == 1
        to_come = WeatherWish(place=PLACE, hosts=hosts, cache_folder=cache)
        for _ in range(2):
            fetch_weather(to_come, tmp_path / "to_come.parquet", now=lambda: NOW)
        assert len(server.requests) == 3
    assert fetched.forecast.attribution == "Weather data by Open-Meteo.com (CC BY 4.0)"
    read = load_weather(WeatherRequest(path=path, place=PLACE)).forecast
    joined = with_weather(prices(), read)
    assert np.isfinite(joined.columns["temperature_c"].values[:22]).all()
    assert set(read.known_at_ns - read.time_ns) == {-15 * NS_PER_HOUR, -39 * NS_PER_HOUR}
    later = load_weather(WeatherRequest(path=tmp_path / "to_come.parquet", place=PLACE)).forecast
    assert set(later.known_at_ns) == {to_ns(NOW)}


def test_a_wish_that_makes_no_sense_is_refused(tmp_path):
    with pytest.raises(UsageError, match="come together"):
        fetch_weather(WeatherWish(place=PLACE, first_day=DAY), tmp_path / "weather.csv")
    with pytest.raises(UsageError, match="neither in"):
        fetch_weather(WeatherWish(place=PLACE), tmp_path / "weather.txt")
    with pytest.raises(SourceUnavailableError, match="offline"):
        fetch_weather(WeatherWish(place=PLACE, is_offline=True), tmp_path / "weather.csv")


def test_prices_with_weather_keep_their_gate_and_their_holidays():
    base = with_gate(with_holidays(prices(), "DE"), "10:30")
    joined = with_weather(base, weather([12], gate_ns(DAY, time(9)), temperature_c=[20.0]))
    assert (joined.gate, joined.holidays) == (time(10, 30), base.holidays)
