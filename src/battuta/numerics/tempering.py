"""Draws from what data leave of a normal prior, and how probable the data were, for a likelihood that is cheap to ask.

The data are let in little by little (tempering). After each step few guesses, chosen by their weight, are moved on as
chains, and every place that a chain visits is kept: long chains mix, and none of their work is thrown away.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from battuta.numerics.arrays import FloatArray

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.random import Generator

__all__ = ["Tempered", "tempered"]

LEAST_ALIVE = 0.7
"""Share of the guesses that stay alive when more of the data is let in."""
MOST_LIKE_START = 0.1
"""Chains go on until the correlation between where they are and where they began is no larger."""
BLOCK = 60
"""Moves between two looks at that correlation."""
REACHES = (1.0, 0.7, 0.4)
"""Shares of the spread that are drawn anew, in turn: 1 forgets where a chain was, 0.4 is seldom refused."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Tempered:
    """What the data leave.

    Attributes
    ----------
    draws : ndarray, shape (n_draws, n_numbers)
        Equally likely guesses; neighbours in a chain may be equal.
    log_evidence : float
        Logarithm of the probability of the data. [-]
    chain_lengths : tuple of int
        Places kept of each chain, step of the tempering by step.
    """

    draws: FloatArray
    log_evidence: float
    chain_lengths: tuple[int, ...]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Target:
    """What is drawn from at one step: the prior times a power of the likelihood; and the normal that proposes."""

    log_likelihood: Callable[[FloatArray], FloatArray]
    prior_mean: FloatArray
    prior_deviation: FloatArray
    share: float
    mean: FloatArray
    root: FloatArray

    def log_prior(self, draws: FloatArray) -> FloatArray:
        """Logarithm of the prior up to a constant, shape (n_draws,)."""
        return -0.5 * np.square((draws - self.prior_mean) / self.prior_deviation).sum(axis=1)

    def whitened(self, draws: FloatArray) -> FloatArray:
        """Draws on the axes of the normal, shape (n_draws, n_numbers)."""
        return np.asarray(np.linalg.solve(self.root, (draws - self.mean).T).T, dtype=np.float64)


def tempered(
    log_likelihood: Callable[[FloatArray], FloatArray],
    mean: FloatArray,
    deviation: FloatArray,
    *,
    n_chains: int,
    rng: Generator,
    n_visits: tuple[int, int] = (120, 960),
    n_visits_last: int = 480,
) -> Tempered:
    """Draw from a normal prior times a likelihood.

    A move draws a share of the fitted normal anew and keeps the rest, so it is seldom refused where the target is
    nearly normal, whatever the number of dimensions. Chains are made longer until they have forgotten their start.

    Parameters
    ----------
    log_likelihood : callable
        From draws of shape (n_draws, n_numbers) to logarithms of the likelihood of shape (n_draws,).
    mean, deviation : ndarray, shape (n_numbers,)
        The prior.
    n_chains : int
        Chains.
    rng : Generator
        Source of numbers.
    n_visits : tuple of int
        Fewest and most places of a chain at each step.
    n_visits_last : int
        Fewest at the last step, whose places are handed back.

    Returns
    -------
    Tempered
        Draws and evidence.

    References
    ----------
    .. [1] H.-D. Dau, N. Chopin, Waste-free sequential Monte Carlo, J. R. Stat. Soc. B 84, 2022.
    .. [2] R. M. Neal, Regression and classification using Gaussian process priors, Bayesian Statistics 6, 1999.
    """
    draws = mean + deviation * rng.standard_normal((n_chains * n_visits[0], mean.size))
    likelihood = log_likelihood(draws)
    share, log_evidence = 0.0, 0.0
    lengths: list[int] = []
    while share < 1.0:
        step = _next_share(likelihood, 1.0 - share)
        weight = np.exp(step * (likelihood - likelihood.max()))
        log_evidence += float(np.log(weight.mean()) + step * likelihood.max())
        share = 1.0 if step >= 1.0 - share else share + step
        weight /= weight.sum()
        target = _fitted(draws, weight, log_likelihood, mean, deviation, share)
        chosen = _resampled(weight, n_chains, rng)
        least = n_visits_last if share >= 1.0 else n_visits[0]
        draws, likelihood = _visited(target, draws[chosen], likelihood[chosen], (least, n_visits[1]), rng)
        lengths.append(draws.shape[0] // n_chains)
    return Tempered(draws=draws, log_evidence=log_evidence, chain_lengths=tuple(lengths))


def _fitted(
    draws: FloatArray,
    weight: FloatArray,
    log_likelihood: Callable[[FloatArray], FloatArray],
    mean: FloatArray,
    deviation: FloatArray,
    share: float,
) -> _Target:
    """The target of a step with the normal that fits the weighted draws."""
    middle = weight @ draws
    away = draws - middle
    spread = (weight[:, None] * away).T @ away + 1e-9 * np.diag(deviation**2)
    return _Target(
        log_likelihood=log_likelihood,
        prior_mean=mean,
        prior_deviation=deviation,
        share=share,
        mean=middle,
        root=np.asarray(np.linalg.cholesky(spread), dtype=np.float64),
    )


def _visited(
    target: _Target, draws: FloatArray, likelihood: FloatArray, n_visits: tuple[int, int], rng: Generator
) -> tuple[FloatArray, FloatArray]:
    """All places of chains that start at draws, and their likelihoods."""
    places, logs = [draws], [likelihood]
    start = here = target.whitened(draws)
    prior = target.log_prior(draws)
    while len(places) < n_visits[1]:
        reach = REACHES[len(places) % len(REACHES)]
        there = np.sqrt(1.0 - reach**2) * here + reach * rng.standard_normal(here.shape)
        proposed = target.mean + there @ target.root.T
        proposed_likelihood, proposed_prior = target.log_likelihood(proposed), target.log_prior(proposed)
        gain = target.share * (proposed_likelihood - likelihood) + proposed_prior - prior
        gain += 0.5 * (np.square(there).sum(axis=1) - np.square(here).sum(axis=1))
        taken = np.log(rng.random(gain.size)) < gain
        draws, here = (np.where(taken[:, None], new, old) for new, old in ((proposed, draws), (there, here)))
        likelihood, prior = np.where(taken, proposed_likelihood, likelihood), np.where(taken, proposed_prior, prior)
        places.append(draws)
        logs.append(likelihood)
        looks = len(places) >= n_visits[0] and (len(places) - n_visits[0]) % BLOCK == 0
        if looks and _likeness(start, here) <= MOST_LIKE_START:
            break
    return np.concatenate(places), np.concatenate(logs)


def _likeness(one: FloatArray, other: FloatArray) -> float:
    """Correlation of places of chains, all axes together."""
    return float((one * other).sum() / np.sqrt(np.square(one).sum() * np.square(other).sum()))


def _next_share(likelihood: FloatArray, left: float) -> float:
    """How much of the data to let in so that enough of the guesses stay alive."""

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


def _resampled(weight: FloatArray, count: int, rng: Generator) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    """Systematic resampling, shape (count,)."""
    places = (np.arange(count) + rng.random()) / count
    return np.minimum(np.searchsorted(np.cumsum(weight), places), weight.size - 1).astype(np.int64)
