"""One pass over the cells sees what NumPy sees in many."""

import numpy as np

from battuta.world import plant_kernels as kernels

CHARGE = np.array([[0.0, 0.0], [10.0, 1.0], [45.0, 1.0], [55.0, 0.0]])
DISCHARGE = np.array([[-30.0, 0.0], [0.0, 1.0], [50.0, 1.0], [60.0, 0.0]])


def test_it_sees_what_numpy_sees() -> None:
    rng = np.random.default_rng(5)
    volts, degrees, soc = (
        rng.uniform(2.4, 3.7, (6, 9)),
        rng.uniform(-20.0, 62.0, (6, 9)),
        rng.uniform(0.0, 0.999, (6, 9)),
    )
    volts[0], degrees[0] = rng.uniform(3.2, 3.58, 9), rng.uniform(4.0, 48.0, 9)
    seen = np.empty((kernels.N_SEEN, 6))
    kernels.look_at_cells(
        volts.ravel(), degrees.ravel(), soc.ravel(), np.array([2.5, 3.6]), 0.05, CHARGE, DISCHARGE, seen
    )
    charge = np.clip((3.6 - volts.max(axis=1)) / 0.05, 0.0, 1.0)
    discharge = np.clip((volts.min(axis=1) - 2.5) / 0.2, 0.0, 1.0)
    charge = np.minimum(charge, (1.0 - soc.max(axis=1)) / kernels.FULL_TAPER_SOC)
    discharge = np.minimum(discharge, soc.min(axis=1) / kernels.FULL_TAPER_SOC)
    for edge in (degrees.min(axis=1), degrees.max(axis=1)):
        charge = np.minimum(charge, np.interp(edge, CHARGE[:, 0], CHARGE[:, 1]))
        discharge = np.minimum(discharge, np.interp(edge, DISCHARGE[:, 0], DISCHARGE[:, 1]))
    expected = [
        volts.min(axis=1),
        volts.max(axis=1),
        degrees.min(axis=1),
        degrees.mean(axis=1),
        degrees.max(axis=1),
        soc.mean(axis=1),
        charge,
        discharge,
    ]
    np.testing.assert_allclose(seen, expected, rtol=1e-12, atol=1e-12)
    assert 0.0 < seen[kernels.CHARGE_SHARE, 0] < 1.0


def test_frost_allows_no_charge() -> None:
    seen = np.empty((kernels.N_SEEN, 1))
    cells = np.full(4, 3.3)
    kernels.look_at_cells(cells, np.full(4, -5.0), np.full(4, 0.5), np.array([2.5, 3.6]), 0.05, CHARGE, DISCHARGE, seen)
    assert seen[kernels.CHARGE_SHARE, 0] == 0.0
    assert seen[kernels.DISCHARGE_SHARE, 0] > 0.5
