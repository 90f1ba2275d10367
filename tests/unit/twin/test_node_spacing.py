"""Nodes between where lives ask for them: few for a duty that health hardly changes, many where it crosses a step."""

import datetime as dt
from dataclasses import replace

import numpy as np

from battuta.physics.ageing.ageing_law import ageing_law
from battuta.twin.lives_days import life_days
from battuta.twin.lives_shared import LifeDraws, live, scattered_draws
from battuta.twin.near_tables import near_tables
from battuta.twin.node_spacing import MOVED, doubled, spacings, telling_lives
from unit.twin.pack_case import PACK, duty

DAYS = life_days(dt.date(2027, 1, 1), 12, [365])


def test_each_interval_is_parted_once():
    assert doubled(np.array([0.6, 0.8, 1.0])).tolist() == [0.6, 0.7, 0.8, 0.9, 1.0]


def test_tables_get_nodes_until_lives_no_longer_move():
    models = [ageing_law("sony_lfp_3ah")]
    draws = replace(scattered_draws(models, 20, 5, 0.15), soh_resistance_new=np.linspace(0.6, 1.7, 20))
    fast = duty(power_kw=2400.0)  # above three full cycles a day the model's break-in begins, and ends with health
    coarse = near_tables(PACK, [fast], models, draws, DAYS, n_nodes=(3, 3))
    fine = near_tables(PACK, [fast], models, draws, DAYS)
    before, after = spacings([coarse, fine], models, draws, DAYS)
    assert max(before) > MOVED > max(after)
    assert fine.soh_resistance.size > coarse.soh_resistance.size
    assert 1.0 in fine.soh_resistance


def test_a_gentle_duty_keeps_few_nodes():
    models = [ageing_law("naumann_lfp")]
    draws = scattered_draws(models, 10, 5, 0.15)
    tables = near_tables(PACK, [duty(power_kw=200.0)], models, draws, DAYS)
    assert (tables.soh_capacity.size, tables.soh_resistance.size) == (3, 3)


def test_lives_that_went_furthest_tell():
    models = [ageing_law("naumann_lfp")]
    draws = LifeDraws(law_of_life=np.zeros(40, dtype=np.int64), rate=np.ones((40, 4)), soh_resistance_new=np.ones(40))
    draws.rate[31], draws.rate[17] = 3.0, 0.2
    reach = live(near_tables(PACK, [duty(30)], models, draws, life_days(dt.date(2027, 1, 1), 2, [30]), n_nodes=(2, 2)),
                 models, draws, life_days(dt.date(2027, 1, 1), 2, [30]))  # fmt: skip
    told = telling_lives([reach], draws)
    assert 3.0 in told.rate
    assert 0.2 in told.rate
    assert told.law_of_life.size < 10
