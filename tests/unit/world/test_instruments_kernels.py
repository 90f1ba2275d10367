"""One pass over all signals shows what NumPy shows in many."""

import numpy as np

from battuta.world.instruments_kernels import read_frequency, read_signals
from battuta.world.sensors import noise_key
from battuta.world.sensors_kernels import normal_noise

N_SITES = 3
SECOND = 1_767_225_600
KEYS = np.array([noise_key(1, name) for name in "abcd"], dtype=np.uint64)
NOISE = np.array([0.0, 0.3, 0.0, 2.0])
COARSE = np.array([0.0, 0.0, 0.5, 0.0])
RESOLUTION = np.array([0.01, 0.001, 0.1, 1.0])
SOURCES = np.array([0, 1, 1, 0])
ORDERED = np.array([[1, 2]])


def plain(truth, silent, says_nan, last):
    values = truth.copy()
    for k, key in enumerate(KEYS):
        normal_noise(key, SECOND, 0, noise := np.empty((1, N_SITES)))
        values[k] += NOISE[k] * noise[0]
    values[2] = np.rint(values[2] / 0.5) * 0.5
    values = np.rint(values / RESOLUTION[:, None]) * RESOLUTION[:, None]
    values[says_nan] = np.nan
    for low, high in ORDERED:
        crossed = values[low] > values[high]
        values[low], values[high] = np.where(crossed, values[[high, low]], values[[low, high]])
    return np.where(silent[SOURCES], last, values)


def test_it_shows_what_numpy_shows() -> None:
    rng = np.random.default_rng(3)
    truth, last = rng.uniform(-40.0, 40.0, (4, N_SITES)), rng.uniform(-1.0, 1.0, (4, N_SITES))
    silent, says_nan = np.zeros((2, N_SITES), dtype=np.bool_), np.zeros((4, N_SITES), dtype=np.bool_)
    silent[1, 2] = says_nan[0, 1] = says_nan[1, 2] = True
    measured_ns, values = np.full((2, N_SITES), 5), np.empty((4, N_SITES))
    expected = plain(truth, silent, says_nan, last)
    read_signals(
        truth, KEYS, NOISE, COARSE, RESOLUTION, SOURCES, ORDERED, silent, says_nan, SECOND, 77, last, measured_ns,
        values,
    )  # fmt: skip
    assert values.tobytes() == expected.tobytes()
    assert last.tobytes() == expected.tobytes()
    assert measured_ns.tolist() == [[77, 77, 77], [77, 77, 5]]
    assert np.argwhere(np.isnan(values)).tolist() == [[0, 1]]


def test_signals_that_cross_change_places_and_a_missing_one_stays_missing() -> None:
    truth = np.array([[0.0] * N_SITES, [7.0, 3.0, 7.0], [5.0, 5.0, 5.0], [0.0] * N_SITES])
    no, says_nan = np.zeros((2, N_SITES), dtype=np.bool_), np.zeros((4, N_SITES), dtype=np.bool_)
    says_nan[2, 2] = True
    last, values = np.full((4, N_SITES), np.nan), np.empty((4, N_SITES))
    quiet, measured_ns = np.zeros(4), np.zeros((2, N_SITES), dtype=np.int64)
    read_signals(
        truth, KEYS, quiet, quiet, RESOLUTION, SOURCES, ORDERED, no, says_nan, SECOND, 77, last, measured_ns, values
    )  # fmt: skip
    np.testing.assert_array_equal(values[1:3], [[5.0, 3.0, 7.0], [7.0, 5.0, np.nan]])
    np.testing.assert_array_equal(last, values)


def test_frequency_in_the_ticks_of_a_second() -> None:
    grid_hz = 50.0 + 0.02 * np.sin(np.arange(5.0))
    key = noise_key(1, "frequency")
    no, last_hz, read_hz = np.zeros(4, dtype=np.bool_), np.full(4, 49.5), np.empty((4, 5))
    frozen, silent, says_nan = no.copy(), no.copy(), no.copy()
    frozen[1] = silent[2] = says_nan[3] = True
    normal_noise(key, SECOND * 5, 0, noise := np.empty((5, 4)))
    expected_hz = np.rint((grid_hz[:, None] + 4e-4 * noise) * 1000.0).T / 1000.0
    expected_hz[1] = 49.5
    read_frequency(grid_hz, key, 4e-4, SECOND, frozen, silent, says_nan, last_hz, read_hz)
    assert last_hz.tobytes() == expected_hz[:, -1].tobytes()
    expected_hz[2:] = np.nan
    assert read_hz.tobytes() == expected_hz.tobytes()
