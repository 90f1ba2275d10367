"""What all strategies of a study share: models, draws, days, prices, losses, and what was measured."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace

import numpy as np

from battuta.domain.study import Study
from battuta.numerics.arrays import FloatArray
from battuta.numerics.sampling import standard_normal_blocks
from battuta.physics.ageing.ageing_law import AgeingLaw, ageing_law
from battuta.physics.ageing.borrowed_resistance import with_resistance
from battuta.physics.ageing.rate_prior import rate_prior
from battuta.ports.compute import Compute
from battuta.studies.life_study_result import StudyInputs
from battuta.studies.study_years import study_years
from battuta.studies.telemetry_study import (
    TelemetryOutcome,
    telemetry_outcome,
)
from battuta.twin.ensemble import ensemble_draws
from battuta.twin.lives_days import LifeDays, life_days
from battuta.twin.lives_shared import LifeDraws
from battuta.twin.outlook import DrawnYears
from battuta.twin.site_losses import SiteLosses, site_losses

_LENDER = "naumann_lfp"
"""Whose growth of resistance a model takes that has none."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class AskedStudy:
    """What all strategies of a study share.

    Attributes
    ----------
    study : Study
        What is asked.
    inputs : StudyInputs
        What was looked at.
    laws : list of AgeingLaw
        Ageing models, each with a growth of resistance.
    before, draws : LifeDraws
        Lives as the models say, and as they are lived: those weighed by measured health where there is some.
    telemetry : TelemetryOutcome or None
        What measured health taught; None where the study names none.
    days : LifeDays
        Days of a life.
    years : DrawnYears
        Prices and availability of each life, outages of failures taken off.
    losses : SiteLosses or None
        Failures and incidents; None where the study names none.
    compute : Compute
        Where the work is done.
    with_risk : bool
        Whether the strategies are asked again under other assumptions.
    """

    study: Study
    inputs: StudyInputs
    laws: list[AgeingLaw]
    before: LifeDraws
    draws: LifeDraws
    telemetry: TelemetryOutcome | None
    days: LifeDays
    years: DrawnYears
    losses: SiteLosses | None
    compute: Compute
    with_risk: bool


def asked_study(
    study: Study,
    inputs: StudyInputs,
    compute: Compute,
    *,
    with_risk: bool,
) -> AskedStudy:
    """Draw what all strategies of a study share; parameters and errors as `life_study`.

    Returns
    -------
    AskedStudy
        Models, lives that are to be lived, prices.
    """
    laws = [with_resistance(inputs.law(name), ageing_law(_LENDER)) for name in study.ageing.weights]
    years = study_years(study, inputs)
    losses = site_losses(study)
    before = drawn_lives(study, laws, study.ageing.cell_deviation_share)
    telemetry = telemetry_outcome(study, inputs, laws, compute)
    if telemetry is not None:
        weighed = replace(telemetry.fit.draws, soh_resistance_new=before.soh_resistance_new)
        telemetry = replace(telemetry, fit=replace(telemetry.fit, draws=weighed))
    return AskedStudy(
        study=study,
        inputs=inputs,
        laws=laws,
        before=before,
        draws=before if telemetry is None else telemetry.fit.draws,
        telemetry=telemetry,
        days=days_of_lives(study, 1),
        years=years if losses is None else losses.without_outages(years),
        losses=losses,
        compute=compute,
        with_risk=with_risk,
    )


def days_of_lives(study: Study, n_duties: int) -> LifeDays:
    """Days of a life that goes through its years of duty in turn.

    Parameters
    ----------
    study : Study
        What is asked.
    n_duties : int
        Years of duty, of 365 days each.

    Returns
    -------
    LifeDays
        The days.
    """
    return life_days(dt.date(study.first_year, 1, 1), study.n_years, [365] * n_duties)


def drawn_lives(study: Study, laws: list[AgeingLaw], cell_deviation_share: float) -> LifeDraws:
    """Draw the lives of a study as its models say.

    Parameters
    ----------
    study : Study
        What is asked.
    laws : list of AgeingLaw
        Its ageing models.
    cell_deviation_share : float
        Standard deviation of the logarithm of a factor on all rates of a battery. [-]

    Returns
    -------
    LifeDraws
        Model, rates, exponents and resistance when new of each life.
    """
    drawn = ensemble_draws(
        laws,
        study.ageing.weights,
        cell_deviation_share=cell_deviation_share,
        term_deviation_share={law.name: rate_prior(law).log_sd for law in laws},
        exponent_deviation={law.name: rate_prior(law).exponent_sd for law in laws},
        draw_of_term={law.name: rate_prior(law).draws for law in laws},
        seed=study.seed,
        n_lives=study.n_lives,
    )
    return replace(drawn, soh_resistance_new=_resistance_when_new(study))


def _resistance_when_new(study: Study) -> FloatArray | None:
    """Resistance of the cells of each life over that of their card, shape (n_lives,); None where the card is exact."""
    deviation = study.battery.resistance_deviation_share
    if deviation == 0.0:
        return None
    normal = standard_normal_blocks(study.seed, "twin.resistance_when_new", 0, study.n_lives, 1)
    return np.exp(deviation * normal[:, 0])
