"""What the owner has to keep to, against the lives and the years of their duty."""

from __future__ import annotations

import math
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from battuta.domain.time import NS_PER_S
from battuta.domain.warranty import Warranty
from battuta.numerics.arrays import FloatArray, IntArray
from battuta.physics.ageing.duty_days import DutyDays
from battuta.twin.warranty_lives import WarrantyLives
from battuta.twin.warranty_log_kernels import DAY_NS
from battuta.twin.warranty_log_state import log_terms, new_state, take_in
from battuta.twin.warranty_logged import window_margin
from battuta.twin.warranty_outcome import ClauseKind, ClauseOutcome, clause_outcome
from battuta.twin.warranty_words import UseClause, use_clauses, window_limit, window_text

_DAYS_PER_YEAR = 365


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
    """Judge all conditions: limits of use in each year, windows in each year of the duty, the fullest of its days.

    Parameters
    ----------
    warranty : Warranty
        The contract.
    lives : WarrantyLives
        Lives within the term.
    duty : DutyDays or None
        Years of a cell, which all lives go through in turn.

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
    """Judge days and windows of the years of the duty, which every life goes through in turn."""
    found: list[ClauseOutcome] = []
    terms = _terms(warranty, "full_cycles_per_day")
    if math.isfinite(terms.limit):
        found.append(_most(terms, np.full_like(lives.full_cycles, float(duty.full_cycles.max())), {}))
    by_year = window_margins(warranty, duty)
    lived: IntArray = np.arange(lives.full_cycles.shape[1], dtype=np.int64) % by_year.shape[1]
    for window, own in zip(warranty.windows, by_year, strict=True):
        limit, unit = window_limit(window)
        margin = np.broadcast_to(own[lived], lives.full_cycles.shape)
        kind, text = ClauseKind.CONDITION, window_text(window)
        found.append(clause_outcome(window.name, kind, text, unit, np.array(limit), margin))
    return found


def window_margins(warranty: Warranty, duty: DutyDays) -> FloatArray:
    """Margin of each window in each year of a duty, as if its steps were records.

    Parameters
    ----------
    warranty : Warranty
        The contract.
    duty : DutyDays
        Years of 365 days, one after the other; the last one takes what is over or lacking.

    Returns
    -------
    ndarray, shape (n_windows, n_years)
        Distance to the nearest bound, or share of that year left where one is allowed outside; NaN where nothing is to
        be judged. Rolling means go on over the turn of a year.
    """
    step_ns = round(duty.step_s * NS_PER_S)
    n_years = max(1, round(duty.n_days / _DAYS_PER_YEAR))
    day: IntArray = np.array([*(_DAYS_PER_YEAR * each for each in range(n_years)), duty.n_days], dtype=np.int64)
    terms = log_terms(warranty, day * DAY_NS, 24.0 * np.diff(day))
    terms = terms._replace(gap_ns=max(terms.gap_ns, step_ns))
    state = new_state(terms, 0)
    margin = np.full((len(warranty.windows), n_years), np.nan)
    for year, (begin, end) in enumerate(pairwise(int(each) for each in day)):
        state.nearest[:] = np.inf
        state.worst[:] = 0.0
        n_steps = duty.soc.shape[1]
        time_ns = step_ns * np.arange(begin * n_steps + 1, end * n_steps + 1, dtype=np.int64)
        soc, temperature_c, c_rate = (each[begin:end].ravel() for each in (duty.soc, duty.temperature_c, duty.c_rate))
        state = take_in(state, terms, time_ns, soc, temperature_c, c_rate)
        margin[:, year] = [window_margin(each.share_outside_max, state, w) for w, each in enumerate(warranty.windows)]
    return margin


def _terms(warranty: Warranty, name: str) -> UseClause:
    return next(each for each in use_clauses(warranty) if each.name == name)


def _by_service(amount: FloatArray, most: float, lives: WarrantyLives) -> dict[str, FloatArray]:
    return {name: share * amount / most for name, share in lives.service_share.items() if most > 0.0}


def _most(terms: UseClause, used: FloatArray, consumed: dict[str, FloatArray]) -> ClauseOutcome:
    margin = terms.limit - used
    limit = np.array(terms.limit)
    return clause_outcome(terms.name, ClauseKind.CONDITION, terms.text, terms.unit, limit, margin, consumed)
