"""The loop of mean reversion against a plain one."""

import numpy as np

from battuta.world.mean_reversion_kernels import revert


def test_revert():
    noise = np.random.default_rng(3).standard_normal(50)
    powers = 0.9 ** np.subtract.outer(np.arange(50), np.arange(50))
    expected = np.tril(powers) @ (0.4 * noise) + 2.0 * 0.9 ** np.arange(1, 51)
    values = np.empty(50)
    last = revert(noise, 2.0, 0.9, 0.4, values)
    np.testing.assert_allclose(values, expected, rtol=1e-12)
    assert last == values[-1]
