"""Price files and the synthetic market for whoever asks; forecasts are laid on prices or refused."""

from dataclasses import replace
from datetime import time
from pathlib import Path

import numpy as np
import pytest

from battuta.app.prices import PriceRequest, aligned_forecast, load_prices, synthetic_prices, with_gate
from battuta.domain.errors import CurrencyError, DataError, UsageError
from battuta.domain.prices import Column, History
from battuta.domain.publication import BEFORE_DAY_AHEAD_GATE
from battuta.forecast.day_table import DayTable

EXAMPLE = Path(__file__).parents[3] / "examples" / "synthetic_prices.csv"


def test_a_file_is_read_as_stated():
    series = load_prices(PriceRequest(path=EXAMPLE, zone="Europe/Berlin")).series
    assert series.currency == "EUR"
    assert len(series.days().dates) == 90
    assert series.price_per_mwh[0] == 67.11
    assert series.money_label.startswith("SYNTHETIC: synthetic_prices.csv")


def test_the_synthetic_market_says_so():
    series, again, other = (synthetic_prices(seed, 3) for seed in (1, 1, 2))
    assert series.is_synthetic
    assert "ynthetic" in series.money_label
    assert np.array_equal(series.price_per_mwh, again.price_per_mwh)
    assert not np.array_equal(series.price_per_mwh, other.price_per_mwh)


def test_a_forecast_is_laid_on_its_intervals():
    prices = synthetic_prices(1, 3)
    forecast = prices.slice(slice(24, 48))
    aligned = aligned_forecast(forecast, prices)
    assert np.array_equal(aligned[24:48], prices.price_per_mwh[24:48])
    assert np.all(np.isnan(aligned[:24]))
    assert np.all(np.isnan(aligned[48:]))


def test_a_forecast_that_does_not_fit_is_refused():
    prices = synthetic_prices(1, 3)
    with pytest.raises(CurrencyError, match="state a conversion"):
        aligned_forecast(synthetic_prices(1, 3, currency="GBP"), prices)
    with pytest.raises(DataError, match="no interval of which has a price"):
        aligned_forecast(prices.slice(slice(0, 24)), prices.slice(slice(48, 72)))


def test_a_market_may_close_earlier():
    prices = synthetic_prices(1, 5)
    load = Column(values=np.ones(prices.n_times), unit="MW", rule=BEFORE_DAY_AHEAD_GATE)
    prices = replace(prices, columns={"load_forecast_mw": load})
    assert with_gate(prices, None) is prices
    early = with_gate(prices, "09:30")
    assert early.slice(slice(24, 72)).gate == time(9, 30)
    known = [DayTable(History(each)).at_gate(3).columns["load_forecast_mw"].shape[0] for each in (prices, early)]
    assert known == [4, 3]  # what is published at 10:00 comes too late for 09:30
    tables = [DayTable(History(each)).gate_ns(3) for each in (prices, early)]
    assert tables[0] - tables[1] == 2.5 * 3600 * 10**9


@pytest.mark.parametrize(("gate", "said"), [("noon", "no time of day"), ("13:00", "the prices of the day are known")])
def test_a_gate_that_cannot_be_is_refused(gate, said):
    with pytest.raises(UsageError, match=said):
        with_gate(synthetic_prices(1, 3), gate)
