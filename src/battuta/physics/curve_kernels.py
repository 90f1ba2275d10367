"""Curves on uniform grids: values, exact integrals and means, and how fast a decay ends."""

from __future__ import annotations

import math

from battuta._jit import jit_in_place
from battuta.numerics.arrays import FloatArray

SHORT_DECAY = 4e-3
"""Exponent below which `short_decay` is as good as `decay`. [-]"""


@jit_in_place
def short_decay(x: float) -> tuple[float, float]:
    """`decay` for exponents below `SHORT_DECAY`, without a branch.

    Parameters
    ----------
    x : float
        Exponent, >= 0. [-]

    Returns
    -------
    end, mean : float
        As of `decay`.
    """
    mean = 1.0 - x * (0.5 - x * (1.0 / 6.0 - x / 24.0))
    return 1.0 - x * mean, mean


@jit_in_place
def decay(x: float) -> tuple[float, float]:
    """Value at the end, and mean, of ``exp(-x t)`` over t in [0, 1].

    Parameters
    ----------
    x : float
        Exponent, >= 0. [-]

    Returns
    -------
    end, mean : float
        ``exp(-x)`` and ``(1 - exp(-x)) / x``. [-]
    """
    if x < SHORT_DECAY:
        return short_decay(x)
    if x < 0.03:
        mean = 1.0 - x * (0.5 - x * (1.0 / 6.0 - x * (1.0 / 24.0 - x * (1.0 / 120.0 - x / 720.0))))
        return 1.0 - x * mean, mean
    end = math.exp(-x)
    return end, (1.0 - end) / x


@jit_in_place
def interpolate(table: FloatArray, position: float) -> float:
    """Value of a table at a position counted in nodes; the ends are extended as straight lines.

    Parameters
    ----------
    table : ndarray, shape (n_nodes,)
        Values at the nodes.
    position : float
        Position in nodes. [-]

    Returns
    -------
    float
        Interpolated value.
    """
    node = min(max(int(position), 0), table.shape[0] - 2)
    return table[node] + (position - node) * (table[node + 1] - table[node])


@jit_in_place
def integral(table: FloatArray, integrals: FloatArray, position: float) -> float:
    """Integral of a piecewise linear table from soc 0 to a position counted in nodes.

    Parameters
    ----------
    table, integrals : ndarray, shape (n_nodes,)
        Values at the nodes and their running integral over soc.
    position : float
        Position in nodes. [-]

    Returns
    -------
    float
        Integral; in the unit of the table.
    """
    node = min(max(int(position), 0), table.shape[0] - 2)
    x = position - node
    area = x * (table[node] + 0.5 * x * (table[node + 1] - table[node]))
    return integrals[node] + area / (table.shape[0] - 1)


@jit_in_place
def mean_between(table: FloatArray, integrals: FloatArray, start: float, end: float) -> float:
    """Exact mean of a piecewise linear table between two positions counted in nodes.

    Parameters
    ----------
    table, integrals : ndarray, shape (n_nodes,)
        Values at the nodes and their running integral over soc.
    start, end : float
        Positions in nodes. [-]

    Returns
    -------
    float
        Mean; in the unit of the table.
    """
    low, high = min(start, end), max(start, end)
    first = min(max(int(low), 0), table.shape[0] - 2)
    last = min(max(int(high), 0), table.shape[0] - 2)
    if first == last:
        return table[first] + (0.5 * (low + high) - first) * (table[first + 1] - table[first])
    if last == first + 1:  # stable however short the way is
        before, after = last - low, high - last
        left = table[last] - 0.5 * before * (table[last] - table[first])
        right = table[last] + 0.5 * after * (table[last + 1] - table[last])
        return (before * left + after * right) / (before + after)
    area = integral(table, integrals, high) - integral(table, integrals, low)
    return area * (table.shape[0] - 1) / (high - low)


@jit_in_place
def surface(table: FloatArray, row: float, column: float) -> float:
    """Bilinear value of a table, held beyond its edges.

    Parameters
    ----------
    table : ndarray, shape (n_rows, n_columns)
        Values at the nodes.
    row, column : float
        Position in nodes. [-]

    Returns
    -------
    float
        Interpolated value.
    """
    row = min(max(row, 0.0), table.shape[0] - 1.0)
    column = min(max(column, 0.0), table.shape[1] - 1.0)
    # never below 0: said again, so that the compiler leaves out what a negative index would need
    i, j = max(min(int(row), table.shape[0] - 2), 0), max(min(int(column), table.shape[1] - 2), 0)
    y, x = row - i, column - j
    low = table[i, j] + x * (table[i, j + 1] - table[i, j])
    high = table[i + 1, j] + x * (table[i + 1, j + 1] - table[i + 1, j])
    return low + y * (high - low)
