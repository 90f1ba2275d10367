"""Each loop over a day of a string against plain NumPy."""

from itertools import pairwise

import numpy as np
import pytest

from battuta.health import current_checks_kernels as kernels

RNG = np.random.default_rng(6)


def test_the_typical_voltage_is_that_of_some_groups_of_eight():
    voltage_v = 3.3 + 0.002 * RNG.normal(size=(40, 70))
    voltage_v[2, 1], voltage_v[3, :40], voltage_v[5, 66] = 4.2, np.nan, np.nan
    typical_v = np.empty(40)
    kernels.typical_voltage(voltage_v, 4, 0.02, typical_v)
    looked = np.r_[0:8, 32:40, 64:70]
    for t in range(40):
        row = voltage_v[t, looked]
        row = row[np.isfinite(row)]
        if 2 * row.size < looked.size:
            assert np.isnan(typical_v[t])
            continue
        mean = row.mean()
        assert typical_v[t] == pytest.approx(mean + np.clip(row - mean, -0.02, 0.02).sum() / row.size, abs=1e-12)


def test_rest_is_read_where_current_is_small_and_steady_and_the_voltage_lies_flat():
    time_s = np.arange(300) * 60.0
    current_a, typical_v = np.full(300, 100.0), np.full(300, 3.3)
    current_a[50:150] = 0.4 + 0.1 * RNG.normal(size=100)
    typical_v[50:90] = 3.3 + 0.001 * np.arange(40)
    current_a[200:220] = 0.4
    rest_a = np.empty(300)
    n = kernels.read_rests(time_s, current_a, typical_v, 2.0, 0.003, 1800.0, rest_a)
    counted = [t for t in range(300) if 80 <= t < 150 and abs(typical_v[t] - typical_v[t - 30]) <= 0.003]
    assert rest_a[:n].tolist() == current_a[counted].tolist()


def cycled(gain=1.0, step_s=60.0):
    """A string that runs from empty to full and back at 100 A, five hours a way."""
    time_s = np.arange(1440) * step_s
    phase = (time_s / 18_000.0) % 2.0
    rest_v = 3.0 + 0.6 * np.where(phase < 1.0, phase, 2.0 - phase)
    return time_s, np.where(phase < 1.0, -100.0, 100.0) * gain, rest_v


def test_charge_from_empty_to_full_and_back_is_counted():
    time_s, current_a, rest_v = cycled(gain=1.02)
    track, passes = np.full(kernels.N_TRACK, np.nan), np.empty((10, 5))
    middle_c = 20.0 + time_s / 8640.0
    n = kernels.read_passes(time_s, current_a + 0.5, rest_v, middle_c, 0.5, 3.1, 3.5, 10.0, 900.0, track, passes)
    ends = [(t, 0.0) for t in range(1, 1440) if rest_v[t - 1] >= 3.1 > rest_v[t]]
    ends += [(t, 1.0) for t in range(1, 1440) if rest_v[t - 1] <= 3.5 < rest_v[t]]
    ends.sort()
    expected = []
    for (first, one), (last, other) in pairwise(ends):
        if one != other:
            ah = sum(0.5 * (current_a[t] + current_a[t - 1]) / 60.0 for t in range(first + 1, last + 1))
            expected.append([last, other, abs(ah), time_s[last] - time_s[first], middle_c[first]])
    assert n == len(expected) == 3
    np.testing.assert_allclose(passes[:n], expected, rtol=1e-9)


def test_a_gap_begins_the_count_anew_and_pieces_of_a_day_change_nothing():
    time_s, current_a, rest_v = cycled()
    middle_c = np.full(time_s.size, 25.0)
    track, passes = np.full(kernels.N_TRACK, np.nan), np.empty((10, 5))
    n = 0
    for piece in (slice(0, 500), slice(500, 1440)):
        n += kernels.read_passes(
            time_s[piece],
            current_a[piece],
            rest_v[piece],
            middle_c[piece],
            0.0,
            3.1,
            3.5,
            10.0,
            900.0,
            track,
            passes[n:],
        )
    assert n == 3
    kept = np.r_[0:400, 430:1440]
    track[:] = np.nan
    n = kernels.read_passes(
        time_s[kept], current_a[kept], rest_v[kept], middle_c[kept], 0.0, 3.1, 3.5, 10.0, 900.0, track, passes
    )
    assert n == 2
