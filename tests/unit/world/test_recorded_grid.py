"""A recording as a grid: it begins with the world, repeats itself or ends."""

import numpy as np
import pytest

from battuta.world.plant_parameters import PlantCharacter
from battuta.world.recorded_frequency import RecordedFrequency
from battuta.world.recorded_grid import RecordedGrid
from battuta.world.surroundings import Surroundings

START_S = 1_767_225_600
RECORDED_HZ = np.array([50.0, 49.9, np.nan, 49.8])


@pytest.fixture
def recorded() -> RecordedFrequency:
    return RecordedFrequency(7.0 + 2.0 * np.arange(4.0), RECORDED_HZ, 50.0)


def test_the_first_sample_is_played_when_the_world_begins_and_held_for_its_step(recorded) -> None:
    grid = RecordedGrid(recorded, START_S)
    assert grid.nominal_hz == 50.0
    np.testing.assert_array_equal(grid.samples(START_S, 8, 5), np.repeat(RECORDED_HZ, 10).reshape(8, 5))


def test_repeated_it_begins_anew_at_each_end(recorded) -> None:
    grid = RecordedGrid(recorded, START_S)
    once = grid.samples(START_S, 8, 1)
    np.testing.assert_array_equal(grid.samples(START_S - 8, 24, 1), np.tile(once, (3, 1)))


def test_played_once_it_is_missing_before_and_after(recorded) -> None:
    grid = RecordedGrid(recorded, START_S, is_repeated=False)
    played_hz = grid.samples(START_S - 3, 14, 1).ravel()
    assert np.isnan(played_hz[:3]).all()
    assert np.isnan(played_hz[11:]).all()
    assert played_hz[[3, 10]].tolist() == [50.0, 49.8]


def test_sites_see_it(recorded) -> None:
    surroundings = Surroundings(1, 2, PlantCharacter(n_cells=4), grid=RecordedGrid(recorded, START_S + 5))
    assert surroundings.frequency_hz(START_S + 7).tolist() == [49.9] * 20
    assert np.isnan(surroundings.frequency_hz(START_S + 9)).all()
