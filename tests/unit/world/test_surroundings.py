"""What surrounds the sites: the same from one seed, and a new site moves nothing before it."""

import numpy as np
import pytest

from battuta.world.plant_parameters import PlantCharacter
from battuta.world.surroundings import BLOCK_S, Surroundings

START_S = 1_767_225_600  # a block begins here
NAMES = ("ambient_c", "load_kw", "pv_kw", "voltage_pu")


def drawn(seed: int = 1, n_sites: int = 3, second: int = START_S, **character) -> Surroundings:
    surroundings = Surroundings(seed, n_sites, PlantCharacter(**character))
    surroundings.at(second)
    return surroundings


def test_one_seed_one_world() -> None:
    noon = START_S + 11 * 3600
    first, again, other = drawn(second=noon), drawn(second=noon), drawn(2, second=noon)
    for name in NAMES:
        assert getattr(first, name).tobytes() == getattr(again, name).tobytes()
        assert getattr(first, name).tobytes() != getattr(other, name).tobytes()
    assert first.frequency_hz(noon).tobytes() == again.frequency_hz(noon).tobytes()
    assert first.frequency_hz(noon).tobytes() != other.frequency_hz(noon).tobytes()


def test_one_more_site_moves_nothing_before_it() -> None:
    three, four = drawn(n_sites=3), drawn(n_sites=4)
    for name in NAMES:
        np.testing.assert_array_equal(getattr(four, name)[:, :3], getattr(three, name))
    assert three.frequency_hz(START_S).tobytes() == four.frequency_hz(START_S).tobytes()


def test_a_second_is_the_same_whichever_block_was_drawn_before() -> None:
    second = START_S + 5 * BLOCK_S + 7
    straight, wandered = drawn(second=second), drawn(second=START_S)
    wandered.at(START_S + 9 * BLOCK_S)
    row = wandered.at(second)
    assert row == 7
    for name in NAMES:
        np.testing.assert_array_equal(getattr(wandered, name)[row], getattr(straight, name)[row])
    assert straight.frequency_hz(second).tobytes() == wandered.frequency_hz(second).tobytes()


def test_blocks_join_without_a_jump() -> None:
    surroundings = drawn()
    last = {name: getattr(surroundings, name)[-1].copy() for name in NAMES}
    surroundings.at(START_S + BLOCK_S)
    assert np.abs(surroundings.voltage_pu[0] - last["voltage_pu"]).max() < 1e-4
    assert np.abs(surroundings.ambient_c[0] - last["ambient_c"]).max() < 0.1


@pytest.mark.parametrize("n_sites", [10, 100])
def test_the_share_of_sites_behind_a_load_is_kept(n_sites) -> None:
    surroundings = drawn(n_sites=n_sites, load_share=0.3, second=START_S + 12 * 3600)
    assert np.count_nonzero(surroundings.load_kw.any(axis=0)) == pytest.approx(0.3 * n_sites, abs=1)
    assert not surroundings.pv_kw[:, ~surroundings.load_kw.any(axis=0)].any()


def test_magnitudes_are_no_less_than_nothing() -> None:
    surroundings = drawn(n_sites=20, second=START_S + 12 * 3600)
    assert surroundings.load_kw.min() >= 0.0
    assert surroundings.pv_kw.min() >= 0.0
    assert 0.95 < surroundings.voltage_pu.min() < surroundings.voltage_pu.max() < 1.05


def test_frequency_comes_in_so_many_ticks() -> None:
    surroundings = Surroundings(1, 1, PlantCharacter(), ticks_per_s=10)
    frequency_hz = surroundings.frequency_hz(START_S + 3)
    assert frequency_hz.shape == (10,)
    assert np.all(np.abs(frequency_hz - 50.0) < 1.0)
