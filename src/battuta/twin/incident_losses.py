"""What an insurer would lose in a year, by class of incident and by the distance between containers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from battuta.numerics.arrays import FloatArray
from battuta.numerics.compound_poisson import LossDistribution, compound_poisson
from battuta.twin.incident_events import IncidentEvents, hits, incident_events

if TYPE_CHECKING:
    from battuta.domain.insurance import Insurance

P99, P996 = 0.99, 0.996
"""Shares of the years that lose no more: 1 in 100, and 1 in 250. [-]"""


@dataclass(frozen=True, slots=True, kw_only=True)
class LossFigures:
    """A loss of a year, in money of the first.

    Attributes
    ----------
    expected : float
        Mean of a year. [currency/a]
    p99, p996 : float
        What 99 and 99.6 % of the years do not lose more than. [currency]
    maximum : float
        Largest foreseeable of one incident: all containers that it can reach are hit. [currency]
    """

    expected: float
    p99: float
    p996: float
    maximum: float


@dataclass(frozen=True, slots=True, kw_only=True)
class IncidentLosses:
    """What incidents of one class, or of all, cost.

    Attributes
    ----------
    name : str
        Of the class.
    rate_per_year : float
        Incidents of the site a year. [1/a]
    hit_mean : float
        Containers hit by one, mean. [-]
    all_hit_probability : float
        That one takes all containers. [-]
    damage, interruption, together : LossFigures
        Physical damage with clean-up, interruption of business, and both, before any insurance.
    paid : LossFigures
        What the insurer pays.
    """

    name: str
    rate_per_year: float
    hit_mean: float
    all_hit_probability: float
    damage: LossFigures
    interruption: LossFigures
    together: LossFigures
    paid: LossFigures


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class SpacingLosses:
    """What incidents cost at one distance between containers.

    Attributes
    ----------
    spacing_m : float or None
        Distance; None where nothing propagates and none is stated. [m]
    propagation_probability : float
        That a burning container takes a neighbour. [-]
    classes : tuple of IncidentLosses
        Each class alone.
    whole : IncidentLosses
        All of them in one year.
    year : LossDistribution
        Damage and interruption of a year, all classes.
    """

    spacing_m: float | None
    propagation_probability: float
    classes: tuple[IncidentLosses, ...]
    whole: IncidentLosses
    year: LossDistribution


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class InsurerAnswer:
    """What an insurer asks.

    Attributes
    ----------
    n_containers : int
        Containers of the site. [-]
    value_per_container : float
        Cost of a new one in its place. [currency]
    premium_per_year : float
        Of the first year; 0 where none is stated. [currency/a]
    spacings : tuple of SpacingLosses
        As built first.
    """

    n_containers: int
    value_per_container: float
    premium_per_year: float
    spacings: tuple[SpacingLosses, ...]

    @property
    def loss_ratio(self) -> float:
        """What the insurer expects to pay over the premium, as built; NaN without a premium. [-]"""
        expected = self.spacings[0].whole.paid.expected
        return expected / self.premium_per_year if self.premium_per_year > 0.0 else float("nan")


def insurer_answer(
    insurance: Insurance, *, n_containers: int, value_per_container: float, premium_per_year: float, seed: int
) -> InsurerAnswer:
    """Count expected and large losses, without drawing a year.

    Parameters
    ----------
    insurance : Insurance
        What is insured, against what.
    n_containers : int
        Containers of the site. [-]
    value_per_container : float
        Cost of a new one in its place. [currency]
    premium_per_year : float
        Premium of the first year. [currency/a]
    seed : int
        Seed of the study, read for a grid alone. [-]

    Returns
    -------
    InsurerAnswer
        By class and distance.
    """
    answers: list[SpacingLosses] = []
    for spacing_m in insurance.spacings_m or (None,):
        hit = hits(insurance, n_containers, spacing_m if insurance.propagation else None, seed=seed)
        events = [incident_events(each, insurance, hit, value_per_container) for each in insurance.incident]
        classes = [
            _losses(each.name, [one], n_containers) for each, one in zip(insurance.incident, events, strict=True)
        ]
        known = spacing_m is not None and bool(insurance.propagation)
        answers.append(
            SpacingLosses(
                spacing_m=spacing_m,
                propagation_probability=insurance.propagation_probability(spacing_m)
                if known and spacing_m is not None
                else 0.0,
                classes=tuple(classes),
                whole=_losses("all of them", events, n_containers),
                year=_year(events, [each.damage + each.interruption for each in events]),
            )
        )
    return InsurerAnswer(
        n_containers=n_containers,
        value_per_container=value_per_container,
        premium_per_year=premium_per_year,
        spacings=tuple(answers),
    )


def _losses(name: str, events: Sequence[IncidentEvents], n_containers: int) -> IncidentLosses:
    rate = sum(each.rate_per_year for each in events)
    weight = [each.rate_per_year / rate if rate > 0.0 else 1.0 / len(events) for each in events]
    pairs = list(zip(weight, events, strict=True))
    return IncidentLosses(
        name=name,
        rate_per_year=rate,
        hit_mean=sum(w * float(each.probability @ each.n_hit) for w, each in pairs),
        all_hit_probability=sum(w * float(each.probability[each.n_hit == n_containers].sum()) for w, each in pairs),
        damage=_figures(events, [each.damage for each in events]),
        interruption=_figures(events, [each.interruption for each in events]),
        together=_figures(events, [each.damage + each.interruption for each in events]),
        paid=_figures(events, [each.paid for each in events]),
    )


def _figures(events: Sequence[IncidentEvents], loss: Sequence[FloatArray]) -> LossFigures:
    year = _year(events, loss)
    expected = sum(each.rate_per_year * float(each.probability @ one) for each, one in zip(events, loss, strict=True))
    return LossFigures(
        expected=expected,
        p99=year.quantile(P99),
        p996=year.quantile(P996),
        maximum=max(float(one.max()) for one in loss),
    )


def _year(events: Sequence[IncidentEvents], loss: Sequence[FloatArray]) -> LossDistribution:
    rate = sum(each.rate_per_year for each in events)
    share = [each.rate_per_year / rate if rate > 0.0 else 1.0 / len(events) for each in events]
    probability = np.concatenate([part * each.probability for part, each in zip(share, events, strict=True)])
    return compound_poisson(rate, np.concatenate(loss), probability)
