"""A pack for lives: what it is, and what it refuses."""

from dataclasses import replace

import pytest

from battuta.domain.errors import InvalidQuantityError
from battuta.physics.cell_parameters import cell_parameters
from battuta.physics.life_pack import ChargeKeeping, LifePack, PackClimate
from battuta.physics.pcs import notton_pcs


def container(**changes):
    pack = LifePack(
        cell=cell_parameters("lfp_314ah"),
        cells_in_series=416,
        strings=12,
        pcs=notton_pcs("sungrow_sc1000tl_field", 2500.0),
        climate=PackClimate(wall_w_per_k=60.0, structure_j_per_k=2.7e6, cooling_kw_max=60.0, heating_kw_max=20.0),
    )
    return replace(pack, **changes)


def test_energy_is_that_of_its_cells() -> None:
    pack = container()
    assert pack.n_cells == 4992
    assert pack.energy_kwh == pytest.approx(5117.0, abs=10.0)


def test_numbers_are_per_cell_and_at_the_state_of_health() -> None:
    numbers = container(keeping=ChargeKeeping(power_kw_max=100.0, soc_full=0.2)).numbers(0.8, 1.5)
    assert numbers.capacity_ah == pytest.approx(0.8 * 314.0)
    assert numbers.capacity_new_ah == 314.0
    assert numbers.resistance_factor == 1.5
    assert numbers.cooling_w * numbers.n_cells == pytest.approx(60_000.0)
    assert numbers.cell_j_per_k == pytest.approx(5600.0 + 2.7e6 / 4992)
    assert (numbers.cool_on_c, numbers.cool_off_c, numbers.heat_on_c, numbers.heat_off_c) == (28.0, 25.0, 10.0, 13.0)
    assert numbers.keep_per_soc == pytest.approx(5.0)


def test_rating_scales_the_converter() -> None:
    assert container().rated(1000.0).pcs.rated_power_kw == 1000.0


@pytest.mark.parametrize(
    ("make", "match"),
    [
        (lambda: container(strings=0), "strings = 0"),
        (lambda: container(soc_min=0.6, soc_max=0.5), "soc_max = 0.5"),
        (lambda: container(soc_start=0.99), "soc_start = 0.99"),
        (lambda: PackClimate(wall_w_per_k=0.0), "wall_w_per_k = 0 W/K"),
        (lambda: PackClimate(wall_w_per_k=1.0, cool_above_c=12.0), "cool_above_c = 12 degC"),
        (lambda: ChargeKeeping(soc_full=0.0), "soc_full = 0"),
        (lambda: container().numbers(soh_capacity=0.0), "soh_capacity = 0"),
        (lambda: container().numbers(soh_resistance=50.0), "soh_resistance = 50"),
    ],
)
def test_what_cannot_be_is_refused(make, match) -> None:
    with pytest.raises(InvalidQuantityError, match=match):
        make()
