import numpy as np
import pytest

from battuta.domain.errors import DataError, InvalidQuantityError
from battuta.physics.cell_parameters import cell_parameters
from battuta.physics.cells import drive_cells, resting_cells, stored_j

SONY = cell_parameters("sony_lfp_3ah")


def test_a_resting_cell_shows_its_open_circuit_voltage() -> None:
    cells = resting_cells(SONY, 3, soc=0.5, temperature_c=25.0)
    assert cells.voltage_v.tolist() == pytest.approx([3.299] * 3)
    with pytest.raises(InvalidQuantityError, match=r"soc = 50 is outside \[0, 1\]"):
        resting_cells(SONY, 3, soc=50.0, temperature_c=25.0)


def test_energy_at_the_terminals_is_what_the_stores_lose_less_heat() -> None:
    tables, cells = SONY.tables(), resting_cells(SONY, 4, soc=0.9, temperature_c=25.0)
    before = stored_j(tables, cells).sum()
    account_j = drive_cells(tables, cells, np.array([0, 4]), np.array([3.0]), 1800.0)
    assert account_j[0, 0] == pytest.approx(before - stored_j(tables, cells).sum() - account_j[0, 1:4].sum(), rel=1e-12)
    assert account_j[0, 0] == pytest.approx(3.0 * cells.voltage_v_mean.sum() * 1800.0, rel=1e-12)


def test_a_full_cell_holds_its_curve_times_its_capacity() -> None:
    tables, cells = SONY.tables(), resting_cells(SONY, 1, soc=1.0, temperature_c=25.0)
    assert stored_j(tables, cells)[0] == pytest.approx(3.0 * 3600.0 * tables.ocv_integral_v[-1])


def test_a_current_for_each_string_is_needed() -> None:
    cells = resting_cells(SONY, 4, soc=0.9, temperature_c=25.0)
    with pytest.raises(DataError, match="one current for each string"):
        drive_cells(SONY.tables(), cells, np.array([0, 4]), np.array([3.0, 3.0]), 1.0)
