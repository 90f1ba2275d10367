"""Price files and the synthetic market for whoever asks; forecasts are laid on prices or refused."""

from pathlib import Path

import numpy as np
import pytest

from battuta.app.prices import PriceRequest, aligned_forecast, load_prices, synthetic_prices
from battuta.domain.errors import CurrencyError, DataError

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
