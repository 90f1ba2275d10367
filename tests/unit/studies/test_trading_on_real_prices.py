"""Real quarter-hours of two years: the German auction of 2019 and 2020, on a clock of fixed UTC+1."""

import pytest

from battuta.app.prices import PriceRequest, load_prices
from battuta.domain.day_ahead_trading import DayAheadTrading
from battuta.studies.trading_duty import trading_duty
from battuta.twin.study_pack import study_pack
from unit.studies.trading_case import study


@pytest.fixture(scope="module")
def prices(data_dir):
    path = data_dir / "trading" / "de_da_id_2019.csv.gz"
    request = PriceRequest(path=path, source="german_intraday", price_column="Intraday Auction 15 minute call")
    return load_prices(request).series


def test_a_battery_trades_a_real_year_of_quarter_hours(prices):
    duty = DayAheadTrading(wear_price_per_mwh=9.0)
    found = trading_duty(duty, prices, (2019,), study_pack(study().battery, duty, 0.5), "EUR")
    (year,) = found.years
    assert not found.label
    assert year.margin > 50_000.0
    assert year.price_per_mwh.min() < 0.0
    earned = float((year.power_kw * year.price_per_mwh).sum()) / 60.0 / 1000.0
    assert earned == pytest.approx(year.margin, rel=1e-9)
