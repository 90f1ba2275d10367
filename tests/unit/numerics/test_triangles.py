"""A factor multiplied by its transpose is the matrix, and a solution solves."""

import numpy as np
import pytest

from battuta.numerics.triangles import lower_factor, solved_lower

MATRIX = np.cov(np.random.default_rng(0).normal(size=(6, 50)))


def test_the_factor_is_lower_and_comes_back():
    factor = lower_factor(MATRIX.copy())
    assert not np.triu(factor, 1).any()
    np.testing.assert_allclose(factor @ factor.T, MATRIX, rtol=1e-12)


@pytest.mark.parametrize("shape", [(6,), (6, 3)])
def test_a_solution_solves(shape):
    factor, right = lower_factor(MATRIX.copy()), np.ones(shape)
    np.testing.assert_allclose(factor @ solved_lower(factor, right), right, rtol=1e-12)


def test_what_is_not_positive_definite_is_refused():
    with pytest.raises(np.linalg.LinAlgError):
        lower_factor(np.array([[1.0, 2.0], [2.0, 1.0]]))
