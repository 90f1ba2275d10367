"""Benchmark sets keep 24 hours a day, their currencies, and what was known when."""

import numpy as np
import pytest

from battuta.adapters.markets.files.reader import read_prices
from battuta.domain.errors import CurrencyError, ImportRefusedError, UsageError
from battuta.domain.imports import FindingKind
from battuta.domain.publication import BEFORE_DAY_AHEAD_GATE, CLOSE_OF_DAY, DAY_AHEAD_AUCTION


def days(pattern, n_days=3):
    return [pattern.format(day=1 + k // 24, hour=k % 24, price=40 + k % 24) for k in range(24 * n_days)]


def test_blanks_in_names_and_two_forms_of_dates(write):
    dashed = [
        "Date, Price, Grid load forecast, Wind power forecast",
        *days("2013-01-{day:02d} {hour:02d}:00:00,{price},42497.0,2798.0"),
    ]
    slashed = [
        "Date, Prices, Generation forecast, System load forecast",
        *days("2011/1/{day} {hour}:00,{price},63065.0,63000.0"),
    ]
    first = read_prices(write(dashed), source="epf").series
    second = read_prices(write(slashed), source="epf").series
    assert (first.is_benchmark, first.zone, first.currency, first.rule) == (True, "local_24h", "EUR", DAY_AHEAD_AUCTION)
    assert {name: each.unit for name, each in first.columns.items()} == {
        "load_forecast_mw": "MW",
        "wind_forecast_mw": "MW",
    }
    assert second.columns["generation_forecast_mw"].rule is BEFORE_DAY_AHEAD_GATE
    np.testing.assert_array_equal(first.price_per_mwh, second.price_per_mwh)


def test_pjm_is_in_dollars(write):
    path = write(["Date, Zonal COMED price, System load forecast", *days("2013/1/{day} {hour}:00,{price},85049.0")])
    assert read_prices(path, source="epf").series.currency == "USD"
    with pytest.raises(CurrencyError, match="in USD, not in EUR"):
        read_prices(path, source="epf", currency="EUR")


def test_a_forecast_must_be_chosen(write):
    path = write(
        [
            ",Real price,DNN Ensemble,LEAR Ensemble",
            *days("2016-01-{day:02d} {hour:02d}:00:00,{price},1{price},2{price}"),
        ]
    )
    with pytest.raises(UsageError, match="'Real price', 'DNN Ensemble', 'LEAR Ensemble'"):
        read_prices(path, source="epf_forecast")
    series = read_prices(path, source="epf_forecast", price_column="LEAR Ensemble").series
    assert series.price_per_mwh[0] == 240.0
    assert series.rule is BEFORE_DAY_AHEAD_GATE
    assert series.columns["real_price_per_mwh"].rule is DAY_AHEAD_AUCTION


def test_fuels_are_known_at_the_close_of_their_day(write):
    path = write(
        [",Price,Load_DA_Forecast,EUA,TTF_Gas", *days("2015-01-{day:02d} {hour:02d}:00:00,{price},41841.9,7.27,21.296")]
    )
    series = read_prices(path, source="ddnn").series
    assert series.columns["co2_price_eur_per_t"].rule is CLOSE_OF_DAY
    assert series.columns["gas_price_eur_per_mwh_thermal"].unit == "EUR/MWh thermal"
    with pytest.raises(UsageError, match="no price column 'TTF_Gas'"):
        read_prices(path, source="ddnn", price_column="TTF_Gas")


def test_read_as_real_time_its_spring_is_invented(write):
    path = write(["Date, Price", *(f"2013-03-31 {hour:02d}:00:00,{40 + hour}" for hour in range(24))])
    found = read_prices(path, source="epf")
    assert found.count(FindingKind.DST_DAY) == 1
    with pytest.raises(ImportRefusedError, match="clocks skip that hour"):
        read_prices(path, source="epf", clock="local:Europe/Oslo")
