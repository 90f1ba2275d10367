"""A scale on which prices with spikes and negative hours look almost normal: median, spread, inverse sinh."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from battuta.numerics.arrays import FloatArray

_NORMAL_PER_MAD = 1.4826
_FLAT = 1e-6


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class AsinhScale:
    """Centre and spread per slot; values go to asinh((value - centre) / spread).

    Attributes
    ----------
    centre, spread : ndarray, shape (n_slots,)
        Median, and 1.4826 times the median absolute deviation. [unit of the values]

    References
    ----------
    .. [1] B. Uniejewski, R. Weron, F. Ziel, "Variance stabilizing transformations for electricity spot price
       forecasting", IEEE Transactions on Power Systems 33 (2018).
    """

    centre: FloatArray
    spread: FloatArray

    @classmethod
    def of(cls, rows: FloatArray) -> AsinhScale:
        """Learn the scale of days.

        Parameters
        ----------
        rows : ndarray, shape (n_days, n_slots)
            Values without gaps. [unit]

        Returns
        -------
        AsinhScale
            The scale; where more than half of the values are alike, as sun by night, the standard deviation stands in
            for the spread, and 1 where nothing varies at all.

        Examples
        --------
        >>> scale = AsinhScale.of(np.array([[10.0], [20.0], [30.0]]))
        >>> scale.centre, scale.spread.round(3)
        (array([20.]), array([14.826]))
        """
        centre = np.median(rows, axis=0)
        spread = _NORMAL_PER_MAD * np.median(np.abs(rows - centre), axis=0)
        deviation = rows.std(axis=0)
        is_flat = spread <= _FLAT * (np.abs(centre) + deviation)
        spread = np.where(is_flat, np.where(deviation > _FLAT * np.abs(centre), deviation, 1.0), spread)
        return cls(centre=centre, spread=spread)

    def apply(self, rows: FloatArray) -> FloatArray:
        """Bring values onto the scale, shape as given. [-]"""
        return np.arcsinh((rows - self.centre) / self.spread)

    def invert(self, scaled: FloatArray) -> FloatArray:
        """Bring values back, shape as given. [unit]"""
        return np.sinh(scaled) * self.spread + self.centre
