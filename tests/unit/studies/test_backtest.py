"""A backtest runs every strategy over the same days and counts money as settlement does."""

from dataclasses import replace

import numpy as np
import pytest

from battuta.domain.asset import Battery, Site
from battuta.domain.errors import CurrencyError, StaleDataError, UsageError
from battuta.domain.market import Binding
from battuta.studies.backtest import is_plain, run_backtest
from battuta.studies.strategies.planned import plan
from battuta.studies.strategies.registry import STRATEGIES
from battuta.studies.strategies.strategy import Decision
from battuta.trading import accounts
from battuta.trading.problem import storage_problem
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


@pytest.mark.parametrize("name", ["idle", "fixed_time", "persistence", "oracle_year"])
def test_no_energy_appears_between_days(series, name):
    battery = Battery(power_kw=1000.0, energy_kwh=2000.0, soc_min=0.2, soc_start=0.2, self_discharge_per_day=0.1)
    result = run_backtest(series, Site(battery=battery), [name], 4)
    done = result.results[name]
    whole = storage_problem(result.site, series.price_per_mwh[result.steps], 1.0)
    assert accounts.energy_path_kwh(whole, done.power_kw) == pytest.approx(done.soc * 2000.0, abs=1e-6)
    assert done.soc.min() >= 0.2 - 1e-9


@pytest.mark.parametrize("name", ["fixed_time", "percentile", "persistence", "oracle_year"])
def test_everyone_keeps_the_throughput_budget_of_the_window(series, site, name):
    frugal = replace(site, battery=replace(site.battery, throughput_mwh_per_year_max=200.0))
    done = run_backtest(series, frugal, [name], 4).results[name]
    assert np.maximum(done.power_kw, 0.0).sum() / 1000.0 <= 200.0 * 4 / 365 + 1e-6


def test_a_plan_that_was_not_delivered_says_so(series, site):
    def plunge(_inputs):
        return lambda context: Decision(request_kw=np.full(24, 1000.0), schedule=plan(context, np.zeros(24)).schedule)

    own = replace(STRATEGIES["idle"], name="plunge", make=plunge)
    done = run_backtest(series, site, [own], 3).results["plunge"]
    assert set(done.binding) == {Binding.CLIPPED}


def test_a_ramp_is_planned_across_midnight(series, site):
    steep = replace(site, battery=replace(site.battery, ramp_kw_per_minute=5.0, soc_end=None))
    rising = replace(series, price_per_mwh=np.tile(np.linspace(1.0, 100.0, 24), 10))
    done = run_backtest(rising, steep, ["persistence"], 3)
    for result in done.results.values():
        assert Binding.CLIPPED not in result.binding
        assert np.abs(np.diff(result.power_kw, prepend=0.0)).max() <= 300.0 + 1e-6
    assert done.captured("persistence") == pytest.approx(1.0)


def test_an_oracle_over_two_days_keeps_its_own_reasons(series, site):
    done = run_backtest(series, site, ["oracle_rolling_48h"], 3).results["oracle_rolling_48h"]
    assert Binding.RULE not in done.binding
    assert np.all(np.isfinite(done.marginal_value_per_mwh))


def test_delivery_is_settled_across_a_day_left_out(series, site):
    prices = series.price_per_mwh.copy()
    prices[8 * 24 + 5] = np.nan
    costly = replace(site, battery=replace(site.battery, auxiliary_power_kw=7.0), export_fee_per_mwh=0.7)
    result = run_backtest(replace(series, price_per_mwh=prices), costly, ["persistence"], 3)
    assert len(result.skipped_days) == 1
    settlement = result.settlement("persistence")
    assert len(settlement.lines) == result.steps.shape[0]
    assert float(settlement.exact) == pytest.approx(result.results["persistence"].revenue.sum(), abs=1e-6)


def test_what_decisions_had_to_do_without_is_counted_by_day(series, site):
    def lacking(_inputs):
        n_slots = 24
        return lambda context: Decision(
            request_kw=np.zeros(n_slots), notes=("no load", *(("no wind", "no wind") if context.day > 8 else ()))
        )

    lame = replace(STRATEGIES["idle"], name="lame", make=lacking)
    result = run_backtest(series, site, [lame], 3)
    assert result.results["lame"].notes == {"no load": 3, "no wind": 1}
    assert result.results["oracle_day"].notes == {}
