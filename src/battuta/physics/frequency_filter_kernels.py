"""Mean of the newest frequencies while they stand nearly still: a meter errs by a mHz, the mean by far less.

A droop product gives a site some time before a change must begin. What transport and converter leave of it is used to
average, so that the delivery stays within what the product admits of the true frequency also where that stands still,
and its band is a line. Where frequency moves the band is wide and speed counts: only the newest readings that lie near
the last one are averaged, and a step is answered at once. Memory of a site, `N_MEMORY` numbers, all zero is none yet:

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


STILL_HZ: Final = 0.0055
"""Readings further than this from the newest say that frequency moved; between whole mHz, five times an error. [Hz]"""


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
        Number of frequencies that are averaged at most; 1 answers the newest alone. [-]

    Examples
    --------
    >>> window_ticks(0.5, 0.02), window_ticks(2.0, 0.02), window_ticks(0.0, 0.02)
    (20, 30, 1)
    """
    window_s = min(initiation_s - CHAIN_S, WINDOW_S_MAX)
    return min(max(int(window_s / dt_s + 1e-6), 1), N_RING)


@jit
def mean_deviation_hz(deviation_hz: float, n_mean: int, memory: FloatArray) -> float:
    """Remember a deviation, and give the mean of the newest back to the first that lies further off than `STILL_HZ`.

    Parameters
    ----------
    deviation_hz : float
        Measured less nominal frequency, a number. [Hz]
    n_mean : int
        How many to average at most, from 1 to the ring. [-]
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
    >>> [round(mean_deviation_hz(x, 3, memory), 4) for x in (0.020, 0.021, 0.021, -0.1, -0.102)]
    [0.02, 0.0205, 0.0207, -0.1, -0.101]
    """
    place = (int(memory[NEWEST]) + 1) % N_RING
    memory[NEWEST] = place
    memory[RING + place] = deviation_hz
    memory[N_REMEMBERED] = min(memory[N_REMEMBERED] + 1.0, float(N_RING))
    total_hz, n = 0.0, 0
    for back in range(min(n_mean, int(memory[N_REMEMBERED]))):
        earlier_hz = memory[RING + (place - back) % N_RING]
        if abs(earlier_hz - deviation_hz) > STILL_HZ:
            break
        total_hz += earlier_hz
        n += 1
    return total_hz / n
