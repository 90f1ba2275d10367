"""Load of a site: better than copying, wide where it must be, blind to the future, and ready for odd days."""

from datetime import UTC, date, datetime, timedelta

import numpy as np
import pytest

from battuta.domain.errors import DataError, LookAheadError, StaleDataError
from battuta.domain.time import NS_PER_HOUR, to_ns
from battuta.forecast.site_load import SiteLoadModel
from battuta.forecast.site_outlook import SiteOutlook
from battuta.forecast.site_series import SiteSeries, wall_clock

QUARTER_NS = NS_PER_HOUR // 4
STEP = timedelta(minutes=15)
ZONE = "Europe/Berlin"
START_NS = to_ns(datetime(2026, 1, 4, 23, tzinfo=UTC))


def site(n_days: int, seed: int = 1, start_ns: int = START_NS, free=()) -> SiteSeries:
    """Work from six to six, Monday to Friday; an error that lasts some hours."""
    time_ns = start_ns + QUARTER_NS * np.arange(96 * n_days)
    day, slot = wall_clock(time_ns, ZONE, STEP)
    closed = np.isin(day, [(each - date(1970, 1, 1)).days for each in free])
    works = ((day + 3) % 7 < 5) & (slot >= 24) & (slot < 72) & ~closed
    shocks = np.random.default_rng(seed).normal(size=time_ns.size)
    error = np.zeros(time_ns.size)
    for index in range(1, time_ns.size):
        error[index] = 0.95 * error[index - 1] + 0.3 * shocks[index]
    return SiteSeries(time_ns=time_ns, values_kw=(40.0 + 160.0 * works) * np.exp(0.08 * error), step=STEP, zone=ZONE)


def until(series: SiteSeries, n_known: int) -> SiteSeries:
    return SiteSeries(time_ns=series.time_ns[:n_known], values_kw=series.values_kw[:n_known], step=STEP, zone=ZONE)


def fitted(series: SiteSeries, n_known: int, **options) -> SiteLoadModel:
    model = SiteLoadModel(**options)
    model.fit(until(series, n_known))
    return model


def test_it_beats_yesterday_and_last_week_and_holds_its_promises() -> None:
    series = site(49)
    n_known = 96 * 42
    model = fitted(series, n_known)
    assert model.kinds_name == "Monday to Friday, weekend"
    errors, yesterday, week, inside = [], [], [], []
    for now in range(n_known, 96 * 47, 11):
        if now > n_known:
            model.update(series.time_ns[now - 11 : now], series.values_kw[now - 11 : now])
        forecast = model.predict(int(series.time_ns[now]))
        came = series.values_kw[now : now + 192]
        assert forecast.quantiles.values.shape == (192, 99)
        assert np.all(np.diff(forecast.quantiles.values, axis=1) >= 0.0)
        assert forecast.quantiles.values.min() >= 0.0
        np.testing.assert_array_equal(forecast.point, forecast.quantiles.values[:, 49])
        errors.append(np.abs(forecast.point - came).mean())
        yesterday.append(np.abs(series.values_kw[now - 96 : now] - came[:96]).mean())
        week.append(np.abs(series.values_kw[now - 672 : now - 480] - came).mean())
        low, high = forecast.quantiles.at(0.05), forecast.quantiles.at(0.95)
        inside.append(((came >= low) & (came <= high)).mean())
    assert np.mean(errors) < 0.75 * np.mean(yesterday)
    assert np.mean(errors) < 0.75 * np.mean(week)
    assert 0.82 < np.mean(inside) < 0.97


def test_the_next_quarter_is_surer_than_the_next_day() -> None:
    series = site(42)
    forecast = fitted(series, series.time_ns.size).predict(series.end_ns)
    width = forecast.quantiles.at(0.95) - forecast.quantiles.at(0.05)
    assert width[0] < 0.6 * width[96]


def test_what_comes_after_the_issue_changes_nothing() -> None:
    series = site(35)
    now = 96 * 28 + 30
    spoiled = SiteSeries(
        time_ns=series.time_ns, values_kw=np.where(np.arange(series.time_ns.size) >= now, 999.0, series.values_kw),
        step=STEP, zone=ZONE,
    )  # fmt: skip
    first, second = (fitted(each, now).predict(int(series.time_ns[now])) for each in (series, spoiled))
    np.testing.assert_array_equal(first.quantiles.values, second.quantiles.values)
    with pytest.raises(LookAheadError, match="later than the issue"):
        fitted(series, now).predict(int(series.time_ns[now]) - 1)


def test_updates_within_a_day_come_to_what_a_fit_would_carry_on() -> None:
    series = site(35)
    model = fitted(series, 96 * 28)
    start = 96 * 28
    model.update(series.time_ns[start : start + 40], 1.3 * series.values_kw[start : start + 40])
    high = model.predict(int(series.time_ns[start + 40])).point[:4]
    plain = fitted(series, start + 40).predict(int(series.time_ns[start + 40])).point[:4]
    assert np.all(high > 1.1 * plain)


def test_fourteen_days_will_do_and_seven_will_not() -> None:
    series = site(16)
    forecast = fitted(series, 96 * 14).predict(int(series.time_ns[96 * 14]))
    came = series.values_kw[96 * 14 :]
    assert np.abs(forecast.point - came).mean() < 0.2 * came.mean()
    with pytest.raises(StaleDataError, match=r"7\.0 days were measured, a forecast needs 8"):
        fitted(series, 96 * 7)
    with pytest.raises(StaleDataError, match="call fit"):
        SiteLoadModel().predict(0)


