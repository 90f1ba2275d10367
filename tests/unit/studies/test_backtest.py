"""A backtest runs every strategy over the same days and counts money as settlement does."""

from dataclasses import replace

import numpy as np
import pytest

from battuta.domain.errors import CurrencyError, StaleDataError, UsageError
from battuta.studies.backtest import is_plain, run_backtest
from battuta.trading.settle import settle


def test_the_yardstick_is_always_there(series, site):
    result = run_backtest(series, site, ["persistence", "idle"], 3)
    assert list(result.results) == ["persistence", "idle", "oracle_day"]
    assert result.captured("oracle_day") == 1.0
    assert result.captured("idle") == 0.0
    assert 0.0 < result.captured("persistence") <= 1.0 + 1e-9
    assert result.per_mw_year("oracle_day") == pytest.approx(result.results["oracle_day"].net * 365.0 / 3)


@pytest.mark.parametrize("name", ["fixed_time", "percentile", "persistence", "oracle_day"])
def test_money_is_the_exact_sum_of_settlement(series, site, name):
    costly = replace(site, import_fee_per_mwh=2.5, export_fee_per_mwh=0.7)
    result = run_backtest(series, costly, [name], 3)
    settled = settle(series.slice(slice(7 * 24, None)), costly, result.results[name].power_kw)
    assert float(settled.exact) == pytest.approx(result.results[name].revenue.sum(), abs=1e-6)


def test_a_day_without_a_price_is_left_out_and_said(series, site):
    prices = series.price_per_mwh.copy()
    prices[8 * 24 + 5] = np.nan
    result = run_backtest(replace(series, price_per_mwh=prices), site, ["idle"], 3)
    assert [day.day for day in result.test_days] == [12, 14]
    assert [day.day for day in result.skipped_days] == [13]


def test_what_cannot_be_tested_is_refused(series, site):
    with pytest.raises(CurrencyError, match="USD"):
        run_backtest(series, replace(site, currency="USD"), ["idle"], 3)
    with pytest.raises(StaleDataError, match="10 complete days"):
        run_backtest(series, site, ["idle"], 11)
    with pytest.raises(UsageError, match="test_days"):
        run_backtest(series, site, ["idle"], 0)


def test_a_site_with_fees_is_not_plain(site):
    assert is_plain(site)
    assert not is_plain(replace(site, import_fee_per_mwh=1.0))
