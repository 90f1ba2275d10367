"""An investor's question, answered: lives of several ageing models, a warranty over them, and the money behind them."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cache

import numpy as np

from battuta.domain.study import Strategy, Study
from battuta.physics.ageing.ageing_law import AgeingLaw, ageing_law
from battuta.physics.ageing.borrowed_resistance import with_resistance
from battuta.physics.ageing.duty_days import DutyDays
from battuta.physics.ageing.rate_prior import rate_prior
from battuta.physics.life_pack import LifePack
from battuta.physics.life_pack_walk import PackDuty, walk_pack
from battuta.ports.compute import Compute
from battuta.studies.life_study_remarks import remarks_on_strategy, remarks_on_study
from battuta.studies.life_study_result import LifeStudyResult, StrategyOutcome, StudyInputs
from battuta.twin.augmentation import AugmentedLives, SiteStrings, augmented_lives, cohort_rates, cohorts_of
from battuta.twin.augmentation_tables import LoadTables, load_tables, loads_of
from battuta.twin.duty_summary import DutySummary, duty_summary
from battuta.twin.ensemble import ensemble_draws
from battuta.twin.lives import Lives
from battuta.twin.lives_days import LifeDays, life_days
from battuta.twin.lives_shared import LifeDraws, live, near_tables
from battuta.twin.outlook import DrawnYears, drawn_years
from battuta.twin.project_finance import project_finance
from battuta.twin.site_losses import SiteLosses, site_losses
from battuta.twin.stress_tables import StressTables, days_of
from battuta.twin.study_flows import followed_share, served_share, tranches
from battuta.twin.study_pack import study_pack
from battuta.twin.study_sensitivity import StrategyRisk, StudyRisk, strategy_risk
from battuta.twin.study_sensitivity_cases import Lived, StrategyModel, StudyCase
from battuta.twin.warranty import judge
from battuta.twin.warranty_outcome import WarrantyOutcome

Said = Callable[[str], None]
_STEP_S = 60.0
_LENDER = "naumann_lfp"
"""Whose growth of resistance a model takes that has none."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Asked:
    """What all strategies of a study share."""

    study: Study
    inputs: StudyInputs
    laws: list[AgeingLaw]
    draws: LifeDraws
    days: LifeDays
    years: DrawnYears
    losses: SiteLosses | None
    compute: Compute
    with_risk: bool


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
    asked = _asked(study, inputs, compute, with_risk=with_risk)
    outcomes: list[StrategyOutcome] = []
    risks: dict[str, StrategyRisk] = {}
    for each in study.strategies:
        if said is not None:
            said(f"living {study.n_lives} times {study.n_years} years: {each.name}")
        outcome, risk = _outcome(asked, each)
        outcomes.append(outcome)
        if risk is not None:
            risks[each.name] = risk
    return LifeStudyResult(
        study=study,
        inputs=inputs,
        years=asked.years,
        strategies=tuple(outcomes),
        cards={law.name: law.card for law in asked.laws},
        study_hash=hashlib.sha256(f"{study!r}|{inputs.data_hash}".encode()).hexdigest()[:16],
        remarks=remarks_on_study(study, inputs, asked.laws),
        risk=StudyRisk(strategies=risks) if with_risk else None,
        losses=asked.losses,
    )


def _asked(
    study: Study,
    inputs: StudyInputs,
    compute: Compute,
    *,
    with_risk: bool,
) -> _Asked:
    laws = [with_resistance(inputs.law(name), ageing_law(_LENDER)) for name in study.ageing.weights]
    years = drawn_years(
        study.market,
        study.availability,
        seed=study.seed,
        first_life=0,
        n_lives=study.n_lives,
        n_years=study.n_years,
    )
    losses = site_losses(study)
    return _Asked(
        study=study,
        inputs=inputs,
        laws=laws,
        draws=_drawn(study, laws, study.ageing.cell_deviation_share),
        days=life_days(dt.date(study.first_year, 1, 1), study.n_years, [365]),
        years=years if losses is None else losses.without_outages(years),
        losses=losses,
        compute=compute,
        with_risk=with_risk,
    )


def _drawn(study: Study, laws: list[AgeingLaw], cell_deviation_share: float) -> LifeDraws:
    return ensemble_draws(
        laws,
        study.ageing.weights,
        cell_deviation_share=cell_deviation_share,
        term_deviation_share={law.name: rate_prior(law).log_sd for law in laws},
        exponent_deviation={law.name: rate_prior(law).exponent_sd for law in laws},
        draw_of_term={law.name: rate_prior(law).draws for law in laws},
        seed=study.seed,
        n_lives=study.n_lives,
    )


