"""Lives of a study weighed by the health that was measured: which models, rates and exponents the battery speaks for.

Guesses are drawn as the lives of the study are, live the measured days, and count by how well they fit; where few are
left, others are drawn near them. The lives of the study are then drawn from them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from battuta.domain.errors import DataError
from battuta.numerics.arrays import FloatArray, IntArray
from battuta.numerics.sampling import generator
from battuta.twin.field_forecast import WANDER
from battuta.twin.lives_shared import LifeDraws
from battuta.twin.telemetry_guesses import first_guesses, next_guesses
from battuta.twin.telemetry_likelihood import chance_of_worse, site_likelihood

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from battuta.twin.telemetry_guesses import Guesses, GuessForm
    from battuta.twin.telemetry_likelihood import SiteChange

ENOUGH_ALIVE = 800.0
"""Guesses that have to count, else others are drawn near them. [-]"""
ROUNDS_MAX = 3
_LOSS_OF_WANDER = 0.2
BADLY_FIT = 0.01
"""Chance of so bad a fit below which the truth is taken to lie outside the models. [-]"""
FAR_WIDE = 0.8
"""Share of the guesses that age like no model from which a reader is told. [-]"""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class MeasuredSite:
    """What was measured at one site.

    Attributes
    ----------
    name : str
        Its name.
    is_own : bool
        Whether it is the battery of the study.
    capacity : SiteChange
        Capacity lost.
    resistance : SiteChange or None
        Resistance gained; None where it was not measured.
    """

    name: str
    is_own: bool
    capacity: SiteChange
    resistance: SiteChange | None


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class TelemetryFit:
    """What measured health says of a study's lives.

    Attributes
    ----------
    draws : LifeDraws
        Lives of the study, equally likely after the measurements.
    own_factor : ndarray, shape (n_lives,)
        Logarithm of the factor of the battery that is in their rates. [-]
    law_weight_before, law_weight : ndarray, shape (n_laws,)
        Probability of each model before and after. [-]
    wide_share : float
        Probability that the battery ages like no model; `WIDE_SHARE` of the guesses before. [-]
    fit_chance : float
        Chance of so bad a fit where what is believed now holds. [-]
    n_alive : float
        Guesses that count: below some hundreds the answer is grainy. [-]
    n_measured : int
        Measurements that counted, windows of each unit and quantity. [-]
    site_spread, unit_spread : float
        Mean deviation of the rates between sites and between racks; 0 where there is one rack. [-]
    day : ndarray, shape (n_times,)
        Measured days. [d]
    soh_before, soh_after : ndarray, shape (3, n_times)
        Capacity of the battery on those days, 10, 50 and 90 % below, before and after. [-]
    """

    draws: LifeDraws
    own_factor: FloatArray
    law_weight_before: FloatArray
    law_weight: FloatArray
    wide_share: float
    fit_chance: float
    n_alive: float
    n_measured: int
    site_spread: float
    unit_spread: float
    day: FloatArray
    soh_before: FloatArray
    soh_after: FloatArray

    @property
    def is_outside(self) -> bool:
        """Whether the battery ages as no model says, or fits none."""
        return self.fit_chance < BADLY_FIT or self.wide_share > FAR_WIDE


def telemetry_fit(
    form: GuessForm,
    sites: Sequence[MeasuredSite],
    lived: Callable[[LifeDraws], tuple[FloatArray, FloatArray]],
    *,
    seed: int,
    n_lives: int,
    n_guesses: int = 12_000,
) -> TelemetryFit:
    """Weigh guesses by what was measured and draw the lives of a study from them.

    Parameters
    ----------
    form : GuessForm
        What guesses are made of.
    sites : sequence of MeasuredSite
        What was measured.
    lived : callable
        Capacity lost and resistance gained by draws, each of shape (n_draws, n_days), on `measured_days`. [-]
    seed : int
        Seed of the study.
    n_lives, n_guesses : int
        Lives that are drawn, and guesses that are weighed.

    Returns
    -------
    TelemetryFit
        The lives, and what was learned. The same seed gives the same, wherever it is computed.
    """
    if not sites:
        message = "no site was measured; give the rows of one at least"
        raise DataError(message)
    rng = generator(seed, "twin.telemetry")
    days = measured_days(sites)
    guesses = first_guesses(form, n_guesses, rng)
    before = guesses
    lost = lost_before = lived(guesses.draws(form))
    weight, misfit = _weighed(form, guesses, sites, days, lost)
    for _ in range(1, ROUNDS_MAX):
        if _alive(weight) >= ENOUGH_ALIVE:
            break
        guesses = next_guesses(form, guesses, weight, rng)
        lost = lived(guesses.draws(form))
        weight, misfit = _weighed(form, guesses, sites, days, lost)
    chosen = _systematic(weight, n_lives, rng)
    n_measured = sum(each.n_measured for site in sites for each in (site.capacity, site.resistance) if each is not None)
    kept = guesses.at(chosen)
    return TelemetryFit(
        draws=_with_wander(kept.draws(form), rng),
        own_factor=kept.own_factor(form),
        law_weight_before=np.bincount(before.law_of_guess, minlength=len(form.laws)) / n_guesses,
        law_weight=np.array([weight[guesses.law_of_guess == each].sum() for each in range(len(form.laws))]),
        wide_share=float(weight[guesses.is_wide].sum()),
        fit_chance=float(np.mean(chance_of_worse(misfit[chosen], n_measured))),
        n_alive=_alive(weight),
        n_measured=n_measured,
        site_spread=float(weight @ guesses.site_spread(form)),
        unit_spread=float(weight @ guesses.unit_spread(form)),
        day=days,
        soh_before=_fan(lost_before[0][~before.is_wide]),
        soh_after=_fan(lost[0][chosen]),
    )


def measured_days(sites: Sequence[MeasuredSite]) -> FloatArray:
    """Days on which any site was measured, whole and ascending, shape (n_days,). [d]"""
    return np.unique(np.concatenate([each.capacity.day for each in sites]))


def _weighed(
    form: GuessForm,
    guesses: Guesses,
    sites: Sequence[MeasuredSite],
    days: FloatArray,
    lost: tuple[FloatArray, FloatArray],
) -> tuple[FloatArray, FloatArray]:
    """Probability of each guess, and its misfit over all sites, both of shape (n_guesses,)."""
    log_weight, misfit = guesses.log_lead.copy(), np.zeros(guesses.log_lead.size)
    own = np.exp(guesses.own_factor(form))[:, None]
    between, within = guesses.site_spread(form), guesses.unit_spread(form)
    for site in sites:
        at = np.searchsorted(days, site.capacity.day)
        spread = np.zeros(between.shape) if site.is_own else between
        for measured, changed in ((site.capacity, lost[0]), (site.resistance, lost[1])):
            if measured is not None:
                change = changed[:, at] if site.is_own else changed[:, at] / own  # sisters have factors of their own
                log_likelihood, away = site_likelihood(measured, change, spread, within)
                log_weight += log_likelihood
                misfit += away
    weight = np.exp(log_weight - log_weight.max())
    return weight / weight.sum(), misfit


def _alive(weight: FloatArray) -> float:
    return float(1.0 / np.square(weight).sum())


def _systematic(weight: FloatArray, n_lives: int, rng: np.random.Generator) -> IntArray:
    """Guesses that the lives follow: each as often as its weight says, to the nearest one, in random order."""
    places = (np.arange(n_lives) + rng.random()) / n_lives
    chosen = np.minimum(np.searchsorted(np.cumsum(weight), places), weight.size - 1)
    return rng.permutation(chosen).astype(np.int64)


def _with_wander(draws: LifeDraws, rng: np.random.Generator) -> LifeDraws:
    """Rates that stray as much as a loss of a fifth strays around a smooth law: what years to come may bring."""
    stray = np.sqrt(WANDER / _LOSS_OF_WANDER) * rng.standard_normal((draws.law_of_life.size, 1))
    return LifeDraws(
        law_of_life=draws.law_of_life, rate=draws.rate * np.exp(stray), exponent_shift=draws.exponent_shift
    )


def _fan(loss: FloatArray) -> FloatArray:
    return np.asarray(np.quantile(1.0 - loss, (0.1, 0.5, 0.9), axis=0), dtype=np.float64)
