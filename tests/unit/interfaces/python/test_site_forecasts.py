"""Site forecasts in a notebook: scored, issued, labelled; the series are synthetic."""

from datetime import UTC, date, datetime, timedelta

import numpy as np
import polars as pl
import pytest

import battuta as bt

START = datetime(2026, 1, 5, tzinfo=UTC)
N_HOURS = 24 * 21


def load(n_hours=N_HOURS, **columns):
    hour = np.arange(n_hours)
    rng = np.random.default_rng(1)
    load_kw = 40.0 + 60.0 * ((hour % 24 > 7) & (hour % 24 < 18) & (hour // 24 % 7 < 5)) + rng.normal(0.0, 1.0, n_hours)
    return pl.DataFrame({"time": [START + timedelta(hours=int(each)) for each in hour], "load_kw": load_kw, **columns})


def test_a_test_shows_its_bands_with_their_label():
    result = bt.forecast_site(load(is_synthetic=True), what="load", zone="UTC", test_days=3)
    assert isinstance(result, bt.SiteForecastResult)
    assert result.table["low_h"].to_list() == [0.0, 1.0, 6.0, 24.0]
    assert (result.table["mae_kw"] < result.table["mae_last_kw"])[1:].all()
    assert result.table["is_synthetic"].all()
    assert repr(result).startswith("SYNTHETIC: frame, made up")
    assert "<strong>SYNTHETIC" in result._repr_html_()
    measured = bt.forecast_site(load(), what="load", zone="UTC", test_days=3)
    assert (measured.label, repr(measured)) == ("", repr(measured.table))
    assert measured.table["mae_kw"].to_list() == result.table["mae_kw"].to_list()


def test_the_days_ahead_are_issued(tmp_path):
    load(is_synthetic=True).write_parquet(tmp_path / "meter.parquet")
    friday = date(2026, 1, 26)
    plain, free = (
        bt.issue_site_forecast(tmp_path / "meter.parquet", what="load", zone="UTC", free_days=days)
        for days in ((), {friday})
    )
    assert isinstance(plain, bt.IssuedSiteForecast)
    assert plain.table.columns[:3] == ["time", "point", "q01"]
    assert plain.table.columns[-4:] == ["q99", "known_at", "unit", "is_synthetic"]
    assert plain.table["time"][0] == plain.table["known_at"][0] == START + timedelta(hours=N_HOURS)
    assert plain.table["point"][12] > 80.0
    assert free.table["point"][12] < 60.0
    assert plain.notes == plain.forecast.notes == ()
    assert repr(plain).startswith("SYNTHETIC: meter.parquet")
    assert "<strong>SYNTHETIC" in plain._repr_html_()


def test_weather_comes_from_a_file(tmp_path):
    times = [START + timedelta(hours=each) for each in range(N_HOURS + 48)]
    table = pl.DataFrame({"time": times, "temperature_c": np.random.default_rng(4).normal(5.0, 4.0, len(times))})
    table.with_columns(pl.col("time").dt.strftime("%Y-%m-%dT%H:%MZ")).write_csv(tmp_path / "weather.csv")
    options = {"what": "load", "zone": "UTC", "known_at": "D-2 00:00 UTC"}
    issued = bt.issue_site_forecast(load(), **options, weather=tmp_path / "weather.csv")
    assert issued.notes == ()
    apart = bt.issue_site_forecast(load(), what="load", zone="UTC")
    assert issued.table["point"].to_list() != apart.table["point"].to_list()
    with pytest.raises(bt.BattutaError, match="known_at belongs to a weather file"):
        bt.issue_site_forecast(load(), **options)


def test_panels_need_a_place():
    with pytest.raises(bt.BattutaError, match="--latitude-deg"):
        bt.forecast_site(load(), what="pv", zone="UTC")
