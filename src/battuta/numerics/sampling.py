"""Random numbers with an address: a seed, stream, site and cell give the same numbers whatever else is drawn.

A shared generator makes each draw depend on all draws before it: one more site moves the weather of all.
Here each (seed, stream, site, cell) owns a stretch of 2^128 numbers of the counter-based Philox generator.
"""

from __future__ import annotations

import hashlib

import numpy as np
from numpy.random import Generator, Philox

_LIMIT = 2**64


def generator(seed: int, stream: str, *, site: int = 0, cell: int = 0) -> Generator:
    """Return the generator of one address; what other addresses draw does not move it.

    Parameters
    ----------
    seed : int
        Seed of the whole run, 0 to 2^64 - 1.
    stream : str
        Name of the quantity that is drawn, such as ``market.wind``.
    site : int
        Number of the site (or any outer index), 0 to 2^64 - 1.
    cell : int
        Number of the cell within the site (or any inner index, such as a day), 0 to 2^64 - 1.

    Returns
    -------
    Generator
        A generator at the start of its own stretch.

    Raises
    ------
    ValueError
        If a number does not fit.

    References
    ----------
    .. [1] J. K. Salmon et al., "Parallel random numbers: as easy as 1, 2, 3", SC11 (2011).

    Examples
    --------
    >>> generator(7, "market.wind", cell=3).random() == generator(7, "market.wind", cell=3).random()
    True
    >>> generator(7, "market.wind", cell=3).random() == generator(7, "market.wind", cell=4).random()
    False
    """
    for name, value in (("seed", seed), ("site", site), ("cell", cell)):
        if not 0 <= value < _LIMIT:
            message = f"{name} = {value} is outside [0, 2^64)"
            raise ValueError(message)
    stream_key = int.from_bytes(hashlib.sha256(stream.encode()).digest()[:8], "little")
    key = np.array([seed, stream_key], dtype=np.uint64)
    counter = np.array([0, 0, cell, site], dtype=np.uint64)
    return Generator(Philox(key=key, counter=counter))


def standard_normal_blocks(
    seed: int, stream: str, first_cell: int, n_cells: int, n_draws: int, *, site: int = 0
) -> np.ndarray[tuple[int, int], np.dtype[np.float64]]:
    """Draw a block of standard normal numbers for each of several neighbouring cells.

    Parameters
    ----------
    seed : int
        Seed of the whole run.
    stream : str
        Name of the quantity that is drawn.
    first_cell, n_cells : int
        The cells, often days: a window of them is a window of the same numbers.
    n_draws : int
        Numbers per cell.
    site : int
        Number of the site.

    Returns
    -------
    ndarray, shape (n_cells, n_draws)
        Independent standard normal numbers. [-]

    Examples
    --------
    >>> whole = standard_normal_blocks(1, "market.wind", 100, 3, 4)
    >>> bool((standard_normal_blocks(1, "market.wind", 101, 1, 4) == whole[1:2]).all())
    True
    """
    blocks = np.empty((n_cells, n_draws))
    for index in range(n_cells):
        generator(seed, stream, site=site, cell=first_cell + index).standard_normal(out=blocks[index])
    return blocks
