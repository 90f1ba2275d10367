"""Strings and cells by seed: spreads as stated, the same cell in a longer string, nothing shared by neighbours."""

import numpy as np
import pytest

from battuta.world.foreign.string_draws import (
    CAPACITY_AH,
    SERIES_OHM,
    aged,
    draw_cells,
    draw_duty,
    draw_string,
    resistances_ohm,
)


def cells(string=0, n_cells=240, seed=1, delivery=0):
    character = draw_string(seed, string, n_cells, 60.0, 0.001)
    return draw_cells(seed, string, n_cells, n_cells // 8, character, delivery=delivery)


def test_spreads_within_strings_are_those_that_are_stated() -> None:
    each = [cells(string) for string in range(40)]
    for values, spread in (
        ([one.capacity_ah / CAPACITY_AH for one in each], 0.007), ([one.resistance_factor for one in each], 0.06),
        ([np.log(one.self_a) for one in each], 0.15), ([one.soc for one in each], 0.005),
        ([one.offset_v for one in each], 0.0008),
    ):  # fmt: skip
        assert np.mean([np.std(one) for one in values]) == pytest.approx(spread, rel=0.1)
    per_month = np.mean([one.self_a.mean() for one in each]) * 24.0 * 30.4 / CAPACITY_AH
    assert per_month == pytest.approx(0.02, rel=0.2)


def test_strings_differ() -> None:
    characters = [draw_string(1, string, 240, 60.0, 0.001) for string in range(60)]
    assert len({each.form for each in characters}) == 4
    assert len({each.duty.duty for each in characters}) == 5
    assert len({each.outdoor_c_mean for each in characters}) == 60
    assert 20 < sum(each.balances_always for each in characters) < 60
    assert np.std([each.current_offset_a for each in characters]) == pytest.approx(0.2, rel=0.3)
    assert draw_duty(1, 0, 0) != draw_duty(1, 0, 1)


def test_a_cell_is_the_same_in_a_longer_string_and_another_with_another_seed() -> None:
    few, many, other = cells(n_cells=32), cells(n_cells=240), cells(n_cells=32, seed=2)
    np.testing.assert_array_equal(few.self_a, many.self_a[:32])
    np.testing.assert_array_equal(few.offset_v, many.offset_v[:32])
    assert abs(np.corrcoef(few.self_a, other.self_a)[0, 1]) < 0.5
    fresh = cells(n_cells=32, delivery=50)
    assert abs(np.corrcoef(few.self_a, fresh.self_a)[0, 1]) < 0.5
    np.testing.assert_array_equal(fresh.born_day, 50.0)
    np.testing.assert_array_equal(fresh.place_k, few.place_k)
    np.testing.assert_array_equal(many.place_k[:32], few.place_k)


def test_cells_age_apart() -> None:
    draws = cells(delivery=100)
    left, growth = aged(draws, 100)
    np.testing.assert_array_equal(left, 1.0)
    np.testing.assert_array_equal(growth, 1.0)
    left, growth = aged(draws, 100 + 3650)
    assert 0.82 < left.mean() < 0.9
    assert 1.2 < growth.mean() < 1.4
    assert 0.003 < left.std() < 0.03


def test_resistance_of_a_minute() -> None:
    series, fast, slow = resistances_ohm(np.array([1.0, 2.0]))
    np.testing.assert_allclose(series, [SERIES_OHM, 2 * SERIES_OHM])
    np.testing.assert_allclose(series + fast + slow, 2.17 * series)
