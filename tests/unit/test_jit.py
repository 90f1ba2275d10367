"""A compiled kernel gives what the plain function gives, and keeps its name."""

import numpy as np

from battuta._jit import jit


def total(values):
    result = 0.0
    for value in values:
        result += value
    return result


def test_a_kernel_equals_its_plain_twin() -> None:
    values = np.array([0.5, 1.5, -3.0])
    assert jit(total)(values) == total(values) == -1.0
    assert jit(total).__name__ == "total"
