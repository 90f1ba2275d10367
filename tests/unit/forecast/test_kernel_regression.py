"""The Gaussian process that grows day by day is the one that plain algebra solves at once."""

from datetime import UTC, date, datetime, timedelta

import numpy as np
import pytest

from battuta.domain.errors import StaleDataError, UsageError
from battuta.domain.prices import Column, History, PriceSeries
from battuta.domain.publication import BEFORE_DAY_AHEAD_GATE
from battuta.domain.time import to_ns
from battuta.forecast import kernel_regression as model
from battuta.forecast.day_table import DayTable, KnownDays
from battuta.forecast.kernel_inputs import kernel_rows, kernel_scales
from battuta.forecast.kernel_regression import KernelRegression

N_DAYS = 110
BLOCK = 4


def planted(n_slots=24, seed=0):
    """Days whose price bends with what wind leaves of the load."""
    rng = np.random.default_rng(seed)
    hour = np.arange(n_slots) * 24 / n_slots
    load = 100.0 + 20.0 * np.sin(hour * np.pi / 12) + 6.0 * rng.normal(size=(N_DAYS + 1, 1))
    wind = np.abs(40.0 + 20.0 * rng.normal(size=(N_DAYS + 1, 1)) + 3.0 * rng.normal(size=load.shape))
    price = 10.0 + 0.01 * np.maximum(load - wind, 0.0) ** 2 + rng.normal(size=load.shape)
    return price, {"load_forecast_mw": load, "wind_forecast_mw": wind}


PRICE, COLUMNS = planted()


def known(day, price=PRICE, columns=COLUMNS):
    dates = tuple(date(2026, 1, 1) + timedelta(days=k) for k in range(day + 1))
    return KnownDays(
        day=day,
        dates=dates,
        price_per_mwh=price[:day],
        columns={name: each[: day + 1] for name, each in columns.items()},
    )


def run(fit_day, day, **kwargs):
    member = KernelRegression()
    member.fit(known(fit_day, **kwargs))
    for each in range(fit_day + 1, day + 1):
        member.update(known(each, **kwargs))
    return member.predict(known(day, **kwargs))


def covariance(one, other, n_one, n_other, hour_weight):
    """Of two days: a straight line through all inputs, and a Matern kernel of their distance that fades with time."""
    weighted = np.sqrt(hour_weight)
    apart = [(weighted * (one["likeness"] - other["likeness"])).ravel(), one["calendar"] - other["calendar"]]
    distance = np.sqrt(3.0) * model._LENGTH * np.linalg.norm(np.concatenate(apart))
    fading = model._FADING_SHARE * np.exp(-abs(n_one - n_other) / model._MEMORY_DAYS) + 1.0 - model._FADING_SHARE
    line = model._CONSTANT + model._LINE * float(one["line"] @ other["line"])
    return line + fading * (1.0 + distance) * np.exp(-distance)


