"""How a figure is spread over the lives: quantiles by year, and what is bettered with a given probability."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from battuta.numerics.arrays import FloatArray
from battuta.twin.exceedance import exceeded

PROBABILITIES = (0.5, 0.75, 0.9, 0.99)
"""Of the columns P50, P75, P90 and P99."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Spread:
    """Quantiles of a quantity over the lives.

    Attributes
    ----------
    low, middle, high : ndarray, shape (n_years + 1,)
        Values below which 10, 50 and 90 % of the lives lie, in the unit of the quantity.
    """

    low: FloatArray
    middle: FloatArray
    high: FloatArray


@dataclass(frozen=True, slots=True, kw_only=True)
class Bettered:
    """What a figure of whole lives comes to.

    Attributes
    ----------
    mean : float
        Mean of the lives that have the figure. [unit of the figure]
    p50, p75, p90, p99 : float
        Value that 50, 75, 90 and 99 % of the lives better; NaN where lives without the figure, which count as worst,
        reach that far. [unit of the figure]
    """

    mean: float
    p50: float
    p75: float
    p90: float
    p99: float

    @property
    def values(self) -> tuple[float, float, float, float]:
        """The four, from P50 to P99."""
        return (self.p50, self.p75, self.p90, self.p99)


def spread_of(values: FloatArray) -> Spread:
    """Spread of each year over the lives.

    Parameters
    ----------
    values : ndarray, shape (n_lives, n_years + 1)
        A quantity of each life and year, no gaps.

    Returns
    -------
    Spread
        Its quantiles.

    Examples
    --------
    >>> float(spread_of(np.array([[1.0], [0.8], [0.6]])).middle[0])
    0.8
    """
    low, middle, high = np.quantile(values, (0.1, 0.5, 0.9), axis=0)
    return Spread(low=low, middle=middle, high=high)


def bettered(values: FloatArray, *, is_cost: bool = False) -> Bettered:
    """Say what 50, 75, 90 and 99 % of the lives better; of a cost, less is better.

    Parameters
    ----------
    values : ndarray, shape (n_lives,)
        A figure of each life; NaN where a life has none.
    is_cost : bool
        Whether less is better.

    Returns
    -------
    Bettered
        The figures.

    Examples
    --------
    >>> years = np.array([1.0, 2.0, 3.0, 4.0, 5.0])
    >>> bettered(years).p75, bettered(years, is_cost=True).p75
    (2.0, 4.0)
    """
    sign = -1.0 if is_cost else 1.0
    p50, p75, p90, p99 = (sign * float(each) for each in exceeded(sign * values, PROBABILITIES))
    mean = float(values.mean()) if values.size else math.nan  # none where a life has none: it would be that of the rest
    return Bettered(mean=mean, p50=p50, p75=p75, p90=p90, p99=p99)
