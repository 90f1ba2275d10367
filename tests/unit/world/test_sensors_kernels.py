"""Hashed noise and readings: against NumPy, in their moments, in their independence, in their speed."""

import math
from time import perf_counter

import numpy as np
import pytest

from battuta.world.sensors import CELL_VOLTAGE, Sensors, noise_key
from battuta.world.sensors_kernels import lose_values, mix, normal_noise, read_values, uniform_noise

KEY = noise_key(1, "test")
STRIDE, CELL_STRIDE = np.uint64(0x9E3779B97F4A7C15), np.uint64(0xD1342543DE82EF95)


def mixed(number):
    number = (number ^ (number >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    number = (number ^ (number >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return number ^ (number >> np.uint64(31))


def hashed(first_row, first_cell, shape, key=KEY):
    rows = np.arange(first_row, first_row + shape[0]).astype(np.uint64)
    cells = np.arange(first_cell, first_cell + shape[1]).astype(np.uint64)
    with np.errstate(over="ignore"):
        return mixed(mixed(key + rows * STRIDE)[:, None] + cells * CELL_STRIDE)


def normal(bits):
    lanes = sum(((bits >> np.uint64(16 * k)) & np.uint64(0xFFFF)).astype(np.float64) for k in range(4))
    return (lanes - 131_070.0) / math.sqrt((65_536.0**2 - 1.0) / 3.0)


def test_mix_is_splitmix64():
    """First three outputs of the published generator from seed 1234567."""
    golden, state, seen = 0x9E3779B97F4A7C15, 1234567, []
    for _ in range(3):
        state = (state + golden) % 2**64
        seen.append(int(mix(np.uint64(state))))
    assert seen == [6457827717110365317, 3203168211198807973, 9817491932198370423]


def test_uniform_noise():
    values = np.empty((7, 11))
    uniform_noise(KEY, -3, 5, values)
    np.testing.assert_array_equal(values, (hashed(-3, 5, (7, 11)) >> np.uint64(11)).astype(np.float64) * 2.0**-53)


def test_normal_noise():
    values = np.empty((7, 11))
    normal_noise(KEY, 10**9, 5, values)
    np.testing.assert_allclose(values, normal(hashed(10**9, 5, (7, 11))), rtol=1e-14)


def test_read_values():
    true = np.random.default_rng(1).normal(3.3, 0.1, (6, 9))
    offset, drift = np.linspace(-0.01, 0.01, 9), np.linspace(0.0, 1e-5, 9)
    readings = np.empty_like(true)
    read_values(true, KEY, 100, offset, drift, 0.002, 1000.0, readings)
    age = np.arange(100, 106)[:, None]
    value = true + offset + drift * age + 0.002 * normal(hashed(100, 0, (6, 9)))
    np.testing.assert_array_equal(readings, np.floor(value * 1000.0 + 0.5) / 1000.0)


def test_lose_values():
    readings = np.ones((300, 40))
    lose_values(KEY, 17, 0.1, readings)
    expected = (hashed(17, 0, (300, 40)) >> np.uint64(11)).astype(np.float64) * 2.0**-53 < 0.1
    np.testing.assert_array_equal(np.isnan(readings), expected)
    assert 0.08 < np.isnan(readings).mean() < 0.12


@pytest.mark.parametrize(
    ("fill", "mean", "variance", "fourth"), [(uniform_noise, 0.5, 1 / 12, 1 / 80), (normal_noise, 0.0, 1.0, 2.7)]
)
def test_moments(fill, mean, variance, fourth):
    values = np.empty((1000, 1000))
    fill(KEY, 0, 0, values)
    away = values - mean
    deviation = math.sqrt(variance)
    assert abs(away.mean()) < 5e-3 * deviation
    assert away.var() == pytest.approx(variance, rel=0.01)
    assert (away**4).mean() == pytest.approx(fourth, rel=0.02)


def test_neighbours_have_nothing_in_common():
    values, other = np.empty((1000, 1000)), np.empty((1000, 1000))
    normal_noise(KEY, 0, 0, values)
    normal_noise(noise_key(1, "test", site=1), 0, 0, other)
    limit = 5.0 / 1000.0
    for left, right in (
        (values[1:], values[:-1]),
        (values[:, 1:], values[:, :-1]),
        (values[1:, 1:], values[:-1, :-1]),
        (values, other),
        (values**2, np.roll(values, 1, axis=0) ** 2),
    ):
        assert abs(np.corrcoef(left.ravel(), right.ravel())[0, 1]) < limit
    means = values.mean(axis=1) * math.sqrt(1000.0)
    assert 0.9 < means.var() < 1.1


def test_two_hundred_thousand_cells_a_second():
    sensors = Sensors(1, "voltage", CELL_VOLTAGE, n_cells=200_000)
    true = np.full((10, 200_000), 3.3)
    readings = np.empty_like(true)
    sensors.read(true[:1], 0)
    best_s = math.inf
    for k in range(5):
        before = perf_counter()
        sensors.read(true, 10 * k, readings=readings)
        best_s = min(best_s, perf_counter() - before)
    assert true.size / best_s > 50e6
