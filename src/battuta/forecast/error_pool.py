"""What standardised errors were in the last year, pooled over neighbouring hours: the shape without conditions."""

from __future__ import annotations

import numpy as np

from battuta.forecast.day_table import HOURS_PER_DAY
from battuta.numerics.arrays import FloatArray, IntArray

_WINDOW_DAYS = 364
_REACH_HOURS = 1
_ERRORS_MIN = 99


class ErrorPool:
    """Keeps standardised errors and tells their quantiles.

    Parameters
    ----------
    n_slots : int
        Slots of a day.
    """

    def __init__(self, n_slots: int) -> None:
        self._reach = _REACH_HOURS * max(n_slots // HOURS_PER_DAY, 1)
        self._errors: FloatArray = np.empty((0, n_slots))

    def quantiles(self, levels: FloatArray) -> FloatArray | None:
        """Empirical quantiles slot by slot, those of the hours on either side among them.

        Parameters
        ----------
        levels : ndarray, shape (n_levels,)
            Levels wanted. [-]

        Returns
        -------
        ndarray, shape (n_slots, n_levels), or None
            Quantiles of error over width; None while a slot has fewer than 99 errors. [-]
        """
        n_days, n_slots = len(self._errors), int(self._errors.shape[1])
        beside: IntArray = np.arange(-self._reach, self._reach + 1)
        near: IntArray = np.add.outer(np.arange(n_slots), beside) % n_slots
        pooled = self._errors[:, near].transpose(1, 0, 2).reshape(n_slots, n_days * beside.size)
        pooled = np.sort(pooled, axis=1)  # NaN last
        n_known = np.isfinite(pooled).sum(axis=1)
        if n_days == 0 or n_known.min() < _ERRORS_MIN:
            return None
        place = levels * (n_known[:, None] - 1.0)
        below = np.floor(place).astype(np.int64)
        above = np.minimum(below + 1, n_known[:, None] - 1)
        low, high = np.take_along_axis(pooled, below, axis=1), np.take_along_axis(pooled, above, axis=1)
        return low + (place - below) * (high - low)

    def learn(self, error: FloatArray) -> None:
        """Take the errors of a day over their widths, shape (n_slots,), NaN where unknown. [-]"""
        self._errors = np.concatenate([self._errors, error[None, :]])[-_WINDOW_DAYS:]
