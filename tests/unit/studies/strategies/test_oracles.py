"""Oracles see the future, and more of it never earns less."""

import numpy as np

from battuta.domain.asset import Battery, Site
from battuta.domain.market import Binding
from battuta.studies.backtest import run_backtest
from battuta.studies.strategies.oracles import ORACLE_DAY, ORACLE_ROLLING_48H, ORACLE_YEAR


def test_the_day_is_planned_on_its_own_prices(make_context):
    context = make_context(8)
    decision = ORACLE_DAY.make(context.inputs)(context)
    assert np.flatnonzero(decision.request_kw < -1.0).tolist() == [2, 3, 4, 11, 12, 13]
    assert decision.request_kw[18] == 1000.0


def test_more_foresight_never_earns_less(series):
    site = Site(battery=Battery(power_kw=1000.0, energy_kwh=4000.0, efficiency_charge=0.9))
    result = run_backtest(series, site, ["oracle_rolling_48h", "oracle_year"], 4)
    day, rolling, year = (result.results[name].net for name in ("oracle_day", "oracle_rolling_48h", "oracle_year"))
    assert max(day, rolling) <= year + 1e-6


def test_all_are_marked():
    assert all(strategy.is_oracle for strategy in (ORACLE_DAY, ORACLE_ROLLING_48H, ORACLE_YEAR))


def test_the_whole_window_explains_its_steps(series):
    site = Site(battery=Battery(power_kw=1000.0, energy_kwh=4000.0, efficiency_charge=0.9))
    result = run_backtest(series, site, ["oracle_year"], 4).results["oracle_year"]
    assert Binding.RULE not in result.binding
    assert np.all(np.isfinite(result.marginal_value_per_mwh))
