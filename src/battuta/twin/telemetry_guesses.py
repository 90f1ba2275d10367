"""Guesses of how a battery ages, as a study draws its lives, and a wide kind for a battery that ages like no model.

Half of the guesses are drawn as the lives of the study are. The others may run at twice or half the rate, and all their
terms bend together: a truth outside the models is then met by them, and the share of them that is left says so.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from battuta.numerics.arrays import BoolArray, FloatArray, IntArray
from battuta.physics.ageing.ageing_term import AgedQuantity, TermKind
from battuta.physics.ageing.rate_prior import rate_prior
from battuta.twin.ensemble import law_of_lives
from battuta.twin.field_forecast import EXPONENT_DEVIATION, LOG_CYCLE_DEVIATION, LOG_RATE_DEVIATION
from battuta.twin.lives_shared import LifeDraws

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.random import Generator

    from battuta.physics.ageing.ageing_law import AgeingLaw

WIDE_SHARE = 0.5
"""Share of the guesses that ages like no model, ASSUMED. [-]"""
UNIT_SPREAD, LOG_UNIT_SPREAD_DEVIATION, LOG_SITE_SPREAD_DEVIATION = 0.03, 0.7, 0.5
"""Between racks of a site rates differ by 3 %, known to a factor of two, ASSUMED as is the last. [-]"""
_OWN, _COMMON, _SITE_SPREAD, _UNIT_SPREAD, _BEND, _FIRST_TERM = 0, 1, 2, 3, 4, 5
_KEPT_PRIOR, _WIDER = 0.2, 1.15
"""Of a second round: share drawn as the first, and factor on the deviations of what was found. [-]"""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class GuessForm:
    """What guesses are made of.

    Attributes
    ----------
    laws : sequence of AgeingLaw
        Models.
    weights : Mapping of str to float
        Weight of each by name. [-]
    cell_deviation_share : float
        Standard deviation of the logarithm of a factor on all rates of a battery. [-]
    learns_sites, learns_units : bool
        Whether that deviation, and that between racks, is learned: where there are several.
    has_resistance : bool
        Whether resistance was measured.
    """

    laws: Sequence[AgeingLaw]
    weights: Mapping[str, float]
    cell_deviation_share: float
    learns_sites: bool
    learns_units: bool
    has_resistance: bool

    @property
    def n_terms(self) -> int:
        """Terms of the longest model."""
        return max(len(each.terms) for each in self.laws)

    @property
    def n_numbers(self) -> int:
        """Standard normal numbers of a guess."""
        return _FIRST_TERM + 2 * self.n_terms

    def deviations(self, law: AgeingLaw, *, is_wide: bool) -> tuple[FloatArray, FloatArray, FloatArray]:
        """Deviations of a law's log rates, of their common part, and of its exponents, each of shape (n_terms,). [-]"""
        prior, n = rate_prior(law), len(law.terms)
        rate, common, bend = np.zeros((3, self.n_terms))
        rate[:n] = prior.log_sd
        bend[:n] = prior.exponent_sd
        for number, term in enumerate(law.terms):
            is_seen = term.quantity is AgedQuantity.CAPACITY or self.has_resistance
            if is_wide and is_seen:
                common[number] = LOG_RATE_DEVIATION
                rate[number] = max(rate[number], LOG_CYCLE_DEVIATION if term.cause == "cycle" else 0.0)
            if is_wide and term.quantity is AgedQuantity.CAPACITY and term.kind is TermKind.POWER:
                bend[number] = max(bend[number], EXPONENT_DEVIATION)
        return rate, common, bend


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Guesses:
    """Guesses by the numbers that they are drawn from.

    Attributes
    ----------
    law_of_guess : ndarray of int, shape (n_guesses,)
        Number of the model.
    is_wide : ndarray of bool, shape (n_guesses,)
        Which age like no model.
    normal : ndarray, shape (n_guesses, n_numbers)
        Numbers that are standard normal before anything is measured. [-]
    log_lead : ndarray, shape (n_guesses,)
        Logarithm of the probability before measuring over that with which it was drawn. [-]
    """

    law_of_guess: IntArray
    is_wide: BoolArray
    normal: FloatArray
    log_lead: FloatArray

    def at(self, rows: IntArray) -> Guesses:
        """Some of them, in that order."""
        return Guesses(
            law_of_guess=self.law_of_guess[rows],
            is_wide=self.is_wide[rows],
            normal=self.normal[rows],
            log_lead=self.log_lead[rows],
        )

    def site_spread(self, form: GuessForm) -> FloatArray:
        """Deviation of the logarithm of the rates between sites, shape (n_guesses,). [-]"""
        bent = LOG_SITE_SPREAD_DEVIATION * self.normal[:, _SITE_SPREAD] if form.learns_sites else 0.0
        return form.cell_deviation_share * np.exp(bent) * np.ones(self.is_wide.size)

    def unit_spread(self, form: GuessForm) -> FloatArray:
        """Deviation of the rates between racks of a site, shape (n_guesses,); 0 where there is one. [-]"""
        if not form.learns_units:
            return np.zeros(self.is_wide.size)
        return UNIT_SPREAD * np.exp(LOG_UNIT_SPREAD_DEVIATION * self.normal[:, _UNIT_SPREAD])

    def own_factor(self, form: GuessForm) -> FloatArray:
        """Logarithm of the factor of the study's battery on all rates, shape (n_guesses,). [-]"""
        return self.site_spread(form) * self.normal[:, _OWN]

    def draws(self, form: GuessForm) -> LifeDraws:
        """Rates and exponents as lives take them."""
        n = form.n_terms
        rate, common, bend = np.empty((3, self.is_wide.size, n))
        follows = np.tile(np.arange(n), (self.is_wide.size, 1))  # some terms of a model share a draw
        for number, law in enumerate(form.laws):
            follows[self.law_of_guess == number, : len(law.terms)] = rate_prior(law).draws
            for is_wide in (False, True):
                own = (self.law_of_guess == number) & (self.is_wide == is_wide)
                rate[own], common[own], bend[own] = form.deviations(law, is_wide=is_wide)
        first = _FIRST_TERM
        logs = self.own_factor(form)[:, None] + rate * np.take_along_axis(
            self.normal[:, first : first + n], follows, axis=1
        )
        logs += common * self.normal[:, _COMMON, None]
        own_bend = self.normal[:, first + n : first + 2 * n]
        shift = bend * np.where(self.is_wide[:, None], self.normal[:, _BEND, None], own_bend)
        return LifeDraws(
            law_of_life=self.law_of_guess, rate=np.exp(logs), exponent_shift=shift if shift.any() else None
        )