def twin(fit_day, day, price=PRICE, columns=COLUMNS):
    """Plain twin: one Gram matrix of all days, solved at once, on the scales of the day of the fit."""
    scales = kernel_scales(known(fit_day, price, columns), 7)
    rows = kernel_rows(known(day, price, columns), 7, day + 1, scales)
    learned = np.flatnonzero(rows.is_usable)
    at_fit = learned[learned < fit_day - 7]
    line_mean, target_mean = rows.line[at_fit].mean(axis=0), rows.target[at_fit].mean(axis=0)
    days = [
        {"likeness": rows.likeness[k], "calendar": rows.calendar[k], "line": rows.line[k] - line_mean}
        for k in range(day + 1 - 7)
    ]
    said = target_mean.copy()
    slots_per_block = price.shape[1] * BLOCK // 24
    for block in range(24 // BLOCK):
        near = np.zeros(24)
        for hour in range(BLOCK * block, BLOCK * (block + 1)):
            near += np.exp(-np.abs(np.arange(24) - hour) / model._REACH_HOURS)
        weight = model._LOCAL_SHARE * near / near.sum() + (1.0 - model._LOCAL_SHARE) / 24
        gram = np.array([[covariance(days[a], days[b], a, b, weight) for b in learned] for a in learned])
        gram += model._NOISE * np.eye(len(learned))
        to_today = np.array([covariance(days[-1], days[b], len(days) - 1, b, weight) for b in learned])
        slots = slice(block * slots_per_block, (block + 1) * slots_per_block)
        said[slots] += to_today @ np.linalg.solve(gram, rows.target[learned][:, slots] - target_mean[slots])
    return scales.price.invert(said)


def changed(rows, place, value):
    other = rows.copy()
    other[place] = value
    return other


def test_it_follows_a_market_that_bends():
    said = np.array([run(80, day) for day in range(90, 96)])
    error = np.abs(said - PRICE[90:96]).mean()
    assert error < 6.0 < 0.4 * np.abs(PRICE[89:95] - PRICE[90:96]).mean()
    assert KernelRegression().name == "kernel"


@pytest.mark.parametrize(("fit_day", "day"), [(60, 60), (60, 61), (50, 62)])
def test_a_fit_and_its_updates_are_one_solution(fit_day, day):
    np.testing.assert_allclose(run(fit_day, day), twin(fit_day, day), rtol=1e-9)


def test_days_with_gaps_are_not_learned_from():
    price = changed(changed(PRICE, (40, 6), np.nan), (55, slice(None)), np.nan)
    np.testing.assert_allclose(run(50, 60, price=price), twin(50, 60, price=price), rtol=1e-9)
    assert np.abs(run(50, 60, price=changed(PRICE, 55, 9e3)) - run(50, 60)).max() > 1.0


def test_several_days_may_become_known_at_once():
    member = KernelRegression()
    member.fit(known(50))
    member.update(known(60))
    np.testing.assert_allclose(member.predict(known(60)), run(50, 60), rtol=1e-12)


def test_prices_that_come_late_are_learned_as_if_they_had_been_on_time():
    late = known(60)
    late = KnownDays(day=60, dates=late.dates, price_per_mwh=PRICE[:58], columns=late.columns)
    asked, silent = KernelRegression(), KernelRegression()
    for member in (asked, silent):
        member.fit(late)
    asked.predict(late)
    for member in (asked, silent):
        member.update(known(61))
    np.testing.assert_array_equal(asked.predict(known(61)), silent.predict(known(61)))


def test_an_update_without_news_changes_nothing():
    member = KernelRegression()
    member.fit(known(60))
    first = member.predict(known(60))
    member.update(known(60))
    np.testing.assert_array_equal(member.predict(known(60)), first)


def test_a_series_that_vanishes_or_returns_makes_it_begin_anew():
    holed = {**COLUMNS, "wind_forecast_mw": changed(COLUMNS["wind_forecast_mw"], (62, 4), np.nan)}
    member = KernelRegression()
    member.fit(known(60, columns=holed))
    for day in (61, 62, 63):
        member.update(known(day, columns=holed))
        fresh = KernelRegression()
        fresh.fit(known(day if day > 61 else 60, columns=holed))
        if day == 61:
            fresh.update(known(61, columns=holed))
        np.testing.assert_array_equal(
            member.predict(known(day, columns=holed)), fresh.predict(known(day, columns=holed))
        )
    without = {"load_forecast_mw": COLUMNS["load_forecast_mw"]}
    np.testing.assert_array_equal(run(62, 62, columns=holed), run(62, 62, columns=without))


def test_a_week_of_calm_is_no_trouble():
    calm = {**COLUMNS, "wind_forecast_mw": changed(COLUMNS["wind_forecast_mw"], slice(70, 85), 0.0)}
    assert np.isfinite(run(75, 84, columns=calm)).all()


def test_the_currency_does_not_matter():
    np.testing.assert_allclose(run(50, 60, price=10.0 * PRICE), 10.0 * run(50, 60), rtol=1e-9)


def test_each_quarter_hour_has_its_own_forecast():
    price, columns = planted(96)
    said = run(60, 61, price=price, columns=columns)
    np.testing.assert_allclose(said, twin(60, 61, price=price, columns=columns), rtol=1e-9)
    assert np.unique(said).size == 96


def test_a_day_of_23_hours_is_learned_and_forecast():
    start = datetime(2026, 1, 31, 23, tzinfo=UTC)
    n_hours = 60 * 24 - 1
    rng = np.random.default_rng(2)
    load = 100.0 + 10.0 * rng.normal(size=n_hours)
    series = PriceSeries(
        time_ns=to_ns(start) + np.arange(n_hours) * 3_600_000_000_000,
        price_per_mwh=load - 60.0 + rng.normal(size=n_hours),
        step=timedelta(hours=1),
        currency="EUR",
        zone="Europe/Berlin",
        columns={"load_forecast_mw": Column(values=load, unit="MW", rule=BEFORE_DAY_AHEAD_GATE)},
    )
    table = DayTable(History(series))
    spring = table.dates.index(date(2026, 3, 29))
    member = KernelRegression()
    member.fit(table.at_gate(spring))
    assert table.on_steps(spring, member.predict(table.at_gate(spring))).shape == (23,)
    member.update(table.at_gate(spring + 1))
    assert member._past.days.number[-1] == spring
    assert (
        np.abs(member.predict(table.at_gate(spring + 1)) - table.prices_per_mwh(spring + 1, spring + 2)[0]).mean() < 6.0
    )


def test_who_was_not_fitted_says_so():
    with pytest.raises(UsageError, match="fit comes before predict"):
        KernelRegression().predict(known(60))


def test_history_without_one_whole_day_is_refused():
    holed = PRICE.copy()
    holed[:, 0] = np.nan
    with pytest.raises(StaleDataError, match="no day of the 53"):
        KernelRegression().fit(known(60, price=holed))
    with pytest.raises(StaleDataError, match="give at least 8"):
        KernelRegression().fit(known(7))
