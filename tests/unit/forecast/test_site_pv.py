"""PV of a site: panels learned from what they delivered, dark nights, limits, weather, snow and odd meters.

Everything here is synthetic: panels of a made-up tilt under the clear sky of the model, dimmed by made-up clouds.
"""

from datetime import UTC, datetime, timedelta

import numpy as np
import pytest

from battuta.domain.errors import DataError, InvalidQuantityError, LookAheadError, StaleDataError
from battuta.domain.time import NS_PER_HOUR, to_ns
from battuta.forecast.site_outlook import SiteOutlook
from battuta.forecast.site_pv import SitePvModel
from battuta.forecast.site_series import SiteSeries
from battuta.forecast.sky import ClearSky, clear_sky

QUARTER_NS = NS_PER_HOUR // 4
STEP = timedelta(minutes=15)
PLACE = (51.0, 9.0)
START_NS = to_ns(datetime(2026, 4, 30, 22, tzinfo=UTC))


def world(n_days: int, limit_kw: float = np.inf, seed: int = 3) -> tuple[SiteSeries, ClearSky, np.ndarray]:
    """Panels that lean south-east, and a sky whose clouds change by the day and wander by the hour."""
    time_ns = START_NS + QUARTER_NS * np.arange(96 * n_days)
    sky = clear_sky(time_ns, STEP, *PLACE)
    clear_kw = np.maximum(sky.parts_w_per_m2[:, :3] @ [0.04, -0.04, 0.08], 0.0) + 0.09 * sky.parts_w_per_m2[:, 3]
    rng = np.random.default_rng(seed)
    daily = np.repeat(np.clip(rng.beta(2.0, 1.0, n_days), 0.1, 1.0), 96)
    wander = np.zeros(time_ns.size)
    for index in range(1, wander.size):
        wander[index] = 0.9 * wander[index - 1] + 0.06 * rng.normal()
    share = np.clip(daily + wander, 0.05, 1.0)
    values_kw = np.where(sky.is_night, 0.0, np.minimum(share * clear_kw, limit_kw))
    return SiteSeries(time_ns=time_ns, values_kw=values_kw, step=STEP, zone="Europe/Berlin", name="pv_kw"), sky, share


def cut(series: SiteSeries, n_known: int) -> SiteSeries:
    return SiteSeries(
        time_ns=series.time_ns[:n_known], values_kw=series.values_kw[:n_known], step=STEP, zone=series.zone,
        name=series.name,
    )  # fmt: skip


def model_of(series: SiteSeries, **options) -> SitePvModel:
    model = SitePvModel(latitude_deg=PLACE[0], longitude_deg=PLACE[1])
    model.fit(series, **options)
    return model


def outlooks(series: SiteSeries, sky: ClearSky, share: np.ndarray, known_at_ns: int) -> SiteOutlook:
    """A radiation forecast with an error of its own."""
    error = 0.05 * np.random.default_rng(9).normal(size=share.size)
    return SiteOutlook(
        name="radiation_w_per_m2", time_ns=series.time_ns,
        values=np.maximum(sky.ghi_w_per_m2 * (share + error), 0.0),
        known_at_ns=np.full(share.size, known_at_ns),
    )  # fmt: skip


def test_it_beats_yesterday_and_last_week_and_holds_its_promises() -> None:
    series, sky, _ = world(75)
    n_known = 96 * 61
    model = model_of(cut(series, n_known))
    errors, yesterday, week, inside = [], [], [], []
    for now in range(n_known, 96 * 73, 13):
        if now > n_known:
            model.update(series.time_ns[now - 13 : now], series.values_kw[now - 13 : now])
        forecast, target = model.predict(int(series.time_ns[now])), slice(now, now + 192)
        values, came, night = forecast.quantiles.values, series.values_kw[target], sky.is_night[target]
        assert np.all(values[night] == 0.0)
        assert np.all(forecast.point[night] == 0.0)
        assert np.all(np.diff(values, axis=1) >= 0.0)
        assert 0.0 <= values.min() <= values.max() <= model.limit_kw
        errors.append(np.abs(forecast.point - came).mean())
        yesterday.append(np.abs(series.values_kw[now - 96 : now] - came[:96]).mean())
        week.append(np.abs(series.values_kw[now - 672 : now - 480] - came).mean())
        low, high = forecast.quantiles.at(0.05), forecast.quantiles.at(0.95)
        inside.append(((came >= low) & (came <= high))[~night].mean())
    assert np.mean(errors) < 0.9 * np.mean(yesterday)
    assert np.mean(errors) < 0.9 * np.mean(week)
    assert 0.8 < np.mean(inside) < 0.98


def test_an_inverter_that_cuts_is_learned_and_never_exceeded() -> None:
    series, _, _ = world(60, limit_kw=60.0)
    model = model_of(series)
    assert model.limit_kw == 60.0
    assert model.predict(series.end_ns).quantiles.values.max() <= 60.0
    told = SitePvModel(latitude_deg=PLACE[0], longitude_deg=PLACE[1], power_kw_max=65.0)
    told.fit(series)
    assert told.limit_kw == 65.0
    assert np.isnan(SitePvModel(latitude_deg=0.0, longitude_deg=0.0).limit_kw)
    with pytest.raises(InvalidQuantityError, match="power_kw_max"):
        SitePvModel(latitude_deg=0.0, longitude_deg=0.0, power_kw_max=0.0)