def first_guesses(form: GuessForm, n_guesses: int, rng: Generator) -> Guesses:
    """Draw guesses before anything is measured.

    Parameters
    ----------
    form : GuessForm
        What they are made of.
    n_guesses : int
        How many.
    rng : Generator
        Random numbers.

    Returns
    -------
    Guesses
        Equally likely guesses, laws by their weights.
    """
    return Guesses(
        law_of_guess=law_of_lives([form.weights[each.name] for each in form.laws], 0, n_guesses),
        is_wide=rng.random(n_guesses) < WIDE_SHARE,
        normal=rng.standard_normal((n_guesses, form.n_numbers)),
        log_lead=np.zeros(n_guesses),
    )


def next_guesses(form: GuessForm, found: Guesses, weight: FloatArray, rng: Generator) -> Guesses:
    """Draw guesses near those that fit, a share of them as before: no guess then counts more than the first ones allow.

    Parameters
    ----------
    form : GuessForm
        What they are made of.
    found : Guesses
        Guesses of the round before.
    weight : ndarray, shape (n_guesses,)
        Their probabilities, which sum to 1. [-]
    rng : Generator
        Random numbers.

    Returns
    -------
    Guesses
        As many guesses; `log_lead` makes up for how they were drawn.
    """
    n_guesses, n_kinds = weight.size, 2 * len(form.laws)
    kind = 2 * found.law_of_guess + found.is_wide
    prior = np.array([form.weights[each.name] for each in form.laws], dtype=np.float64)
    prior = np.outer(prior / prior.sum(), (1.0 - WIDE_SHARE, WIDE_SHARE)).ravel()
    chance = np.bincount(kind, weights=weight, minlength=n_kinds)
    clouds = [_cloud(found.normal[kind == each], weight[kind == each], form.n_numbers) for each in range(n_kinds)]
    as_before = rng.random(n_guesses) < _KEPT_PRIOR
    drawn = np.where(
        as_before, rng.choice(n_kinds, size=n_guesses, p=prior), rng.choice(n_kinds, size=n_guesses, p=chance)
    )
    normal = rng.standard_normal((n_guesses, form.n_numbers))
    log_drawn = np.empty(n_guesses)
    for each, (mean, root) in enumerate(clouds):
        near = (drawn == each) & ~as_before
        normal[near] = mean + normal[near] @ root.T
        own = drawn == each
        away = np.linalg.solve(root, (normal[own] - mean).T)
        log_drawn[own] = -0.5 * np.square(away).sum(axis=0) - np.log(np.diag(root)).sum()
    log_prior = np.log(prior[drawn]) - 0.5 * np.square(normal).sum(axis=1)
    with np.errstate(divide="ignore"):
        near_chance = np.log(1.0 - _KEPT_PRIOR) + np.log(chance[drawn]) + log_drawn
    log_density = np.logaddexp(np.log(_KEPT_PRIOR) + log_prior, near_chance)
    return Guesses(
        law_of_guess=(drawn // 2).astype(np.int64),
        is_wide=drawn % 2 == 1,
        normal=normal,
        log_lead=log_prior - log_density,
    )


_HARDLY_ANY, _FEW = 1e-9, 4.0
"""Probability of a kind, and guesses of it that count, below which nothing is learned of it. [-]"""


def _cloud(normal: FloatArray, weight: FloatArray, n_numbers: int) -> tuple[FloatArray, FloatArray]:
    """Mean, and triangular root of the covariance, of guesses of one kind; the prior where hardly one is left."""
    total = float(weight.sum())
    if total < _HARDLY_ANY:
        return np.zeros(n_numbers), np.eye(n_numbers)
    share = weight / total
    n_alive = 1.0 / float(np.square(share).sum())
    if n_alive < _FEW:
        return np.zeros(n_numbers), np.eye(n_numbers)
    mean = share @ normal
    away = normal - mean
    kept = n_alive / (n_alive + n_numbers)  # few guesses say little of a covariance: the rest is that of the prior
    spread = kept * (away * share[:, None]).T @ away + (1.0 - kept) * np.eye(n_numbers)
    return mean, _WIDER * np.asarray(np.linalg.cholesky(spread), dtype=np.float64)
