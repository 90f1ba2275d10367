"""A short record: its rest, and the resistance with which cells answer."""

import numpy as np
import pytest

from battuta.health.commission_pulses import median_known, pulses_of
from unit.health.commission_records import N_CELLS, record


def test_cells_answer_with_their_resistance() -> None:
    pulses = pulses_of(record())
    assert pulses.resistance_ohm == pytest.approx(np.full(N_CELLS, 5e-4), rel=0.25)
    assert (pulses.n_up, pulses.n_down) == (2, 2)
    assert pulses.current_a_max == 30.0


def test_the_longest_rest_is_found() -> None:
    pulses = pulses_of(record())
    assert pulses.rest_s == 790.0
    assert pulses.rest_v == pytest.approx(np.full(N_CELLS, 3.15), abs=0.005)


def test_without_pulses_or_rest_there_is_no_answer() -> None:
    block = record()
    still = pulses_of(block.rows(slice(0, 50)))
    assert still.resistance_ohm is None
    moving = pulses_of(block.rows(slice(81, 89)))
    assert moving.rest_v is None
    assert moving.rest_s == 0.0


def test_medians_leave_out_what_is_missing() -> None:
    values = np.array([[1.0, np.nan], [3.0, np.nan], [np.nan, np.nan]])
    assert median_known(values)[0] == 2.0
    assert np.isnan(median_known(values)[1])
