"""Site forecasts for whoever asks: issued, scored, with weather as it was known; all series here are synthetic."""

import subprocess
import sys
from dataclasses import replace
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np
import polars as pl
import pytest

from battuta.adapters.files.site_series_file import SiteImport
from battuta.app.site_forecasts import SiteWish, evaluate, issue, load_site
from battuta.domain.errors import DataError, InvalidQuantityError, StaleDataError, UsageError
from battuta.domain.time import NS_PER_DAY, NS_PER_HOUR, to_ns
from battuta.domain.weather import Place, WeatherForecast
from battuta.forecast.site_load import SiteLoadModel
from battuta.forecast.site_series import SiteSeries

BERLIN = "Europe/Berlin"
START = datetime(2026, 1, 12, tzinfo=ZoneInfo(BERLIN))
START_NS, N_DAYS = to_ns(START), 28
WISH = SiteWish(what="load", zone=BERLIN)
PV_WISH = SiteWish(what="pv", zone=BERLIN, latitude_deg=51.0, longitude_deg=9.0)


def hours(n_days):
    return np.arange(24 * n_days)


def cold_site(n_days=N_DAYS):
    """A load that follows its hour and a temperature that wanders from day to day."""
    rng = np.random.default_rng(5)
    hour = hours(N_DAYS + 3)
    warm_c = np.repeat(rng.normal(2.0, 5.0, N_DAYS + 3), 24)
    load_kw = 80.0 + 30.0 * (np.abs(hour % 24 - 12) < 5) - 3.0 * warm_c + rng.normal(0.0, 1.0, hour.size)
    series = SiteSeries(
        time_ns=START_NS + NS_PER_HOUR * hours(n_days), values_kw=load_kw[: 24 * n_days], step=timedelta(hours=1),
        zone=BERLIN, is_synthetic=True,
    )  # fmt: skip
    return SiteImport(series=series, source="meter.csv"), warm_c


def forecast_of(values, lead_ns=3 * NS_PER_DAY, name="temperature_c"):
    time_ns = START_NS + NS_PER_HOUR * np.arange(values.size)
    return WeatherForecast(
        time_ns=time_ns, known_at_ns=time_ns - lead_ns, columns={name: values}, step=timedelta(hours=1),
        place=Place(latitude_deg=51.0, longitude_deg=9.0), source="weather.csv", is_synthetic=True,
    )  # fmt: skip


def panels(n_days=20):
    """Panels of days that are clear or dull in turn."""
    from battuta.forecast.sky import clear_sky

    time_ns = START_NS + NS_PER_HOUR * hours(n_days + 2)
    sky = clear_sky(time_ns, timedelta(hours=1), 51.0, 9.0)
    share = np.repeat(np.random.default_rng(2).uniform(0.2, 1.0, n_days + 2), 24)
    series = SiteSeries(
        time_ns=time_ns[:-48], values_kw=np.where(sky.is_night, 0.0, 0.1 * share * sky.ghi_w_per_m2)[:-48],
        step=timedelta(hours=1), zone=BERLIN, name="pv_kw", is_synthetic=True,
    )  # fmt: skip
    return SiteImport(series=series, source="panels.csv"), share * sky.ghi_w_per_m2, 1.0 - share


def test_the_days_ahead_are_issued_from_the_end_of_the_series():
    site, _ = cold_site()
    issued = issue(site, WISH)
    assert issued.forecast.known_at_ns == issued.forecast.time_ns[0] == site.series.end_ns
    assert issued.forecast.quantiles.values.shape == (48, 99)
    assert (issued.forecast.is_synthetic, issued.forecast.notes) == (True, ())


def test_temperature_that_was_forecast_makes_a_load_surer():
    site, warm_c = cold_site()
    without = evaluate(site, WISH, 7, issue_every=timedelta(hours=3))
    beside = evaluate(site, WISH, 7, forecast_of(warm_c), issue_every=timedelta(hours=3))
    assert beside.bands[2].mae_kw < 0.7 * without.bands[2].mae_kw
    assert beside.start_ns == site.series.end_ns - 7 * NS_PER_DAY
    assert beside.mean_kw == pytest.approx(site.series.values_kw[-7 * 24 :].mean())


