"""Schedules made with a wear table: dearer wear moves less, and the year of life changes what is done."""

from dataclasses import replace
from itertools import pairwise

import numpy as np

from battuta.domain.asset import Battery, Site
from battuta.physics.ageing.ageing_law import ageing_law
from battuta.trading.problem import storage_problem
from battuta.trading.schedule import best_plan
from battuta.twin.wear_price import WearPriceSource, wear_price_table
from battuta.twin.wear_price_value import year_worth
from unit.twin.wear_price_case import cycling_year, plan, proportional_tables, sold, square_root_lives

# Two days, SYNTHETIC: a deep valley and a shallow one, spreads from 4 to 14.
PRICES = np.tile(60.0 + np.concatenate((np.full(6, -7.0), np.full(6, 2.0), np.full(6, -2.0), np.full(6, 7.0))), 2)
BATTERY = Battery(power_kw=500.0, energy_kwh=1000.0, soc_start=0.5, soc_end=0.5)


def table(price_per_mwh):
    lives = square_root_lives(0.3, 10)
    worth = year_worth(plan(10), lives, proportional_tables(), sold(price_per_mwh))
    source = WearPriceSource(study="s", strategy="b", study_hash="0123456789", currency="EUR", energy_mwh=1.0)
    return wear_price_table(source, [ageing_law("naumann_lfp")], lives, cycling_year(), worth)


def planned(priced, year_of_life=None):
    wear = priced.wear(
        energy_kwh=1000.0, soc_min=0.0, soc_max=1.0, efficiency_discharge=1.0, c_rate=0.5, year_of_life=year_of_life
    )
    return best_plan(storage_problem(Site(battery=replace(BATTERY, wear=wear)), PRICES, 1.0))


def throughput_mwh(found):
    return float(np.maximum(found.power_kw, 0.0).sum()) / 1000.0


def test_dearer_wear_moves_less():
    moved = [throughput_mwh(planned(table(price))) for price in (1.0, 15.0, 30.0, 60.0, 120.0)]
    assert all(before > after for before, after in pairwise(moved)), moved
    assert moved[-1] < 0.1 * moved[0]


def test_an_old_battery_is_worked_harder_than_a_young_one_and_the_mean_lies_between():
    priced = table(60.0)
    young, mean, old = (throughput_mwh(planned(priced, year)) for year in (1, None, 9))
    assert young < mean < old


def test_dear_rest_at_a_high_charge_keeps_the_battery_lower():
    priced = table(60.0)
    hot = replace(priced, rest_cost_per_mwh_h=40.0 * priced.rest_cost_per_mwh_h)
    cool, warm = (planned(each).energy_kwh.mean() for each in (priced, hot))
    assert warm < cool - 1.0
