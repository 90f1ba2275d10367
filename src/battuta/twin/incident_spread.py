"""How many containers an incident takes that passes to neighbours: exactly in a row, drawn where they stand in rows."""

from __future__ import annotations

from typing import TypeAlias

import numpy as np

from battuta.numerics.arrays import FloatArray
from battuta.numerics.sampling import generator

BoolArray: TypeAlias = np.ndarray[tuple[int, ...], np.dtype[np.bool_]]

_DRAWS = 20_000
_DRAWS_AT_ONCE_CELLS = 2_000_000


def hits_in_row(n_containers: int, probability: float) -> FloatArray:
    r"""Distribution of the number hit where containers stand in one row and any may be the first.

    To a side with :math:`m` neighbours it passes :math:`k < m` times with :math:`p^k (1 - p)`, and to all with
    :math:`p^m`; both sides are independent.

    Parameters
    ----------
    n_containers : int
        Containers of the row. [-]
    probability : float
        That a burning one takes a neighbour. [-]

    Returns
    -------
    ndarray, shape (n_containers,)
        Probability of 1, 2, ... hit. [-]

    Examples
    --------
    >>> hits_in_row(2, 0.25).tolist()
    [0.75, 0.25]
    """
    hits = np.zeros(n_containers)
    for first in range(n_containers):
        both = np.convolve(_side(first, probability), _side(n_containers - 1 - first, probability))
        hits += both / n_containers
    return hits


def _side(neighbours: int, probability: float) -> FloatArray:
    passed = probability ** np.arange(neighbours + 1.0)
    passed[:-1] *= 1.0 - probability
    return passed


def hits_in_grid(n_rows: int, n_columns: int, probability: float, *, seed: int, n_draws: int = _DRAWS) -> FloatArray:
    """Distribution of the number hit where containers stand in rows behind one another, by drawing.

    Each pair of neighbours passes fire or does not, both ways; the same numbers are drawn whatever the probability, so
    that more of it never means fewer hit.

    Parameters
    ----------
    n_rows, n_columns : int
        Rows, and containers of each. [-]
    probability : float
        That a burning one takes a neighbour. [-]
    seed : int
        Seed of the study. [-]
    n_draws : int
        Fires that are drawn. [-]

    Returns
    -------
    ndarray, shape (n_rows * n_columns,)
        Share of the fires with 1, 2, ... hit. [-]

    Examples
    --------
    >>> hits_in_grid(2, 2, 1.0, seed=1, n_draws=10).tolist()
    [0.0, 0.0, 0.0, 1.0]
    """
    n_containers = n_rows * n_columns
    drawn = generator(seed, "twin.incident_spread")
    count = np.zeros(n_containers + 1)
    at_once = max(_DRAWS_AT_ONCE_CELLS // n_containers, 1)
    for start in range(0, n_draws, at_once):
        n = min(at_once, n_draws - start)
        first = drawn.integers(n_containers, size=n)
        right = drawn.random((n, n_rows, n_columns - 1)) < probability
        down = drawn.random((n, n_rows - 1, n_columns)) < probability
        hit = np.zeros((n, n_rows, n_columns), dtype=np.bool_)
        hit[np.arange(n), first // n_columns, first % n_columns] = True
        count += np.bincount(_burnt(hit, right, down).sum(axis=(1, 2)), minlength=n_containers + 1)
    return count[1:] / n_draws


def _burnt(hit: BoolArray, right: BoolArray, down: BoolArray) -> BoolArray:
    """Pass fire on until none does."""
    while True:
        before = int(np.count_nonzero(hit))
        hit[:, :, 1:] |= hit[:, :, :-1] & right
        hit[:, :, :-1] |= hit[:, :, 1:] & right
        hit[:, 1:, :] |= hit[:, :-1, :] & down
        hit[:, :-1, :] |= hit[:, 1:, :] & down
        if int(np.count_nonzero(hit)) == before:
            return hit
