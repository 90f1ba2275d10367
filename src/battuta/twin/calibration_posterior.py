"""What data say of a bent ageing law: a cloud of guesses, moved from the prior to the posterior in small steps.

Sequential Monte Carlo: the data are let in little by little, guesses that fit poorly die, the others are shaken. The
scatter between conditions is integrated out exactly, so a guess stays short whatever the number of conditions;
the steps sum to the evidence for the law, by which laws are weighted.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from battuta.numerics.arrays import FloatArray
from battuta.twin.calibration_form import LossSurface, TiltPrior

if TYPE_CHECKING:
    from numpy.random import Generator

N_TILTS = 9
OVERHANG, OVERHANG_SOC, OVERHANG_DAYS = 9, 10, 11
RATE_SCATTER, EXPONENT_SCATTER, OVERHANG_SCATTER = 12, 13, 14
SCATTERS = (RATE_SCATTER, EXPONENT_SCATTER, OVERHANG_SCATTER)
WANDER, ERROR = 15, 16
N_SHIFTS = 3
SHAKES = 4
LEAST_ALIVE = 0.5
MOST_STEPS = 200


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Posterior:
    """What is believed of one law after the data.

    Attributes
    ----------
    draws : ndarray, shape (n_draws, 17)
        Equally likely guesses, in the order of `TiltPrior`.
    log_evidence : float
        Logarithm of the probability of the data under the law. [-]
    """

    draws: FloatArray
    log_evidence: float


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Shifts:
    """What belongs to a condition alone, given a guess: rate, exponent and overhang.

    Attributes
    ----------
    mean : ndarray, shape (n_draws, n_conditions, 3)
        Most likely shifts. [-]
    precision : ndarray, shape (n_draws, n_conditions, 3, 3)
        Inverse of their covariance.
    log_likelihood : ndarray, shape (n_draws,)
        Logarithm of the probability of all losses, shifts integrated out.
    """

    mean: FloatArray
    precision: FloatArray
    log_likelihood: FloatArray


def shift_columns(draws: FloatArray, surface: LossSurface) -> tuple[FloatArray, ...]:
    """What each shift of a condition multiplies, each of shape (n_draws, n_points); the first is the loss. [-]"""
    loss = surface.losses(draws[:, :N_TILTS])
    moved = 1.0 - np.exp(-surface.days / np.exp(draws[:, OVERHANG_DAYS, None]))
    return loss, loss * surface.log_age, moved


def shift_means(draws: FloatArray, surface: LossSurface) -> FloatArray:
    """What is expected of the shifts before a condition is seen, shape (n_draws, n_conditions, 3). [-]"""
    expected = np.zeros((draws.shape[0], surface.soc.size, N_SHIFTS))
    expected[:, :, 2] = draws[:, OVERHANG, None] * (surface.soc - draws[:, OVERHANG_SOC, None])
    return expected


def step_variance(draws: FloatArray, loss_step: FloatArray) -> FloatArray:
    """Variance of what a cell loses from one check-up to the next, beside its law: wander and error of the check-up.

    Parameters
    ----------
    draws : ndarray, shape (n_draws, 17)
        Guesses.
    loss_step : ndarray, shape (n_draws, n_points)
        What the law loses from one check-up to the next. [-]

    Returns
    -------
    ndarray, shape (n_draws, n_points)
        Variance. [-]
    """
    return np.exp(draws[:, WANDER, None]) * np.abs(loss_step) + np.exp(2.0 * draws[:, ERROR, None])


def shifts(draws: FloatArray, surface: LossSurface, loss_share: FloatArray) -> Shifts:
    """Integrate out what belongs to single conditions.

    Parameters
    ----------
    draws : ndarray, shape (n_draws, 17)
        Guesses.
    surface : LossSurface
        Points.
    loss_share : ndarray, shape (n_points,)
        Measured losses. [-]

    Returns
    -------
    Shifts
        Shifts of each condition and the likelihood of each guess.
    """
    columns = [surface.increments(each) for each in shift_columns(draws, surface)]
    deviation = np.sqrt(step_variance(draws, columns[0]))
    away = (surface.increments(loss_share) - columns[0]) / deviation
    columns = [each / deviation for each in columns]
    n_draws, n_conditions = draws.shape[0], len(surface.starts)

    def summed(points: FloatArray) -> FloatArray:
        return np.add.reduceat(points, surface.starts, axis=1)

    precision = np.empty((n_draws, n_conditions, N_SHIFTS, N_SHIFTS))
    pull = np.empty((n_draws, n_conditions, N_SHIFTS))
    for one in range(N_SHIFTS):
        pull[:, :, one] = summed(columns[one] * away)
        for two in range(one + 1):
            precision[:, :, one, two] = precision[:, :, two, one] = summed(columns[one] * columns[two])
    own = np.exp(-2.0 * draws[:, SCATTERS])
    expected = shift_means(draws, surface)
    for one in range(N_SHIFTS):
        precision[:, :, one, one] += own[:, None, one]
    pull += own[:, None, :] * expected
    mean = np.asarray(np.linalg.solve(precision, pull[..., None])[..., 0], dtype=np.float64)
    log_size = np.log(np.linalg.det(precision)).sum(axis=1) - n_conditions * np.log(own).sum(axis=1)
    misfit = np.square(away).sum(axis=1) + (own[:, None, :] * expected**2 - pull * mean).sum(axis=(1, 2))
    size = loss_share.size * np.log(2.0 * np.pi) + 2.0 * np.log(deviation).sum(axis=1)
    likelihood = -0.5 * (misfit + log_size + size)
    return Shifts(mean=mean, precision=precision, log_likelihood=likelihood)


def posterior(
    surface: LossSurface, loss_share: FloatArray, prior: TiltPrior, *, n_draws: int, rng: Generator
) -> Posterior:
    """Move guesses from the prior to what the data leave of it.

    Parameters
    ----------
    surface : LossSurface
        A law at the points of the data.
    loss_share : ndarray, shape (n_points,)
        Measured losses. [-]
    prior : TiltPrior
        What was believed before.
    n_draws : int
        Guesses.
    rng : Generator
        Source of numbers.

    Returns
    -------
    Posterior
        Guesses and evidence.

    References
    ----------
    .. [1] P. Del Moral, A. Doucet, A. Jasra, Sequential Monte Carlo samplers, J. R. Stat. Soc. B 68, 2006.
    """
    draws = prior.mean + prior.deviation * rng.standard_normal((n_draws, prior.mean.size))
    likelihood = shifts(draws, surface, loss_share).log_likelihood
    share, log_evidence = 0.0, 0.0
    for _ in range(MOST_STEPS):
        step = _next_share(likelihood, 1.0 - share)
        weight = np.exp(step * (likelihood - likelihood.max()))
        log_evidence += float(np.log(weight.mean()) + step * likelihood.max())
        share += step
        chosen = _resampled(weight / weight.sum(), rng)
        draws, likelihood = draws[chosen], likelihood[chosen]
        spread = np.linalg.cholesky(np.cov(draws.T) + 1e-12 * np.diag(prior.deviation**2))
        for shake in range(SHAKES):
            reach = 2.38 / np.sqrt(prior.mean.size) * (1.0 if shake % 2 == 0 else 0.4)
            proposed = draws + reach * rng.standard_normal(draws.shape) @ spread.T
            there = shifts(proposed, surface, loss_share).log_likelihood
            gain = share * (there - likelihood) + _log_prior(proposed, prior) - _log_prior(draws, prior)
            taken = np.log(rng.random(n_draws)) < gain
            draws = np.where(taken[:, None], proposed, draws)
            likelihood = np.where(taken, there, likelihood)
        if share >= 1.0:
            break
    return Posterior(draws=draws, log_evidence=log_evidence)


def _log_prior(draws: FloatArray, prior: TiltPrior) -> FloatArray:
    """Logarithm of the prior up to a constant, shape (n_draws,)."""
    return -0.5 * np.square((draws - prior.mean) / prior.deviation).sum(axis=1)


def _next_share(likelihood: FloatArray, left: float) -> float:
    """How much of the data to let in so that half of the guesses stay alive."""

    def alive(step: float) -> float:
        weight = np.exp(step * (likelihood - likelihood.max()))
        return float(weight.sum() ** 2 / np.square(weight).sum() / weight.size)

    if alive(left) >= LEAST_ALIVE:
        return left
    low, high = 0.0, left
    for _ in range(60):
        middle = 0.5 * (low + high)
        low, high = (middle, high) if alive(middle) >= LEAST_ALIVE else (low, middle)
    return max(low, 1e-9)


def _resampled(weight: FloatArray, rng: Generator) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    """Systematic resampling, shape (n_draws,)."""
    places = (np.arange(weight.size) + rng.random()) / weight.size
    return np.minimum(np.searchsorted(np.cumsum(weight), places), weight.size - 1).astype(np.int64)
