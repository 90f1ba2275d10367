"""Each loop over jumps against plain NumPy."""

import numpy as np

from battuta.health import apparent_resistance_kernels as kernels

RNG = np.random.default_rng(11)
VOLTAGE_V = 3.3 + 0.01 * RNG.normal(size=(50, 7))
VOLTAGE_V[12, 3] = np.nan
MIDDLE_V = np.nanmean(VOLTAGE_V, axis=1)
ROWS = np.array([4, 12, 13, 30, 49])


def test_answers_are_summed_up_over_what_was_read():
    weight = RNG.uniform(1.0, 3.0, ROWS.size)
    found = np.empty((kernels.N_MOMENTS, 7))
    kernels.answer_jumps(VOLTAGE_V, MIDDLE_V, ROWS, weight, found)
    own, middle = VOLTAGE_V[ROWS] - VOLTAGE_V[ROWS - 1], (MIDDLE_V[ROWS] - MIDDLE_V[ROWS - 1])[:, None]
    w = np.where(np.isfinite(own), weight[:, None], 0.0)
    expected = [np.isfinite(own).sum(axis=0), (w * middle**2).sum(axis=0)]
    expected += [np.nansum(w * middle * own, axis=0), np.nansum(w * own**2, axis=0)]
    np.testing.assert_allclose(found, expected, rtol=1e-12)
    assert found[kernels.COUNT].tolist() == [5, 5, 5, 3, 5, 5, 5]


def test_cells_answer_as_far_apart_as_their_mean_distance_says():
    found = np.empty(ROWS.size)
    kernels.spread_at_jumps(VOLTAGE_V, MIDDLE_V, ROWS, found)
    own, middle = VOLTAGE_V[ROWS] - VOLTAGE_V[ROWS - 1], (MIDDLE_V[ROWS] - MIDDLE_V[ROWS - 1])[:, None]
    np.testing.assert_allclose(found, 1.2533 * np.nanmean(np.abs(own - middle), axis=1), rtol=1e-12)
