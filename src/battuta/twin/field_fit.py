"""Recursive least squares that forgets: what a few numbers are, from every day of telemetry, old days counting less."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from battuta.numerics.arrays import FloatArray


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class RecursiveFit:
    """What is known of the coefficients of a line.

    Attributes
    ----------
    information : ndarray, shape (n, n)
        Inverse of their covariance.
    moment : ndarray, shape (n,)
        Information times the coefficients.
    """

    information: FloatArray
    moment: FloatArray

    @property
    def coefficients(self) -> FloatArray:
        """Most likely coefficients, shape (n,)."""
        return np.asarray(np.linalg.solve(self.information, self.moment), dtype=np.float64)

    @property
    def deviations(self) -> FloatArray:
        """Standard deviations of the coefficients, shape (n,)."""
        return np.sqrt(np.diag(np.asarray(np.linalg.inv(self.information), dtype=np.float64)))

    def updated(self, design: FloatArray, target: FloatArray, deviation: float, *, kept: float) -> RecursiveFit:
        """Take in the rows of a day.

        Parameters
        ----------
        design : ndarray, shape (n_rows, n)
            What each coefficient multiplies; a row with NaN is a gap and not counted.
        target : ndarray, shape (n_rows,)
            What the line should give.
        deviation : float
            Standard deviation of a row's error, in the unit of the target.
        kept : float
            Weight that all that was known before keeps. [-]

        Returns
        -------
        RecursiveFit
            What is known after.
        """
        held = np.isfinite(target) & np.isfinite(design).all(axis=1)
        rows, wanted = design[held] / deviation, target[held] / deviation
        return RecursiveFit(
            information=kept * self.information + rows.T @ rows, moment=kept * self.moment + rows.T @ wanted
        )


def first_fit(mean: FloatArray, deviation: FloatArray) -> RecursiveFit:
    """What is known before the first day.

    Parameters
    ----------
    mean, deviation : ndarray, shape (n,)
        Coefficients and their standard deviations, from data sheets.

    Returns
    -------
    RecursiveFit
        The start.

    Examples
    --------
    >>> start = first_fit(np.array([1.0]), np.array([10.0]))
    >>> start.updated(np.ones((100, 1)), np.full(100, 2.0), 0.1, kept=0.9).coefficients.round(3)
    array([2.])
    """
    information = np.diag(1.0 / deviation**2)
    return RecursiveFit(information=information, moment=information @ mean)
