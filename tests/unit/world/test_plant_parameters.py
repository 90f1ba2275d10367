"""What simulated sites are made of."""

import math

import pytest

from battuta.domain.errors import InvalidQuantityError
from battuta.physics.container_parameters import container_parameters
from battuta.world.plant_parameters import PlantCharacter, cabinet


def test_a_cabinet_is_one_string_and_its_energy_goes_with_its_cells() -> None:
    small, large = cabinet(20), cabinet(200)
    assert (small.strings, small.cells_per_string) == (1, 20)
    assert large.energy_kwh == pytest.approx(10.0 * small.energy_kwh)


def test_the_preset_has_as_many_cells_as_it_is_scaled_by() -> None:
    whole = container_parameters("lfp_314ah")
    assert whole.n_cells == 416 * 12


def test_cooling_goes_with_the_cells_and_walls_with_the_surface() -> None:
    small, large = cabinet(20).thermal, cabinet(160).thermal
    assert large.cooling_w_max == pytest.approx(8.0 * small.cooling_w_max)
    assert large.tank_j_per_k == pytest.approx(8.0 * small.tank_j_per_k)
    assert large.flow_w_per_k == pytest.approx(8.0 * small.flow_w_per_k)
    assert large.wall_w_per_k == pytest.approx(4.0 * small.wall_w_per_k)


@pytest.mark.parametrize("values", [{"n_cells": 0}, {"n_cells": 5001}, {"power_kw": 0.0}, {"power_kw": math.nan}])
def test_sites_without_cells_or_power_are_refused(values) -> None:
    with pytest.raises(InvalidQuantityError, match=next(iter(values))):
        PlantCharacter(**values)
