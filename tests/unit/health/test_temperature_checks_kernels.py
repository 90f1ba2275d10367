"""Each loop over temperature sensors against plain NumPy."""

import numpy as np

from battuta.health import temperature_checks_kernels as kernels

RNG = np.random.default_rng(3)


def test_cells_warm_up_by_the_square_of_the_current_and_forget_it():
    time_s = np.cumsum(RNG.uniform(30.0, 90.0, 200))
    rate_c = RNG.normal(size=200)
    rate_c[[5, 90]] = np.nan
    heat, expected, warmth = np.empty(200), [], 0.3
    left = kernels.warm_up(time_s, rate_c, 1000.0, 0.3, heat)
    for t in range(200):
        kept = np.exp(-(time_s[t] - time_s[t - 1]) / 1000.0) if t else 1.0
        if np.isfinite(rate_c[t]):
            warmth = kept * warmth + (1.0 - kept) * rate_c[t] ** 2
        expected.append(warmth)
    np.testing.assert_allclose(heat, expected, rtol=1e-12)
    assert left == heat[-1]


def test_sensors_are_summed_up_over_what_is_possible():
    temperature_c = 25.0 + RNG.normal(size=(300, 6))
    temperature_c[4, 2], temperature_c[9, 3], temperature_c[11, 4] = np.nan, 300.0, 60.0
    middle_c, heat = 25.0 + 0.1 * RNG.normal(size=300), RNG.uniform(0.0, 0.3, 300)
    middle_c[20] = np.nan
    moments = np.empty((kernels.N_MOMENTS, 6))
    kernels.read_sensors(temperature_c, middle_c, heat, -30.0, 90.0, 25.0, moments)
    for k in range(6):
        away = temperature_c[:, k] - middle_c
        is_there = np.isfinite(middle_c)
        ok = is_there & (temperature_c[:, k] > -30.0) & (temperature_c[:, k] < 90.0) & (np.abs(away) <= 25.0)
        value, d, h = temperature_c[ok, k], away[ok], heat[ok]
        expected = [ok.sum(), d.sum(), h.sum(), (h * h).sum(), (d * h).sum(), value.min(), value.max()]
        np.testing.assert_allclose(moments[:7, k], expected, rtol=1e-9)
        assert moments[kernels.IMPOSSIBLE, k] == (is_there & ~ok).sum()
    assert moments[kernels.IMPOSSIBLE].tolist() == [0, 0, 1, 1, 1, 0]
