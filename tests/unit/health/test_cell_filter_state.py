"""How a filter of cells begins, and how capacities and leaks are put in."""

import numpy as np
import pytest

from battuta.domain.errors import DataError, InvalidQuantityError
from battuta.health import cell_filter_kernels as kernels
from battuta.health import current_offset_kernels as shared
from battuta.health.cell_filter_state import of_cells, start_cell_filter
from battuta.health.cell_filter_tables import cell_law
from battuta.physics.cell_parameters import cell_parameters

LAW = cell_law(cell_parameters("lfp_314ah"))


def test_a_string_begins_alike_in_all_cells() -> None:
    state = start_cell_filter(LAW, 70, soc=0.4, soc_deviation=0.05, offset_deviation_a=2.0)
    assert state.cells.shape == (3, kernels.STATE)
    np.testing.assert_allclose(state.soc, np.full(70, 0.4), rtol=1e-6)
    np.testing.assert_allclose(state.capacity_ah, np.full(70, 314.0), rtol=1e-6)
    np.testing.assert_allclose(of_cells(state.cells, kernels.ZZ, 70), 0.0025, rtol=1e-6)
    assert state.string[shared.COVARIANCE + 15] == 4.0


def test_capacities_and_leaks_of_cells_leave_the_old_state_alone() -> None:
    state = start_cell_filter(LAW, 40, soc=0.4)
    capacity_ah, leak_a = np.linspace(270.0, 310.0, 40), np.linspace(0.0, 0.1, 40)
    changed = state.with_cells(capacity_ah=capacity_ah, leak_a=leak_a)
    np.testing.assert_allclose(changed.capacity_ah, capacity_ah, rtol=1e-6)
    np.testing.assert_allclose(of_cells(changed.cells, kernels.LEAK, 40), leak_a, rtol=1e-6)
    assert changed.string[shared.TYPICAL_AH] == pytest.approx(290.0)
    np.testing.assert_allclose(state.capacity_ah, 314.0, rtol=1e-6)


def test_what_cannot_be_is_refused() -> None:
    with pytest.raises(InvalidQuantityError, match="soc = 50 is outside"):
        start_cell_filter(LAW, 4, soc=50.0)
    with pytest.raises(InvalidQuantityError, match="n_cells"):
        start_cell_filter(LAW, 0, soc=0.5)
    state = start_cell_filter(LAW, 4, soc=0.5)
    with pytest.raises(DataError, match=r"capacity_ah .* cells \[2\]"):
        state.with_cells(capacity_ah=np.array([300.0, 300.0, 0.0, 300.0]))
    with pytest.raises(DataError, match="leak_a has shape"):
        state.with_cells(leak_a=np.zeros(5))
