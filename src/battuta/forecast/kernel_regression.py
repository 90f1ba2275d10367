"""A Gaussian process over days: prices follow those of days that were alike, recent ones before older ones.

The covariance of two days is a straight line through all regressors plus a Matern kernel of their distance, part of
which fades with the time between them. Hours are taken in blocks; each looks closest at regressors of its own hours.
The Cholesky factor of the past grows by a row each day: a day costs one triangular solution a block and no new fit.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from battuta.domain.errors import StaleDataError, UsageError
from battuta.forecast.day_table import HOURS_PER_DAY, KnownDays
from battuta.forecast.kernel_inputs import KernelRows, KernelScales, kernel_rows, kernel_scales, usable_columns
from battuta.forecast.lear import BEYOND_SEEN
from battuta.forecast.regressors import LOOK_BACK_DAYS
from battuta.numerics.arrays import BoolArray, FloatArray
from battuta.numerics.triangles import lower_factor, solved_lower

WINDOW_DAYS = 1092
DAYS_MIN = 42
_BLOCK_HOURS = 4
_REACH_HOURS = 3.0
_LOCAL_SHARE = 0.7
_LENGTH = 0.5
_LINE = 1.0 / 240.0
_CONSTANT = 1.0
_NOISE = 0.15
_MEMORY_DAYS = 150.0
_FADING_SHARE = 0.4


class KernelRegression:
    """Day-ahead prices as a Gaussian process.

    Parameters
    ----------
    window_days : int
        Days that a fit looks back on.

    References
    ----------
    .. [1] C. E. Rasmussen, C. K. I. Williams, "Gaussian Processes for Machine Learning", MIT Press (2006), ch. 2 and 4.
    """

    def __init__(self, window_days: int = WINDOW_DAYS) -> None:
        self.window_days = window_days
        self._past: _Past | None = None

    @property
    def name(self) -> str:
        """Name of the member."""
        return "kernel"

    @property
    def n_days_min(self) -> int:
        """Days of history without which it says nothing."""
        return DAYS_MIN

    def fit(self, known: KnownDays) -> None:
        """Learn from the window before the gate.

        Parameters
        ----------
        known : KnownDays
            What is known.

        Raises
        ------
        StaleDataError
            If no day of the window has all its prices.
        """
        self._past = _learned(known, self.window_days)

    def update(self, known: KnownDays) -> None:
        """Append the days whose prices became known since; begin anew where a series went missing or came back."""
        past = self._past
        if past is None or set(past.scales.columns) != set(_columns(known, past.first)):
            self.fit(known)
            return
        rows = kernel_rows(known, past.next_day, known.price_per_mwh.shape[0], past.scales)
        for place in np.flatnonzero(rows.is_usable):
            past.append(rows, int(place))
        past.next_day = known.price_per_mwh.shape[0]

    def predict(self, known: KnownDays) -> FloatArray:
        """Forecast the day of this gate.

        Returns
        -------
        ndarray, shape (n_slots,)
            Price of each slot. [currency/MWh]

        Raises
        ------
        UsageError
            If it was not fitted.
        """
        if self._past is None:
            message = "fit comes before predict"
            raise UsageError(message)
        past = self._past
        today = kernel_rows(known, known.day, known.day + 1, past.scales)
        low, high = past.days.target.min() - BEYOND_SEEN, past.days.target.max() + BEYOND_SEEN
        return past.scales.price.invert(np.clip(past.expected(today), low, high))


@dataclass(slots=True, eq=False)
class _Factor:
    """Cholesky factor of a block of hours: that of the fit, and a few rows for the days since.

    The large part stays where it is; what is appended are rows against it, and a small triangle.
    """

    base: FloatArray
    border: FloatArray
    corner: FloatArray

    def solved(self, covariance: FloatArray) -> FloatArray:
        """Solve the whole triangle for one right-hand side, shape (n_rows,)."""
        n_base = self.base.shape[0]
        head = solved_lower(self.base, covariance[:n_base])
        if not self.corner.shape[0]:
            return head
        rest = covariance[n_base:] - self.border @ head
        return np.concatenate([head, solved_lower(self.corner, rest)])

    def append(self, row: FloatArray, pivot: float) -> None:
        """Add the row of one more day."""
        n_base, n_corner = self.base.shape[0], self.corner.shape[0]
        corner = np.zeros((n_corner + 1, n_corner + 1))
        corner[:-1, :-1] = self.corner
        corner[-1, :-1], corner[-1, -1] = row[n_base:], pivot
        self.border, self.corner = np.vstack([self.border, row[:n_base]]), corner


@dataclass(frozen=True, slots=True, eq=False)
class _Days:
    """Days laid out for covariances: the straight line, and for each block of hours the weighted likeness."""

    number: FloatArray
    line: FloatArray
    likeness: tuple[FloatArray, ...]
    target: FloatArray

    @classmethod
    def of(cls, rows: KernelRows, which: slice | BoolArray, line_mean: FloatArray) -> _Days:
        """Lay out chosen rows."""
        likeness = rows.likeness[which]
        weighted = [
            np.concatenate([(likeness * np.sqrt(weight)).reshape(likeness.shape[0], -1), rows.calendar[which]], axis=1)
            for weight in _hour_weights(likeness.shape[2])
        ]
        return cls(rows.number[which], rows.line[which] - line_mean, tuple(weighted), rows.target[which])

    def joined(self, more: _Days) -> _Days:
        """The same days, and more."""
        likeness = tuple(np.vstack(pair) for pair in zip(self.likeness, more.likeness, strict=True))
        return _Days(
            np.concatenate([self.number, more.number]),
            np.vstack([self.line, more.line]),
            likeness,
            np.vstack([self.target, more.target]),
        )


@dataclass(frozen=True, slots=True, eq=False)
class _Expected:
    """What the past says of a day, kept because the same day is learned next."""

    line: FloatArray
    mean: FloatArray
    rows: tuple[FloatArray, ...]


@dataclass(slots=True, eq=False)
class _Past:
    """Factors and whitened targets of the days learned so far."""

    first: int
    next_day: int
    scales: KernelScales
    days: _Days
    line_mean: FloatArray
    target_mean: FloatArray
    factors: list[_Factor]
    whitened: FloatArray
    latest: _Expected | None = None

    def expected(self, rows: KernelRows) -> FloatArray:
        """Mean of a day given the past, on the scale, shape (n_slots,)."""
        self.latest = self._solved(_Days.of(rows, slice(0, 1), self.line_mean))
        return self.latest.mean

    def append(self, rows: KernelRows, place: int) -> None:
        """Learn one more day."""
        day = _Days.of(rows, slice(place, place + 1), self.line_mean)
        latest = self.latest
        is_same = latest is not None and np.array_equal(latest.line, day.line)
        expected = latest if latest is not None and is_same else self._solved(day)
        whitened = np.empty((1, expected.mean.shape[0]))
        variances = [float(each[0, 0]) + _NOISE for each in _covariances(day, day)]
        for block, (row, variance) in enumerate(zip(expected.rows, variances, strict=True)):
            pivot = float(np.sqrt(max(variance - float(row @ row), 0.5 * _NOISE)))
            self.factors[block].append(row, pivot)
            slots = self.slots(block)
            whitened[0, slots] = (day.target[0, slots] - expected.mean[slots]) / pivot
        self.whitened = np.vstack([self.whitened, whitened])
        self.days, self.latest = self.days.joined(day), None

    def _solved(self, day: _Days) -> _Expected:
        mean = self.target_mean.copy()
        rows: list[FloatArray] = []
        for block, covariance in enumerate(_covariances(self.days, day)):
            row = self.factors[block].solved(covariance[:, 0])
            slots = self.slots(block)
            mean[slots] += row @ self.whitened[:, slots]
            rows.append(row)
        return _Expected(day.line, mean, tuple(rows))

    def slots(self, block: int) -> slice:
        """Slots of the day that a block of hours forecasts."""
        slots_per_block = self.target_mean.shape[0] // len(self.factors)
        return slice(block * slots_per_block, (block + 1) * slots_per_block)


def _learned(known: KnownDays, window_days: int) -> _Past:
    first = max(known.day - window_days, LOOK_BACK_DAYS)
    stop = known.price_per_mwh.shape[0]
    if first >= stop:
        message = f"the forecast of {known.dates[-1]} has {stop} days of history; give at least {LOOK_BACK_DAYS + 1}"
        raise StaleDataError(message)
    scales = kernel_scales(known, first)
    rows = kernel_rows(known, first, stop, scales)
    if not rows.is_usable.any():
        message = f"no day of the {stop - first} before {known.dates[-1]} has all its prices"
        raise StaleDataError(message)
    line_mean = rows.line[rows.is_usable].mean(axis=0)
    days = _Days.of(rows, rows.is_usable, line_mean)
    target_mean = days.target.mean(axis=0)
    past = _Past(first, stop, scales, days, line_mean, target_mean, [], np.empty_like(days.target))
    for covariance in _covariances(days, days):
        covariance[np.diag_indices_from(covariance)] += _NOISE
        factor = lower_factor(covariance)
        past.factors.append(_Factor(factor, np.empty((0, factor.shape[0])), np.empty((0, 0))))
    for block, factor in enumerate(past.factors):
        slots = past.slots(block)
        aim = days.target[:, slots] - target_mean[slots]
        past.whitened[:, slots] = solved_lower(factor.base, aim)
    return past


def _columns(known: KnownDays, first: int) -> dict[str, FloatArray]:
    return usable_columns(known, max(first - LOOK_BACK_DAYS, 0))


def _covariances(past: _Days, days: _Days) -> list[FloatArray]:
    """Covariance of days with days for each block of hours, each of shape (n_past, n_days)."""
    line = _CONSTANT + _LINE * (past.line @ days.line.T)
    apart_days = np.abs(past.number[:, None] - days.number)
    fading = 1.0 - _FADING_SHARE + _FADING_SHARE * np.exp(-apart_days / _MEMORY_DAYS)
    covariances: list[FloatArray] = []
    for one, other in zip(past.likeness, days.likeness, strict=True):
        squared = np.square(one).sum(axis=1)[:, None] + np.square(other).sum(axis=1) - 2.0 * (one @ other.T)
        distance = np.sqrt(3.0) * _LENGTH * np.sqrt(np.maximum(squared, 0.0))
        covariances.append(line + fading * (1.0 + distance) * np.exp(-distance))
    return covariances


def _hour_weights(n_hours: int) -> list[FloatArray]:
    """Weight of each hour in the likeness that counts for a block of hours; the weights of a block sum to one."""
    if n_hours != HOURS_PER_DAY:
        return [np.full(n_hours, 1.0 / n_hours)]
    hours = np.arange(HOURS_PER_DAY)
    weights: list[FloatArray] = []
    for start in range(0, HOURS_PER_DAY, _BLOCK_HOURS):
        centres = np.arange(start, start + _BLOCK_HOURS)
        near = np.exp(-np.abs(hours - centres[:, None]) / _REACH_HOURS).mean(axis=0)
        weights.append(_LOCAL_SHARE * near / near.sum() + (1.0 - _LOCAL_SHARE) / HOURS_PER_DAY)
    return weights
