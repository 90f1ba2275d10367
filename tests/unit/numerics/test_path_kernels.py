"""Each kernel against its plain NumPy twin."""

import numpy as np
import pytest

from battuta.numerics.path_kernels import mean_distance_between, mean_distance_to, variogram_gap


def twin_to(series, values):
    return np.linalg.norm(series - values[:, None], axis=0).mean()


def twin_between(series):
    return np.linalg.norm(series[:, :, None] - series[:, None, :], axis=0).mean()


def twin_gap(series, values, order):
    spread = (np.abs(series[:, None] - series[None]) ** order).mean(axis=2)
    return ((spread - np.abs(values[:, None] - values[None]) ** order) ** 2).sum()


@pytest.mark.parametrize(("n_times", "n_paths"), [(24, 100), (96, 7), (1, 5), (3, 1), (2, 2)])
def test_kernels_are_their_twins(n_times, n_paths):
    rng = np.random.default_rng(n_times * n_paths)
    series, values = rng.normal(50.0, 20.0, (n_times, n_paths)), rng.normal(50.0, 20.0, n_times)
    assert mean_distance_to(series, values) == pytest.approx(twin_to(series, values), rel=1e-12)
    assert mean_distance_between(series) == pytest.approx(twin_between(series), rel=1e-12, abs=1e-12)
    for order in (0.5, 1.0, 0.7):
        assert variogram_gap(series, values, order) == pytest.approx(twin_gap(series, values, order), rel=1e-10)
