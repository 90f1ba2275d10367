"""Wear of contactors: switchings counted, each weighted with the current that it broke."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from battuta.domain.errors import InvalidQuantityError, UsageError
from battuta.numerics.arrays import FloatArray

_SURE_80 = 1.2816


@dataclass(frozen=True, slots=True, kw_only=True)
class ElectricalLife:
    """How many times a contactor can break a current.

    The default is an assumption, no data sheet: 100,000 switchings without load, and a tenth for each 3.2 times the
    current above 10 A, as the square of it. Data sheets print the points; give those of yours.

    Attributes
    ----------
    current_a : tuple of float
        Currents, ascending, above 0. [A]
    n_switchings : tuple of float
        How often each can be broken, falling. [-]

    References
    ----------
    .. [1] IEC 60947-4-1, annex B (electrical endurance of contactors); not verified for DC contactors of batteries.
    """

    current_a: tuple[float, ...] = (10.0, 31.6, 100.0, 316.0, 1000.0)
    n_switchings: tuple[float, ...] = (1e5, 1e4, 1e3, 1e2, 1e1)

    def __post_init__(self) -> None:
        """Refuse a curve that is none."""
        if len(self.current_a) != len(self.n_switchings) or not self.current_a:
            message = f"a life of {len(self.current_a)} currents and {len(self.n_switchings)} counts is no curve"
            raise UsageError(message)
        if min(self.current_a) <= 0.0 or min(self.n_switchings) <= 0.0:
            worst = min(*self.current_a, *self.n_switchings)
            raise InvalidQuantityError("current_a", worst, 0.0, np.inf, "A", where="ElectricalLife", above_low=True)
        if np.any(np.diff(self.current_a) <= 0.0) or np.any(np.diff(self.n_switchings) > 0.0):
            message = "the curve of a life needs ascending currents and counts that do not rise with them"
            raise UsageError(message)

    def share_used(self, current_a: FloatArray) -> FloatArray:
        """Share of its life that breaking each current takes. [-]

        Parameters
        ----------
        current_a : ndarray
            Currents that were broken, either sign. [A]

        Returns
        -------
        ndarray
            Of the same shape, NaN where the current is. [-]

        Examples
        --------
        >>> ElectricalLife().share_used(np.array([0.0, 100.0]))
        array([1.e-05, 1.e-03])
        """
        known = np.log(np.maximum(np.abs(current_a), self.current_a[0]))
        lives = np.interp(known, np.log(self.current_a), np.log(self.n_switchings))
        beyond = known - float(np.log(self.current_a[-1]))
        # Beyond the last point each further ampere costs as its square: data sheets forbid it.
        return np.exp(-lives + 2.0 * np.maximum(beyond, 0.0))


@dataclass(frozen=True, slots=True, kw_only=True)
class Wear:
    """Wear of one contactor.

    Attributes
    ----------
    share : float
        Share of its life that is used. [-]
    per_day, per_day_error : float
        How fast, over the days looked at, and the error of that by the few switchings that do most. [1/d]
    n_switchings : int
        How many were counted. [-]
    """

    share: float
    per_day: float
    per_day_error: float
    n_switchings: int


def wear_of(used: FloatArray, day: FloatArray, at_day: float, window_days: float, *, before: float = 0.0) -> Wear:
    """Add up the wear of a contactor until a day.

    Parameters
    ----------
    used : ndarray, shape (n_events,)
        Share of its life that each switching took. [-]
    day : ndarray, shape (n_events,)
        When. [d]
    at_day : float
        Until when. [d]
    window_days : float
        Over which last days its speed is told. [d]
    before : float
        Share that was used before the log began. [-]

    Returns
    -------
    Wear
        A sum of shares of rare events of several sizes: its variance is the sum of their squares.
    """
    past = day <= at_day
    recent = used[past & (day > at_day - window_days)]
    return Wear(
        share=before + float(np.sum(used[past])),
        per_day=float(np.sum(recent)) / window_days,
        per_day_error=float(np.sqrt(np.sum(recent**2))) / window_days,
        n_switchings=int(np.sum(past)),
    )


def days_left(wear: Wear) -> tuple[float, float, float] | None:
    """Days until the life is used: early, middle, late (10, 50, 90 %); None where it does not wear. [d]

    Examples
    --------
    >>> days_left(Wear(share=0.5, per_day=0.01, per_day_error=0.001, n_switchings=10))
    (44.3, 50.0, 57.3)
    """
    if wear.per_day <= 0.0:
        return None
    left = max(1.0 - wear.share, 0.0)
    speeds = [wear.per_day + sign * _SURE_80 * wear.per_day_error for sign in (1.0, 0.0, -1.0)]
    days = [left / speed if speed > 0.0 else float("inf") for speed in speeds]
    return round(days[0], 1), round(days[1], 1), round(days[2], 1)
