"""An investor's question, answered: lives of several ageing models, a warranty over them, and the money behind them."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from functools import partial

from battuta.domain.study import Study
from battuta.ports.compute import Compute
from battuta.studies.asked_study import AskedStudy, asked_study
from battuta.studies.changed_duty import judged_by_stage, remarks_on_changes, said_of_stages
from battuta.studies.life_study_remarks import remarks_on_offer, remarks_on_strategy, remarks_on_study
from battuta.studies.life_study_result import LifeStudyResult, StrategyOutcome, StudyInputs
from battuta.studies.lived_strategies import LivedStrategy, Said, TabledStrategy, all_lived, walked_strategy
from battuta.studies.telemetry_study import remarks_on_telemetry, worth_of
from battuta.twin.lives import Lives
from battuta.twin.project_finance import project_finance
from battuta.twin.study_flows import tranches
from battuta.twin.study_sensitivity import StrategyRisk, StudyRisk, strategy_risk
from battuta.twin.study_sensitivity_cases import Lived, StudyCase
from battuta.twin.telemetry_worth import TelemetryWorth
from battuta.twin.warranty_outcome import WarrantyOutcome


def life_study(
    study: Study,
    inputs: StudyInputs,
    compute: Compute,
    said: Said | None = None,
    *,
    with_risk: bool = True,
) -> LifeStudyResult:
    """Answer a study.

    Parameters
    ----------
    study : Study
        What is asked.
    inputs : StudyInputs
        Climate, and the year of duty of each strategy.
    compute : Compute
        Where the work is done; the answer does not depend on it.
    said : callable or None
        Told what is being done.
    with_risk : bool
        Whether the strategies are asked again under other assumptions: tornado, stress, what lenders ask.

    Returns
    -------
    LifeStudyResult
        The answer.

    Raises
    ------
    UsageError
        If the study names a cell, converter or ageing model that is not there.
    DataError
        If a duty is sampled too coarsely to count its cycles.
    """
    asked = asked_study(study, inputs, compute, with_risk=with_risk)
    tell: Said = said or (lambda _: None)
    tell(f"walking the battery through {len(study.strategies)} duties")
    sites = compute.map(partial(walked_strategy, asked), [stage for each in study.strategies for stage in each.stages])
    lived = all_lived(asked, sites, tell)
    tell("counting the money")
    answers = compute.map(partial(_answered, asked), lived)
    risks = {outcome.strategy.name: risk for outcome, risk, _ in answers if risk is not None}
    worths = {outcome.strategy.name: worth for outcome, _, worth in answers if worth is not None}
    return LifeStudyResult(
        study=study,
        inputs=inputs,
        years=asked.years,
        strategies=tuple(outcome for outcome, _, _ in answers),
        cards={law.name: law.card for law in asked.laws},
        study_hash=hashlib.sha256(f"{study!r}|{inputs.data_hash}".encode()).hexdigest()[:16],
        remarks=(*remarks_on_study(study, inputs, asked.laws), *remarks_on_telemetry(study, asked.telemetry)),
        risk=StudyRisk(strategies=risks) if with_risk else None,
        losses=asked.losses,
        telemetry=None if asked.telemetry is None else replace(asked.telemetry, worth=worths),
    )


def _answered(
    asked: AskedStudy, lived: LivedStrategy
) -> tuple[StrategyOutcome, StrategyRisk | None, TelemetryWorth | None]:
    tabled, model, unmeasured = lived
    site, own, flows = tabled.site, model.lived(1.0), model.flows_of(StudyCase())
    outcome = StrategyOutcome(
        strategy=site.strategy,
        duty=site.given,
        summary=site.summary,
        lives=own.lives,
        flows=flows,
        finance=project_finance(model.plan, flows),
        warranty=_judged(asked, tabled, own),
        usable_mwh_new=tabled.tables.usable_kwh_new / 1e3,
        remarks=_remarks(asked, tabled, own.lives),
        followed_share=site.followed_share,
        tranches=tranches(
            own.lives,
            asked.years,
            sold_kw=model.sold_kw if own.sold_kw is None else own.sold_kw,
            served_share=own.served_share,
            contracts=model.contracts,
            power_kw=model.power_kw,
            traded=model.traded,
        ),
        augmented=own.augmented,
        traded=model.traded,
    )
    risk = strategy_risk(model, asked.study.market.capacity_price_per_mw_h) if asked.with_risk else None
    if asked.telemetry is None or unmeasured is None:
        return outcome, risk, None
    before = unmeasured, _judged(asked, tabled, unmeasured.lived(1.0))
    service = outcome.finance.debt_service.mean(axis=0)
    return outcome, risk, worth_of(asked.telemetry, before, (model, outcome.warranty), service)


def _remarks(asked: AskedStudy, tabled: TabledStrategy, lives: Lives) -> tuple[str, ...]:
    of_stage = {
        site.strategy.name: (
            *remarks_on_offer(site.strategy.duty),
            *remarks_on_strategy(site.given, site.summary, site.cycles, asked.laws, site.followed_share),
        )
        for site, _ in tabled.stages
    }
    changes = remarks_on_changes(tabled.site.strategy, lives, is_judged=asked.study.warranty is not None)
    return (*changes, *said_of_stages(of_stage))


def _judged(asked: AskedStudy, tabled: TabledStrategy, lived: Lived) -> WarrantyOutcome | None:
    """Hold the first strings against the warranty; those that come later have one of their own."""
    lives = lived.lives if lived.augmented is None else lived.augmented.first_strings
    duties, installed_mwh = [site.cycles for site, _ in tabled.stages], tabled.tables.usable_kwh_new / 1e3
    return judged_by_stage(asked.study.warranty, lives, duties, installed_mwh, asked.years.availability)
