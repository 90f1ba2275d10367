"""Single stores of a cell over a step, against the integrals they stand for."""

import numpy as np
import pytest

from battuta.physics.cell_law_kernels import lagged, open_circuit, relaxation_step
from battuta.physics.cell_parameters import cell_parameters

TABLES = cell_parameters("lfp_314ah").tables()


def test_hysteresis_ends_at_minus_one_after_a_long_discharge() -> None:
    end, mean = lagged(0.5, 10.0, 3.0)
    assert end == pytest.approx(-1.0)
    assert mean == pytest.approx(-1.0 + 1.5 / 30.0)
    assert lagged(0.5, 0.0, 3.0) == (0.5, 0.5)


def test_a_relaxation_without_resistance_stores_nothing() -> None:
    assert relaxation_step(cell_parameters("sony_lfp_3ah").tables(), 0, 30.0)[2:] == (0.0, 0.0)


def test_open_circuit_crosses_nodes_exactly() -> None:
    ocv, entropy, end_v, _ = open_circuit(TABLES, 100.5, 90.25)
    xs = np.concatenate(([90.25], np.arange(91, 101), [100.5]))
    values = np.interp(xs, np.arange(201), TABLES.ocv_v)
    assert ocv == pytest.approx(np.trapezoid(values, xs) / 10.25, rel=1e-12)
    assert end_v == pytest.approx(values[0])
    assert entropy == pytest.approx(
        np.interp(0.5 * 190.75 / 200, np.linspace(0, 1, 201), TABLES.entropy_v_per_k), rel=0.1
    )
