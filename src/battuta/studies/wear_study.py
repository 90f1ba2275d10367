"""A wear table from a study that was answered: its lives, its duty and its money, priced by use."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

import numpy as np

from battuta.domain.errors import UsageError
from battuta.domain.study import Strategy, Study
from battuta.domain.warranty import Warranty
from battuta.domain.wear_table import WearTable
from battuta.numerics.arrays import FloatArray
from battuta.physics.ageing.duty_days import DutyDays
from battuta.ports.compute import Compute
from battuta.studies.duty_when_new import duties_of, duty_when_new
from battuta.studies.life_study_result import LifeStudyResult, StrategyOutcome
from battuta.twin.lives import Lives
from battuta.twin.stress_tables import stress_tables
from battuta.twin.study_flows import study_flows
from battuta.twin.study_pack import study_pack
from battuta.twin.wear_price import WearPriceSource, optimiser_laws, wear_price_table
from battuta.twin.wear_price_value import FlowsOf, YearWorth, year_worth
from battuta.twin.wear_price_warranty import warranty_price_per_mwh
from battuta.twin.yearly_flows import YearlyFlows

_NOMINAL_V = 3.2
_MARGIN = 0.02


def wear_study(
    result: LifeStudyResult,
    compute: Compute,
    *,
    strategy: str | None = None,
    spread_per_mwh: float = 0.0,
    flows_of: FlowsOf | None = None,
) -> WearTable:
    """Price the use of a battery by a study of its life.

    Parameters
    ----------
    result : LifeStudyResult
        The study, answered.
    compute : Compute
        Where the duty is walked.
    strategy : str or None
        Which way to use the battery; None: the first.
    spread_per_mwh : float
        What a MWh discharged earns above the study's mean price of energy, which buys and sells at one price: the
        spread that a trading duty lives on. [currency/MWh]
    flows_of : callable or None
        What lives bring, in place of the study's own flows and the spread.

    Returns
    -------
    WearTable
        The table, in the currency of the study's plan.

    Raises
    ------
    UsageError
        If the study has no such strategy, no ageing model can price it, less capacity loses it nothing, or strings of
        several ages share its use.
    """
    outcome = _outcome(result, strategy)
    refuse_ages_mixed(result.study, outcome.strategy)
    study, given = result.study, outcome.duty
    laws = [result.inputs.law(name) for name in outcome.lives.law]
    pack = study_pack(study.battery, outcome.strategy.duty, given.soc_start)
    duties = duties_of(given, result.inputs.ambient_c)
    cycles = duty_when_new(pack, duties, given).cycles
    optimiser_laws(laws, cycles)
    low = max(float(outcome.lives.soh_capacity.min()) - _MARGIN, 0.3)
    least, high = float(outcome.lives.soh_resistance.min()), float(outcome.lives.soh_resistance.max())
    resistances = [*([least] if least < 1.0 else []), 1.0, max(high, 1.0 + _MARGIN)]
    tables = stress_tables(pack, duties, laws, np.linspace(low, 1.0, 3), np.array(resistances), spread=compute)
    worth = year_worth(
        study.finance,
        outcome.lives,
        tables,
        flows_of or partial(_study_flows, result, outcome, spread_per_mwh),
    )
    source = WearPriceSource(
        study=study.name,
        strategy=outcome.strategy.name,
        study_hash=result.study_hash,
        currency=study.finance.currency,
        energy_mwh=pack.cell.capacity_ah * _NOMINAL_V * pack.cells_in_series * pack.strings / 1e6,
    )
    budget, said = _budget(result, outcome, worth, cycles)
    table = wear_price_table(source, laws, outcome.lives, cycles, worth, budget)
    if spread_per_mwh:
        said = (
            *said,
            f"each MWh discharged is taken to earn {spread_per_mwh:g} {source.currency} above the mean price",
        )
    return replace(table, remarks=(*table.remarks, *said, *_said_of_loss(result, outcome)))


def _said_of_loss(result: LifeStudyResult, outcome: StrategyOutcome) -> tuple[str, ...]:
    """Warn of the wear price of a project that loses money."""
    worth = float(np.median(outcome.finance.npv))
    if worth >= 0.0:
        return ()
    words = (
        f"the project loses money: its net present value is {worth:,.0f} {result.study.finance.currency} at P50. Wear "
        "is priced by the revenue that less capacity loses, not by what cells cost, so that it is low where they earn "
        "little: no reason to spend them"
    )
    return (words,)


def refuse_ages_mixed(study: Study, strategy: Strategy) -> None:
    """Refuse a wear price that could not be, before a life is lived.

    Parameters
    ----------
    study : Study
        The study, asked.
    strategy : Strategy
        The way to use the battery that would be priced.

    Raises
    ------
    UsageError
        If strings of several ages would share its use, or its duty changes as it ages.
    """
    if study.augmentation is not None:
        message = (
            "no wear price of a site whose strings are of several ages: one price would hold for none of them; answer "
            "the study without its augmentation plan"
        )
        raise UsageError(message)
    if strategy.changes:
        message = (
            f"no wear price of strategy {strategy.name!r}, whose duty changes as it ages: one price would hold "
            "for no stage of it; answer the study without its changes"
        )
        raise UsageError(message)


def _outcome(result: LifeStudyResult, strategy: str | None) -> StrategyOutcome:
    if strategy is None:
        return result.strategies[0]
    names = [each.strategy.name for each in result.strategies]
    if strategy not in names:
        message = f"the study has no strategy {strategy!r}; there is {', '.join(names)}"
        raise UsageError(message)
    return result.of(strategy)


def _study_flows(
    result: LifeStudyResult, outcome: StrategyOutcome, spread_per_mwh: float, lives: Lives, served: FloatArray
) -> YearlyFlows:
    """Flows as the study has them, and the spread on top."""
    flows = study_flows(
        lives,
        result.years,
        sold_kw=outcome.duty.sold_kw,
        served_share=outcome.followed_share * served,
        contracts=result.study.contracts,
        power_kw=result.study.battery.power_kw,
        traded=outcome.traded,
    )
    return replace(flows, revenue=flows.revenue + spread_per_mwh * flows.discharged_mwh)


def _budget(
    result: LifeStudyResult, outcome: StrategyOutcome, worth: YearWorth, cycles: DutyDays
) -> tuple[FloatArray | None, tuple[str, ...]]:
    """Price of the warranty's budget, and what has to be said of it."""
    warranty = result.study.warranty
    if warranty is None or outcome.warranty is None:
        return None, ("no warranty: throughput has no budget",)
    broken = 100.0 * outcome.warranty.breach_probability
    if not outcome.warranty.damages.any() and not _pays(warranty):
        said = f"warranty {warranty.name!r} names no damages: its loss ({broken:.0f} % of the lives) costs nothing"
        return None, (said,)
    price = warranty_price_per_mwh(
        warranty,
        outcome.lives,
        cycles,
        worth.of_revenue,
        installed_mwh=outcome.usable_mwh_new,
        availability=result.years.availability,
    )
    assumed = (f"warranty {warranty.name!r} is assumed: nobody signed it",) if warranty.is_assumed else ()
    return price, assumed


def _pays(warranty: Warranty) -> bool:
    damages = warranty.damages
    return damages.capacity_per_mwh > 0.0 or damages.unavailable_per_year > 0.0 or damages.loss_per_mwh > 0.0
