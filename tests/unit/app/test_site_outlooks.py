"""Weather beside a site: of each hour what was out by then, and nothing that was published later."""

from datetime import timedelta

import numpy as np
import pytest

from battuta.app.site_outlooks import SiteWeather, past_outlook
from battuta.domain.errors import DataError, UsageError
from battuta.domain.time import NS_PER_DAY, NS_PER_HOUR, duration_ns
from battuta.domain.weather import Place, WeatherForecast
from battuta.forecast.site_series import SiteSeries

START_NS = 20_000 * NS_PER_DAY
HOUR, QUARTER = timedelta(hours=1), timedelta(minutes=15)


def weather(rows, step=HOUR, name="temperature_c", *, is_synthetic=False):
    """Rows of hour, hour at which it was published, value."""
    hours, known, values = (np.array(each, dtype=float) for each in zip(*rows, strict=True))
    return WeatherForecast(
        time_ns=START_NS + (hours * NS_PER_HOUR).astype(np.int64),
        known_at_ns=START_NS + (known * NS_PER_HOUR).astype(np.int64),
        columns={name: values},
        step=step,
        place=Place(latitude_deg=50.0, longitude_deg=10.0),
        source="weather.csv",
        is_synthetic=is_synthetic,
    )


def site(n_times=96, step=HOUR, *, is_synthetic=False):
    time_ns = START_NS + duration_ns(step) * np.arange(n_times)
    return SiteSeries(time_ns=time_ns, values_kw=np.ones(n_times), step=step, zone="UTC", is_synthetic=is_synthetic)


def at(outlook, *hours):
    return outlook.at(START_NS + (np.array(hours) * NS_PER_HOUR).astype(np.int64)).tolist()


def test_the_past_is_as_it_was_forecast_a_day_before():
    rows = [(30, 2, 1.0), (30, 6, 2.0), (30, 7, 3.0), (30, 29, 4.0), (31, 20, 5.0), (31, 31, 6.0), (32, 33, 7.0)]
    outlook = past_outlook(weather(rows), "temperature_c", NS_PER_HOUR)
    assert at(outlook, 30, 31) == [2.0, 6.0]
    assert np.isnan(at(outlook, 32)).all()


def test_what_is_published_after_the_issue_is_not_seen():
    rows = [(h, known, value) for h in range(24, 72) for known, value in ((0, 1.0), (30, 2.0))]
    beside = SiteWeather.of(weather(rows), site(), ("temperature_c",))
    for now, value in ((29, 1.0), (30, 2.0)):
        outlook = beside.ahead("temperature_c", START_NS + now * NS_PER_HOUR)
        assert at(outlook, 30, 50, 71) == [value] * 3
        assert outlook.known_at_ns.max() <= START_NS + now * NS_PER_HOUR
    assert np.isnan(at(beside.ahead("temperature_c", START_NS - NS_PER_HOUR), 24)).all()
    assert beside.ahead("cloud_cover", START_NS) is None


def test_a_hole_in_the_weather_is_not_bridged():
    rows = [(h, 0, 1.0) for h in (*range(24, 30), *range(40, 44))]
    beside = SiteWeather.of(weather(rows), site(), ("temperature_c",))
    for outlook in (beside.past["temperature_c"], beside.ahead("temperature_c", START_NS + 24 * NS_PER_HOUR)):
        np.testing.assert_array_equal(at(outlook, 29, 30, 39, 40), [1.0, np.nan, np.nan, 1.0])


def test_coarse_weather_holds_for_its_whole_interval_and_fine_weather_is_averaged():
    coarse = SiteWeather.of(weather([(0, 0, 1.0), (1, 0, 2.0)]), site(step=QUARTER), ("temperature_c",))
    assert at(coarse.past["temperature_c"], 0.0, 0.75, 1.0, 1.75) == [1.0, 1.0, 2.0, 2.0]
    rows = [(quarter / 4, -1, float(quarter)) for quarter in range(-2, 8)]
    fine = SiteWeather.of(weather(rows, QUARTER), site(), ("temperature_c",))
    assert at(fine.ahead("temperature_c", START_NS), 0, 1) == [1.5, 5.5]
    np.testing.assert_array_equal(at(fine.past["temperature_c"], -1, 0, 1), [np.nan, 1.5, 5.5])


@pytest.mark.parametrize(
    ("forecast", "series", "error", "what"),
    [
        (weather([(0, 0, 1.0)], name="wind_speed_m_per_s"), site(), UsageError, "no column temperature_c; it has wind"),
        (weather([(0, 0, 1.0)], is_synthetic=True), site(), UsageError, "invented weather explains none"),
        (weather([(0, 0, 1.0)], timedelta(minutes=10)), site(step=QUARTER), DataError, "does not fit load_kw"),
        (weather([(0.5, 0, 1.0)]), site(), DataError, "does not fit load_kw"),
        (weather([(0, 1, 1.0)]), site(), DataError, "of no interval a value was published before it began"),
        (weather([(0, -1, np.nan)]), site(), DataError, "temperature_c hold no value at all"),
    ],
)
def test_what_does_not_fit_is_named(forecast, series, error, what):
    with pytest.raises(error, match=what):
        SiteWeather.of(forecast, series, ("temperature_c",))


def test_made_up_weather_may_stand_beside_a_made_up_site():
    beside = SiteWeather.of(weather([(0, 0, 1.0)], is_synthetic=True), site(is_synthetic=True), ("temperature_c",))
    assert at(beside.past["temperature_c"], 0) == [1.0]
