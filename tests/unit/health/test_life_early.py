"""Lives are told from the first cycles of made-up cells, later cycles change nothing, short records are refused."""

import numpy as np
import pytest

from battuta.domain.errors import DataError, StaleDataError
from battuta.health.life_early import EarlyLifeModel
from unit.health.life_cells import made_lives


@pytest.fixture(scope="module")
def learned():
    lives = made_lives(30, 0)
    model = EarlyLifeModel(100)
    model.fit(lives, np.array([each.n_cycles for each in lives], dtype=np.float64))
    return model


def test_lives_are_told_from_a_hundred_cycles(learned):
    lives = made_lives(40, 1)
    life = np.array([each.n_cycles for each in lives], dtype=np.float64)
    told = learned.predict([each.until(100) for each in lives])
    assert np.mean(np.abs(told.life_cycles - life) / life) < 0.15
    assert np.mean((told.low_cycles <= life) & (life <= told.high_cycles)) > 0.75
    np.testing.assert_array_equal(told.life_cycles, learned.predict(lives).life_cycles)


def test_what_is_too_short_is_refused(learned):
    with pytest.raises(StaleDataError, match="cell 0 has 80 cycles; the model looks at 100"):
        learned.predict([made_lives(1, 0)[0].until(80)])
    with pytest.raises(DataError, match="no cell is given"):
        learned.predict([])
    with pytest.raises(StaleDataError, match="n_cycles = 10"):
        EarlyLifeModel(10)
