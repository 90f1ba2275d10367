"""The truth of a string is what its arrays hold."""

import numpy as np
import pytest

from battuta.world.foreign import cell_rows as rows
from battuta.world.foreign.string_rows import empty_packs, put_row
from battuta.world.foreign.string_truth import string_truth


def test_the_truth_is_what_the_arrays_hold() -> None:
    packs = empty_packs(3)
    for row, values in (
        (rows.SOC, [0.5, 0.6, 0.4]), (rows.PER_AH, [0.01, 0.02, 0.04]), (rows.LEAK_S, [0.0, 0.1, 0.0]),
        (rows.VOLT, [3.3, 3.2, 3.1]), (rows.SERIES_OHM, [0.00026, 0.00052, 0.00026]), (rows.BLED_AH, [1.0, 2.0, 3.0]),
    ):  # fmt: skip
        put_row(packs, row, np.array(values))
    truth = string_truth(packs, 3, 9)
    assert truth.day == 9
    assert truth.soc_offset == pytest.approx([0.0, 0.1, -0.1])
    assert truth.capacity_ah == pytest.approx([100.0, 50.0, 25.0])
    assert truth.leak_a == pytest.approx([0.0, 0.32, 0.0])
    assert truth.resistance_factor == pytest.approx([1.0, 2.0, 1.0])
    assert truth.bled_ah == pytest.approx([1.0, 2.0, 3.0])
