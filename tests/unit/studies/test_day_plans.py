"""Plans of a living site: known at the gate, from the charge that each site has."""

from dataclasses import replace

import numpy as np
import pytest

from battuta.domain.errors import BattutaError, StaleDataError
from battuta.studies.day_plans import DayPlanner


def test_the_last_days_with_their_times_and_prices(series, site) -> None:
    planner = DayPlanner(series, site, "similar_day", 2)
    assert list(planner.days) == [8, 9]
    assert [planner.date(day).isoformat() for day in planner.days] == ["2026-01-13", "2026-01-14"]
    np.testing.assert_array_equal(planner.time_ns(9), series.time_ns[-24:])
    np.testing.assert_array_equal(planner.price_per_mwh(9), series.price_per_mwh[-24:])


def test_each_site_is_planned_from_its_own_charge(series, site) -> None:
    planner = DayPlanner(series, site, "similar_day", 1)
    soc = np.array([0.0, 0.5, 1.0])
    plans_kw = planner.plan_kw(9, soc)
    assert plans_kw.shape == (3, 24)
    for k, start in enumerate(soc):
        np.testing.assert_array_equal(planner.plan_kw(9, np.array([start]))[0], plans_kw[k])
    sold = plans_kw.clip(min=0.0).sum(axis=1)
    bought = -plans_kw.clip(max=0.0).sum(axis=1)
    assert sold[0] > 0.0
    assert np.all(np.diff(sold - bought) > 0.0)


def test_a_plan_can_be_followed(series, site) -> None:
    battery = site.battery
    plans_kw = DayPlanner(series, site, "similar_day", 1).plan_kw(9, np.array([0.3]))
    assert np.all(np.abs(plans_kw) <= battery.power_kw + 1e-9)
    out_kwh = np.maximum(plans_kw[0], 0.0) / battery.efficiency_discharge
    in_kwh = np.maximum(-plans_kw[0], 0.0) * battery.efficiency_charge
    stored_kwh = 0.3 * battery.energy_kwh + np.cumsum(in_kwh - out_kwh)
    assert stored_kwh.min() >= -1e-6
    assert stored_kwh.max() <= battery.energy_kwh + 1e-6


def test_it_buys_low_and_sells_high(series, site) -> None:
    planner = DayPlanner(series, site, "similar_day", 1)
    plan_kw, price = planner.plan_kw(9, np.array([0.0]))[0], planner.price_per_mwh(9)
    assert price[plan_kw > 1.0].min() > price[plan_kw < -1.0].max()


def test_what_clears_later_does_not_change_what_was_asked(series, site) -> None:
    """With prices that no limit of the request separates, the request of a day does not see that day."""
    day = slice(216, 240)
    risen = series.price_per_mwh.copy()
    risen[day] += 0.01
    before = DayPlanner(series, site, "similar_day", 1).plan_kw(9, np.array([0.2]))
    after = DayPlanner(replace(series, price_per_mwh=risen), site, "similar_day", 1).plan_kw(9, np.array([0.2]))
    np.testing.assert_array_equal(before, after)


def test_more_days_than_there_are_is_refused(series, site) -> None:
    with pytest.raises(StaleDataError):
        DayPlanner(series, site, "similar_day", 11)


def test_a_strategy_that_does_not_exist_is_refused(series, site) -> None:
    with pytest.raises(BattutaError, match="no_such_rule"):
        DayPlanner(series, site, "no_such_rule", 1)