def _outcome(asked: _Asked, strategy: Strategy) -> tuple[StrategyOutcome, StrategyRisk | None]:
    study, given = asked.study, asked.inputs.duties[strategy.name]
    pack = study_pack(study.battery, strategy.duty, given.soc_start)
    duty = PackDuty(
        power_kw=given.power_kw, ambient_c=asked.inputs.ambient_c, step_s=_STEP_S, is_schedule=given.is_schedule
    )
    summary, cycles, followed = _new_year(pack, duty)
    tables = near_tables(pack, [duty], asked.laws, asked.draws, asked.days, spread=asked.compute)
    loads = _loads(asked, tables, pack, duty)

    @cache
    def lived(ageing_factor: float) -> Lived:
        return _lived(asked, tables, loads, pack, followed, ageing_factor)

    model = StrategyModel(
        plan=study.finance,
        years=asked.years,
        sold_kw=given.sold_kw,
        power_kw=study.battery.power_kw,
        contracts=asked.study.contracts,
        lived=lived,
        other_cost=None if asked.losses is None else asked.losses.cost,
    )
    flows, own = model.flows_of(StudyCase()), lived(1.0)
    outcome = StrategyOutcome(
        strategy=strategy,
        duty=given,
        summary=summary,
        lives=own.lives,
        flows=flows,
        finance=project_finance(study.finance, flows),
        warranty=_judged(asked, own.lives if own.augmented is None else own.augmented.first_strings, cycles, tables),
        usable_mwh_new=tables.usable_kwh_new / 1e3,
        remarks=remarks_on_strategy(given, summary, cycles, asked.laws, followed),
        followed_share=followed,
        tranches=tranches(
            own.lives,
            asked.years,
            sold_kw=given.sold_kw,
            served_share=own.served_share,
            contracts=asked.study.contracts,
            power_kw=study.battery.power_kw,
        ),
        augmented=own.augmented,
    )
    return outcome, strategy_risk(model, study.market.capacity_price_per_mw_h) if asked.with_risk else None


def _loads(asked: _Asked, tables: StressTables, pack: LifePack, duty: PackDuty) -> LoadTables | None:
    plan = asked.study.augmentation
    if plan is None:
        return None
    return load_tables(tables, pack, [duty], asked.laws, loads_of(plan, tables), spread=asked.compute)


def _augmented(asked: _Asked, loads: LoadTables, pack: LifePack, ageing_factor: float) -> AugmentedLives:
    plan, study = asked.study.augmentation, asked.study
    assert plan is not None, "tables with a load are made for a plan"
    model = _drawn(study, asked.laws, 0.0)
    n_cohorts = cohorts_of(plan, study.n_years)
    deviation = study.ageing.cell_deviation_share
    rate = cohort_rates(plan, model, asked.draws, deviation, study.seed, n_cohorts)
    strings = SiteStrings(strings=pack.strings, energy_mwh=pack.energy_kwh / 1e3)
    return augmented_lives(
        loads,
        plan,
        strings,
        asked.laws,
        asked.draws.law_of_life,
        ageing_factor * rate,
        asked.days,
        exponent_shift=asked.draws.exponent_shift,
        spread=asked.compute,
    )


def _lived(
    asked: _Asked,
    tables: StressTables,
    loads: LoadTables | None,
    pack: LifePack,
    followed: float,
    ageing_factor: float,
) -> Lived:
    """Live on the same tables; beyond their nodes, which reach as far as the study's own lives, stress is held."""
    if loads is not None:
        found = _augmented(asked, loads, pack, ageing_factor)
        return Lived(lives=found.site, served_share=followed * found.served_share, augmented=found)
    draws = asked.draws
    faster = replace(draws, rate=ageing_factor * draws.rate)
    lives = live(tables, asked.laws, faster, asked.days, spread=asked.compute)
    return Lived(lives=lives, served_share=followed * served_share(tables, lives))


def _judged(asked: _Asked, lives: Lives, cycles: DutyDays, tables: StressTables) -> WarrantyOutcome | None:
    if asked.study.warranty is None:
        return None
    return judge(
        asked.study.warranty,
        lives.soh_capacity,
        lives.full_cycles,
        lives.discharged_mwh,
        cycles,
        installed_mwh=tables.usable_kwh_new / 1e3,
        charged_mwh=lives.charged_mwh,
        availability=asked.years.availability,
        loss_by_cause=lives.loss_by_cause,
    )


def _new_year(pack: LifePack, duty: PackDuty) -> tuple[DutySummary, DutyDays, float]:
    walked = walk_pack(pack, duty)
    cycles = days_of(walked)
    asked_mwh = float(np.abs(duty.power_kw).sum()) * duty.step_s / 3.6e6
    followed = followed_share(walked, pack.keeping.full_cycles_per_day_max)
    return duty_summary(walked, cycles, asked_mwh), cycles, followed
