"""Plans of a living site: known at the gate, from the charge that each site has."""

from dataclasses import replace

import numpy as np
import pytest

from battuta.domain.errors import BattutaError, StaleDataError
from battuta.domain.health import Derating
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


LEFT = Derating(
    string_id="site-1", power_share_max=0.5, soc_min=0.3, soc_max=0.7, temperature_c_max=45.0, reason="a leak"
)


def stored(site, soc: float, plan_kw: np.ndarray) -> np.ndarray:
    battery = site.battery
    moved_kwh = np.where(plan_kw > 0.0, plan_kw / battery.efficiency_discharge, plan_kw * battery.efficiency_charge)
    return soc - np.cumsum(moved_kwh) / battery.energy_kwh


@pytest.mark.parametrize("start", [0.1, 0.3, 0.5, 0.7, 0.95])
@pytest.mark.parametrize("strategy", ["similar_day", "fixed_time", "percentile"])
def test_a_derated_site_is_promised_only_what_is_left_of_it(series, site, strategy, start) -> None:
    planner = DayPlanner(series, site, strategy, 1)
    whole_kw, left_kw = planner.plan_kw(9, np.full(2, start), (None, LEFT))
    np.testing.assert_array_equal(whole_kw, planner.plan_kw(9, np.array([start]))[0])
    assert np.abs(left_kw).max() <= 0.5 * site.battery.power_kw + 1e-9
    soc = stored(site, start, left_kw)
    before = np.concatenate(([start], soc[:-1]))
    is_charging, is_discharging = left_kw < -1e-9, left_kw > 1e-9
    assert np.all(soc[is_charging] <= 0.7 + 1e-9), "the conductor would refuse to charge above it"
    assert np.all(soc[is_discharging] >= 0.3 - 1e-9), "or to discharge below it"
    assert is_discharging.any() or before.max() < 0.3 + 1e-9 or strategy == "fixed_time"


def test_nothing_is_traded_with_nothing_left(series, site) -> None:
    planner = DayPlanner(series, site, "similar_day", 1)
    assert not planner.plan_kw(9, np.array([0.5]), (replace(LEFT, power_share_max=0.0),)).any()


def test_the_value_of_a_plan_is_sales_less_purchases_fees_and_wear(series, site) -> None:
    planner = DayPlanner(series, site, "similar_day", 1)
    (plan_kw,) = planner.plan_kw(9, np.array([0.5]))
    price = planner.price_per_mwh(9)
    net_kw = plan_kw - site.battery.auxiliary_power_kw
    fee = np.where(net_kw >= 0.0, -site.export_fee_per_mwh, site.import_fee_per_mwh)
    paid = site.battery.wear.price_per_mwh * plan_kw.clip(min=0.0)
    assert planner.value(9, 0.5, plan_kw) == pytest.approx(float(((price + fee) * net_kw - paid).sum()) / 1000.0)
    (left_kw,) = planner.plan_kw(9, np.array([0.5]), (LEFT,))
    assert planner.value(9, 0.5, left_kw) < planner.value(9, 0.5, plan_kw)
