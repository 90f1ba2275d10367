"""Lives of one group of published cells, told by a model that learned the others: far better than their mean."""

import numpy as np
import pandas as pd
import pytest

from battuta.health.life_early import EarlyLifeModel
from battuta.health.life_history import CycleHistory
from battuta.health.life_remaining import RemainingLife

END_OF_LIFE_AH = 0.88
GROUP_OUT = 7


@pytest.fixture(scope="module")
def cells(data_dir):
    table = pd.read_parquet(data_dir / "health" / "hust_lfp_cycle_features_groups_1_7.parquet")
    lives, group = [], []
    for cell, rows in table.sort_values(["cell", "row"]).groupby("cell", sort=False):
        measures = rows.drop(columns=["dataset", "cell", "row", "capacity"]).to_numpy(dtype=np.float64)
        lives.append(CycleHistory(capacity_ah=rows["capacity"].to_numpy(dtype=np.float64), measures=measures))
        group.append(int(cell.split("-")[0]))
    out = np.array(group) == GROUP_OUT
    return [lives[k] for k in np.flatnonzero(~out)], [lives[k] for k in np.flatnonzero(out)]


def n_cycles(lives):
    return np.array([each.n_cycles for each in lives], dtype=np.float64)


@pytest.mark.slow
def test_first_hundred_cycles(cells):
    learned, asked = cells
    model = EarlyLifeModel(100)
    model.fit(learned, n_cycles(learned))
    error = model.predict([each.until(100) for each in asked]).life_cycles - n_cycles(asked)
    plain = n_cycles(learned).mean() - n_cycles(asked)
    assert np.sqrt((error**2).mean()) < 0.75 * np.sqrt((plain**2).mean())


@pytest.mark.slow
def test_half_of_life(cells):
    learned, asked = cells
    model = RemainingLife(END_OF_LIFE_AH)
    model.fit(learned)
    age = n_cycles(asked).astype(np.int64) // 2
    left = n_cycles(asked) - age
    told = model.predict([each.until(int(at)) for each, at in zip(asked, age, strict=True)])
    assert np.mean(np.abs(told.life_cycles - left) / left) < 0.15
    assert np.mean((told.low_cycles <= left) & (left <= told.high_cycles)) >= 0.75
