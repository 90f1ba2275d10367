"""Work on a module seen in the cells: neighbours that all change at once were exchanged or balanced, not broken."""

from __future__ import annotations

import numpy as np

from battuta.numerics.arrays import BoolArray

SPAN_CELLS = 16
"""Cells that are looked at together; modules of the trade have 8 to 26 in series."""
STIRRED_MIN = 6
_BESIDE_CELLS = 12


def worked_on(is_stirred: BoolArray) -> BoolArray:
    """Cells of places where several neighbours stir at once, and those beside them.

    Six of sixteen neighbours that go bad on one day are far less likely than somebody who exchanged a module; nobody
    tells a log where modules begin, so that a margin on either side is counted to them.

    Parameters
    ----------
    is_stirred : ndarray of bool, shape (n_cells,)
        Cells that stand out today, along the string.

    Returns
    -------
    ndarray of bool, shape (n_cells,)
        True for cells that are not to be judged by today.

    Examples
    --------
    >>> stirred = np.zeros(60, dtype=np.bool_)
    >>> stirred[[30, 32, 33, 36, 39, 41]] = True
    >>> np.flatnonzero(worked_on(stirred))[[0, -1]].tolist()
    [18, 53]
    >>> stirred[32] = False
    >>> int(worked_on(stirred).sum())
    0
    """
    worked = np.zeros_like(is_stirred)
    places = np.flatnonzero(is_stirred)
    for first, last in zip(places, places[STIRRED_MIN - 1 :], strict=False):
        if last - first < SPAN_CELLS:
            worked[max(int(first) - _BESIDE_CELLS, 0) : int(last) + _BESIDE_CELLS + 1] = True
    return worked
