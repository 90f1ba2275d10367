"""Sum of a random number of random losses: its whole distribution, without drawing any."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from battuta.numerics.arrays import FloatArray

_STEPS = 1 << 14
_FAR_DEVIATIONS = 12.0


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class LossDistribution:
    """Distribution of the sum of the losses of a year.

    Attributes
    ----------
    loss : ndarray, shape (n_points,)
        Amounts, rising evenly from 0. [currency]
    probability : ndarray, shape (n_points,)
        Probability of each. [-]
    single : ndarray, shape (n_singles,)
        Amounts of single losses, which a quantile within a step of one is. [currency]
    """

    loss: FloatArray
    probability: FloatArray
    single: FloatArray

    @property
    def mean(self) -> float:
        """Mean loss. [currency]"""
        return float(self.probability @ self.loss)

    def quantile(self, share: float) -> float:
        """Smallest loss that is not exceeded with a probability. [currency]"""
        at = int(np.searchsorted(np.cumsum(self.probability), share - 1e-12))
        found, step = float(self.loss[min(at, self.loss.size - 1)]), float(self.loss[1])
        known = np.append(self.single, 0.0)
        near = float(known[np.argmin(np.abs(known - found))])
        return near if abs(near - found) <= step else found

    def exceedance(self, loss: float) -> float:
        """Probability that more than a loss is lost, between points as if it were spread evenly. [-]"""
        return float(np.interp(loss, self.loss, 1.0 - np.cumsum(self.probability)))


def compound_poisson(rate: float, loss: FloatArray, probability: FloatArray) -> LossDistribution:
    r"""Distribution of the sum of a Poisson number of losses.

    Its characteristic function is :math:`\exp(\lambda (\varphi(t) - 1))` of that of one loss, :math:`\varphi`. A loss
    between two points of the grid is parted between them so that the mean is kept.

    Parameters
    ----------
    rate : float
        Mean number of losses in a year. [1/a]
    loss : ndarray, shape (n_singles,)
        Amounts that one may have, >= 0. [currency]
    probability : ndarray, shape (n_singles,)
        Of each; adds up to 1. [-]

    Returns
    -------
    LossDistribution
        The sum, to a step of the grid: four times the largest loss and more over 16,384.

    References
    ----------
    .. [1] P. Embrechts and M. Frei, "Panjer recursion versus FFT for compound distributions", Mathematical Methods of
       Operations Research 69 (2009).

    Examples
    --------
    >>> found = compound_poisson(0.01, np.array([100.0]), np.array([1.0]))
    >>> round(found.mean, 9), found.quantile(0.99), found.quantile(0.996)
    (1.0, 0.0, 100.0)
    """
    mean, square = rate * float(probability @ loss), rate * float(probability @ loss**2)
    largest = float(loss.max(initial=0.0))
    span = mean + _FAR_DEVIATIONS * np.sqrt(square) + 4.0 * largest
    step = float(span) / _STEPS if span > 0.0 else 1.0
    grid: FloatArray = np.arange(2.0 * _STEPS) * step
    place = loss / step
    low = np.floor(place).astype(np.int64)
    above = place - low
    single = np.zeros(grid.size)
    np.add.at(single, low, probability * (1.0 - above))
    np.add.at(single, low + 1, probability * above)
    summed = np.fft.irfft(np.exp(rate * (np.fft.rfft(single) - 1.0)), n=grid.size)
    return LossDistribution(loss=grid, probability=np.maximum(summed, 0.0), single=np.unique(loss))
