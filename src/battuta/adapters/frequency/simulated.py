"""Frequency of a grid that never was, for studies; labelled synthetic wherever it shows."""

from __future__ import annotations

import numpy as np

from battuta.numerics.arrays import FloatArray
from battuta.world.grid_frequency import GridFrequency

_SECONDS_PER_DAY = 86_400


def simulated_frequency_hz(seed: int, n_days: int) -> FloatArray:
    """Frequency of each second of some days of a synthetic grid like that of continental Europe.

    Parameters
    ----------
    seed : int
        Same seed, same bytes. [-]
    n_days : int
        Number of days. [d]

    Returns
    -------
    ndarray, shape (86400 * n_days,)
        SYNTHETIC frequency. [Hz]

    Examples
    --------
    >>> simulated_frequency_hz(1, 1).shape
    (86400,)
    """
    grid = GridFrequency(seed)
    days = [grid.samples(day * _SECONDS_PER_DAY, _SECONDS_PER_DAY, 1)[:, 0] for day in range(n_days)]
    return np.concatenate(days)
