"""Years ahead from the first two: guesses of law, rates and exponent, weighed each week by the capacity in the field.

The truth may be none of the laws: each guess carries an exponent of its own around that of its law, and the fan has a
wander that grows with what is lost.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from battuta.domain.errors import DataError
from battuta.numerics.arrays import FloatArray, IntArray
from battuta.numerics.sampling import generator
from battuta.physics.ageing.ageing_law import AgedQuantity, term_arrays
from battuta.physics.ageing.life_kernels import advance_day, term_loss

if TYPE_CHECKING:
    from collections.abc import Sequence

    from battuta.physics.ageing.ageing_law import AgeingLaw

PIVOT_DAYS = 365.0
LOG_RATE_DEVIATION, LOG_CYCLE_DEVIATION = 0.7, 0.35
EXPONENT_DEVIATION = 0.12
"""Published exponents of LFP cells reach from 0.44 to 0.74. [-]"""
WANDER = 1e-4
"""Variance of the loss around a smooth law, per loss: a loss of 5 points strays by 0.2. [-]"""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class FieldGuesses:
    """Guesses of how a container ages.

    Attributes
    ----------
    law_of_guess : ndarray of int, shape (n_guesses,)
        Number of the law.
    log_rate : ndarray, shape (n_guesses, 2)
        Logarithm of the multipliers of calendar and of cycle ageing. [-]
    exponent_shift : ndarray, shape (n_guesses,)
        Added to the exponent of the law. [-]
    log_weight : ndarray, shape (n_guesses,)
        Logarithm of the weight, up to a constant. [-]
    """

    law_of_guess: IntArray
    log_rate: FloatArray
    exponent_shift: FloatArray
    log_weight: FloatArray

    @property
    def weight(self) -> FloatArray:
        """Probability of each guess, shape (n_guesses,). [-]"""
        weight = np.exp(self.log_weight - self.log_weight.max())
        return weight / weight.sum()

    @property
    def n_alive(self) -> float:
        """Guesses that count: below some hundreds the fan is grainy. [-]"""
        return float(1.0 / np.sum(self.weight**2))


def field_guesses(n_laws: int, n_guesses: int, seed: int) -> FieldGuesses:
    """Draw guesses before the first day, laws in equal shares.

    Parameters
    ----------
    n_laws, n_guesses : int
        How many.
    seed : int
        Seed of the study.

    Returns
    -------
    FieldGuesses
        Equally likely guesses.
    """
    normal = generator(seed, "twin.field").standard_normal((n_guesses, 3))
    rate = LOG_RATE_DEVIATION * normal[:, :1] + np.stack((np.zeros(n_guesses), LOG_CYCLE_DEVIATION * normal[:, 1])).T
    return FieldGuesses(
        law_of_guess=np.arange(n_guesses, dtype=np.int64) % n_laws,
        log_rate=rate,
        exponent_shift=EXPONENT_DEVIATION * normal[:, 2],
        log_weight=np.zeros(n_guesses),
    )


def law_losses(law: AgeingLaw, slots: FloatArray, day: IntArray) -> FloatArray:
    """Capacity lost by calendar and cycles at unit rates.

    Parameters
    ----------
    law : AgeingLaw
        The law.
    slots : ndarray, shape (n_days, n_slots)
        Stresses of each day, those of the years to come included.
    day : ndarray of int, shape (n_times,)
        Days after which the losses are asked, from 1, ascending.

    Returns
    -------
    ndarray, shape (n_times, 2)
        Calendar, cycles. [-]

    Raises
    ------
    DataError
        If a day is asked beyond the stresses.
    """
    if day.size == 0 or int(day[0]) < 1 or int(day[-1]) > slots.shape[0]:
        message = f"days asked reach from {day[:1]} to {day[-1:]}, stresses cover days 1 to {slots.shape[0]}"
        raise DataError(message)
    terms, state, one = term_arrays(law), np.zeros(len(law.terms)), np.ones(len(law.terms))
    lost, row = np.zeros((day.size, 2)), 0
    for number in range(1, int(day[-1]) + 1):
        advance_day(state, slots[number - 1], one, *terms)
        while row < day.size and int(day[row]) == number:
            for index, term in enumerate(law.terms):
                if term.quantity is AgedQuantity.CAPACITY:
                    own = term_loss(state[index], int(terms.kinds[index]), float(terms.powers[index]))
                    lost[row, 0 if term.cause == "calendar" else 1] += own
            row += 1
    return lost


def guessed_loss(guesses: FieldGuesses, growth: Sequence[FloatArray], day: FloatArray) -> FloatArray:
    """Capacity lost by each guess.

    Parameters
    ----------
    guesses : FieldGuesses
        Guesses.
    growth : sequence of ndarray, shape (n_times, 2)
        `law_losses` of each law at the days.
    day : ndarray, shape (n_times,)
        The days. [d]

    Returns
    -------
    ndarray, shape (n_guesses, n_times)
        Loss. [-]
    """
    loss = np.zeros((guesses.law_of_guess.size, day.size))
    for number, own in enumerate(growth):
        mine = guesses.law_of_guess == number
        loss[mine] = np.exp(guesses.log_rate[mine]) @ own.T
    return loss * (day / PIVOT_DAYS) ** guesses.exponent_shift[:, None]


def reweighed(guesses: FieldGuesses, loss: FloatArray, soh_capacity: FloatArray, deviation: FloatArray) -> FieldGuesses:
    """Weigh guesses by the weekly capacities of the field.

    Parameters
    ----------
    guesses : FieldGuesses
        Guesses.
    loss : ndarray, shape (n_guesses, n_weeks)
        What each says, see `guessed_loss`. [-]
    soh_capacity : ndarray, shape (n_weeks,)
        Capacity of each week over that of commissioning; NaN where there is none. [-]
    deviation : ndarray, shape (n_weeks,)
        Standard deviation of a week's own error. [-]

    Returns
    -------
    FieldGuesses
        Guesses with new weights. What all weeks share (the error of the capacity at commissioning) is integrated out.
    """
    held = np.isfinite(soh_capacity)
    away = (1.0 - soh_capacity[held] - loss[:, held]) / deviation[held]
    ones = 1.0 / deviation[held]
    shared = (away @ ones) ** 2 / (ones @ ones + 1.0 / 0.005**2)
    misfit = np.square(away).sum(axis=1) - shared
    return FieldGuesses(
        law_of_guess=guesses.law_of_guess,
        log_rate=guesses.log_rate,
        exponent_shift=guesses.exponent_shift,
        log_weight=guesses.log_weight - 0.5 * misfit,
    )


def field_fan(guesses: FieldGuesses, loss: FloatArray, *, lost_now: float, n_draws: int, seed: int) -> FloatArray:
    """Draw what is left of the capacity at later days.

    Parameters
    ----------
    guesses : FieldGuesses
        Guesses with their weights.
    loss : ndarray, shape (n_guesses, n_times)
        What each says of the later days. [-]
    lost_now : float
        Loss today: the wander begins there. [-]
    n_draws : int
        Draws.
    seed : int
        Seed of the study.

    Returns
    -------
    ndarray, shape (n_draws, n_times)
        Equally likely states of health, capacity. [-]
    """
    rng = generator(seed, "twin.field.fan")
    chosen = rng.choice(guesses.weight.size, size=n_draws, p=guesses.weight)
    steps = np.diff(loss[chosen], axis=1, prepend=lost_now)
    stray = np.cumsum(np.sqrt(WANDER * np.abs(steps)) * rng.standard_normal(steps.shape), axis=1)
    return np.clip(1.0 - loss[chosen] - stray, 0.0, 1.0)
