"""Shared tables against the same lives at full rate, health renewed every day."""

import datetime as dt

import numpy as np
import pytest

from battuta.twin.lives_days import life_days
from battuta.twin.lives_full_rate import live_full_rate
from battuta.twin.lives_shared import live, scattered_draws
from battuta.twin.near_tables import near_tables
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
