"""Each loop over a thinned day against plain NumPy."""

import numpy as np

from battuta.health import swap_checks_kernels as kernels

RNG = np.random.default_rng(5)


def test_differences_are_summed_up_apart_by_where_the_string_stands():
    middle_v = RNG.choice([3.1, 3.3, 3.42], 200) + 0.005 * RNG.normal(size=200)
    voltage_v = middle_v[:, None] + 0.01 * RNG.normal(size=(200, 7))
    voltage_v[3, 2], voltage_v[8, 5], middle_v[20] = np.nan, 3.9, np.nan
    drive_a = 50.0 * RNG.normal(size=200)
    drive_a[30] = np.nan
    sums, counts, seen = np.empty((kernels.N_SUMS, 7)), np.empty(kernels.N_COUNTS), np.empty(7)
    kernels.add_up_differences(voltage_v, middle_v, drive_a, 3.22, 3.375, 0.03, sums, counts, seen)
    ok = np.isfinite(middle_v) & np.isfinite(drive_a)
    away = np.clip(np.nan_to_num(voltage_v - middle_v[:, None]), -0.03, 0.03)
    flat, high, low = (
        ok & part for part in ((middle_v > 3.22) & (middle_v < 3.375), middle_v >= 3.375, middle_v <= 3.22)
    )
    x = np.nan_to_num(drive_a)
    np.testing.assert_allclose(sums[kernels.PLATEAU], away[flat].sum(axis=0), rtol=1e-9)
    np.testing.assert_allclose(sums[kernels.PLATEAU_X], (x[flat][:, None] * away[flat]).sum(axis=0), rtol=1e-9)
    np.testing.assert_allclose(sums[kernels.HIGH], away[high].sum(axis=0), rtol=1e-9)
    np.testing.assert_allclose(sums[kernels.LOW], away[low].sum(axis=0), rtol=1e-9)
    expected = [flat.sum(), x[flat].sum(), (x[flat] ** 2).sum(), high.sum(), low.sum()]
    np.testing.assert_allclose(counts, expected, rtol=1e-9)
    assert seen.tolist() == np.isfinite(voltage_v[ok]).sum(axis=0).tolist()


def test_a_balancer_that_follows_the_readings_is_never_wrong_and_one_that_reads_crosswise_is():
    voltage_v = 3.40 + 0.01 * RNG.normal(size=(50, 60))
    bled = np.where(voltage_v > 3.40, 0.001, 0.0)
    wrong, counts = np.empty((2, 60)), np.empty(1)
    kernels.judge_bleed(voltage_v, bled, 3, 0.003, wrong, counts)
    assert counts[0] == 50
    assert wrong.sum() == 0
    voltage_v[:, 7], voltage_v[:, 9] = 3.38, 3.42
    bled[:, 7], bled[:, 9] = 0.001, 0.0
    kernels.judge_bleed(voltage_v, bled, 3, 0.003, wrong, counts)
    low_v = np.array([np.sort(v[b > 0])[3] for v, b in zip(voltage_v, bled, strict=True)])
    high_v = np.array([np.sort(v[b == 0])[-4] for v, b in zip(voltage_v, bled, strict=True)])
    np.testing.assert_array_equal(wrong[0], ((bled > 0) & (voltage_v < high_v[:, None] - 0.003)).sum(axis=0))
    np.testing.assert_array_equal(wrong[1], ((bled == 0) & (voltage_v > low_v[:, None] + 0.003)).sum(axis=0))
    assert wrong[0, 7] == 50
    assert wrong[1, 9] == 50
    assert wrong.sum() == 100


def test_rows_in_which_all_or_none_are_bled_say_nothing():
    wrong, counts = np.empty((2, 60)), np.empty(1)
    voltage_v = 3.4 + 0.01 * RNG.normal(size=(5, 60))
    for bled in (np.zeros((5, 60)), np.full((5, 60), 0.001)):
        kernels.judge_bleed(voltage_v, bled, 3, 0.003, wrong, counts)
        assert counts[0] == 0
