"""What the supplier promises, against the lives: capacity, availability, round-trip efficiency."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from battuta.domain.warranty import Warranty
from battuta.domain.warranty_terms import SohGuarantee
from battuta.numerics.arrays import FloatArray
from battuta.twin.warranty_lives import WarrantyLives
from battuta.twin.warranty_outcome import ClauseKind, ClauseOutcome, at_limit, clause_outcome
from battuta.twin.warranty_words import capacity_text

CALENDAR = "calendar"
"""What is lost by time alone, which no service has to answer for."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Promises:
    """Clauses of the supplier, and by how much each year falls short of them.

    Attributes
    ----------
    clauses : tuple of ClauseOutcome
        Those that could be judged.
    short_soh : ndarray, shape (n_lives, n_years)
        State of health below the floor, 0 where there is no shortfall. [-]
    short_availability : ndarray, shape (n_lives, n_years)
        Availability below the promise. [-]
    short_mwh : ndarray, shape (n_lives, n_years)
        Energy that the promised efficiency would have delivered in addition. [MWh]
    not_judged : tuple of str
        Clauses without numbers.
    """

    clauses: tuple[ClauseOutcome, ...]
    short_soh: FloatArray
    short_availability: FloatArray
    short_mwh: FloatArray
    not_judged: tuple[str, ...]


def judge_promises(warranty: Warranty, lives: WarrantyLives) -> Promises:
    """Judge all promises at the end of each year.

    Parameters
    ----------
    warranty : Warranty
        The contract.
    lives : WarrantyLives
        Lives within the term.

    Returns
    -------
    Promises
        Clauses and shortfalls.
    """
    clauses: list[ClauseOutcome] = []
    skipped: list[str] = []
    short = {name: np.zeros_like(lives.full_cycles) for name in ("soh", "availability", "mwh")}
    if warranty.soh is not None:
        clause, short["soh"] = _capacity(warranty.soh, lives)
        clauses.append(clause)
    least = warranty.performance.availability_min
    if not math.isnan(least):
        if lives.availability is None:
            skipped.append("availability: the lives carry no availability")
        else:
            margin = lives.availability - least
            text = f"available for at least {least:g} of the hours of each year"
            clauses.append(clause_outcome("availability", ClauseKind.PROMISE, text, "-", np.array(least), margin))
            short["availability"] = np.maximum(-margin, 0.0)
    least = warranty.performance.round_trip_efficiency_min
    if not math.isnan(least):
        if lives.charged_mwh is None:
            skipped.append("round_trip_efficiency: the lives carry no energy charged")
        else:
            works = (lives.charged_mwh > 0.0) & (lives.discharged_mwh > 0.0)  # one that stands still promises nothing
            charged = np.where(works, lives.charged_mwh, np.nan)
            margin = lives.discharged_mwh / charged - least
            text = f"discharges at least {least:g} of what is charged in each year, AC"
            name = "round_trip_efficiency"
            clauses.append(clause_outcome(name, ClauseKind.PROMISE, text, "-", np.array(least), margin))
            short["mwh"] = np.where(works, np.maximum(least * lives.charged_mwh - lives.discharged_mwh, 0.0), 0.0)
    return Promises(
        clauses=tuple(clauses),
        short_soh=short["soh"],
        short_availability=short["availability"],
        short_mwh=short["mwh"],
        not_judged=tuple(skipped),
    )


def _capacity(promise: SohGuarantee, lives: WarrantyLives) -> tuple[ClauseOutcome, FloatArray]:
    per_year = np.cumsum(lives.full_cycles, axis=1) / lives.year
    floor = promise.floor(lives.year, per_year)
    margin = at_limit(lives.soh_capacity + promise.allowance - floor, floor)
    clause = clause_outcome(
        "soh_capacity", ClauseKind.PROMISE, capacity_text(promise), "-", floor, margin, _consumed(floor, lives)
    )
    return clause, np.fmax(-margin, 0.0)


def _consumed(floor: FloatArray, lives: WarrantyLives) -> dict[str, FloatArray]:
    """Capacity lost by cause and service over what the floor allows; cycles are shared as energy discharged was."""
    if lives.loss_by_cause is None:
        return {}
    allowed = np.where(floor < 1.0, 1.0 - floor, np.nan)
    consumed = {CALENDAR: lives.loss_by_cause[:, :, 0] / allowed}
    shares = lives.service_share or {"cycles": np.ones_like(lives.full_cycles)}
    whole = np.cumsum(lives.discharged_mwh, axis=1)
    whole = np.where(whole > 0.0, whole, 1.0)
    for name, share in shares.items():
        weight = np.cumsum(share * lives.discharged_mwh, axis=1) / whole if lives.service_share else share
        consumed[name] = lives.loss_by_cause[:, :, 1] * weight / allowed
    return consumed
