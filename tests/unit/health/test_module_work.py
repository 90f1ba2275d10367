"""Neighbours that change at once were worked on; cells far apart, or few, were not."""

import numpy as np
import pytest

from battuta.health.module_work import worked_on


def stirred(*cells: int, n_cells: int = 120) -> np.ndarray:
    is_stirred = np.zeros(n_cells, dtype=np.bool_)
    is_stirred[list(cells)] = True
    return is_stirred


def test_a_module_is_left_out_with_its_neighbours() -> None:
    worked = np.flatnonzero(worked_on(stirred(50, 51, 52, 60, 61)))
    assert (worked[0], worked[-1], worked.size) == (38, 73, 36)


@pytest.mark.parametrize("cells", [(), (5,), (5, 6, 7), (5, 30, 60, 90), (5, 10, 15, 21)])
def test_few_or_scattered_cells_are_judged(cells: tuple[int, ...]) -> None:
    assert not worked_on(stirred(*cells)).any()


def test_ends_of_the_string_are_ends() -> None:
    assert np.flatnonzero(worked_on(stirred(0, 1, 2, 3, 118, 119)))[[0, -1]].tolist() == [0, 15]
