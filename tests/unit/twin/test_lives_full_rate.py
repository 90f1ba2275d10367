"""Shared tables against the same lives at full rate, health renewed every day."""

import datetime as dt
from dataclasses import replace

import numpy as np
import pytest

from battuta.physics.life_pack import ChargeKeeping
from battuta.twin.lives_days import life_days
from battuta.twin.lives_full_rate import live_full_rate
from battuta.twin.lives_shared import live, scattered_draws
from battuta.twin.near_tables import near_tables
from battuta.twin.node_days import DAYS_AGAIN
from unit.twin.pack_case import PACK, duty, laws

DAYS = life_days(dt.date(2027, 1, 1), 8, [365, 365])


@pytest.fixture(scope="module")
def case():
    models = laws()
    draws = scattered_draws(models, 40, 11, 0.25)
    duties = [duty(step_s=3600.0), duty(step_s=3600.0, seed=8, power_kw=1100.0)]
    return duties, models, draws, live(near_tables(PACK, duties, models, draws, DAYS), models, draws, DAYS)


@pytest.mark.parametrize("life", [0, 1, 2, 17])
def test_shared_tables_are_within_a_tenth_of_a_point(case, life) -> None:
    duties, models, draws, lives = case
    law = models[draws.law_of_life[life]]
    ends = live_full_rate(PACK, duties, law, draws.rate[life, : len(law.terms)], DAYS)
    np.testing.assert_allclose(lives.soh_capacity[life], ends[:, 0], atol=1e-3)
    np.testing.assert_allclose(lives.soh_resistance[life], ends[:, 1], atol=5e-3)
    assert ends[-1, 0] < 0.95


@pytest.mark.parametrize("new_r", [0.6, 1.0, 1.6])
def test_a_charge_that_nobody_keeps_drifts_away_once_and_not_each_year(new_r) -> None:
    pack = replace(PACK, keeping=ChargeKeeping(), soc_start=0.95)  # its losses empty it within weeks
    models, days = laws()[:2], life_days(dt.date(2027, 1, 1), 8, [365])
    draws = replace(scattered_draws(models, 20, 11, 0.15), soh_resistance_new=np.full(20, new_r))
    once = duty(step_s=3600.0, power_kw=60.0)
    tables = near_tables(pack, [once], models, draws, days)
    assert tables.n_again == DAYS_AGAIN
    lives = live(tables, models, draws, days)
    for life in (0, 1):
        law = models[life]
        ends = live_full_rate(pack, [once], law, draws.rate[life, : len(law.terms)], days, soh_resistance_new=new_r)
        np.testing.assert_allclose(lives.soh_capacity[life], ends[:, 0], atol=7e-4)
        assert ends[0, 1] == new_r
