"""Choices of inputs: nothing of a test is read, each kind holds what it says, and what is not run says why."""

import sys
from dataclasses import replace
from datetime import date, timedelta
from importlib import import_module
from pathlib import Path

import numpy as np
import pytest

from battuta.domain.prices import Column, PriceSeries
from battuta.domain.publication import AFTER_DAY_AHEAD_GATE, BEFORE_DAY_AHEAD_GATE, CLOSE_OF_DAY
from battuta.domain.time import NS_PER_DAY, NS_PER_HOUR, ClockKind

BENCHMARKS = Path(__file__).parents[2] / "benchmarks"


@pytest.fixture(scope="module")
def ablation():
    sys.path.insert(0, str(BENCHMARKS))
    yield import_module("forecast_ablation")
    sys.path.remove(str(BENCHMARKS))


def series(first, n_days, **rules):
    values = np.repeat(np.arange(float(n_days)), 24)
    start_ns = (first - date(1970, 1, 1)).days * NS_PER_DAY
    return PriceSeries(
        time_ns=start_ns + NS_PER_HOUR * np.arange(24 * n_days),
        price_per_mwh=values,
        step=timedelta(hours=1),
        currency="EUR",
        zone="local_24h",
        clock=ClockKind.LOCAL_24H,
        columns={name: Column(values=values, unit="MW", rule=rule) for name, rule in rules.items()},
    )


def test_nothing_of_the_official_test_is_read(ablation):
    whole = series(date(2013, 1, 1), 1000)
    assert ablation.before_test("NP", whole).days().dates[-1] == whole.days().dates[-729]
    zone = series(date(2018, 6, 1), 400)
    assert ablation.before_test("E_FR", zone).days().dates[-1] == date(2018, 12, 31)
    assert ablation.before_test("DDNN", zone).days().dates[-1] == date(2018, 12, 31)


def test_each_kind_holds_what_it_says(ablation):
    early, late = BEFORE_DAY_AHEAD_GATE, AFTER_DAY_AHEAD_GATE
    whole = series(
        date(2013, 1, 1), 9, load_forecast_mw=early, wind_forecast_mw=early, solar_forecast_mw=late, coal=CLOSE_OF_DAY
    )
    kinds = (ablation.is_nothing, ablation.is_load, ablation.is_generation, ablation.is_early)
    assert [list(ablation.only(whole, kind).columns) for kind in kinds] == [
        [],
        ["load_forecast_mw"],
        ["wind_forecast_mw"],
        ["load_forecast_mw", "wind_forecast_mw"],
    ]


def test_closes_are_those_of_two_days_before(ablation):
    whole = series(date(2013, 1, 1), 9, load_forecast_mw=BEFORE_DAY_AHEAD_GATE, coal=CLOSE_OF_DAY)
    as_they_come, laid = ablation.fuels(whole, ablation.only(whole, ablation.is_early))
    assert list(as_they_come.series.columns) == ["load_forecast_mw", "coal"]
    values = laid.series.columns["coal_of_two_days_before"].values.reshape(9, 24)
    assert np.isnan(values[:2]).all()
    np.testing.assert_array_equal(values[2:, 0], np.arange(7.0))
    (absent,) = ablation.fuels(replace(whole, columns={}), whole)
    assert absent.series is None
    assert "no fuel" in absent.reason


def test_an_invented_market_is_measured_and_what_was_not_run_says_so(ablation):
    prices, weather = ablation.planted_choices(1, 80)
    assert prices.series.is_synthetic
    assert "temperature_c" in weather.series.columns
    model = ablation.PriceModel(families=("kernel",))
    measured = {"prices": ablation.measure(prices, model, 7, 14)}
    absent = ablation.Choice(name="fuels", series=None, reason="none here")
    figures = {each.name: each for each in ablation.told([prices, absent], measured)}
    assert 0.0 < figures["mae_prices"].value < 100.0
    assert figures["earned_prices"].value > 0.0
    assert figures["mae_fuels"].value == figures["earned_fuels"].value == ablation.NOT_RUN
    shown = ablation.table([prices, absent], measured)
    assert shown.startswith("SYNTHETIC")
    assert "not run: none here" in shown
