"""Incidents in the lives of a study: what stands still, what is lost, and what the insurer pays."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from battuta.domain.insurance import Insurance
from battuta.numerics.arrays import FloatArray
from battuta.numerics.sampling import generator
from battuta.twin.failures import DAYS_PER_YEAR
from battuta.twin.incident_events import IncidentEvents, hits, incident_events
from battuta.twin.outages import IntArray, Outages


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class DrawnIncidents:
    """What happened in each life, as built.

    Attributes
    ----------
    events : ndarray, shape (n_lives, n_years)
        Incidents of all classes. [-]
    outages : tuple of Outages
        The whole site, and then the containers that were hit.
    damage, paid : ndarray, shape (n_lives, n_years)
        Physical damage with clean-up, and what the insurer pays of it and of the interruption; nominal, in the year of
        the incident. [currency]
    """

    events: FloatArray
    outages: tuple[Outages, ...]
    damage: FloatArray
    paid: FloatArray

    @property
    def cost(self) -> FloatArray:
        """What the owner pays, shape (n_lives, n_years); below zero where interruption is paid for. [currency]"""
        return self.damage - self.paid


def drawn_incidents(
    insurance: Insurance,
    *,
    n_containers: int,
    value_per_container: float,
    seed: int,
    n_lives: int,
    n_years: int,
    inflation: float = 0.0,
) -> DrawnIncidents:
    """Draw the incidents of all lives; those of a life hang on its number and on the name of the class alone.

    Parameters
    ----------
    insurance : Insurance
        What may happen, and what is insured.
    n_containers : int
        Containers of the site. [-]
    value_per_container : float
        Cost of a new one in its place, in money of the first year. [currency]
    seed : int
        Seed of the study. [-]
    n_lives, n_years : int
        Lives, and years of each. [-]
    inflation : float
        Growth of all amounts, the deductible and the limit too. [1/a]

    Returns
    -------
    DrawnIncidents
        What happened. Containers that were destroyed are taken to be rebuilt as they were.
    """
    spacing_m = insurance.spacing_m if insurance.propagation else None
    hit = hits(insurance, n_containers, spacing_m, seed=seed)
    shape = (n_lives, n_years)
    count, damage, paid = (np.zeros(shape) for _ in range(3))
    outages: list[Outages] = []
    for each in insurance.incident:
        ends = incident_events(each, insurance, hit, value_per_container)
        life, when, end = _drawn(ends, each.name, seed=seed, n_lives=n_lives, n_years=n_years)
        for rows, amount in ((count, np.ones(end.size)), (damage, ends.damage[end]), (paid, ends.paid[end])):
            np.add.at(rows, (life, np.minimum(when.astype(np.int64), n_years - 1)), amount)
        site, hit_until = when + ends.site_days / DAYS_PER_YEAR, when + ends.hit_days / DAYS_PER_YEAR
        outages += [
            Outages(life=life, start_year=when, end_year=site, share=np.ones(end.size)),
            Outages(life=life, start_year=site, end_year=hit_until, share=ends.n_hit[end] / n_containers),
        ]
    price_level = (1.0 + inflation) ** np.arange(float(n_years))
    return DrawnIncidents(events=count, outages=tuple(outages), damage=damage * price_level, paid=paid * price_level)


def _drawn(
    ends: IncidentEvents, name: str, *, seed: int, n_lives: int, n_years: int
) -> tuple[IntArray, FloatArray, IntArray]:
    """Life, time [a] and end of every incident of one class."""
    life: list[int] = []
    drawn: list[FloatArray] = []
    for number in range(n_lives):
        own = generator(seed, f"twin.incident.{name}", cell=number)
        n_events = int(own.poisson(ends.rate_per_year * n_years))
        if n_events:
            life += [number] * n_events
            drawn.append(own.random((n_events, 2)))
    both = np.concatenate(drawn) if drawn else np.zeros((0, 2))
    known = np.cumsum(ends.probability)
    end = np.minimum(np.searchsorted(known, both[:, 1], side="right"), known.size - 1)
    return np.array(life, dtype=np.int64), both[:, 0] * n_years, end.astype(np.int64)
