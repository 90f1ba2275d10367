"""LEAR: a LASSO-estimated autoregression for each slot of the day, recalibrated every day on a window of its own.

All slots share the regressors of a window, so one Gram matrix serves all of them, and the path of each LASSO is
followed on it exactly. The penalty is chosen by Akaike's criterion with the correction for few observations.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from battuta.domain.errors import StaleDataError
from battuta.forecast.day_table import KnownDays
from battuta.forecast.regressors import Regressors, regressors
from battuta.numerics.arrays import FloatArray
from battuta.numerics.lasso_kernels import best_knot

WINDOWS_DAYS = (56, 84, 1092, 1456)
BENT_WINDOWS_DAYS = (56, 112, 1456)
BEYOND_SEEN = 1.5
"""How far beyond the prices of its window a forecast may go, on the asinh scale: 4.5 times the largest."""
DAYS_MIN = 42
_AKAIKE = 2.0
_PATIENCE = 40
_COEFFICIENTS_MAX = 150


class Lear:
    """One calibration window of the LASSO-estimated autoregression.

    Parameters
    ----------
    window_days : int
        Days of the calibration window; where history is shorter, all of it.
    is_bent : bool
        True for more regressors than were published, in which a line can bend with residual load: ``bent``.

    References
    ----------
    .. [1] J. Lago, G. Marcjasz, B. De Schutter, R. Weron, "Forecasting day-ahead electricity prices: A review of
       state-of-the-art algorithms, best practices and an open-access benchmark", Applied Energy 293 (2021) 116983.
    .. [2] B. Efron, T. Hastie, I. Johnstone, R. Tibshirani, "Least angle regression", Annals of Statistics 32 (2004).
    """

    def __init__(self, window_days: int, *, is_bent: bool = False) -> None:
        self.window_days = window_days
        self.is_bent = is_bent

    @property
    def name(self) -> str:
        """Name of the member."""
        return f"{'bent' if self.is_bent else 'lear'}_{self.window_days}d"

    @property
    def n_days_min(self) -> int:
        """Days of history without which it says nothing."""
        return min(self.window_days, DAYS_MIN)

    def fit(self, known: KnownDays) -> None:
        """Nothing is kept between days: each forecast is calibrated anew."""

    def update(self, known: KnownDays) -> None:
        """Nothing is kept between days: each forecast is calibrated anew."""

    def predict(self, known: KnownDays) -> FloatArray:
        """Calibrate on the window before this gate, and forecast its day.

        Parameters
        ----------
        known : KnownDays
            What is known.

        Returns
        -------
        ndarray, shape (n_slots,)
            Price of each slot. [currency/MWh]

        Raises
        ------
        StaleDataError
            If there is nothing to learn from.
        """
        fit = self._calibrated(known)
        scaled = fit.mean + fit.coefficients @ (fit.x[-1] - fit.x_mean)
        seen = fit.window.target[fit.window.is_usable]
        return fit.window.scale.invert(np.clip(scaled, seen.min() - BEYOND_SEEN, seen.max() + BEYOND_SEEN))

    def leaned_on(self, known: KnownDays) -> dict[str, float]:
        """How much each input moves the forecast of a gate: mean weight times usual swing, as shares of their sum.

        Parameters
        ----------
        known : KnownDays
            What is known.

        Returns
        -------
        dict of str to float
            Share of each input and lag, the largest first; they sum to one. [-]
        """
        fit = self._calibrated(known)
        swing = np.abs(fit.coefficients).mean(axis=0) * fit.x[:-1].std(axis=0)
        shares: dict[str, float] = {}
        start = 0
        for block in fit.window.blocks:
            stop = start + block.values.shape[1]
            name = f"{block.name}, {block.lag_days} d before" if block.lag_days else block.name
            shares[name] = shares.get(name, 0.0) + float(swing[start:stop].sum())
            start = stop
        total = sum(shares.values()) or 1.0
        return {name: share / total for name, share in sorted(shares.items(), key=lambda each: -each[1])}

    def _calibrated(self, known: KnownDays) -> _Calibration:
        window = regressors(known, self.window_days, is_bent=self.is_bent)
        x = window.matrix()
        rows, target = x[:-1][window.is_usable], window.target[window.is_usable]
        if rows.shape[0] == 0:
            message = f"no day of the {self.window_days} before {known.dates[-1]} has all its prices"
            raise StaleDataError(message)
        x_mean, mean = rows.mean(axis=0), target.mean(axis=0)
        rows, target = rows - x_mean, target - mean
        coefficients = _paths(rows.T @ rows, target.T @ rows, np.square(target).sum(axis=0), rows.shape[0])
        return _Calibration(window, x, x_mean, mean, coefficients)


@dataclass(frozen=True, slots=True, eq=False)
class _Calibration:
    """A fitted window: its regressors, the means that were taken out, and the weights, (n_slots, n_regressors)."""

    window: Regressors
    x: FloatArray
    x_mean: FloatArray
    mean: FloatArray
    coefficients: FloatArray


def _paths(gram: FloatArray, correlations: FloatArray, squares: FloatArray, n_rows: int) -> FloatArray:
    """Coefficients of each slot at the best knot of its path, shape (n_slots, n_regressors)."""
    coefficients = np.zeros_like(correlations)
    n_active_max = min(_COEFFICIENTS_MAX, n_rows // 2, n_rows - 3)  # the correction of the criterion needs 3 days more
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