@pytest.mark.parametrize(("month", "day"), [(3, 29), (10, 25)])
def test_work_begins_at_six_by_the_wall_clock_when_clocks_change(month, day) -> None:
    sunday_ns = to_ns(datetime(2026, month, day, tzinfo=UTC))
    start_ns = sunday_ns - 35 * 24 * NS_PER_HOUR
    series = site(37, start_ns=start_ns)
    now = int(np.searchsorted(series.time_ns, sunday_ns - 12 * NS_PER_HOUR))
    forecast = fitted(series, now).predict(int(series.time_ns[now]))
    local_day, slot = wall_clock(forecast.time_ns, ZONE, STEP)
    monday = local_day == local_day[-1]
    assert (local_day[-1] + 3) % 7 == 0
    assert np.all(forecast.point[monday & (slot < 23)] < 100.0)
    assert np.all(forecast.point[monday & (slot > 25) & (slot < 40)] > 100.0)


def test_a_holiday_that_is_told_is_a_sunday() -> None:
    holiday = date(2026, 2, 3)  # a Tuesday
    series = site(35, free=(holiday,))
    now = int(np.searchsorted(series.time_ns, to_ns(datetime(2026, 2, 2, 23, tzinfo=UTC))))
    told, untold = (fitted(series, now, free_days=each).predict(int(series.time_ns[now])) for each in ((holiday,), ()))
    assert told.point[40:60].mean() < 60.0
    assert untold.point[40:60].mean() > 150.0


def test_gaps_are_lived_with_and_a_silent_meter_is_told_and_widens() -> None:
    series = site(35)
    values_kw = series.values_kw.copy()
    values_kw[2000:2100] = np.nan
    values_kw[1200:1220] = 0.0
    values_kw[-8:] = np.nan
    holed = SiteSeries(time_ns=series.time_ns, values_kw=values_kw, step=STEP, zone=ZONE)
    forecast = fitted(holed, holed.time_ns.size).predict(series.end_ns)
    assert any("20 zeros of a silent meter" in each for each in forecast.notes)
    assert any("stale" in each for each in forecast.notes)
    fresh = fitted(series, series.time_ns.size).predict(series.end_ns)
    widths = [each.quantiles.at(0.95)[0] - each.quantiles.at(0.05)[0] for each in (forecast, fresh)]
    assert widths[0] > 1.2 * widths[1]


def test_watts_are_refused_at_fit_and_at_update() -> None:
    series = site(20)
    model = fitted(series, 96 * 18)
    with pytest.raises(DataError, match="W or MW"):
        model.update(series.time_ns[96 * 18 : 96 * 18 + 2], 1000.0 * series.values_kw[96 * 18 : 96 * 18 + 2])
    mixed = np.where(np.arange(series.time_ns.size) > 96 * 15, 1000.0, 1.0) * series.values_kw
    with pytest.raises(DataError, match="divide by 1000"):
        SiteLoadModel().fit(SiteSeries(time_ns=series.time_ns, values_kw=mixed, step=STEP, zone=ZONE))


def test_temperature_helps_and_its_absence_is_told_and_wider() -> None:
    n_days, now = 62, 96 * 60
    time_ns = START_NS + QUARTER_NS * np.arange(96 * n_days)
    rng = np.random.default_rng(6)
    daily_c = np.repeat(np.clip(4.0 + 5.0 * rng.normal(size=n_days), -10.0, 14.0), 96)
    load_kw = 60.0 + 5.0 * (15.0 - daily_c) + 2.0 * rng.normal(size=daily_c.size)
    outlook = SiteOutlook(
        name="temperature_c", time_ns=time_ns, values=daily_c, known_at_ns=np.full(time_ns.size, time_ns[0])
    )  # fmt: skip
    series = SiteSeries(time_ns=time_ns[:now], values_kw=load_kw[:now], step=STEP, zone=ZONE)
    warm, cold = SiteLoadModel(), SiteLoadModel()
    warm.fit(series, temperature=outlook)
    cold.fit(series)
    with_c = warm.predict(int(time_ns[now]), temperature=outlook)
    without_c, plain = warm.predict(int(time_ns[now])), cold.predict(int(time_ns[now]))
    came = load_kw[now:]
    assert np.abs(with_c.point - came).mean() < 0.5 * np.abs(plain.point - came).mean()
    assert "temperature missing in 192 of 192" in without_c.notes[0]
    widths = [(each.quantiles.at(0.95) - each.quantiles.at(0.05)).mean() for each in (without_c, with_c)]
    assert widths[0] > 1.2 * widths[1]
    late = SiteOutlook(name="temperature_c", time_ns=time_ns, values=daily_c, known_at_ns=time_ns)
    with pytest.raises(LookAheadError, match="was published"):
        warm.predict(int(time_ns[now]), temperature=late)
    assert "none was learned from" in cold.predict(int(time_ns[now]), temperature=outlook).notes[0]


def test_what_is_synthetic_says_so() -> None:
    series = site(14)
    made_up = SiteSeries(
        time_ns=series.time_ns, values_kw=series.values_kw, step=STEP, zone=ZONE, is_synthetic=True
    )  # fmt: skip
    assert fitted(series, series.time_ns.size).predict(series.end_ns).is_synthetic is False
    model = SiteLoadModel()
    model.fit(made_up)
    assert model.predict(series.end_ns).is_synthetic is True
