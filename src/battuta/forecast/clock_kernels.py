"""How well the shape of a day fits the nearest shapes of the past, as they are and moved by some hours."""

from __future__ import annotations

import numpy as np

from battuta._jit import jit
from battuta.numerics.arrays import BoolArray, FloatArray

N_NEAREST = 3


@jit
def nearest_likeness(
    references: FloatArray,
    is_there: BoolArray,
    year_first: int,
    year_stop: int,
    newest: int,
    recent_max: int,
    shape: FloatArray,
    likeness: FloatArray,
) -> int:
    """Mean likeness with the three nearest references, for each move.

    Looked at are the references of a year ago, and of those after them the latest few before `newest`.

    Parameters
    ----------
    references : ndarray, shape (n_days, n_moves, n_slots)
        Shapes of the past of length one, one for each move. [-]
    is_there : ndarray of bool, shape (n_days,)
        Days that have one.
    year_first, year_stop : int
        Days ``[year_first, year_stop)`` of a year ago.
    newest : int
        Day before which references are old enough.
    recent_max : int
        Most of the latest references that are looked at.
    shape : ndarray, shape (n_slots,)
        The shape, of length one. [-]
    likeness : ndarray, shape (n_moves,)
        Receives the mean of the three largest products. [-]

    Returns
    -------
    int
        Number of references that were looked at; with fewer than three, `likeness` is of no use.
    """
    n_moves, n_slots = references.shape[1], references.shape[2]
    best = np.full((n_moves, N_NEAREST), -np.inf)
    n_seen = 0
    n_recent = 0
    day = newest - 1
    while day >= year_first:
        if day >= year_stop and n_recent >= recent_max:
            day = year_stop - 1
            continue
        if is_there[day]:
            n_seen += 1
            if day >= year_stop:
                n_recent += 1
            for move in range(n_moves):
                product = 0.0
                for slot in range(n_slots):
                    product += references[day, move, slot] * shape[slot]
                place = N_NEAREST
                while place > 0 and product > best[move, place - 1]:
                    place -= 1
                if place < N_NEAREST:
                    for later in range(N_NEAREST - 1, place, -1):
                        best[move, later] = best[move, later - 1]
                    best[move, place] = product
        day -= 1
    for move in range(n_moves):
        likeness[move] = best[move].mean()
    return n_seen
