"""How far off a day's forecast is likely to be, slot by slot, before it is known where: one width for each price.

A log-linear model of the absolute error: what errors were lately at this slot and on these days, how much the members
disagree, how far the forecast lies from the level of the last weeks. Refitted each week on the last year of errors.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from battuta.forecast.day_table import HOURS_PER_DAY
from battuta.forecast.error_memory import FadingMean, guessed_error
from battuta.numerics.arrays import BoolArray, FloatArray, IntArray

DISTANCE, LOWEST, WEEKEND = 15, 16, 17
"""Places of signs that move the middle of the distribution as well as its width."""
N_SIGNS = 18
_WINDOW_DAYS = 364
_REFIT_DAYS = 7
_MEMORY_DAYS = 250.0
_POWER = 0.5
_RIDGE_DAYS = 30.0
_LEVEL_DAYS = 28
_GUESS_DAYS = 60
_NEWTON_STEPS = 8
_PRIOR = np.zeros(N_SIGNS)
_PRIOR[[1, 4, 5]] = 0.5, 0.25, 0.25


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Signs:
    """What the width of a day is told by.

    Attributes
    ----------
    values : ndarray, shape (n_slots, 18)
        Logarithms of errors and distances over the base, and signed distances. [-]
    base : float
        Usual error of the last two months. [currency/MWh]
    """

    values: FloatArray
    base: float


class ErrorScale:
    """Learns the width of errors day by day.

    Parameters
    ----------
    history : ndarray, shape (n_days, n_slots)
        Prices before the first forecast, NaN where missing; they give the first guess. [currency/MWh]
    """

    def __init__(self, history: FloatArray) -> None:
        n_slots = history.shape[1]
        guess = guessed_error(history[-_GUESS_DAYS:])
        self._base, self._yesterday, self._week = (
            FadingMean.guessed(days, guess, guess_days, 1) for days, guess_days in ((60.0, 3.0), (1.5, 2.0), (7.0, 2.0))
        )
        self._month, self._slots = (FadingMean.guessed(days, guess, 2.0, n_slots) for days in (30.0, 7.0))
        self._coefficients = _PRIOR.copy()
        self._signs: list[Signs] = []
        self._errors: list[FloatArray] = []

    def signs(self, said: FloatArray, point: FloatArray, price_per_mwh: FloatArray, *, is_weekend: bool) -> Signs:
        """Read the signs of a day.

        Parameters
        ----------
        said : ndarray, shape (n_families, n_slots)
            What each family of models says. [currency/MWh]
        point : ndarray, shape (n_slots,)
            The forecast. [currency/MWh]
        price_per_mwh : ndarray, shape (n_days, n_slots)
            Known prices; the last 28 days are looked at. [currency/MWh]
        is_weekend : bool
            Whether the day is a Saturday or Sunday.

        Returns
        -------
        Signs
            The signs.
        """
        base = float(self._base.value()[0])
        recent = price_per_mwh[-_LEVEL_DAYS:]
        there = recent[np.isfinite(recent)]
        level = float(there.mean()) if there.size else float(point.mean())
        spread = (float(there.std()) if there.size else 0.0) + 1e-9 + 0.05 * base
        latest = recent[-1] if len(recent) else np.full_like(point, np.nan)
        before = np.where(np.isfinite(latest), latest, level)
        apart, disagreement = np.abs(said - point).mean(axis=0), said.std(axis=0)
        if said.shape[0] == 1:  # one voice cannot disagree: that is no sign of a narrow band
            apart = disagreement = np.full(point.shape, base)
        n_slots = point.shape[0]
        distance = np.clip((point - level) / spread, -4.0, 4.0)
        one = np.ones(n_slots)
        sizes = [
            _smooth(self._month.value()),
            _smooth(self._slots.value()),
            one * self._yesterday.value()[0],
            one * self._week.value()[0],
            _smooth(apart),
            _smooth(disagreement),
            one * apart.mean(),
            one * disagreement.mean(),
            _smooth(np.abs(point - level)),
            one * np.ptp(point),
            np.abs(np.gradient(point)) * (n_slots / HOURS_PER_DAY),
            _smooth(np.abs(point - before)),
            one * np.abs(point - before).mean(),
            one * spread,
        ]
        logarithms = [np.log(size / base + 0.05) for size in sizes]
        lowest = one * float(np.clip((point.min() - level) / spread, -4.0, 0.0))
        columns = [one, *logarithms, distance, lowest, one * float(is_weekend)]
        return Signs(values=np.stack(columns, axis=1), base=base)

    def width(self, signs: Signs, day_number: int) -> FloatArray:
        """Width of each slot, shape (n_slots,); refits on fixed days of the calendar. [currency/MWh]"""
        if day_number % _REFIT_DAYS == 0 or len(self._signs) < _REFIT_DAYS:
            self._refit()
        return signs.base * np.exp(np.clip(signs.values @ self._coefficients, -4.0, 4.0))

    def learn(self, signs: Signs, error: FloatArray) -> None:
        """Take the outcome of a day.

        Parameters
        ----------
        signs : Signs
            Those of the day when it was forecast.
        error : ndarray, shape (n_slots,)
            Outcome less forecast, NaN where unknown. [currency/MWh]
        """
        size = np.abs(error)
        self._signs, self._errors = [*self._signs, signs][-_WINDOW_DAYS:], [*self._errors, size][-_WINDOW_DAYS:]
        there = size[np.isfinite(size)]
        day = np.array([there.mean() if there.size else np.nan])
        for mean in (self._base, self._yesterday, self._week):
            mean.learn(day)
        for mean in (self._month, self._slots):
            mean.learn(size)

    def _refit(self) -> None:
        if not self._signs:
            return
        n_days, n_slots = len(self._signs), int(self._errors[0].shape[0])
        thin = max(n_slots // HOURS_PER_DAY, 1)
        age_days = n_days - np.arange(n_days)
        errors: FloatArray = np.array(self._errors)
        place: IntArray = np.add.outer(np.arange(n_days), np.arange(n_slots))
        is_kept: BoolArray = (place % thin == 0) & np.isfinite(errors)
        x = np.array([signs.values for signs in self._signs])[is_kept]
        base = np.array([signs.base for signs in self._signs])
        size = ((errors / base[:, None]) ** _POWER)[is_kept]
        weight = np.repeat(np.exp(-age_days / _MEMORY_DAYS)[:, None], n_slots, axis=1)[is_kept]
        if size.size:
            ridge = _RIDGE_DAYS * n_slots / thin
            self._coefficients = _fitted(x, size, weight / weight.mean(), self._coefficients, ridge)


def _fitted(x: FloatArray, size: FloatArray, weight: FloatArray, start: FloatArray, ridge: float) -> FloatArray:
    """Minimise the mean of size exp(-p x b) + p x b over b by Newton's method, drawn towards the prior."""
    coefficients = start
    for _ in range(_NEWTON_STEPS):
        ratio = size * np.exp(-_POWER * np.clip(x @ coefficients, -6.0, 6.0))
        curvature = (x * (weight * _POWER * ratio)[:, None]).T @ x + ridge * np.eye(x.shape[1])
        gradient = x.T @ (weight * (1.0 - ratio)) + ridge * (coefficients - _PRIOR)
        step = np.linalg.solve(curvature, gradient)
        longest = float(np.abs(step).max())
        coefficients = coefficients - step * min(1.0, 2.0 / max(longest, 1e-12))
        if longest < 1e-3:
            break
    return coefficients


def _smooth(values: FloatArray) -> FloatArray:
    """Mean over an hour on either side, the edges held."""
    reach = max(values.shape[0] // HOURS_PER_DAY, 1)
    padded = np.concatenate([np.repeat(values[:1], reach), values, np.repeat(values[-1:], reach)])
    return np.convolve(padded, np.full(2 * reach + 1, 1.0 / (2 * reach + 1)), mode="valid")