def test_weather_that_is_published_later_is_not_used():
    site, warm_c = cold_site()
    known = forecast_of(warm_c)
    now_ns = site.series.end_ns
    later = np.flatnonzero(known.time_ns >= now_ns)
    order = np.sort(np.concatenate([np.arange(known.n_times), later]))
    twice = np.concatenate([[False], np.diff(order) == 0])
    correction = replace(
        known,
        time_ns=known.time_ns[order],
        known_at_ns=np.where(twice, now_ns + 1, known.known_at_ns[order]),
        columns={"temperature_c": np.where(twice, -30.0, warm_c[order])},
    )
    expected = issue(site, WISH, known).forecast
    np.testing.assert_array_equal(issue(site, WISH, correction).forecast.point, expected.point)
    in_time = replace(correction, known_at_ns=np.where(twice, now_ns, correction.known_at_ns))
    assert issue(site, WISH, in_time).forecast.point.mean() > expected.point.mean() + 30.0


def test_weather_that_is_known_for_a_day_only_is_told():
    site, warm_c = cold_site()
    forecast = issue(site, WISH, forecast_of(warm_c, NS_PER_DAY)).forecast
    assert forecast.notes == ("temperature missing in 23 of 48 intervals: usual weather, wider there",)


@pytest.mark.parametrize("name", ["radiation_w_per_m2", "cloud_cover"])
def test_panels_lean_on_radiation_or_cloud(name):
    pytest.importorskip("pvlib")
    site, radiation, cloud = panels()
    beside = forecast_of({"radiation_w_per_m2": radiation, "cloud_cover": cloud}[name], name=name)
    apart, together = (
        evaluate(site, PV_WISH, 5, each, issue_every=timedelta(hours=6)).bands[2].mae_kw for each in (None, beside)
    )
    assert together < 0.8 * apart
    assert issue(site, PV_WISH, beside).forecast.notes == ()
    one_day = replace(beside, known_at_ns=beside.time_ns - NS_PER_DAY)
    assert "weather forecast missing" in issue(site, PV_WISH, one_day).forecast.notes[0]


def test_a_test_begins_at_a_local_midnight():
    site, _ = cold_site()
    short = replace(site.series, time_ns=site.series.time_ns[:-5], values_kw=site.series.values_kw[:-5])
    scored = evaluate(replace(site, series=short), WISH, 2, issue_every=timedelta(hours=3))
    assert scored.start_ns == START_NS + (N_DAYS - 3) * NS_PER_DAY


@pytest.mark.parametrize(
    ("wishes", "what"),
    [
        ({"what": "wind"}, "choose load or pv"),
        ({"zone": None}, "--zone"),
        ({"zone": "Mars"}, "Mars"),
        ({"what": "pv", "latitude_deg": 51.0}, "--longitude-deg"),
        ({"latitude_deg": 51.0}, "belong to pv"),
        ({"power_kw_max": 51.0}, "belong to pv"),
        ({"what": "pv", "latitude_deg": 51.0, "longitude_deg": 9.0, "free_days": {date(2026, 1, 6)}}, "to load"),
    ],
)
def test_wishes_that_do_not_go_together_are_refused(wishes, what):
    with pytest.raises(UsageError, match=what):
        SiteWish(**({"what": "load", "zone": BERLIN} | wishes))


@pytest.mark.parametrize(
    ("test_days", "every_min", "error", "what"),
    [
        (0, 180, UsageError, "test_days = 0"),
        (21, 180, StaleDataError, r"holds 28\.0 days; a test of 21 needs 8 before it"),
        (2, 90, UsageError, "no whole number of steps"),
        (2, 0, UsageError, "no whole number of steps"),
    ],
)
def test_a_test_that_cannot_be_is_refused(test_days, every_min, error, what):
    with pytest.raises(error, match=what):
        evaluate(cold_site()[0], WISH, test_days, issue_every=timedelta(minutes=every_min))


