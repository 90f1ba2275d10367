"""The average is the mean of its members, intervals hold, foreign cells get wider ones, and nonsense is refused."""

import numpy as np
import pytest

from battuta.domain.errors import DataError, StaleDataError, UsageError
from battuta.health.life_ensemble import LifeEnsemble, Member, Scale
from battuta.health.life_regression import bayesian_ridge, matern_line

MEMBERS = (Member(blocks=("a",), fit=bayesian_ridge), Member(blocks=("a", "b"), fit=matern_line))


def cells(n_cells, seed):
    rng = np.random.default_rng(seed)
    blocks = {"a": rng.normal(size=(n_cells, 2)), "b": rng.normal(size=(n_cells, 3))}
    return blocks, np.exp(6.5 + 0.4 * blocks["a"][:, 0] + rng.normal(0.0, 0.1, size=n_cells))


def learned(n_cells=40, group=None):
    model = LifeEnsemble(MEMBERS)
    model.fit(*cells(n_cells, 0), group)
    return model


def test_life_is_told_and_nine_in_ten_intervals_hold():
    blocks, life = cells(300, 1)
    told = learned().predict(blocks)
    assert np.sqrt((np.log(told.life_cycles / life) ** 2).mean()) < 0.15
    assert 0.84 < np.mean((told.low_cycles <= life) & (life <= told.high_cycles)) < 0.97
    assert np.all((told.low_cycles <= told.life_cycles) & (told.life_cycles <= told.high_cycles))


def test_left_out_is_what_a_model_without_the_cell_says():
    model, (blocks, life) = learned(), cells(40, 0)
    without = LifeEnsemble(MEMBERS)
    without.fit({name: features[1:] for name, features in blocks.items()}, life[1:])
    told = without.predict({name: features[:1] for name, features in blocks.items()}).life_cycles[0]
    assert model.left_out_cycles()[0] == pytest.approx(told)
    both = np.sqrt(model.left_out_cycles(0) * model.left_out_cycles(1))
    np.testing.assert_allclose(model.left_out_cycles(), both)


def test_groups_are_left_out_together():
    group = np.repeat(np.arange(8), 5)
    model, (blocks, life) = learned(group=group), cells(40, 0)
    without = LifeEnsemble(MEMBERS)
    without.fit({name: features[5:] for name, features in blocks.items()}, life[5:])
    told = without.predict({name: features[:5] for name, features in blocks.items()}).life_cycles
    np.testing.assert_allclose(model.left_out_cycles()[:5], told)


def test_a_foreign_cell_is_told_with_a_wide_interval_and_a_bounded_life():
    blocks, life = cells(40, 0)
    foreign = {name: np.full_like(features[:1], 50.0) for name, features in blocks.items()}
    usual, told = learned().predict(blocks), learned().predict(foreign)
    assert told.distance[0] > 10.0
    assert told.high_cycles[0] / told.low_cycles[0] > 5.0 * np.median(usual.high_cycles / usual.low_cycles)
    assert life.min() / 3.0 < told.life_cycles[0] < 1.7 * life.max()
    assert np.mean(usual.distance <= 1.0) > 0.9


def test_features_stop_one_range_beyond_what_was_seen():
    scale = Scale.of(np.array([[0.0, 5.0], [1.0, 5.0]]))
    stopped = scale.stopped(np.array([[9.0, 5.0], [-9.0, 5.0]]))
    np.testing.assert_allclose(stopped, [[3.0, 0.0], [-3.0, 0.0]])


def test_nonsense_is_refused():
    blocks, life = cells(40, 0)
    model = LifeEnsemble(MEMBERS)
    with pytest.raises(UsageError, match="fit comes before predict"):
        model.predict(blocks)
    with pytest.raises(StaleDataError, match="give 12 cells"):
        model.fit({name: features[:5] for name, features in blocks.items()}, life[:5])
    with pytest.raises(DataError, match=r"life_cycles\[3\] = -1"):
        model.fit(blocks, np.where(np.arange(40) == 3, -1.0, life))
    with pytest.raises(DataError, match="tells of 40 cells, life_cycles of 39"):
        model.fit(blocks, life[:39])
    with pytest.raises(DataError, match="block b of cell 7"):
        model.fit({**blocks, "b": np.where(np.arange(40)[:, None] == 7, np.nan, blocks["b"])}, life)
    with pytest.raises(StaleDataError, match=r"cannot carry coverage 0\.99"):
        learned().predict(blocks, 0.99)
