"""Noise that wanders and comes back, the same at any instant whatever window was asked: clouds, loads, weather.

Each day draws its own noise and starts from what the days before it left; days so old that their share is
forgotten (eight memories) are left out. So an instant never depends on the window, and one day costs one draw.
"""

from __future__ import annotations

import math
from functools import lru_cache

import numpy as np

from battuta.domain.time import NS_PER_DAY
from battuta.numerics.arrays import FloatArray, IntArray
from battuta.numerics.sampling import generator
from battuta.world.mean_reversion_kernels import revert

DAY_ORIGIN = 719_163
"""Days from 0001-01-01 to 1970-01-01: a day of any year has a number that is not negative."""
_MEMORIES_KEPT = 8.0


def mean_reverting(
    seed: int, stream: str, time_ns: IntArray, *, memory_days: float, n_per_day: int, site: int = 0
) -> FloatArray:
    """Mean-reverting noise of zero mean and unit variance, straight between its knots.

    Parameters
    ----------
    seed : int
        Seed of the world.
    stream : str
        Name of the quantity.
    time_ns : ndarray, shape (n_times,)
        Instants, in any order. [ns]
    memory_days : float
        Time after which a share of 1/e is left. [day]
    n_per_day : int
        Knots a day. [-]
    site : int
        Number of the site.

    Returns
    -------
    ndarray, shape (n_times,)
        Noise; its variance is one on the knots and somewhat less between them. [-]

    Examples
    --------
    >>> noon = np.array([43_200 * 10**9])
    >>> wide = mean_reverting(1, "clouds", np.arange(0, 86_400, 3_600) * 10**9, memory_days=1.0, n_per_day=24)
    >>> bool(mean_reverting(1, "clouds", noon, memory_days=1.0, n_per_day=24)[0] == wide[12])
    True
    """
    if not time_ns.size:
        return np.empty(time_ns.shape)
    day = time_ns // NS_PER_DAY
    place = (time_ns - day * NS_PER_DAY) * (n_per_day / NS_PER_DAY)
    base = np.minimum(place.astype(np.int64), n_per_day - 1)
    first, last = int(day.min()), int(day.max())
    days = np.arange(first, last + 1) if last - first < time_ns.size else np.unique(day)
    knots = np.stack([_day(seed, stream, site, int(each), memory_days, n_per_day) for each in days])
    row = np.searchsorted(days, day) if days.size > 1 else np.zeros_like(day)
    low = knots[row, base]
    return low + (place - base) * (knots[row, base + 1] - low)


@lru_cache(maxsize=8192)
def _day(seed: int, stream: str, site: int, day: int, memory_days: float, n_per_day: int) -> FloatArray:
    """Knots of a day and the first of the next, shape (n_per_day + 1,)."""
    decay, innovation = _law(memory_days, n_per_day)
    knots = np.empty(n_per_day + 1)
    start = _start(seed, stream, site, day, memory_days, n_per_day)
    revert(_noise(seed, stream, site, day, n_per_day), start, decay, innovation, knots[:n_per_day])
    start = _start(seed, stream, site, day + 1, memory_days, n_per_day)
    revert(_noise(seed, stream, site, day + 1, 1), start, decay, innovation, knots[n_per_day:])
    knots.flags.writeable = False
    return knots


def _start(seed: int, stream: str, site: int, day: int, memory_days: float, n_per_day: int) -> float:
    decay = math.exp(-1.0 / memory_days)
    start = 0.0
    for back in range(max(1, math.ceil(_MEMORIES_KEPT * memory_days)), 0, -1):
        start = start * decay + _end(seed, stream, site, day - back, memory_days, n_per_day)
    return start


@lru_cache(maxsize=262_144)
def _end(seed: int, stream: str, site: int, day: int, memory_days: float, n_per_day: int) -> float:
    """What a day leaves when it begins at zero."""
    decay, innovation = _law(memory_days, n_per_day)
    return revert(_noise(seed, stream, site, day, n_per_day), 0.0, decay, innovation, np.empty(n_per_day))


def _law(memory_days: float, n_per_day: int) -> tuple[float, float]:
    decay = math.exp(-1.0 / (memory_days * n_per_day))
    return decay, math.sqrt(1.0 - decay * decay)


def _noise(seed: int, stream: str, site: int, day: int, n_draws: int) -> FloatArray:
    return generator(seed, stream, site=site, cell=day + DAY_ORIGIN).standard_normal(n_draws)