def test_a_test_of_one_day_scores_the_leads_that_it_reaches():
    bands = evaluate(cold_site()[0], WISH, 1, issue_every=timedelta(minutes=180)).bands
    assert [each.n_values > 0 for each in bands] == [True, True, True, False]
    assert np.isfinite(bands[2].coverage_90)
    assert np.isnan(bands[3].mae_kw)


def test_a_test_of_a_silent_meter_is_refused():
    site, _ = cold_site()
    values_kw = np.where(hours(N_DAYS) >= 24 * (N_DAYS - 2), np.nan, site.series.values_kw)
    silent = replace(site, series=replace(site.series, values_kw=values_kw))
    with pytest.raises(StaleDataError, match="nothing was measured in the last 2 days"):
        evaluate(silent, WISH, 2, issue_every=timedelta(hours=3))
    assert "is stale" in issue(silent, WISH).forecast.notes[0]


def test_a_place_has_to_be_on_the_globe():
    pytest.importorskip("pvlib")
    with pytest.raises(InvalidQuantityError, match="latitude_deg = 951"):
        issue(panels()[0], replace(PV_WISH, latitude_deg=951.0))


def test_a_frame_is_read_as_a_file_is(tmp_path):
    table = pl.DataFrame({"time": ["2026-01-01T00:00Z", "2026-01-01T01:00Z"], "load_kw": [1.0, 2.0]})
    table.write_csv(tmp_path / "meter.csv")
    for each in (table, tmp_path / "meter.csv", str(tmp_path / "meter.csv")):
        assert load_site(each, WISH).series.values_kw.tolist() == [1.0, 2.0]
    with pytest.raises(UsageError, match="list is no data frame"):
        load_site([1.0], WISH)


def test_without_pvlib_a_load_is_forecast_and_panels_say_what_to_install():
    program = """
import sys
sys.modules["pvlib"] = None
from battuta.app.site_forecasts import SiteWish, _model
from battuta.domain.errors import MissingExtraError
_model(SiteWish(what="load", zone="UTC"), None, None)
try:
    _model(SiteWish(what="pv", zone="UTC", latitude_deg=1.0, longitude_deg=1.0), None, None)
except MissingExtraError as error:
    print(error)
"""
    run = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert "battuta[site-forecast]" in run.stdout


def test_an_absurd_last_reading_does_not_move_the_forecast_and_is_told():
    site, _ = cold_site()
    times = [(START + timedelta(hours=int(each))).isoformat() for each in hours(N_DAYS)]
    absurd_kw = site.series.values_kw.copy()
    absurd_kw[-1] *= 100.0
    empty_kw = np.where(absurd_kw > 1000.0, np.nan, absurd_kw)
    issued = [
        issue(load_site(pl.DataFrame({"time": times, "load_kw": load_kw}), WISH), WISH)
        for load_kw in (empty_kw, absurd_kw)
    ]
    np.testing.assert_array_equal(issued[1].forecast.quantiles.values, issued[0].forecast.quantiles.values)
    (told,) = set(issued[1].forecast.notes) - set(issued[0].forecast.notes)
    assert told.startswith("1 reading far beyond all before")


def test_a_forecast_with_a_hole_is_an_error_and_no_better_score(monkeypatch):
    site, _ = cold_site()
    whole = SiteLoadModel.predict

    def holed(self, *arguments, **options):
        forecast = whole(self, *arguments, **options)
        return replace(forecast, point=np.where(np.arange(forecast.point.size) == 7, np.nan, forecast.point))

    monkeypatch.setattr(SiteLoadModel, "predict", holed)
    with pytest.raises(DataError, match=r"forecast of 2026-02-.* has no value for 1 of 48 intervals"):
        evaluate(site, WISH, 3)
