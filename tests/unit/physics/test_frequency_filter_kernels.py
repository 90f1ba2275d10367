"""The mean of the newest frequencies: in the ring, at its start, while they stand, as long as a product leaves room."""

import numpy as np
import pytest

from battuta.physics.frequency_filter_kernels import (
    N_MEMORY,
    N_REMEMBERED,
    N_RING,
    STILL_HZ,
    mean_deviation_hz,
    window_ticks,
)


def plain(values, n_mean):
    means = []
    for k in range(len(values)):
        newest = values[max(k + 1 - n_mean, 0) : k + 1]
        moved = np.flatnonzero(np.abs(newest - values[k]) > STILL_HZ)
        means.append(newest[moved[-1] + 1 if moved.size else 0 :].mean())
    return np.array(means)


def run(values, n_mean, memory=None):
    memory = np.zeros(N_MEMORY) if memory is None else memory
    return np.array([mean_deviation_hz(x, n_mean, memory) for x in values])


def test_mean_of_the_newest_two():
    assert run([0.020, 0.021, 0.023], 2) == pytest.approx([0.020, 0.0205, 0.022])


def test_a_step_is_answered_at_once_and_what_was_before_stays_out():
    assert run([0.0] * 30 + [-0.5, -0.501, -0.499], 20)[29:] == pytest.approx([0.0, -0.5, -0.5005, -0.5])


@pytest.mark.parametrize("n_mean", [1, 2, 20, N_RING])
def test_the_ring_is_the_plain_mean(n_mean):
    rng = np.random.default_rng(5)
    values = np.cumsum(rng.normal(0.0, 0.001, 2000)) + rng.uniform(-0.001, 0.001, 2000)
    got = run(values, n_mean)
    assert np.max(np.abs(got - plain(values, n_mean))) < 1e-15
    if n_mean == 1:
        assert got.tobytes() == values.tobytes()


def test_another_length_takes_its_samples_from_the_same_ring_and_forgetting_starts_anew():
    values = np.random.default_rng(6).uniform(-0.001, 0.001, 100)
    memory = np.zeros(N_MEMORY)
    run(values[:-1], 3, memory)
    assert mean_deviation_hz(values[-1], 10, memory) == pytest.approx(values[-10:].mean(), abs=1e-15)
    memory[N_REMEMBERED] = 0.0
    assert mean_deviation_hz(0.25, 10, memory) == 0.25


def test_a_standing_frequency_comes_back_to_the_digit():
    assert set(run([0.0] * 50, 20)) == {0.0}


@pytest.mark.parametrize(
    ("initiation_s", "dt_s", "n_ticks"),
    [(0.5, 0.02, 20), (0.5, 0.05, 8), (0.5, 1.0, 1), (0.0, 0.02, 1), (0.1, 0.02, 1), (2.0, 0.02, 30), (2.0, 0.01, 32)],
)
def test_the_window_is_what_a_product_leaves(initiation_s, dt_s, n_ticks):
    assert window_ticks(initiation_s, dt_s) == n_ticks
