"""Rows of a string: what is put is taken, and the last pack is filled up."""

import numpy as np
import pytest

from battuta.world.foreign.cell_rows import N_ROWS, PACK, SOC, VOLT
from battuta.world.foreign.string_rows import empty_packs, put_row, take_row


@pytest.mark.parametrize("n_cells", [1, PACK, PACK + 1, 240])
def test_what_is_put_is_taken(n_cells) -> None:
    packs = empty_packs(n_cells)
    assert packs.shape == (-(-n_cells // PACK), N_ROWS * PACK)
    values = np.arange(n_cells) + 1.0
    put_row(packs, VOLT, values)
    np.testing.assert_array_equal(take_row(packs, VOLT, n_cells), values)
    assert not take_row(packs, SOC, n_cells).any()
    np.testing.assert_array_equal(take_row(packs, VOLT, packs.shape[0] * PACK)[n_cells:], n_cells)


def test_what_is_taken_is_a_copy() -> None:
    packs = empty_packs(5)
    take_row(packs, SOC, 5)[:] = 9.0
    assert not packs.any()
