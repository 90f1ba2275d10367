"""An investor's question, answered: lives of several ageing models, a warranty over them, and the money behind them."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from itertools import islice
from typing import TypeAlias

from battuta.domain.study import Strategy, Study
from battuta.physics.ageing.ageing_law import AgeingLaw, ageing_law
from battuta.physics.ageing.borrowed_resistance import with_resistance
from battuta.physics.ageing.duty_days import DutyDays
from battuta.physics.ageing.rate_prior import rate_prior
from battuta.physics.life_pack_sampling import sampling_of
from battuta.ports.compute import Compute
from battuta.studies.changed_duty import changing, judged_by_worst, later_stages, remarks_on_changes, said_of_stages
from battuta.studies.duty_when_new import duties_of, duty_when_new
from battuta.studies.life_study_remarks import remarks_on_strategy, remarks_on_study
from battuta.studies.life_study_result import LifeStudyResult, StrategyOutcome, StudyInput, StudyInputs
from battuta.studies.study_years import study_years
from battuta.studies.telemetry_study import (
    TelemetryOutcome,
    reach_of,
    remarks_on_telemetry,
    telemetry_outcome,
    without_own_factor,
    worth_of,
)
from battuta.twin.augmentation import SiteStrings, augmented_lives, cohort_rates, cohorts_of
from battuta.twin.augmentation_tables import LoadTables, load_tables, loads_of
from battuta.twin.duty_summary import DutySummary
from battuta.twin.ensemble import ensemble_draws
from battuta.twin.lives import Lives
from battuta.twin.lives_days import LifeDays, life_days
from battuta.twin.lives_shared import LifeAsk, LifeDraws, live_all
from battuta.twin.near_tables import NewBattery, all_near_tables
from battuta.twin.node_days import node_days
from battuta.twin.outlook import DrawnYears
from battuta.twin.project_finance import project_finance
from battuta.twin.site_losses import SiteLosses, site_losses
from battuta.twin.stress_tables import StressTables
from battuta.twin.study_flows import served_share, tranches
from battuta.twin.study_pack import study_pack
from battuta.twin.study_sensitivity import StrategyRisk, StudyRisk, strategy_risk
from battuta.twin.study_sensitivity_cases import Lived, StrategyModel, StudyCase, ageing_factors
from battuta.twin.telemetry_worth import TelemetryWorth
from battuta.twin.traded_energy import TradedEnergy
from battuta.twin.warranty_outcome import WarrantyOutcome

Said = Callable[[str], None]
_LENDER = "naumann_lfp"
"""Whose growth of resistance a model takes that has none."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Asked:
    """What all strategies of a study share."""

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


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Site:
    """A strategy, and what its duty does to a new battery."""

    strategy: Strategy
    given: StudyInput
    battery: NewBattery
    summary: DutySummary
    cycles: DutyDays
    followed_share: float
    traded: TradedEnergy | None


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Tabled:
    """A strategy's stress over states of health; over loads as well where strings are to come."""

    site: _Site
    tables: StressTables
    loads: LoadTables | None
    later: tuple[tuple[_Site, StressTables], ...]

    @property
    def stages(self) -> list[tuple[_Site, StressTables]]:
        """The stages of a strategy that changes; else one."""
        return [(self.site, self.tables), *self.later]

    def ask(self, draws: LifeDraws) -> LifeAsk:
        """Lives of some draws, with what they may change to."""
        later = later_stages(self.site.strategy, [each for _, each in self.later])
        return LifeAsk(tables=self.tables, draws=draws, later=later)


_LivedStrategy: TypeAlias = tuple[_Tabled, StrategyModel, StrategyModel | None]
"""A strategy, what was lived of it, and what would have been without telemetry."""


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
    tell: Said = said or (lambda _: None)
    tell(f"walking the battery through {len(study.strategies)} duties")
    sites = compute.map(partial(_site, asked), [stage for each in study.strategies for stage in each.stages])
    lived = _all_lived(asked, sites, tell)
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


