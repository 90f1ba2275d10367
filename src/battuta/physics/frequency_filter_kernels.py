"""Mean of the newest frequencies: a meter errs by a mHz, a droop answers each of them, and the mean errs far less.

A droop product gives a site some time before a change must begin. What transport and converter leave of it is used to
average: the delivery stays within what the product admits of the true frequency, also where that stands still. A step
of frequency is answered in full one window later. Memory of a site, `N_MEMORY` numbers, all zero is: nothing yet:

==================== =================================================
0 ``NEWEST``         place of the newest deviation in the ring
1 ``N_REMEMBERED``   how many deviations the ring holds
2 to 33              ring of deviations from nominal [Hz]
==================== =================================================
"""

from __future__ import annotations

from typing import Final

from battuta._jit import jit
from battuta.numerics.arrays import FloatArray

NEWEST: Final = 0
N_REMEMBERED: Final = 1
RING: Final = 2
N_RING: Final = 32
N_MEMORY: Final = RING + N_RING

CHAIN_S: Final = 0.1
"""Left of the initiation time for transport and converter: a lag of 50 ms and its transport, with some room. [s]"""

WINDOW_S_MAX: Final = 0.6
"""Longest window, where a product would leave more: 30 samples at 50 Hz take a mHz to a tenth of it. [s]"""


@jit
def window_ticks(initiation_s: float, dt_s: float) -> int:
    """Length of the window in whole ticks, at least 1 and at most the ring.

    Parameters
    ----------
    initiation_s : float
        Latest start of a change that the product admits. [s]
    dt_s : float
        Time between ticks. [s]

    Returns
    -------
    int
        Number of frequencies that are averaged; 1 answers the newest alone. [-]

    Examples
    --------
    >>> window_ticks(0.5, 0.02), window_ticks(2.0, 0.02), window_ticks(0.0, 0.02)
    (20, 30, 1)
    """
    window_s = min(initiation_s - CHAIN_S, WINDOW_S_MAX)
    return min(max(int(window_s / dt_s + 1e-6), 1), N_RING)


@jit
def mean_deviation_hz(deviation_hz: float, n_mean: int, memory: FloatArray) -> float:
    """Remember a deviation, and give the mean of the newest, fewer until there are enough.

    Parameters
    ----------
    deviation_hz : float
        Measured less nominal frequency, a number. [Hz]
    n_mean : int
        How many to average, from 1 to the ring. [-]
    memory : ndarray, shape (34,)
        Memory of the site; changed in place.

    Returns
    -------
    float
        Mean deviation. [Hz]

    Examples
    --------
    >>> import numpy as np
    >>> memory = np.zeros(N_MEMORY)
    >>> [mean_deviation_hz(x, 2, memory) for x in (0.5, 0.25, 0.75)]
    [0.5, 0.375, 0.5]
    """
    place = (int(memory[NEWEST]) + 1) % N_RING
    memory[NEWEST] = place
    memory[RING + place] = deviation_hz
    memory[N_REMEMBERED] = min(memory[N_REMEMBERED] + 1.0, float(N_RING))
    n = min(n_mean, int(memory[N_REMEMBERED]))
    total_hz = 0.0
    for back in range(n):
        total_hz += memory[RING + (place - back) % N_RING]
    return total_hz / n
