"""What the owner has to keep to, against the lives and one typical year."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from battuta.domain.warranty import Warranty
from battuta.numerics.arrays import FloatArray
from battuta.physics.ageing.duty_days import DutyDays
from battuta.twin.warranty_lives import WarrantyLives
from battuta.twin.warranty_outcome import ClauseKind, ClauseOutcome, clause_outcome


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
    most = warranty.use.full_cycles_per_year_max
    if math.isfinite(most):
        consumed = {name: share * lives.full_cycles / most for name, share in lives.service_share.items() if most > 0.0}
        text = f"at most {most:g} full cycles in each year"
        found.append(_most("full_cycles_per_year", text, "1/year", most, lives.full_cycles, consumed))
    if warranty.soh is not None and math.isfinite(warranty.soh.bands[-1].full_cycles_per_year_max):
        most = warranty.soh.bands[-1].full_cycles_per_year_max
        per_year = np.cumsum(lives.full_cycles, axis=1) / lives.year
        text = f"at most {most:g} full cycles a year in the mean since the start, above which no floor is promised"
        found.append(_most("mean_full_cycles_per_year", text, "1/year", most, per_year, {}))
    return found


def _in_all(warranty: Warranty, lives: WarrantyLives) -> list[ClauseOutcome]:
    found: list[ClauseOutcome] = []
    use = warranty.use
    if math.isfinite(use.full_cycles_max):
        text = f"at most {use.full_cycles_max:g} full cycles in all"
        found.append(_sum("full_cycles", text, "-", use.full_cycles_max, lives.full_cycles, lives))
    if math.isfinite(use.discharged_mwh_per_mwh_max) and not math.isnan(lives.installed_mwh):
        text = f"at most {use.discharged_mwh_per_mwh_max:g} MWh discharged in all for each MWh installed"
        per_mwh = lives.discharged_mwh / lives.installed_mwh
        most = use.discharged_mwh_per_mwh_max
        found.append(_sum("discharged_mwh_per_mwh", text, "MWh/MWh", most, per_mwh, lives))
    return found


def _typical(warranty: Warranty, lives: WarrantyLives, duty: DutyDays) -> list[ClauseOutcome]:
    found: list[ClauseOutcome] = []
    most = warranty.use.full_cycles_per_day_max
    if math.isfinite(most):
        used = np.full_like(lives.full_cycles, float(duty.full_cycles.max()))
        text = f"at most {most:g} full cycles in each day"
        found.append(_most("full_cycles_per_day", text, "1/day", most, used, {}))
    return found


def _sum(name: str, text: str, unit: str, most: float, used: FloatArray, lives: WarrantyLives) -> ClauseOutcome:
    consumed = {
        each: np.cumsum(share * used, axis=1) / most for each, share in lives.service_share.items() if most > 0.0
    }
    return _most(name, text, unit, most, np.cumsum(used, axis=1), consumed)


def _most(
    name: str, text: str, unit: str, most: float, used: FloatArray, consumed: dict[str, FloatArray]
) -> ClauseOutcome:
    return clause_outcome(name, ClauseKind.CONDITION, text, unit, np.array(most), most - used, consumed)
