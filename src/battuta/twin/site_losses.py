"""What failures and incidents do to the money of a study: time that is lost, repairs, premium, what is not insured."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from battuta.domain.failures import FailingUnit
from battuta.numerics.arrays import FloatArray
from battuta.twin.drawn_incidents import DrawnIncidents, drawn_incidents
from battuta.twin.failures import DrawnFailures, drawn_failures
from battuta.twin.incident_losses import InsurerAnswer, insurer_answer

if TYPE_CHECKING:
    from battuta.domain.study import Study
    from battuta.twin.outlook import DrawnYears


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class SiteLosses:
    """Failures and incidents of all lives; None where the study names none.

    Attributes
    ----------
    failures : DrawnFailures or None
        What failed.
    incidents : DrawnIncidents or None
        What happened, as built.
    insurer : InsurerAnswer or None
        What an insurer would lose.
    premium : ndarray, shape (n_years,)
        Premium that the policy states; 0 where it is a share of the finance plan, which counts it. [currency]
    """

    failures: DrawnFailures | None
    incidents: DrawnIncidents | None
    insurer: InsurerAnswer | None
    premium: FloatArray

    @property
    def cost(self) -> FloatArray:
        """Repairs, premium, and what is not insured, shape (n_lives, n_years). [currency]"""
        rows = [each.cost for each in (self.failures,) if each is not None]
        rows += [each.borne_cost for each in (self.incidents,) if each is not None]
        return self.premium + np.sum(rows, axis=0)

    def without_outages(self, years: DrawnYears) -> DrawnYears:
        """Years in which the battery stands still where parts have failed, or the policy's waiting time runs."""
        there = years.availability
        for each in (self.failures, self.incidents):
            if each is not None:
                there = there * (1.0 - each.lost_share)
        return replace(years, availability=there)


def site_losses(study: Study) -> SiteLosses | None:
    """Draw what a study says of failures and incidents.

    Parameters
    ----------
    study : Study
        What is asked.

    Returns
    -------
    SiteLosses or None
        What fails and happens; None where the study names neither.
    """
    classes, insurance, plan = study.availability.failure, study.insurance, study.finance
    if not classes and insurance is None:
        return None
    drawn = {"seed": study.seed, "n_lives": study.n_lives, "n_years": study.n_years}
    failures = drawn_failures(classes, study.battery, inflation=plan.inflation, **drawn) if classes else None
    premium: FloatArray = np.zeros(study.n_years)
    if insurance is None:
        return SiteLosses(failures=failures, incidents=None, insurer=None, premium=premium)
    n_containers = study.battery.n_units(FailingUnit.CONTAINER)
    value = insurance.value_per_container
    value = plan.installed_cost / n_containers if value is None else value
    if insurance.premium_per_year is not None:
        premium = insurance.premium_per_year * (1.0 + plan.inflation) ** np.arange(float(study.n_years))
    stated = plan.insurance_share * plan.installed_cost if insurance.premium_per_year is None else premium[0]
    return SiteLosses(
        failures=failures,
        incidents=drawn_incidents(
            insurance, n_containers=n_containers, value_per_container=value, inflation=plan.inflation, **drawn
        ),
        insurer=insurer_answer(
            insurance,
            n_containers=n_containers,
            value_per_container=value,
            premium_per_year=float(stated),
            seed=study.seed,
        ),
        premium=premium,
    )
