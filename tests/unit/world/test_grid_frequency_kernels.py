"""Each loop of the grid frequency against the same thing said in NumPy."""

import math

import numpy as np

from battuta.world.grid_frequency_kernels import N_STATES, add_schedule_steps, noise_path, sample_path


def test_noise_path():
    noise = np.random.default_rng(1).standard_normal((200, N_STATES))
    law = np.array([0.99, 0.1, 0.9, 0.2, 0.95, 0.05, math.cos(0.3), math.sin(0.3)])
    state = np.array([1.0, -0.5, 0.3, 0.2])
    slow, medium, turning = 1.0, -0.5, 0.3 + 0.2j
    expected = []
    for row in noise:
        slow = 0.99 * slow + 0.1 * row[0]
        medium = 0.9 * medium + 0.2 * row[1]
        turning = 0.95 * turning * np.exp(0.3j) + 0.05 * (row[2] + 1j * row[3])
        expected.append(slow + medium + turning.real)
    path_hz = np.empty(200)
    noise_path(noise, state, law, path_hz)
    np.testing.assert_allclose(path_hz, expected, rtol=1e-12, atol=1e-13)
    np.testing.assert_allclose(state, [slow, medium, turning.real, turning.imag], rtol=1e-12)


def test_add_schedule_steps():
    at_s, size_hz = np.array([-3.0, 5.0, 100.0]), np.array([0.02, -0.03, 0.5])
    path_hz = np.zeros(101)
    add_schedule_steps(at_s, size_hz, 2.0, 0.1, path_hz)
    away = (np.arange(101)[:, None] * 0.1 - at_s) / 2.0
    shape = np.where(away < 0.0, 0.4, 1.0) * away * np.exp(0.5 - 0.5 * away**2)
    np.testing.assert_allclose(path_hz, (shape * size_hz)[:, :2].sum(axis=1), atol=1e-8)
    assert path_hz.max() > 0.005


def test_sample_path():
    knots_hz = np.random.default_rng(2).standard_normal(51)
    event = np.array([[1.23, -0.1, 0.2, 0.9, -1.5, 50.0, 3.0]])
    frequency_hz = np.full((2, 7), 50.0)
    sample_path(knots_hz, 10, 1, 7, event, frequency_hz)
    at_s = (1 + np.arange(2)[:, None] + np.arange(7) / 7).ravel()
    after_s = at_s - 1.23
    swing = np.exp(-0.2 * after_s) * (np.cos(0.9 * after_s) - 1.5 * np.sin(0.9 * after_s))
    response_hz = np.where(after_s > 0.0, -0.1 * (1.0 - swing) * np.exp(-after_s / 50.0) * (1.0 - after_s / 3.0), 0.0)
    expected_hz = 50.0 + np.interp(at_s, np.arange(51) / 10, knots_hz) + response_hz
    np.testing.assert_allclose(frequency_hz.ravel(), expected_hz, rtol=1e-12)
