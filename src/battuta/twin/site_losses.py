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
from battuta.twin.outages import lost_shares

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
    lost_share : ndarray, shape (n_lives, n_years)
        Share of the power that outages of both take; those that overlap count to 1 at most. [-]
    premium : ndarray, shape (n_years,)
        Premium that the policy states; 0 where it is a share of the finance plan, which counts it. [currency]
    """

    failures: DrawnFailures | None
    incidents: DrawnIncidents | None
    insurer: InsurerAnswer | None
    lost_share: FloatArray
    premium: FloatArray

    @property
    def cost(self) -> FloatArray:
        """Repairs, premium, and damage less what the insurer pays, shape (n_lives, n_years). [currency]"""
        return self.premium + sum(each.cost for each in (self.failures, self.incidents) if each is not None)

    def without_outages(self, years: DrawnYears) -> DrawnYears:
        """Years in which the battery stands still where parts have failed or incidents have hit."""
        return replace(years, availability=years.availability * (1.0 - self.lost_share))


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
    incidents, insurer, premium = None, None, np.zeros(study.n_years)
    if insurance is not None:
        n_containers = study.battery.n_units(FailingUnit.CONTAINER)
        value = insurance.value_per_container
        value = plan.installed_cost / n_containers if value is None else value
        incidents = drawn_incidents(
            insurance, n_containers=n_containers, value_per_container=value, inflation=plan.inflation, **drawn
        )
        stated = insurance.premium_per_year
        if stated is not None:
            premium = stated * (1.0 + plan.inflation) ** np.arange(float(study.n_years))
        first = plan.insurance_share * plan.installed_cost if stated is None else stated
        insurer = insurer_answer(
            insurance, n_containers=n_containers, value_per_container=value, premium_per_year=first, seed=study.seed
        )
    outages = [one for each in (failures, incidents) if each is not None for one in each.outages]
    return SiteLosses(
        failures=failures,
        incidents=incidents,
        insurer=insurer,
        lost_share=lost_shares(outages, n_lives=study.n_lives, n_years=study.n_years),
        premium=premium,
    )
