"""Whether lives keep to a warranty: by how much, in which share of them, since when, and what is paid."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from battuta.domain.warranty import Warranty
from battuta.numerics.arrays import FloatArray
from battuta.physics.ageing.duty_days import DutyDays
from battuta.twin.warranty_conditions import judge_conditions
from battuta.twin.warranty_damages import liquidated_damages
from battuta.twin.warranty_lives import WarrantyLives, warranty_lives
from battuta.twin.warranty_outcome import ClauseKind, ClauseOutcome, WarrantyOutcome, breach_share, first_of
from battuta.twin.warranty_promises import judge_promises

__all__ = ["ClauseKind", "ClauseOutcome", "WarrantyOutcome", "judge"]


def judge(
    warranty: Warranty,
    soh_capacity: FloatArray,
    full_cycles: FloatArray,
    discharged_mwh: FloatArray,
    duty: DutyDays | None = None,
    services: Mapping[str, FloatArray] | None = None,
    *,
    installed_mwh: float = np.nan,
    charged_mwh: FloatArray | None = None,
    availability: FloatArray | None = None,
    loss_by_cause: FloatArray | None = None,
) -> WarrantyOutcome:
    """Judge many lives by a warranty.

    Parameters
    ----------
    warranty : Warranty
        The contract; years after its term are not judged.
    soh_capacity : ndarray, shape (n_lives, n_years + 1)
        State of health of capacity when new and at the end of each year. [-]
    full_cycles, discharged_mwh : ndarray, shape (n_lives, n_years)
        Equivalent full cycles, and energy discharged (AC), in each year. [1/year, MWh]
    duty : DutyDays or None
        A typical year of a cell, by which windows and days are judged; without it they are not.
    services : Mapping of str to ndarray, shape broadcastable to (n_lives, n_years), or None
        Energy discharged for each service; what is left is `other`. [MWh]
    installed_mwh : float
        Energy when new, which damages and throughput per MWh need. [MWh]
    charged_mwh, availability : ndarray, shape (n_lives, n_years), or None
        Energy charged (AC), and share of hours available, in each year. [MWh, -]
    loss_by_cause : ndarray, shape (n_lives, n_years + 1, 2), or None
        Capacity lost to calendar and to cycles, for the shares that services used of the floor. [-]

    Returns
    -------
    WarrantyOutcome
        Clauses, breaches and damages; `damages` spans all years given.

    Raises
    ------
    DataError
        If the arrays do not fit each other or hold no numbers.
    UsageError
        If damages need `installed_mwh` and it is not given.

    Examples
    --------
    >>> from battuta.domain.warranty_terms import SohBand, SohGuarantee
    >>> promise = SohGuarantee(bands=(SohBand(floor=((1.0, 0.9), (2.0, 0.8))),))
    >>> contract = Warranty(name="toy", source="nobody", is_assumed=True, years=2, currency="EUR", soh=promise)
    >>> soh = np.array([[1.0, 0.9, 0.85], [1.0, 0.92, 0.75]])
    >>> outcome = judge(contract, soh, np.full((2, 2), 300.0), np.full((2, 2), 300.0))
    >>> outcome.breach_probability, outcome.first_breach_year.tolist()
    (0.5, [nan, 2.0])
    """
    lives = warranty_lives(
        warranty.years,
        soh_capacity,
        full_cycles,
        discharged_mwh,
        services,
        installed_mwh=installed_mwh,
        charged_mwh=charged_mwh,
        availability=availability,
        loss_by_cause=loss_by_cause,
    )
    return judge_lives(warranty, lives, duty, n_years=full_cycles.shape[1])


def judge_lives(warranty: Warranty, lives: WarrantyLives, duty: DutyDays | None, *, n_years: int) -> WarrantyOutcome:
    """Judge lives that are checked already; `damages` spans `n_years`. Else as `judge`."""
    promises = judge_promises(warranty, lives)
    conditions = judge_conditions(warranty, lives, duty)
    clauses = (*promises.clauses, *conditions.clauses)
    first = first_of(clauses, lives.n_lives)
    never = np.full(lives.n_lives, np.nan)
    void_year = first_of(conditions.clauses, lives.n_lives) if warranty.breach_voids else never
    damages = np.zeros((lives.n_lives, n_years))
    damages[:, : lives.year.size] = liquidated_damages(warranty, promises, void_year, lives.installed_mwh)
    return WarrantyOutcome(
        warranty=warranty,
        clauses=clauses,
        breach_probability=breach_share(first),
        first_breach_year=first,
        void_year=void_year,
        damages=damages,
        not_judged=(*promises.not_judged, *conditions.not_judged),
    )
