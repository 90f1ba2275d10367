"""Outages that overlap: what share of the power is lost in each year, where no more than all of it can be."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np

from battuta.numerics.arrays import FloatArray

IntArray: TypeAlias = np.ndarray[tuple[int, ...], np.dtype[np.int64]]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Outages:
    """Outages of all lives.

    Attributes
    ----------
    life : ndarray of int, shape (n_outages,)
        Whose each is. [-]
    start_year, end_year : ndarray, shape (n_outages,)
        Begin and end, in years since the study began. [a]
    share : ndarray, shape (n_outages,)
        Share of the power that is out. [-]
    """

    life: IntArray
    start_year: FloatArray
    end_year: FloatArray
    share: FloatArray


def lost_shares(outages: Sequence[Outages], *, n_lives: int, n_years: int) -> FloatArray:
    """Share of the power that outages take in each year of each life.

    Between two instants at which one begins or ends, the shares of those that last are added, to 1 at most.

    Parameters
    ----------
    outages : sequence of Outages
        Of whatever cause; what lies beyond the end of the study is not counted.
    n_lives, n_years : int
        Lives, and years of each. [-]

    Returns
    -------
    ndarray, shape (n_lives, n_years)
        Mean share of each year. [-]

    Examples
    --------
    >>> both = Outages(
    ...     life=np.array([0, 0]),
    ...     start_year=np.array([0.0, 0.5]),
    ...     end_year=np.array([1.0, 1.5]),
    ...     share=np.array([0.6, 0.6]),
    ... )
    >>> lost_shares([both], n_lives=1, n_years=2).tolist()
    [[0.8, 0.3]]
    """
    edge_life = np.repeat(np.arange(n_lives), n_years + 1)
    edge = np.tile(np.arange(n_years + 1.0), n_lives)
    begins = [each.life for each in outages]
    ends = [np.minimum(each.end_year, float(n_years)) for each in outages]
    shares = [each.share for each in outages]
    lives = np.concatenate([*begins, *begins, edge_life])
    times = np.concatenate([*(each.start_year for each in outages), *ends, edge])
    steps = np.concatenate([*shares, *(-each for each in shares), np.zeros(edge.size)])
    order = np.lexsort((times, lives))
    lives, times, steps = lives[order], times[order], steps[order]
    out = np.clip(np.cumsum(steps)[:-1], 0.0, 1.0)  # what a life takes it gives back by its end
    span = np.where(lives[1:] == lives[:-1], np.diff(times), 0.0)
    year = np.minimum(np.floor(times[:-1]).astype(np.int64), n_years - 1)
    lost = np.zeros((n_lives, n_years))
    np.add.at(lost, (lives[:-1], year), out * span)
    return np.clip(lost, 0.0, 1.0)