def _asked(
    study: Study,
    inputs: StudyInputs,
    compute: Compute,
    *,
    with_risk: bool,
) -> _Asked:
    laws = [with_resistance(inputs.law(name), ageing_law(_LENDER)) for name in study.ageing.weights]
    years = study_years(study, inputs)
    losses = site_losses(study)
    before = _drawn(study, laws, study.ageing.cell_deviation_share)
    telemetry = telemetry_outcome(study, inputs, laws, compute)
    return _Asked(
        study=study,
        inputs=inputs,
        laws=laws,
        before=before,
        draws=before if telemetry is None else telemetry.fit.draws,
        telemetry=telemetry,
        days=_days(study, 1),
        years=years if losses is None else losses.without_outages(years),
        losses=losses,
        compute=compute,
        with_risk=with_risk,
    )


def _days(study: Study, n_duties: int) -> LifeDays:
    """Days of a life that goes through its years of duty in turn."""
    return life_days(dt.date(study.first_year, 1, 1), study.n_years, [365] * n_duties)


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


def _site(asked: _Asked, strategy: Strategy) -> _Site:
    """Walk a new battery through a strategy's duty."""
    given = asked.inputs.duties[strategy.name]
    pack = study_pack(asked.study.battery, strategy.duty, given.soc_start)
    duties = duties_of(given, asked.inputs.ambient_c)
    for each in duties:
        sampling_of(each)
    new = duty_when_new(pack, duties, given)
    return _Site(
        strategy=strategy,
        given=given,
        battery=NewBattery(pack=pack, duties=duties, new=node_days((1.0, 1.0), pack, new.years, asked.laws)),
        summary=new.summary,
        cycles=new.cycles,
        followed_share=new.followed_share,
        traded=new.traded,
    )


def _all_lived(asked: _Asked, sites: Sequence[_Site], tell: Said) -> list[_LivedStrategy]:
    """Live all strategies, those with as many years of duty at once."""
    study, found = asked.study, dict[str, _LivedStrategy]()
    for n_duties in sorted({len(each.battery.duties) for each in sites}):
        own = replace(asked, days=_days(study, n_duties))
        alike = [each for each in sites if len(each.battery.duties) == n_duties]
        tabled = _tabled(own, alike)
        names = [each.site.strategy.name for each in tabled]
        tell(f"living {study.n_lives} times {study.n_years} years: {', '.join(names)}")
        models = _lived(own, tabled)
        found |= zip(names, zip(tabled, models, _unmeasured(own, tabled), strict=True), strict=True)
    return [found[each.name] for each in study.strategies]


def _tabled(asked: _Asked, sites: Sequence[_Site]) -> list[_Tabled]:
    """Walk the batteries of all strategies at the states of health that their lives may reach."""
    by_name = {each.strategy.name: each for each in sites}
    strategies = [each for each in asked.study.strategies if each.name in by_name]
    own = [number for number, each in enumerate(strategies) for _ in each.stages]
    stages = [by_name[stage.name] for each in strategies for stage in each.stages]
    reach = reach_of(asked.before, asked.telemetry)
    batteries = [each.battery for each in stages]
    tables = all_near_tables(batteries, asked.laws, reach, asked.days, together=own, spread=asked.compute)
    walked = iter(zip(stages, tables, strict=True))
    found: list[_Tabled] = []
    for strategy in strategies:
        (site, first), *later = islice(walked, len(strategy.stages))
        found.append(
            _Tabled(
                site=replace(site, strategy=strategy),
                tables=first,
                loads=_loads(asked, site.battery, first),
                later=tuple(later),
            )
        )
    return found


def _loads(asked: _Asked, battery: NewBattery, tables: StressTables) -> LoadTables | None:
    plan = asked.study.augmentation
    if plan is None:
        return None
    loads = loads_of(plan, tables)
    return load_tables(tables, battery.pack, battery.duties, asked.laws, loads, spread=asked.compute)