def test_radiation_helps_and_its_absence_is_told_and_wider() -> None:
    series, sky, share = world(62)
    now = 96 * 60
    radiation = outlooks(series, sky, share, int(series.time_ns[0]))
    model = model_of(cut(series, now), radiation=radiation)
    with_sun = model.predict(int(series.time_ns[now]), radiation=radiation)
    without = model.predict(int(series.time_ns[now]))
    came = series.values_kw[now : now + 192]
    assert np.abs(with_sun.point - came).mean() < 0.6 * np.abs(without.point - came).mean()
    assert with_sun.notes == ()
    assert "weather forecast missing" in without.notes[0]
    widths = [(each.quantiles.at(0.95) - each.quantiles.at(0.05)).mean() for each in (without, with_sun)]
    assert widths[0] > 1.2 * widths[1]
    late = outlooks(series, sky, share, int(series.time_ns[now]) + 1)
    with pytest.raises(LookAheadError, match="was published"):
        model.predict(int(series.time_ns[now]), radiation=late)


def test_cloud_cover_stands_in_for_radiation() -> None:
    series, _, share = world(62)
    now = 96 * 60
    cover = SiteOutlook(
        name="cloud_cover", time_ns=series.time_ns, values=np.clip((1.0 - share) / 0.75, 0.0, 1.0) ** (1.0 / 3.4),
        known_at_ns=np.full(share.size, series.time_ns[0]),
    )  # fmt: skip
    model = model_of(cut(series, now), cloud_cover=cover)
    came = series.values_kw[now : now + 192]
    with_cover = model.predict(int(series.time_ns[now]), cloud_cover=cover).point
    without = model.predict(int(series.time_ns[now])).point
    assert np.abs(with_cover - came).mean() < 0.7 * np.abs(without - came).mean()


def test_snow_brings_the_level_down_and_is_told() -> None:
    series, _, _ = world(64)
    n_known = 96 * 60
    model = model_of(cut(series, n_known))
    before = model.predict(int(series.time_ns[n_known])).point.sum()
    for day in range(60, 63):
        model.update(series.time_ns[96 * day : 96 * day + 96], np.zeros(96))
    forecast = model.predict(int(series.time_ns[96 * 63]))
    assert before > 100.0
    assert forecast.point.sum() == 0.0
    assert forecast.quantiles.at(0.95).max() > 30.0
    assert "nothing came in 3 days of sun" in forecast.notes[0]


def test_what_comes_after_the_issue_changes_nothing() -> None:
    series, _, _ = world(32)
    now = 96 * 30 + 50
    first = model_of(cut(series, now)).predict(int(series.time_ns[now]))
    other = SiteSeries(
        time_ns=series.time_ns, values_kw=np.where(np.arange(series.time_ns.size) >= now, 1.0, series.values_kw),
        step=STEP, zone=series.zone, name="pv_kw",
    )  # fmt: skip
    second = model_of(cut(other, now)).predict(int(series.time_ns[now]))
    np.testing.assert_array_equal(first.quantiles.values, second.quantiles.values)
    with pytest.raises(LookAheadError, match="later than the issue"):
        model_of(cut(series, now)).predict(int(series.time_ns[now]) - 1)


def test_fourteen_days_and_gaps_will_do_and_seven_will_not() -> None:
    series, sky, _ = world(16)
    values_kw = series.values_kw.copy()
    values_kw[500:560] = np.nan
    holed = SiteSeries(time_ns=series.time_ns, values_kw=values_kw, step=STEP, zone=series.zone, name="pv_kw")
    forecast = model_of(cut(holed, 96 * 14)).predict(int(series.time_ns[96 * 14]))
    assert np.all(np.isfinite(forecast.quantiles.values))
    assert np.all(forecast.point[sky.is_night[96 * 14 :]] == 0.0)
    with pytest.raises(StaleDataError, match="a forecast needs 8"):
        model_of(cut(series, 96 * 7))
    with pytest.raises(StaleDataError, match="call fit"):
        SitePvModel(latitude_deg=0.0, longitude_deg=0.0).predict(0)


def test_a_wrong_clock_and_watts_are_refused_by_name() -> None:
    series, _, _ = world(30)
    shifted = SiteSeries(
        time_ns=series.time_ns, values_kw=np.roll(series.values_kw, 4 * 8), step=STEP, zone=series.zone, name="pv_kw"
    )  # fmt: skip
    with pytest.raises(DataError, match="of the energy falls in nights"):
        model_of(shifted)
    model = model_of(cut(series, 96 * 28))
    with pytest.raises(DataError, match="W or MW"):
        model.update(series.time_ns[96 * 28 : 96 * 29], 1000.0 * series.values_kw[96 * 28 : 96 * 29])
    dead = SiteSeries(
        time_ns=series.time_ns, values_kw=np.zeros(series.time_ns.size), step=STEP, zone=series.zone, name="pv_kw"
    )  # fmt: skip
    with pytest.raises(DataError, match="no power on any day"):
        model_of(dead)
