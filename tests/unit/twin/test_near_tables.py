"""Tables near the lives: they reach beyond the lives themselves, and are the same alone or together."""

import datetime as dt

import numpy as np
import pytest

from battuta.domain.errors import DataError
from battuta.twin.lives_days import life_days
from battuta.twin.lives_shared import live, scattered_draws
from battuta.twin.near_tables import NewBattery, all_near_tables, near_tables
from battuta.twin.node_days import walk_node
from battuta.twin.stress_tables import stress_tables
from unit.twin.pack_case import PACK, duty, laws

DAYS = life_days(dt.date(2027, 1, 1), 10, [365])


def test_tables_span_the_lives_and_the_new_battery_is_one_of_their_nodes():
    models = laws()
    draws = scattered_draws(models, 12, 3, 0.2)
    tables = near_tables(PACK, [duty()], models, draws, DAYS)
    lives = live(tables, models, draws, DAYS)
    assert tables.soh_capacity[0] < lives.soh_capacity.min()
    assert tables.soh_resistance[-1] > lives.soh_resistance.max()
    plain = stress_tables(PACK, [duty()], models, tables.soh_capacity, tables.soh_resistance)
    for ours, theirs in zip(tables.stresses, plain.stresses, strict=True):
        np.testing.assert_array_equal(ours, theirs)
    np.testing.assert_array_equal(tables.usable_kwh, plain.usable_kwh)
    assert tables.usable_kwh_new == plain.usable_kwh_new


def test_several_batteries_have_the_tables_that_each_has_alone():
    models = laws()[:1]
    draws, duties = scattered_draws(models, 6, 3, 0.2), [duty(20), duty(30, power_kw=300.0)]
    days = life_days(dt.date(2027, 1, 1), 3, [30])
    batteries = [
        NewBattery(pack=PACK, duties=[each], new=walk_node((1.0, 1.0), PACK, [each], models)) for each in duties[1:]
    ]
    together = all_near_tables(batteries * 2, models, draws, days)
    alone = near_tables(PACK, duties[1:], models, draws, days)
    for each in together:
        np.testing.assert_array_equal(each.stresses[0], alone.stresses[0])
        np.testing.assert_array_equal(each.soh_capacity, alone.soh_capacity)


def test_a_battery_without_a_duty_is_refused():
    models = laws()
    with pytest.raises(DataError, match="need a duty"):
        near_tables(PACK, [], models, scattered_draws(models, 3, 1, 0.1), DAYS)
