"""What data say of a bent ageing law: a cloud of guesses, moved from the prior to the posterior in small steps.

The scatter between conditions is integrated out exactly, so a guess stays short whatever the number of conditions. The
steps of the tempering sum to the evidence for the law, by which laws are weighted.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from battuta.numerics.arrays import FloatArray
from battuta.numerics.tempering import tempered
from battuta.twin.calibration_form import LossSurface, TiltPrior
from battuta.twin.calibration_kernels import shifted_log_likelihood

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.random import Generator

N_TILTS = 9
OVERHANG, OVERHANG_SOC, OVERHANG_DAYS = 9, 10, 11
RATE_SCATTER, EXPONENT_SCATTER, OVERHANG_SCATTER = 12, 13, 14
SCATTERS = (RATE_SCATTER, EXPONENT_SCATTER, OVERHANG_SCATTER)
WANDER, ERROR = 15, 16
N_SHIFTS = 3
N_CHAINS = 40
"""Chains of 120 to 960 visits at each of about 17 steps: evidence of a law settles to a few tenths."""


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


def log_likelihoods(surface: LossSurface, loss_share: FloatArray) -> Callable[[FloatArray], FloatArray]:
    """The likelihood of `shifts` alone, compiled: from guesses of shape (n_draws, 17) to shape (n_draws,)."""
    points = np.stack((surface.log_loss, surface.days, surface.log_age, loss_share), axis=1)
    bounds = np.append(surface.starts, loss_share.size).astype(np.int64)

    def log_likelihood(draws: FloatArray) -> FloatArray:
        return shifted_log_likelihood(_plain(draws), surface.design, points, surface.soc, bounds)

    return log_likelihood


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
        Guesses to keep; the work does not depend on it.
    rng : Generator
        Source of numbers.

    Returns
    -------
    Posterior
        Guesses and evidence.
    """
    log_likelihood = log_likelihoods(surface, loss_share)
    found = tempered(log_likelihood, prior.mean, prior.deviation, n_chains=N_CHAINS, rng=rng)
    kept = rng.permutation(found.draws.shape[0])[:n_draws]  # mixed, for a prediction takes the first of them
    return Posterior(draws=found.draws[kept], log_evidence=found.log_evidence)


def _plain(draws: FloatArray) -> FloatArray:
    """Guesses with what is believed of logarithms turned into what the likelihood multiplies, shape (n_draws, 17)."""
    plain = draws.copy()
    plain[:, OVERHANG_DAYS] = np.exp(draws[:, OVERHANG_DAYS])
    plain[:, SCATTERS] = np.exp(-2.0 * draws[:, SCATTERS])
    plain[:, WANDER] = np.exp(draws[:, WANDER])
    plain[:, ERROR] = np.exp(2.0 * draws[:, ERROR])
    return plain
