"""How far a difference between two debts may be chance: both counted again in groups of the same lives."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from battuta.numerics.arrays import FloatArray

if TYPE_CHECKING:
    from collections.abc import Callable

    from battuta.numerics.arrays import IntArray

N_GROUPS = 10
"""Groups of neighbouring lives. [-]"""
LIVES_MIN = 20
"""Lives of a group below which it says nothing. [-]"""
BEYOND_CHANCE = 3.4
"""Standard errors within which a difference counts as none. Of a mean 2.262 would do for 95 %; of debts at P90,
which hang on few lives, groups see too little of the error, so that more is asked. [-]
"""


def standard_error(difference: Callable[[IntArray], FloatArray], n_lives: int) -> FloatArray | None:
    """Count a difference in groups of lives of their own, and say how far their mean is off.

    Parameters
    ----------
    difference : callable
        The difference of the same lives both ways, for the numbers of those lives.
    n_lives : int
        All lives; each hangs on its own draws alone.

    Returns
    -------
    ndarray, of the shape of the difference, or None
        Standard error of the difference of all lives, whose quantiles spread as those of a group over the root of the
        number of groups; None where lives are too few to say.

    References
    ----------
    .. [1] S. Asmussen, P. W. Glynn, "Stochastic Simulation", Springer (2007), III.5, sectioning.

    Examples
    --------
    >>> life = np.arange(200.0) % 20
    >>> standard_error(lambda lives: life[lives].mean(keepdims=True), 200)
    array([0.])
    >>> standard_error(lambda lives: life[lives].mean(keepdims=True), 100) is None
    True
    """
    if n_lives < N_GROUPS * LIVES_MIN:
        return None
    found = np.stack([difference(each) for each in groups_of(n_lives)])
    return found.std(axis=0, ddof=1) / math.sqrt(N_GROUPS)


def groups_of(n_lives: int) -> list[IntArray]:
    """Numbers of the lives of each group."""
    return np.array_split(np.arange(n_lives, dtype=np.int64), N_GROUPS)
