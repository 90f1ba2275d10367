"""Neighbours that change at once were worked on; cells far apart, or few, were not."""

import numpy as np
import pytest

from battuta.health.module_work import SPAN_CELLS, STIRRED_MIN, worked_on


def stirred(*cells: int, n_cells: int = 120) -> np.ndarray:
    is_stirred = np.zeros(n_cells, dtype=np.bool_)
    is_stirred[list(cells)] = True
    return is_stirred


def plainly(is_stirred: np.ndarray) -> np.ndarray:
    worked = np.zeros_like(is_stirred)
    for first in range(is_stirred.size):
        within = first + np.flatnonzero(is_stirred[first : first + SPAN_CELLS])
        if within.size >= STIRRED_MIN:
            worked[max(within[0] - 12, 0) : within[-1] + 13] = True
    return worked


def test_a_module_is_left_out_with_its_neighbours() -> None:
    worked = np.flatnonzero(worked_on(stirred(50, 51, 52, 55, 58, 60, 61)))
    assert (worked[0], worked[-1], worked.size) == (38, 73, 36)


@pytest.mark.parametrize(
    "cells", [(), (5,), (5, 6, 7, 8, 9), (5, 30, 60, 90, 100, 110), (5, 8, 11, 14, 17, 21)], ids=len
)
def test_few_or_scattered_cells_are_judged(cells: tuple[int, ...]) -> None:
    assert not worked_on(stirred(*cells)).any()


def test_ends_of_the_string_are_ends() -> None:
    assert np.flatnonzero(worked_on(stirred(0, 1, 2, 3, 4, 5, 118, 119)))[[0, -1]].tolist() == [0, 17]
    assert np.flatnonzero(worked_on(stirred(*range(114, 120))))[[0, -1]].tolist() == [102, 119]


@pytest.mark.parametrize("seed", range(5))
def test_any_string_is_told_as_one_told_plainly(seed: int) -> None:
    is_stirred = np.random.default_rng(seed).random(400) < 0.2
    np.testing.assert_array_equal(worked_on(is_stirred), plainly(is_stirred))
    assert 0 < worked_on(is_stirred).sum() < is_stirred.size
