"""Cells: their spread is the one that was asked, and a cell stays itself."""

import numpy as np
import pytest

from battuta.domain.errors import InvalidQuantityError
from battuta.world.heterogeneity import CellSpread, cell_population


def test_the_spread_is_what_was_asked():
    kind = CellSpread()
    cells = cell_population(1, 0, 20_000)
    assert cells.capacity_factor.mean() == pytest.approx(1.0, abs=3e-4)
    assert cells.capacity_factor.std() == pytest.approx(kind.capacity_factor_deviation, rel=0.03)
    assert cells.resistance_factor.std() == pytest.approx(kind.resistance_factor_deviation, rel=0.03)
    assert np.corrcoef(cells.capacity_factor, cells.resistance_factor)[0, 1] == pytest.approx(-0.3, abs=0.03)
    assert np.median(cells.self_discharge_per_day) == pytest.approx(0.0004, rel=0.03)
    assert (cells.self_discharge_per_day > 0.0).all()


def test_coolant_passes_from_cell_to_cell():
    position = cell_population(1, 0, 160, CellSpread(coolant_jitter=0.0), n_per_coolant_path=16).coolant_position
    np.testing.assert_allclose(position.reshape(10, 16), np.tile(np.arange(16) / 15.0, (10, 1)))
    jittered = cell_population(1, 0, 1600).coolant_position
    assert 0.0 == jittered.min() < jittered.max() == 1.0


def test_sites_and_seeds_differ():
    base = cell_population(1, 0, 50).capacity_factor
    assert (cell_population(1, 1, 50).capacity_factor != base).all()
    assert (cell_population(2, 0, 50).capacity_factor != base).all()


def test_an_extreme_spread_leaves_cells_that_can_be():
    cells = cell_population(1, 0, 1000, CellSpread(capacity_factor_deviation=1.0))
    assert cells.capacity_factor.min() == 0.5


def test_a_site_without_cells():
    with pytest.raises(InvalidQuantityError):
        cell_population(1, 0, 0)