def _lived(asked: _Asked, tabled: Sequence[_Tabled]) -> list[StrategyModel]:
    """Live every strategy at every speed of ageing that is asked for, all at once.

    Beyond the nodes of the tables, which reach as far as the study's own lives, stress is held.
    """
    study = asked.study
    factors = ageing_factors(study.finance) if asked.with_risk else (1.0,)
    if study.augmentation is None:
        draws = [replace(asked.draws, rate=factor * asked.draws.rate) for factor in factors]
        every = [(each, each.ask(own)) for each in tabled for own in draws]
        lives = live_all([ask for _, ask in every], asked.laws, asked.days, spread=asked.compute)
        found = iter([_served(each, own) for (each, _), own in zip(every, lives, strict=True)])
    else:
        found = iter([_augmented(asked, each, factor) for each in tabled for factor in factors])
    return [_model(asked, each.site, {factor: next(found) for factor in factors}) for each in tabled]


def _unmeasured(asked: _Asked, tabled: Sequence[_Tabled]) -> Sequence[StrategyModel | None]:
    """Live once more as the models say without what was measured, for a lender to compare; None where none asks."""
    if asked.telemetry is None or asked.study.finance.debt is None or not asked.with_risk:
        return [None] * len(tabled)
    return _lived(replace(asked, draws=asked.before, telemetry=None, with_risk=False), tabled)


def _served(tabled: _Tabled, lives: Lives) -> Lived:
    """Say what lives serve; response counts while it is followed."""
    sites, tables = zip(*tabled.stages, strict=True)
    if tabled.later:
        return changing(lives, tables, [each.followed_share for each in sites], [each.given.sold_kw for each in sites])
    return Lived(lives=lives, served_share=tabled.site.followed_share * served_share(tabled.tables, lives))


def _augmented(asked: _Asked, tabled: _Tabled, ageing_factor: float) -> Lived:
    plan, study, pack = asked.study.augmentation, asked.study, tabled.site.battery.pack
    assert plan is not None, "strings come by a plan"
    assert tabled.loads is not None, "tables with a load are made for a plan"
    model = _drawn(study, asked.laws, 0.0) if asked.telemetry is None else without_own_factor(asked.telemetry.fit)
    n_cohorts = cohorts_of(plan, study.n_years)
    deviation = study.ageing.cell_deviation_share
    rate = cohort_rates(plan, model, asked.draws, deviation, study.seed, n_cohorts)
    strings = SiteStrings(strings=pack.strings, energy_mwh=pack.energy_kwh / 1e3)
    found = augmented_lives(
        tabled.loads,
        plan,
        strings,
        asked.laws,
        asked.draws.law_of_life,
        ageing_factor * rate,
        asked.days,
        exponent_shift=asked.draws.exponent_shift,
        spread=asked.compute,
    )
    return Lived(lives=found.site, served_share=tabled.site.followed_share * found.served_share, augmented=found)


def _model(asked: _Asked, site: _Site, by_factor: Mapping[float, Lived]) -> StrategyModel:
    """Put what is paid beside what was lived."""
    return StrategyModel(
        plan=asked.study.finance,
        years=asked.years,
        sold_kw=site.given.sold_kw,
        power_kw=asked.study.battery.power_kw,
        contracts=asked.study.contracts,
        lived=by_factor.__getitem__,
        other_cost=None if asked.losses is None else asked.losses.cost,
        traded=site.traded,
    )


def _answered(
    asked: _Asked, lived: _LivedStrategy
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


def _remarks(asked: _Asked, tabled: _Tabled, lives: Lives) -> tuple[str, ...]:
    of_stage = {
        site.strategy.name: remarks_on_strategy(site.given, site.summary, site.cycles, asked.laws, site.followed_share)
        for site, _ in tabled.stages
    }
    changes = remarks_on_changes(tabled.site.strategy, lives, is_judged=asked.study.warranty is not None)
    return (*changes, *said_of_stages(of_stage))


def _judged(asked: _Asked, tabled: _Tabled, lived: Lived) -> WarrantyOutcome | None:
    """Hold the first strings against the warranty; those that come later have one of their own."""
    lives = lived.lives if lived.augmented is None else lived.augmented.first_strings
    duties, installed_mwh = [site.cycles for site, _ in tabled.stages], tabled.tables.usable_kwh_new / 1e3
    return judged_by_worst(asked.study.warranty, lives, duties, installed_mwh, asked.years.availability)
