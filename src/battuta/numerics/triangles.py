"""Cholesky factors and triangular systems, typed."""

from __future__ import annotations

from collections.abc import Callable
from typing import cast

import scipy.linalg  # pyright: ignore[reportMissingTypeStubs]

from battuta.numerics.arrays import FloatArray

_cholesky = cast("Callable[..., FloatArray]", scipy.linalg.cholesky)
_solve_triangular = cast("Callable[..., FloatArray]", scipy.linalg.solve_triangular)


def lower_factor(matrix: FloatArray) -> FloatArray:
    """Cholesky factor of a symmetric positive definite matrix, whose memory is used up.

    Parameters
    ----------
    matrix : ndarray, shape (n, n)
        Finite values.

    Returns
    -------
    ndarray, shape (n, n)
        Lower triangle L with L L' = matrix.

    Raises
    ------
    numpy.linalg.LinAlgError
        If the matrix is not positive definite.

    Examples
    --------
    >>> import numpy as np
    >>> lower_factor(np.array([[4.0, 2.0], [2.0, 5.0]]))
    array([[2., 0.],
           [1., 2.]])
    """
    return _cholesky(matrix, lower=True, overwrite_a=True, check_finite=False)


def solved_lower(factor: FloatArray, right: FloatArray) -> FloatArray:
    """Solve L x = right.

    Parameters
    ----------
    factor : ndarray, shape (n, n)
        Lower triangle.
    right : ndarray, shape (n,) or (n, n_columns)
        Right-hand sides.

    Returns
    -------
    ndarray, shape of `right`
        The solutions.
    """
    return _solve_triangular(factor, right, lower=True, check_finite=False)
