"""The mean of the newest frequencies: in the ring, at its start, and as long as a product leaves room for."""

import numpy as np
import pytest

from battuta.physics.frequency_filter_kernels import N_MEMORY, N_REMEMBERED, N_RING, mean_deviation_hz, window_ticks


def plain(values, n_mean):
    return np.array([values[max(k + 1 - n_mean, 0) : k + 1].mean() for k in range(len(values))])


def test_mean_of_the_newest_two():
    memory = np.zeros(N_MEMORY)
    assert [mean_deviation_hz(x, 2, memory) for x in (0.5, 0.25, 0.75)] == [0.5, 0.375, 0.5]


@pytest.mark.parametrize("n_mean", [1, 2, 20, N_RING])
def test_the_ring_is_the_plain_mean(n_mean):
    values = np.random.default_rng(5).normal(0.0, 0.1, 500)
    memory = np.zeros(N_MEMORY)
    got = np.array([mean_deviation_hz(x, n_mean, memory) for x in values])
    assert np.max(np.abs(got - plain(values, n_mean))) < 1e-15
    if n_mean == 1:
        assert got.tobytes() == values.tobytes()


def test_another_length_takes_its_samples_from_the_same_ring_and_forgetting_starts_anew():
    values = np.random.default_rng(6).normal(0.0, 0.1, 100)
    memory = np.zeros(N_MEMORY)
    for value in values[:-1]:
        mean_deviation_hz(value, 3, memory)
    assert mean_deviation_hz(values[-1], 10, memory) == pytest.approx(values[-10:].mean(), abs=1e-15)
    memory[N_REMEMBERED] = 0.0
    assert mean_deviation_hz(0.25, 10, memory) == 0.25


def test_a_standing_frequency_comes_back_to_the_digit():
    memory = np.zeros(N_MEMORY)
    assert {mean_deviation_hz(0.0, 20, memory) for _ in range(50)} == {0.0}


@pytest.mark.parametrize(
    ("initiation_s", "dt_s", "n_ticks"),
    [(0.5, 0.02, 20), (0.5, 0.05, 8), (0.5, 1.0, 1), (0.0, 0.02, 1), (0.1, 0.02, 1), (2.0, 0.02, 30), (2.0, 0.01, 32)],
)
def test_the_window_is_what_a_product_leaves(initiation_s, dt_s, n_ticks):
    assert window_ticks(initiation_s, dt_s) == n_ticks
