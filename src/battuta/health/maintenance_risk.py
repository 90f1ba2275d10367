"""When a suspect module fails, if it does: three quantiles of days and a probability turned into chances day by day."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import cast

import numpy as np
import scipy.special  # pyright: ignore[reportMissingTypeStubs]

from battuta.domain.errors import DataError
from battuta.numerics.arrays import FloatArray

_normal_cdf = cast("Callable[[FloatArray], FloatArray]", scipy.special.ndtr)
_Z_90 = 1.2815515655446004
_DAYS_MIN = 0.5
"""Shorter times to a limit count as within the day."""
_WIDTH_MIN = 1e-6
OVERDUE_PER_DAY = 0.05
"""Chance a day that a cell whose limit is passed fails, assumed: half of them within two weeks. [1/day]"""


def require_days(days_to_limit: tuple[float, float, float], where: str) -> tuple[float, float, float]:
    """Return days to a limit that are three quantiles in order; the latest may be infinite.

    Raises
    ------
    DataError
        If one is no number or below 0, or they do not ascend.
    """
    early, middle, late = days_to_limit
    if not (0.0 <= early <= middle <= late and np.isfinite(middle)):
        message = (
            f"{where}: days to the limit of ({early:g}, {middle:g}, {late:g}) are no three quantiles; give days from "
            "the finding on at 10, 50 and 90 %, ascending"
        )
        raise DataError(message)
    return days_to_limit


def share_failed(days: FloatArray, days_to_limit: tuple[float, float, float]) -> FloatArray:
    """Share that has failed by some days after the finding, were the fault real: a two-piece log-normal law.

    The logarithm of the time is normal with one width below the median and another above, so that all three quantiles
    are met. An infinite late quantile leaves half of them never failing.

    Parameters
    ----------
    days : ndarray, shape (n_days,)
        Days since the finding. [d]
    days_to_limit : tuple of float
        10, 50 and 90 % quantile. [d]

    Returns
    -------
    ndarray, shape (n_days,)
        Share in [0, 1], ascending. [-]

    References
    ----------
    .. [1] K. F. Wallis, "The two-piece normal, binormal, or double Gaussian distribution", Statistical Science 29
       (2014) 106.

    Examples
    --------
    >>> share_failed(np.array([0.0, 10.0, 30.0, 120.0]), (10.0, 30.0, 120.0)).round(3)
    array([0. , 0.1, 0.5, 0.9])
    """
    early, middle, late = (float(np.log(max(each, _DAYS_MIN))) for each in days_to_limit)
    below, above = (max(each / _Z_90, _WIDTH_MIN) for each in (middle - early, late - middle))
    with np.errstate(divide="ignore"):
        off = np.log(np.maximum(days, 0.0)) - middle
    return _normal_cdf(np.where(off < 0.0, off / below, off / above))


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class FailureRisk:
    """Chances of modules to fail, from today.

    Attributes
    ----------
    real : ndarray, shape (n_modules,)
        Chance that at least one finding of the module is real. [-]
    failing : ndarray, shape (n_modules, n_days)
        Chance that it fails within each day, false alarms counted. [-]
    """

    real: FloatArray
    failing: FloatArray

    def alive(self, day: int) -> FloatArray:
        """Chance of each module to be alive at the begin of a day, shape (n_modules,)."""
        return 1.0 - self.failing[:, :day].sum(axis=1)


def risk_of_cell(
    probability: float, days_to_limit: tuple[float, float, float], age_days: float, n_days: int
) -> tuple[float, FloatArray]:
    """Chance that a cell's fault is real, and that it has failed by the end of each day.

    A limit that was passed is no proof that nothing was wrong: nobody looked, a balancer held the cell up, or the
    string was used less. Such a cell is overdue, as real as told, and fails on any day with the same chance; who looked
    and found it sound leaves its finding out.

    Parameters
    ----------
    probability : float
        That the finding is real, when it was told. [-]
    days_to_limit : tuple of float
        Quantiles, when it was told. [d]
    age_days : float
        How long ago that was. [d]
    n_days : int
        How many days ahead.

    Returns
    -------
    real : float
        Chance that it is real, as told. [-]
    failed : ndarray, shape (n_days + 1,)
        Chance that it has failed by the begin of each day; 0 today. [-]

    Examples
    --------
    >>> real, failed = risk_of_cell(0.5, (10.0, 30.0, 120.0), 30.0, 90)
    >>> round(real, 3), failed[[0, 90]].round(3)
    (0.5, array([0.   , 0.447]))
    """
    ahead = np.arange(n_days + 1.0)
    law = share_failed(age_days + ahead, days_to_limit)
    overdue = float(law[0]) * -np.expm1(-OVERDUE_PER_DAY * ahead)
    return probability, probability * (law - law[0] + overdue)


def risk_of_modules(cells: list[list[tuple[float, FloatArray]]], n_days: int) -> FailureRisk:
    """Join cells of modules: the first that fails takes its module with it, cells are independent.

    Parameters
    ----------
    cells : list of list of tuple
        For each module, what `risk_of_cell` says of each of its cells.
    n_days : int
        How many days ahead.

    Returns
    -------
    FailureRisk
        Of the modules.
    """
    real, failing = np.zeros(len(cells)), np.zeros((len(cells), n_days))
    for place, own in enumerate(cells):
        real[place] = 1.0 - float(np.prod([1.0 - each for each, _ in own]))
        alive = np.prod([1.0 - failed for _, failed in own], axis=0)
        failing[place] = -np.diff(alive)
    return FailureRisk(real=real, failing=failing)
