import pytest

from battuta.domain.errors import DataError
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


def test_blocks_must_divide_the_string() -> None:
    with pytest.raises(DataError, match="12 strings of 416 cells do not divide into 1 of 5"):
        PARAMETERS.coarse(5)


def test_a_cell_without_container_is_named() -> None:
    with pytest.raises(DataError, match=r"no section \[container\]"):
        container_parameters("sony_lfp_3ah")
