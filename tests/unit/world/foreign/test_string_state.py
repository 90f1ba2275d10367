"""State of a string: at rest at first, conditions without a change of charge, fresh cells in their place only."""

import numpy as np
import pytest

from battuta.world.foreign import cell_rows as rows
from battuta.world.foreign.day_conditions import day_conditions
from battuta.world.foreign.string_draws import draw_cells, draw_string
from battuta.world.foreign.string_rows import take_row
from battuta.world.foreign.string_state import first_state, put_conditions, replace_cells

CHARACTER = draw_string(1, 0, 60, 60.0, 0.001)
DRAWS = draw_cells(1, 0, 60, 8, CHARACTER)


def test_a_string_begins_at_rest() -> None:
    state = first_state(DRAWS)
    for row in (rows.SOC, rows.PLAY_NARROW, rows.PLAY_WIDE):
        np.testing.assert_array_equal(take_row(state.packs, row, 60), DRAWS.soc)
    assert state.memory[rows.SOC_BMS] == pytest.approx(DRAWS.soc.mean())
    assert np.isnan(state.stuck_v).all()


def test_conditions_reach_the_cells_and_leave_their_charge() -> None:
    state = first_state(DRAWS)
    conditions = day_conditions(DRAWS, 0, (), 12)
    put_conditions(state, conditions)
    np.testing.assert_array_equal(take_row(state.packs, rows.SOC, 60), DRAWS.soc)
    np.testing.assert_allclose(1.0 / take_row(state.packs, rows.PER_AH, 60), conditions.capacity_ah)
    np.testing.assert_array_equal(take_row(state.packs, rows.OFFSET_V, 60), conditions.offset_v)


def test_fresh_cells_stand_in_their_place_only() -> None:
    state = first_state(DRAWS)
    fresh = draw_cells(1, 0, 60, 8, CHARACTER, delivery=40)
    replace_cells(state, fresh, 16, 14, 0.7)
    there = np.zeros(60, dtype=bool)
    there[16:30] = True
    soc = take_row(state.packs, rows.SOC, 60)
    assert soc[there].mean() == pytest.approx(0.7)
    np.testing.assert_array_equal(soc[~there], DRAWS.soc[~there])
    np.testing.assert_array_equal(state.draws.self_a, np.where(there, fresh.self_a, DRAWS.self_a))
    np.testing.assert_array_equal(state.draws.offset_v, DRAWS.offset_v)
    np.testing.assert_array_equal(state.draws.born_day == 40.0, there)
