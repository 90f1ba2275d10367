"""A simulated frequency is the same for the same seed, and each day stands for itself."""

import numpy as np

from battuta.adapters.frequency.simulated import simulated_frequency_hz


def test_a_longer_window_begins_with_the_shorter():
    two = simulated_frequency_hz(3, 2)
    assert two.shape == (2 * 86_400,)
    assert np.array_equal(two[:86_400], simulated_frequency_hz(3, 1))
    assert not np.array_equal(two[:86_400], simulated_frequency_hz(4, 1))
    assert 0.01 < two.std() < 0.05
