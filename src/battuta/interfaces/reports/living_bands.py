"""Many sites as one picture: the median, the band of most of them, and the extremes; what is missing is left out."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from battuta.numerics.arrays import FloatArray, IntArray


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Band:
    """How a quantity of some sites was spread in each step; NaN where no site spoke.

    Attributes
    ----------
    lowest, low, median, high, highest : ndarray, shape (n_steps,)
        Extremes, 10 % and 90 %, and median, in the unit of the quantity.
    """

    lowest: FloatArray
    low: FloatArray
    median: FloatArray
    high: FloatArray
    highest: FloatArray


def band_of(values: NDArray[np.floating]) -> Band:
    """Spread of the known values of each step.

    Parameters
    ----------
    values : ndarray, shape (n_steps, n_sites)
        Values; NaN is missing.

    Returns
    -------
    Band
        Quantiles between neighbours by straight lines, as `numpy.quantile` has them.

    Examples
    --------
    >>> band_of(np.array([[1.0, 3.0, np.nan, 2.0]])).median
    array([2.])
    """
    ordered = np.sort(values.astype(np.float64), axis=1)  # NaN last
    n_known = (~np.isnan(ordered)).sum(axis=1)
    rows: IntArray = np.arange(ordered.shape[0], dtype=np.int64)

    def at(share: float) -> FloatArray:
        place = share * np.maximum(n_known - 1, 0)
        below = np.floor(place).astype(np.int64)
        above = np.minimum(below + 1, np.maximum(n_known - 1, 0))
        first, second = ordered[rows, below], ordered[rows, above]
        return first + (place - below) * (second - first)

    return Band(lowest=at(0.0), low=at(0.1), median=at(0.5), high=at(0.9), highest=at(1.0))


def total(values: NDArray[np.floating]) -> FloatArray:
    """Sum over the sites that spoke, NaN where none did, shape (n_steps,).

    Examples
    --------
    >>> total(np.array([[1.0, np.nan], [np.nan, np.nan]]))
    array([ 1., nan])
    """
    known = ~np.isnan(values)
    summed = np.where(known, values, 0.0).sum(axis=1, dtype=np.float64)
    return np.where(known.any(axis=1), summed, np.nan)
