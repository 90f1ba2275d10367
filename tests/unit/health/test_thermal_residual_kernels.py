"""Each loop of the thermal residual against plain NumPy."""

import numpy as np

from battuta.health import thermal_residual_kernels as kernels

RNG = np.random.default_rng(31)


def test_sensors_and_current_are_averaged_over_what_was_read():
    time_s = np.sort(RNG.uniform(-50.0, 3700.0, 300))
    rate_c = RNG.normal(size=300)
    temperature_c = 25.0 + RNG.normal(size=(300, 3))
    rate_c[7], temperature_c[9, 1], temperature_c[10, 2] = np.nan, np.nan, 120.0
    temperature_c[time_s > 3000.0, 0] = np.nan
    mean_c, squared = np.empty((6, 3)), np.empty(6)
    kernels.mean_sensors(time_s, rate_c, temperature_c, 600.0, -30.0, 90.0, mean_c, squared)
    for b in range(6):
        rows = (time_s >= 600.0 * b) & (time_s < 600.0 * (b + 1))
        assert np.isclose(squared[b], np.nanmean(rate_c[rows] ** 2))
        for k in range(3):
            there = temperature_c[rows, k]
            there = there[(there > -30.0) & (there < 90.0)]
            assert np.isclose(mean_c[b, k], there.mean()) if there.size else np.isnan(mean_c[b, k])


def test_heat_lingers_and_waits_where_it_is_unknown():
    heat = RNG.uniform(0.0, 0.3, 40)
    heat[[3, 20, 21]] = np.nan
    found, stored, expected = np.empty(40), 0.1, []
    left = kernels.lag_heat(heat, 0.8, 0.1, found)
    for value in heat:
        before = stored
        stored = stored if np.isnan(value) else 0.8 * stored + 0.2 * value
        expected.append(0.5 * (before + stored))
    np.testing.assert_allclose(found, expected, rtol=1e-12)
    assert np.isclose(left, stored)
