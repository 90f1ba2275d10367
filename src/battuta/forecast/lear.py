"""LEAR: a LASSO-estimated autoregression for each slot of the day, recalibrated every day on a window of its own.

All slots share the regressors of a window, so one Gram matrix serves all of them, and the path of each LASSO is
followed on it exactly. The penalty is chosen by Akaike's criterion with the correction for few observations.
"""

from __future__ import annotations

import numpy as np

from battuta.domain.errors import UsageError
from battuta.forecast.day_table import KnownDays
from battuta.forecast.regressors import Regressors, regressors
from battuta.numerics.arrays import FloatArray
from battuta.numerics.lasso_kernels import best_knot

WINDOWS_DAYS = (56, 84, 1092, 1456)
_AKAIKE = 2.0
_PATIENCE = 40
_COEFFICIENTS_MAX = 150


class Lear:
    """One calibration window of the LASSO-estimated autoregression.

    Parameters
    ----------
    window_days : int
        Days of the calibration window; where history is shorter, all of it.

    References
    ----------
    .. [1] J. Lago, G. Marcjasz, B. De Schutter, R. Weron, "Forecasting day-ahead electricity prices: A review of
       state-of-the-art algorithms, best practices and an open-access benchmark", Applied Energy 293 (2021) 116983.
    .. [2] B. Efron, T. Hastie, I. Johnstone, R. Tibshirani, "Least angle regression", Annals of Statistics 32 (2004).
    """

    def __init__(self, window_days: int) -> None:
        self.window_days = window_days
        self._window: Regressors | None = None
        self._coefficients = np.empty((0, 0))
        self._means, self._x_mean, self._today = np.empty(0), np.empty(0), np.empty(0)

    @property
    def name(self) -> str:
        """Name of the member."""
        return f"lear_{self.window_days}d"

    def fit(self, known: KnownDays) -> None:
        """Calibrate on the days before the gate.

        Parameters
        ----------
        known : KnownDays
            What is known.

        Raises
        ------
        StaleDataError
            If there is nothing to learn from.
        """
        window = regressors(known, self.window_days)
        x = window.matrix()
        rows, target = x[:-1][window.is_usable], window.target[window.is_usable]
        self._window, self._today = window, x[-1]
        self._x_mean, self._means = rows.mean(axis=0), target.mean(axis=0)
        centred, aim = rows - self._x_mean, target - self._means
        self._coefficients = _paths(centred.T @ centred, aim.T @ centred, np.square(aim).sum(axis=0), rows.shape[0])

    def predict(self) -> FloatArray:
        """Forecast the day that it was calibrated for.

        Returns
        -------
        ndarray, shape (n_slots,)
            Price of each slot. [currency/MWh]

        Raises
        ------
        UsageError
            If it was not calibrated.
        """
        if self._window is None:
            message = "fit comes before predict"
            raise UsageError(message)
        scaled = self._means + self._coefficients @ (self._today - self._x_mean)
        return self._window.scale.invert(scaled)


def _paths(gram: FloatArray, correlations: FloatArray, squares: FloatArray, n_rows: int) -> FloatArray:
    """Coefficients of each slot at the best knot of its path, shape (n_slots, n_regressors)."""
    coefficients = np.zeros_like(correlations)
    n_active_max = min(_COEFFICIENTS_MAX, n_rows // 2)
    for slot in range(correlations.shape[0]):
        if squares[slot] > 0.0 and n_active_max > 0:
            best_knot(
                gram,
                correlations[slot].copy(),
                float(squares[slot]),
                n_rows,
                _AKAIKE,
                n_active_max,
                _PATIENCE,
                coefficients[slot],
            )
    return coefficients
