"""What one incident costs, for each number of containers that it takes: damage, interruption, and who bears what."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from battuta.domain.insurance import Incident, Insurance, Layout
from battuta.numerics.arrays import FloatArray
from battuta.twin.incident_spread import hits_in_grid, hits_in_row


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class IncidentEvents:
    """Ways in which one incident of a class may end; money is of the first year.

    Attributes
    ----------
    rate_per_year : float
        Incidents of the site a year. [1/a]
    n_hit : ndarray, shape (n_ends,)
        Containers that are hit. [-]
    probability : ndarray, shape (n_ends,)
        Of each end, given the incident. [-]
    damage, interruption : ndarray, shape (n_ends,)
        Physical damage with clean-up, and interruption of business, before any insurance. [currency]
    paid : ndarray, shape (n_ends,)
        What the insurer pays of both. [currency]
    site_days, hit_days : float
        Days for which the whole site stands still, and those that were hit, from the incident. [d]
    """

    rate_per_year: float
    n_hit: FloatArray
    probability: FloatArray
    damage: FloatArray
    interruption: FloatArray
    paid: FloatArray
    site_days: float
    hit_days: float


def hits(insurance: Insurance, n_containers: int, spacing_m: float | None, *, seed: int) -> FloatArray:
    """Distribution of the containers hit by an incident that propagates, shape (n_containers,). [-]"""
    if spacing_m is None:
        return np.eye(1, n_containers)[0]
    probability = insurance.propagation_probability(spacing_m)
    n_columns = n_containers // insurance.rows
    if insurance.layout is Layout.ROW or 1 in {insurance.rows, n_columns}:
        return hits_in_row(n_containers, probability)
    return hits_in_grid(insurance.rows, n_columns, probability, seed=seed)


def incident_events(
    incident: Incident, insurance: Insurance, hit: FloatArray, value_per_container: float
) -> IncidentEvents:
    """Cost the ends of one incident.

    Parameters
    ----------
    incident : Incident
        Its class.
    insurance : Insurance
        What is insured, and what is not.
    hit : ndarray, shape (n_containers,)
        Distribution of the containers hit where it propagates, see `hits`. [-]
    value_per_container : float
        Cost of a new container in its place. [currency]

    Returns
    -------
    IncidentEvents
        One end for each number of containers that may be hit.
    """
    n_containers = hit.size
    if incident.propagates:
        n_hit, probability = np.arange(1.0, n_containers + 1.0), hit
    else:
        n_hit, probability = np.array([float(n_containers) if incident.strikes_all else 1.0]), np.ones(1)
    begun = n_hit if incident.strikes_all else np.ones(n_hit.size)
    lost_containers = begun * incident.destroyed_share + (n_hit - begun) * incident.destroyed_share_reached
    damage = lost_containers * value_per_container + n_hit * incident.clean_up_cost
    whole, part = incident.site_interruption_days, incident.interruption_days
    share_hit, waiting = n_hit / n_containers, insurance.waiting_days
    stopped_days = whole + max(part - whole, 0.0) * share_hit
    borne_days = min(whole, waiting) + max(min(part, waiting) - whole, 0.0) * share_hit
    insured_stop = insurance.interruption_per_day * (stopped_days - borne_days)
    limit = np.inf if insurance.limit_per_incident is None else insurance.limit_per_incident
    paid = np.minimum(np.maximum(damage - insurance.deductible, 0.0) + insured_stop, limit)
    return IncidentEvents(
        rate_per_year=incident.rate_per_year(n_containers),
        n_hit=n_hit,
        probability=probability,
        damage=damage,
        interruption=insurance.interruption_per_day * stopped_days,
        paid=paid,
        site_days=whole,
        hit_days=max(part, whole),
    )
