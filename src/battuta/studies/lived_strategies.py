"""The strategies of a study, walked when new and aged, and lived at every speed of ageing that is asked for."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from typing import TypeAlias

from battuta.domain.study import Strategy
from battuta.physics.ageing.duty_days import DutyDays
from battuta.studies.asked_study import AskedStudy, days_of_lives, drawn_lives
from battuta.studies.changed_duty import changing, later_stages
from battuta.studies.duty_when_new import duties_of, duty_when_new, refuse_coarse_sampling
from battuta.studies.life_study_result import StudyInput
from battuta.studies.telemetry_study import (
    reach_of,
    without_own_factor,
)
from battuta.twin.augmentation import SiteStrings, augmented_lives, cohort_rates, cohorts_of
from battuta.twin.augmentation_tables import LoadTables, load_tables, loads_of
from battuta.twin.duty_summary import DutySummary
from battuta.twin.lives import Lives
from battuta.twin.lives_shared import LifeAsk, LifeDraws, live_all
from battuta.twin.near_tables import NewBattery, all_near_tables
from battuta.twin.node_days import node_days
from battuta.twin.stress_tables import StressTables
from battuta.twin.study_flows import served_share
from battuta.twin.study_pack import study_pack
from battuta.twin.study_sensitivity_cases import Lived, StrategyModel, ageing_factors
from battuta.twin.traded_energy import TradedEnergy

Said = Callable[[str], None]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class WalkedStrategy:
    """A strategy, and what its duty does to a new battery.

    Attributes
    ----------
    strategy : Strategy
        What is asked; a stage of it where it changes.
    given : StudyInput
        Its year of duty.
    battery : NewBattery
        The battery, its duties, and the stress of them when new.
    summary : DutySummary
        What the year is like.
    cycles : DutyDays
        What the cells go through in it.
    followed_share : float
        Share of the time in which requests are followed. [-]
    traded : TradedEnergy or None
        What it buys and sells by market years; None where it does not trade.
    """

    strategy: Strategy
    given: StudyInput
    battery: NewBattery
    summary: DutySummary
    cycles: DutyDays
    followed_share: float
    traded: TradedEnergy | None


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class TabledStrategy:
    """A strategy's stress over states of health; over loads as well where strings are to come.

    Attributes
    ----------
    site : WalkedStrategy
        The strategy as it begins.
    tables : StressTables
        Its stress.
    loads : LoadTables or None
        Over loads; None without augmentation.
    later : tuple of (WalkedStrategy, StressTables)
        What it may change to, in order.
    """

    site: WalkedStrategy
    tables: StressTables
    loads: LoadTables | None
    later: tuple[tuple[WalkedStrategy, StressTables], ...]

    @property
    def stages(self) -> list[tuple[WalkedStrategy, StressTables]]:
        """The stages of a strategy that changes; else one."""
        return [(self.site, self.tables), *self.later]

    def ask(self, draws: LifeDraws) -> LifeAsk:
        """Lives of some draws, with what they may change to."""
        later = later_stages(self.site.strategy, [each for _, each in self.later])
        return LifeAsk(tables=self.tables, draws=draws, later=later)


LivedStrategy: TypeAlias = tuple[TabledStrategy, StrategyModel, StrategyModel | None]
"""A strategy, what was lived of it, and what would have been without telemetry."""


def walked_strategy(asked: AskedStudy, strategy: Strategy) -> WalkedStrategy:
    """Walk a new battery through a strategy's duty.

    Parameters
    ----------
    asked : AskedStudy
        What all strategies share.
    strategy : Strategy
        The strategy, or a stage of it.

    Returns
    -------
    WalkedStrategy
        What it is like when new.

    Raises
    ------
    UsageError
        If the battery names a cell or converter that is not there.
    DataError
        If the duty is sampled too coarsely to count its cycles.
    """
    given = asked.inputs.duties[strategy.name]
    pack = study_pack(asked.study.battery, strategy.duty, given.soc_start)
    duties = duties_of(given, asked.inputs.ambient_c)
    refuse_coarse_sampling(strategy.name, given)
    new = duty_when_new(pack, duties, given)
    return WalkedStrategy(
        strategy=strategy,
        given=given,
        battery=NewBattery(pack=pack, duties=duties, new=node_days((1.0, 1.0), pack, new.years, asked.laws)),
        summary=new.summary,
        cycles=new.cycles,
        followed_share=new.followed_share,
        traded=new.traded,
    )


def all_lived(asked: AskedStudy, sites: Sequence[WalkedStrategy], tell: Said) -> list[LivedStrategy]:
    """Live all strategies, those with as many years of duty at once.

    Parameters
    ----------
    asked : AskedStudy
        What all strategies share.
    sites : sequence of WalkedStrategy
        Every stage of every strategy.
    tell : callable
        Told what is being done.

    Returns
    -------
    list of LivedStrategy
        In the order of the study.
    """
    study, found = asked.study, dict[str, LivedStrategy]()
    for n_duties in sorted({len(each.battery.duties) for each in sites}):
        own = replace(asked, days=days_of_lives(study, n_duties))
        alike = [each for each in sites if len(each.battery.duties) == n_duties]
        tabled = _tabled(own, alike)
        names = [each.site.strategy.name for each in tabled]
        tell(f"living {study.n_lives} times {study.n_years} years: {', '.join(names)}")
        models = _lived(own, tabled)
        found |= zip(names, zip(tabled, models, _unmeasured(own, tabled), strict=True), strict=True)
    return [found[each.name] for each in study.strategies]


def _tabled(asked: AskedStudy, sites: Sequence[WalkedStrategy]) -> list[TabledStrategy]:
    """Walk the batteries of all strategies at the states of health that their lives may reach."""
    by_name = {each.strategy.name: each for each in sites}
    strategies = [each for each in asked.study.strategies if each.name in by_name]
    own = [number for number, each in enumerate(strategies) for _ in each.stages]
    stages = [by_name[stage.name] for each in strategies for stage in each.stages]
    reach = reach_of(asked.before, asked.telemetry)
    batteries = [each.battery for each in stages]
    tables = all_near_tables(batteries, asked.laws, reach, asked.days, together=own, spread=asked.compute)
    walked = iter(zip(stages, tables, strict=True))
    found: list[TabledStrategy] = []
    for strategy in strategies:
        (site, first), *later = islice(walked, len(strategy.stages))
        found.append(
            TabledStrategy(
                site=replace(site, strategy=strategy),
                tables=first,
                loads=_loads(asked, site.battery, first),
                later=tuple(later),
            )
        )
    return found


def _loads(asked: AskedStudy, battery: NewBattery, tables: StressTables) -> LoadTables | None:
    plan = asked.study.augmentation
    if plan is None:
        return None
    loads = loads_of(plan, tables)
    return load_tables(tables, battery.pack, battery.duties, asked.laws, loads, spread=asked.compute)


def _lived(asked: AskedStudy, tabled: Sequence[TabledStrategy]) -> list[StrategyModel]:
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


def _unmeasured(asked: AskedStudy, tabled: Sequence[TabledStrategy]) -> Sequence[StrategyModel | None]:
    """Live once more as the models say without what was measured, for a lender to compare; None where none asks."""
    if asked.telemetry is None or asked.study.finance.debt is None or not asked.with_risk:
        return [None] * len(tabled)
    return _lived(replace(asked, draws=asked.before, telemetry=None, with_risk=False), tabled)


def _served(tabled: TabledStrategy, lives: Lives) -> Lived:
    """Say what lives serve; response counts while it is followed."""
    sites, tables = zip(*tabled.stages, strict=True)
    if tabled.later:
        return changing(lives, tables, [each.followed_share for each in sites], [each.given.sold_kw for each in sites])
    return Lived(lives=lives, served_share=tabled.site.followed_share * served_share(tabled.tables, lives))


def _augmented(asked: AskedStudy, tabled: TabledStrategy, ageing_factor: float) -> Lived:
    plan, study, pack = asked.study.augmentation, asked.study, tabled.site.battery.pack
    assert plan is not None, "strings come by a plan"
    assert tabled.loads is not None, "tables with a load are made for a plan"
    model = drawn_lives(study, asked.laws, 0.0) if asked.telemetry is None else without_own_factor(asked.telemetry.fit)
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
        soh_resistance_new=asked.draws.soh_resistance_new,
        spread=asked.compute,
    )
    return Lived(lives=found.site, served_share=tabled.site.followed_share * found.served_share, augmented=found)


def _model(asked: AskedStudy, site: WalkedStrategy, by_factor: Mapping[float, Lived]) -> StrategyModel:
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
