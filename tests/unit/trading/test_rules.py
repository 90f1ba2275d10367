"""Fixed hours and price limits, fitted on prices whose best answer is plain."""

from dataclasses import replace

import numpy as np
import pytest

from battuta.domain.curves import Curve
from battuta.domain.errors import StaleDataError
from battuta.domain.wear import Wear
from battuta.trading import accounts
from battuta.trading.execution import follow
from battuta.trading.rules import FixedHours, PriceLimits, fit_fixed_hours, fit_price_limits


def test_fixed_hours_ask_for_full_power():
    rule = FixedHours(charge_from_hour=2, discharge_from_hour=4)
    asked = rule.request_kw(np.arange(6) * 60, 500.0)
    assert asked.tolist() == [0.0, 0.0, -500.0, -500.0, 500.0, 500.0]


def test_limits_buy_below_and_sell_above():
    limits = PriceLimits(buy_below_per_mwh=20.0, sell_above_per_mwh=40.0)
    assert limits.cleared_kw(np.array([10.0, 20.0, 40.0, 50.0]), 500.0).tolist() == [-500.0, 0.0, 0.0, 500.0]


def test_the_best_hours_of_past_days_are_found(make_problem):
    prices = np.full(24, 50.0)
    prices[3], prices[20] = 10.0, 100.0
    problem = make_problem(np.zeros(24), efficiency_charge=1.0, efficiency_discharge=1.0)
    rule = fit_fixed_hours(problem, np.arange(24) * 60, np.stack([prices, prices]))
    assert rule == FixedHours(charge_from_hour=3, discharge_from_hour=20)


def test_limits_at_percentiles_leave_missing_prices_out():
    limits = fit_price_limits(np.array([0.0, 100.0, np.nan, 50.0]), 25.0, 75.0)
    assert limits == PriceLimits(buy_below_per_mwh=25.0, sell_above_per_mwh=75.0)


def test_hours_are_fitted_with_all_that_they_cost(make_problem):
    prices = np.full(24, 50.0)
    prices[3], prices[20], prices[4], prices[22] = 10.0, 100.0, 12.0, 99.0
    problem = make_problem(
        np.zeros(24),
        fees=(6.0, 0.0),
        soc_start=0.5,
        wear=Wear(calendar_per_hour=Curve(x=(0.0, 1.0), y=(0.0, 3.0))),
    )
    found = fit_fixed_hours(problem, np.arange(24) * 60, prices[None])
    facing = replace(problem, buy_per_mwh=prices + 6.0, sell_per_mwh=prices)

    def earned(rule):
        power, energy = follow(facing, rule.request_kw(np.arange(24) * 60, 1000.0))
        return accounts.revenue(facing, power).sum() - accounts.wear(facing, power, energy).sum()

    pairs = [(a, b) for a in range(23) for b in range(a + 1, 24)]
    best = max(earned(FixedHours(charge_from_hour=a, discharge_from_hour=b)) for a, b in pairs)
    assert earned(found) == pytest.approx(best)


def test_no_recent_price_is_refused():
    with pytest.raises(StaleDataError, match="no recent price"):
        fit_price_limits(np.array([np.nan]), 25.0, 75.0)
