"""What remains is told at any age, its interval holds, and it widens for foreign cells."""

import numpy as np
import pytest

from battuta.domain.errors import DataError, StaleDataError, UsageError
from battuta.health.life_history import CycleHistory
from battuta.health.life_remaining import RemainingLife
from unit.health.life_cells import END_OF_LIFE_AH, made_life, made_lives


@pytest.fixture(scope="module")
def learned():
    model = RemainingLife(END_OF_LIFE_AH)
    model.fit(made_lives(30, 0))
    return model


@pytest.mark.parametrize("share", [0.4, 0.6, 0.8])
def test_what_remains_is_told(learned, share):
    lives = made_lives(30, 1)
    age = np.array([int(each.n_cycles * share) for each in lives])
    left = np.array([each.n_cycles for each in lives]) - age
    told = learned.predict([each.until(int(n)) for each, n in zip(lives, age, strict=True)])
    assert np.mean(np.abs(told.life_cycles - left) / left) < 0.1
    assert np.mean((told.low_cycles <= left) & (left <= told.high_cycles)) > 0.75
    assert np.all((told.low_cycles <= told.life_cycles) & (told.life_cycles <= told.high_cycles))


def test_groups_change_the_interval_and_not_what_is_told(learned):
    asked = [made_lives(1, 1)[0].until(300)]
    grouped = RemainingLife(END_OF_LIFE_AH)
    grouped.fit(made_lives(30, 0), np.repeat(np.arange(3), 10))
    told, usual = grouped.predict(asked), learned.predict(asked)
    assert told.life_cycles[0] == usual.life_cycles[0]
    assert told.low_cycles[0] != usual.low_cycles[0]
    assert told.high_cycles[0] != usual.high_cycles[0]


def test_a_foreign_cell_gets_a_wide_interval(learned):
    usual = made_life(800, np.random.default_rng(3)).until(400)
    foreign = CycleHistory(capacity_ah=usual.capacity_ah + 0.3, measures=usual.measures)
    told = learned.predict([usual, foreign])
    width = told.high_cycles / told.low_cycles
    assert told.distance[1] > 3.0 > told.distance[0]
    assert width[1] > 1.5 * width[0]


def test_bad_calls_are_refused(learned):
    lives = made_lives(12, 0)
    with pytest.raises(UsageError, match="fit comes before predict"):
        RemainingLife(END_OF_LIFE_AH).predict(lives)
    with pytest.raises(StaleDataError, match="11 whole lives"):
        RemainingLife(END_OF_LIFE_AH).fit(lives[:11])
    with pytest.raises(DataError, match="group names 2 groups"):
        RemainingLife(END_OF_LIFE_AH).fit(lives, np.repeat([0, 1], 6))
    with pytest.raises(StaleDataError, match="life 0 has 110 cycles"):
        RemainingLife(END_OF_LIFE_AH).fit([lives[0].until(110), *lives[1:]])
    with pytest.raises(StaleDataError, match="cell 0 has 70 cycles"):
        learned.predict([lives[0].until(70)])
    with pytest.raises(StaleDataError, match="cannot carry coverage"):
        learned.predict([lives[0].until(200)], 0.99)
