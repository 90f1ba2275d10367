"""The loop of mean-reverting noise: each value is a share of the one before it, and something new."""

from __future__ import annotations

from battuta._jit import jit
from battuta.numerics.arrays import FloatArray


@jit
def revert(noise: FloatArray, start: float, decay: float, innovation: float, values: FloatArray) -> float:
    """Run noise with memory through one block.

    Parameters
    ----------
    noise : ndarray, shape (n_knots,)
        Independent standard normal draws. [-]
    start : float
        Value before the first knot. [-]
    decay : float
        Share that is left after a knot. [-]
    innovation : float
        Size of what is new at each knot. [-]
    values : ndarray, shape (n_knots,)
        Replaced by the path. [-]

    Returns
    -------
    float
        Last value. [-]
    """
    value = start
    for k in range(noise.shape[0]):
        value = decay * value + innovation * noise[k]
        values[k] = value
    return value
