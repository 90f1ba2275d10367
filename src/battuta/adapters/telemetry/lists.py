"""List columns of a Parquet file to arrays with a row per time, without a loop over rows."""

from __future__ import annotations

import numpy as np
import polars as pl

from battuta.domain.errors import DataError
from battuta.numerics.arrays import FloatArray, IntArray

NO_LIST = -1
"""Length of a row without a list. [-]"""


def list_lengths(column: pl.Series, where: str) -> IntArray:
    """Return how many numbers each row holds.

    Parameters
    ----------
    column : Series, shape (n_times,)
        Lists, or arrays of one width.
    where : str
        File, for the error.

    Returns
    -------
    ndarray, shape (n_times,)
        Lengths, `NO_LIST` where there is no list. [-]

    Raises
    ------
    DataError
        If the column holds something else than numbers.
    """
    dtype = column.dtype
    if isinstance(dtype, pl.Array):
        inner, lengths = dtype.inner, np.full(column.len(), dtype.size, dtype=np.int64)
        lengths[column.is_null().to_numpy()] = NO_LIST
    elif isinstance(dtype, pl.List):
        inner = dtype.inner
        lengths = column.list.len().cast(pl.Int64).fill_null(NO_LIST).to_numpy()
    else:
        inner, lengths = pl.Null(), np.empty(0, dtype=np.int64)
    if not inner.is_numeric() and not (inner == pl.Null and lengths.size):
        message = f"{where}: column {column.name} holds {dtype}, not a list of numbers per row"
        raise DataError(message)
    return lengths


def lists_to_array(column: pl.Series, lengths: IntArray, width: int) -> FloatArray:
    """Lay lists of one width under one another.

    Parameters
    ----------
    column : Series, shape (n_times,)
        Lists of `width` numbers, or none.
    lengths : ndarray, shape (n_times,)
        What `list_lengths` says of them. [-]
    width : int
        Numbers in a list. [-]

    Returns
    -------
    ndarray, shape (n_times, width)
        NaN where a number or a list is missing. [unit of the column]

    Examples
    --------
    >>> column = pl.Series([[3.25, 3.5], None, [3.75, None]])
    >>> lists_to_array(column, list_lengths(column, "a.parquet"), 2)
    array([[3.25, 3.5 ],
           [ nan,  nan],
           [3.75,  nan]])
    """
    if not width:
        return np.empty((column.len(), 0), dtype=np.float64)
    there = lengths == width
    if there.all():
        return _flat(column).reshape(-1, width)
    laid = np.full((column.len(), width), np.nan)
    if there.any():
        laid[there] = _flat(column.filter(pl.Series(there))).reshape(-1, width)
    return laid


def _flat(column: pl.Series) -> FloatArray:
    flat = column.arr.explode() if isinstance(column.dtype, pl.Array) else column.explode()
    return np.array(flat.to_numpy(), dtype=np.float64)
