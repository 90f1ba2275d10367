"""Putting quantities of cells into the rows of a string, and reading them back."""

from __future__ import annotations

import numpy as np

from battuta.numerics.arrays import FloatArray
from battuta.world.foreign.cell_rows import N_ROWS, PACK


def empty_packs(n_cells: int) -> FloatArray:
    """Return the array of a string, all 0.

    Parameters
    ----------
    n_cells : int
        Cells in series. [-]

    Returns
    -------
    ndarray, shape (n_packs, N_ROWS * PACK)
        Enough packs for all cells.
    """
    return np.zeros((-(-n_cells // PACK), N_ROWS * PACK))


def put_row(packs: FloatArray, row: int, values: FloatArray) -> None:
    """Write a quantity of all cells; what fills up the last pack becomes a copy of the last cell.

    Parameters
    ----------
    packs : ndarray, shape (n_packs, N_ROWS * PACK)
        A string; one row of it changes.
    row : int
        One of the constants of `battuta.world.foreign.cell_rows`.
    values : ndarray, shape (n_cells,)
        One value a cell.

    Examples
    --------
    >>> packs = empty_packs(3)
    >>> put_row(packs, 0, np.array([0.4, 0.5, 0.6]))
    >>> take_row(packs, 0, 5).tolist()
    [0.4, 0.5, 0.6, 0.6, 0.6]
    """
    filled = np.full(packs.shape[0] * PACK, values[-1])
    filled[: values.size] = values
    packs[:, row : row + PACK] = filled.reshape(-1, PACK)


def take_row(packs: FloatArray, row: int, n_cells: int) -> FloatArray:
    """Read a quantity of all cells, shape (n_cells,), a copy."""
    return packs[:, row : row + PACK].flatten()[:n_cells]
