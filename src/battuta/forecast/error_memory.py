"""What past days said of how far a forecast may be off: fading means of its errors, by slot and by day."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from battuta.numerics.arrays import FloatArray


@dataclass(slots=True)
class FadingMean:
    """Exponentially fading mean of daily rows, leaning on a first guess until there are days.

    Attributes
    ----------
    memory_days : float
        Days after which a row counts 1/e. [d]
    total, weight : ndarray, shape (n_slots,)
        Discounted sum and number of rows, the first guess among them.
    """

    memory_days: float
    total: FloatArray
    weight: FloatArray

    @classmethod
    def guessed(cls, memory_days: float, guess: float, guess_days: float, n_slots: int) -> FadingMean:
        """Begin with a guess that counts as some days.

        Examples
        --------
        >>> mean = FadingMean.guessed(30.0, 4.0, 2.0, 1)
        >>> mean.learn(np.array([1.0]))
        >>> mean.value().round(2)
        array([2.98])
        """
        return cls(memory_days, np.full(n_slots, guess * guess_days), np.full(n_slots, guess_days))

    def value(self) -> FloatArray:
        """The mean now, shape (n_slots,)."""
        return self.total / self.weight

    def learn(self, row: FloatArray) -> None:
        """Take a day; slots without a value keep what they had."""
        fade = np.exp(-1.0 / self.memory_days)
        is_there = np.isfinite(row)
        self.total = np.where(is_there, fade * self.total + np.where(is_there, row, 0.0), self.total)
        self.weight = np.where(is_there, fade * self.weight + 1.0, self.weight)


def guessed_error(price_per_mwh: FloatArray) -> float:
    """Half the mean change from week to week: what a fair model errs by before any error of its own is known.

    Parameters
    ----------
    price_per_mwh : ndarray, shape (n_days, n_slots)
        Recent prices, NaN where missing. [currency/MWh]

    Returns
    -------
    float
        The guess, above 0. [currency/MWh]
    """
    change = np.abs(price_per_mwh[7:] - price_per_mwh[:-7])
    there = change[np.isfinite(change)]
    return max(0.5 * float(there.mean()), 1e-6) if there.size else 1.0
