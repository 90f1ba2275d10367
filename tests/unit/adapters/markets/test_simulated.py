"""The synthetic market as a price series says that it is synthetic."""

from datetime import date, timedelta

import pytest

from battuta.adapters.markets.simulated import simulated_prices
from battuta.domain.prices import History
from battuta.domain.time import from_ns, to_ns


def test_it_is_labelled_synthetic():
    prices = simulated_prices(7, date(2026, 6, 1), 2)
    assert prices.is_synthetic
    assert prices.source == "synthetic market, seed 7"
    assert prices.slice(slice(0, 3)).is_synthetic
    assert not prices.is_benchmark


def test_it_is_a_day_ahead_market():
    prices = simulated_prices(7, date(2026, 6, 1), 2, step=timedelta(minutes=15))
    view = History(prices).view(to_ns(from_ns(int(prices.time_ns[0])) - timedelta(hours=9)))  # 15:00 of D-1
    assert view.n_known() == 96
    assert view.n_known("wind_forecast_mw") == 96
    before_gate = History(prices).view(to_ns(from_ns(int(prices.time_ns[0])) - timedelta(hours=13)))
    assert (before_gate.n_known(), before_gate.n_known("wind_forecast_mw")) == (0, 96)


def test_columns_drive_the_price():
    prices = simulated_prices(7, date(2026, 1, 1), 60)
    assert set(prices.columns) == {"load_forecast_mw", "solar_forecast_mw", "wind_forecast_mw"}
    residual = (
        prices.values("load_forecast_mw") - prices.values("solar_forecast_mw") - prices.values("wind_forecast_mw")
    )
    import numpy as np

    assert np.corrcoef(residual, prices.price_per_mwh)[0, 1] > 0.5


@pytest.mark.parametrize("seed", [0, 2**64 - 1])
def test_same_seed_same_bytes(seed):
    one, two = (simulated_prices(seed, date(2026, 10, 24), 3).price_per_mwh.tobytes() for _ in range(2))
    assert one == two
