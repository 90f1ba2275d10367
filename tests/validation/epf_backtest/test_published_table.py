"""Three markets of the EPF benchmark: the yardstick and what each strategy captures of it."""

import tomllib
from pathlib import Path

import pytest

from battuta.app.prices import PriceRequest, aligned_forecast, load_prices
from battuta.domain.asset import Battery, Site
from battuta.studies.backtest import run_backtest

EXPECTED = tomllib.loads(Path(__file__).with_name("published.toml").read_text(encoding="utf-8"))
ONE_WAY = 0.85**0.5
SITE = Site(
    battery=Battery(
        power_kw=1000, energy_kwh=2000, efficiency_charge=ONE_WAY, efficiency_discharge=ONE_WAY, soc_end=0.0
    )
)
TEST_DAYS = 728


@pytest.mark.parametrize("market", EXPECTED)
def test_the_table_of_a_market(data_dir, market):
    expected = EXPECTED[market]
    path = data_dir / "trading" / f"epf_{market}.csv.gz"
    prices = load_prices(PriceRequest(path=path, source="epf", currency="EUR")).series
    result = run_backtest(prices, SITE, expected["captured"], TEST_DAYS)
    captured = {name: 100 * result.captured(name) for name in expected["captured"]}
    for column in expected["forecast"]:
        request = PriceRequest(
            path=data_dir / "trading" / f"epf_forecasts_{market}.csv.gz",
            source="epf_forecast",
            currency="EUR",
            price_column=column,
        )
        forecast = aligned_forecast(load_prices(request).series, prices)
        planned = run_backtest(prices, SITE, ["day_ahead"], TEST_DAYS, forecast_per_mwh=forecast)
        captured[column] = 100 * planned.captured("day_ahead")
    assert result.per_mw_year("oracle_day") == pytest.approx(expected["oracle_day"], rel=2e-4)
    assert captured == pytest.approx(expected["captured"] | expected["forecast"], abs=0.3)
