"""What the filter believes of a kind of cell."""

from dataclasses import replace

import numpy as np
import pytest

from battuta.domain.errors import InvalidQuantityError
from battuta.health.cell_filter_tables import N_NODES, SOC_HIGH, SOC_LOW, cell_law
from battuta.physics.cell_parameters import cell_parameters

PARAMETERS = cell_parameters("lfp_314ah")
LAW = cell_law(PARAMETERS)


def test_the_law_takes_the_middle_of_the_set() -> None:
    charge, discharge = PARAMETERS.resistance_ohm[:, :, 100]
    low, high = 0.5 * (charge + discharge)[5:7]
    assert LAW.resistance_ohm == pytest.approx(np.sqrt(low * high) + 8e-5)
    assert (LAW.relaxation_ohm, LAW.relaxation_s) == (1.3e-4, 600.0)
    assert LAW.capacity_ah == 314.0


def test_the_curve_goes_on_straight_and_back() -> None:
    soc = np.array([0.0, 0.123, 0.7, 1.0])
    np.testing.assert_allclose(LAW.soc_of(LAW.open_circuit_v(soc)), soc, atol=1e-9)
    below, above = LAW.open_circuit_v(np.array([-0.01, 0.0, 1.0, 1.01])).reshape(2, 2)
    assert np.diff(below)[0] == pytest.approx(0.01 * 200 * np.diff(LAW.ocv_v[:2])[0])
    assert np.diff(above)[0] == pytest.approx(0.01 * 200 * np.diff(LAW.ocv_v[-2:])[0])


def test_tables_are_curve_and_central_differences() -> None:
    tables = LAW.tables
    soc = np.linspace(SOC_LOW, SOC_HIGH, N_NODES)
    np.testing.assert_allclose(tables.ocv_v_exact, LAW.open_circuit_v(soc))
    assert tables.ocv_v.dtype == tables.slope_v.dtype == np.float32
    middle = N_NODES // 2
    wide = np.diff(LAW.open_circuit_v(soc[middle] + np.array([-0.1, 0.1])))[0] / 0.2
    assert tables.slopes_v[2, middle] == pytest.approx(wide)
    assert (tables.slopes_v >= 0.0).all()


def test_a_falling_curve_and_no_capacity_are_refused() -> None:
    with pytest.raises(InvalidQuantityError, match="ocv_v_step"):
        replace(LAW, ocv_v=LAW.ocv_v[::-1])
    with pytest.raises(InvalidQuantityError, match="capacity_ah"):
        replace(LAW, capacity_ah=0.0)
