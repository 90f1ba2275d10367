import pytest

from battuta.domain.errors import DataError, InvalidQuantityError
from battuta.physics.container_parameters import container_parameters

PARAMETERS = container_parameters("lfp_314ah")


def test_the_preset_is_a_five_mwh_container() -> None:
    assert (PARAMETERS.strings, PARAMETERS.cells_per_string) == (12, 416)
    nominal_mwh = PARAMETERS.strings * PARAMETERS.cells_per_string * PARAMETERS.cell.capacity_ah * 3.2 / 1e6
    assert nominal_mwh == pytest.approx(5.016, abs=0.001)
    assert PARAMETERS.energy_kwh == pytest.approx(5117.2, abs=0.1)


def test_lumping_keeps_the_energy() -> None:
    coarse = PARAMETERS.coarse(8, 2)
    assert (coarse.cells_per_node, coarse.strings_per_node) == (52, 6)
    assert coarse.energy_kwh == pytest.approx(PARAMETERS.energy_kwh)
    assert coarse.coarse(4, 1).cells_per_node == 104


def test_a_cabinet_has_its_share_of_the_cooling_and_the_walls_of_its_surface() -> None:
    cabinet, whole = PARAMETERS.scaled(208), PARAMETERS.thermal
    assert (cabinet.strings, cabinet.cells_per_string, cabinet.n_cells) == (1, 208, 208)
    assert cabinet.label == "314 Ah LFP cabinet, 208s, assumed"
    assert cabinet.energy_kwh == pytest.approx(PARAMETERS.energy_kwh / 24.0)
    thermal = cabinet.thermal
    assert thermal.cooling_w_max == pytest.approx(whole.cooling_w_max / 24.0)
    assert thermal.tank_j_per_k == pytest.approx(whole.tank_j_per_k / 24.0)
    assert thermal.wall_w_per_k == pytest.approx(whole.wall_w_per_k / 24.0 ** (2.0 / 3.0))
    assert thermal.flow_w_per_k == pytest.approx(whole.flow_w_per_k / 2.0)
    assert (thermal.cell_j_per_k, thermal.carnot_share) == (whole.cell_j_per_k, whole.carnot_share)


def test_lumped_or_not_a_container_scales_alike() -> None:
    assert PARAMETERS.coarse(8).scaled(200).thermal == PARAMETERS.scaled(200).thermal


def test_a_cabinet_has_cells() -> None:
    with pytest.raises(InvalidQuantityError, match="n_cells = 0"):
        PARAMETERS.scaled(0)


def test_blocks_must_divide_the_string() -> None:
    with pytest.raises(DataError, match="12 strings of 416 cells do not divide into 1 of 5"):
        PARAMETERS.coarse(5)


def test_a_cell_without_container_is_named() -> None:
    with pytest.raises(DataError, match=r"no section \[container\]"):
        container_parameters("sony_lfp_3ah")
