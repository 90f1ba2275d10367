"""What the owner has to keep to, against the lives and one typical year."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from battuta.domain.time import NS_PER_S
from battuta.domain.warranty import Warranty
from battuta.numerics.arrays import FloatArray
from battuta.physics.ageing.duty_days import DutyDays
from battuta.twin.warranty_lives import WarrantyLives
from battuta.twin.warranty_log_kernels import DAY_NS, LogState
from battuta.twin.warranty_log_state import log_terms, new_state, take_in
from battuta.twin.warranty_logged import window_margin
from battuta.twin.warranty_outcome import ClauseKind, ClauseOutcome, clause_outcome
from battuta.twin.warranty_words import UseClause, use_clauses, window_limit, window_text


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Conditions:
    """Clauses of the owner.

    Attributes
    ----------
    clauses : tuple of ClauseOutcome
        Those that could be judged.
    not_judged : tuple of str
        Those without numbers.
    """

    clauses: tuple[ClauseOutcome, ...]
    not_judged: tuple[str, ...]


def judge_conditions(warranty: Warranty, lives: WarrantyLives, duty: DutyDays | None) -> Conditions:
    """Judge all conditions: limits of use in each year, windows and days in one typical year.

    Parameters
    ----------
    warranty : Warranty
        The contract.
    lives : WarrantyLives
        Lives within the term.
    duty : DutyDays or None
        A typical year of a cell, the same for all lives.

    Returns
    -------
    Conditions
        The clauses.
    """
    clauses = [*_yearly(warranty, lives), *_in_all(warranty, lives)]
    skipped: list[str] = []
    use = warranty.use
    if math.isfinite(use.missing_hours_per_year_max):
        skipped.append("missing_hours_per_year: a study has no telemetry")
    if math.isfinite(use.discharged_mwh_per_mwh_max) and math.isnan(lives.installed_mwh):
        skipped.append("discharged_mwh_per_mwh: nobody said how much is installed")
    if duty is None:
        skipped += [f"{each.name}: no typical year was given" for each in warranty.windows]
        if math.isfinite(use.full_cycles_per_day_max):
            skipped.append("full_cycles_per_day: no typical year was given")
    else:
        clauses += _typical(warranty, lives, duty)
    return Conditions(clauses=tuple(clauses), not_judged=tuple(skipped))


def _yearly(warranty: Warranty, lives: WarrantyLives) -> list[ClauseOutcome]:
    found: list[ClauseOutcome] = []
    terms = _terms(warranty, "full_cycles_per_year")
    if math.isfinite(terms.limit):
        found.append(_most(terms, lives.full_cycles, _by_service(lives.full_cycles, terms.limit, lives)))
    if warranty.soh is not None and math.isfinite(warranty.soh.bands[-1].full_cycles_per_year_max):
        most = warranty.soh.bands[-1].full_cycles_per_year_max
        text = f"at most {most:g} full cycles a year in the mean since the start, above which no floor is promised"
        beyond = UseClause(name="mean_full_cycles_per_year", limit=most, unit="1/year", text=text)
        per_year = np.cumsum(lives.full_cycles, axis=1) / lives.year
        found.append(_most(beyond, per_year, {}))
    return found


def _in_all(warranty: Warranty, lives: WarrantyLives) -> list[ClauseOutcome]:
    found: list[ClauseOutcome] = []
    amounts = {"full_cycles": lives.full_cycles}
    if not math.isnan(lives.installed_mwh):
        amounts["discharged_mwh_per_mwh"] = lives.discharged_mwh / lives.installed_mwh
    for name, amount in amounts.items():
        terms = _terms(warranty, name)
        if math.isfinite(terms.limit):
            consumed = {each: np.cumsum(used, axis=1) for each, used in _by_service(amount, terms.limit, lives).items()}
            found.append(_most(terms, np.cumsum(amount, axis=1), consumed))
    return found


def _typical(warranty: Warranty, lives: WarrantyLives, duty: DutyDays) -> list[ClauseOutcome]:
    """Judge days and windows of the typical year, which every life goes through in each of its years."""
    found: list[ClauseOutcome] = []
    terms = _terms(warranty, "full_cycles_per_day")
    if math.isfinite(terms.limit):
        found.append(_most(terms, np.full_like(lives.full_cycles, float(duty.full_cycles.max())), {}))
    state = typical_year(warranty, duty)
    for w, window in enumerate(warranty.windows):
        limit, unit = window_limit(window)
        margin = np.full_like(lives.full_cycles, window_margin(window.share_outside_max, state, w))
        kind, text = ClauseKind.CONDITION, window_text(window)
        found.append(clause_outcome(window.name, kind, text, unit, np.array(limit), margin))
    return found


def typical_year(warranty: Warranty, duty: DutyDays) -> LogState:
    """Log of one typical year, as if its steps were records.

    Parameters
    ----------
    warranty : Warranty
        The contract.
    duty : DutyDays
        The year.

    Returns
    -------
    LogState
        Its memory at the end of the year.
    """
    step_ns = round(duty.step_s * NS_PER_S)
    end_ns = duty.n_days * DAY_NS
    terms = log_terms(warranty, np.array([0, end_ns]), np.array([24.0 * duty.n_days]))
    terms = terms._replace(gap_ns=max(terms.gap_ns, step_ns))
    time_ns = step_ns * np.arange(1, duty.soc.size + 1)
    return take_in(
        new_state(terms, 0), terms, time_ns, duty.soc.ravel(), duty.temperature_c.ravel(), duty.c_rate.ravel()
    )


def _terms(warranty: Warranty, name: str) -> UseClause:
    return next(each for each in use_clauses(warranty) if each.name == name)


def _by_service(amount: FloatArray, most: float, lives: WarrantyLives) -> dict[str, FloatArray]:
    return {name: share * amount / most for name, share in lives.service_share.items() if most > 0.0}


def _most(terms: UseClause, used: FloatArray, consumed: dict[str, FloatArray]) -> ClauseOutcome:
    margin = terms.limit - used
    limit = np.array(terms.limit)
    return clause_outcome(terms.name, ClauseKind.CONDITION, terms.text, terms.unit, limit, margin, consumed)
