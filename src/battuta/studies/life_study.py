"""An investor's question, answered: lives of several ageing models, a warranty over them, and the money behind them."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Callable, Mapping

import numpy as np

from battuta.domain.study import Strategy, Study
from battuta.numerics.arrays import FloatArray
from battuta.physics.ageing.ageing_law import AgeingLaw, ageing_law
from battuta.physics.ageing.duty_days import DutyDays
from battuta.physics.ageing.rate_prior import rate_prior
from battuta.physics.life_pack import LifePack
from battuta.physics.life_pack_walk import PackDuty, walk_pack
from battuta.ports.compute import Compute
from battuta.studies.life_study_result import LifeStudyResult, StrategyOutcome, StudyInput, StudyInputs
from battuta.twin.duty_summary import DutySummary, duty_summary
from battuta.twin.ensemble import ensemble_draws
from battuta.twin.lives_days import LifeDays, life_days
from battuta.twin.lives_shared import LifeDraws, live, near_tables
from battuta.twin.outlook import DrawnYears, drawn_years
from battuta.twin.project_finance import project_finance
from battuta.twin.stress_tables import days_of
from battuta.twin.study_flows import served_share, study_flows
from battuta.twin.study_pack import study_pack
from battuta.twin.warranty import judge

Said = Callable[[str], None]
_STEP_S = 60.0
_FAR_OUTSIDE_SHARE = 0.01
"""Share of the year or of the cycles outside a model's box from which a reader is told. [-]"""
_UNMET_SHARE = 0.01


def life_study(study: Study, inputs: StudyInputs, compute: Compute, said: Said | None = None) -> LifeStudyResult:
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
    laws = [ageing_law(name) for name in study.ageing.weights]
    draws = ensemble_draws(
        laws,
        study.ageing.weights,
        cell_deviation_share=study.ageing.cell_deviation_share,
        term_deviation_share=_term_deviations(laws),
        seed=study.seed,
        n_lives=study.n_lives,
    )
    years = drawn_years(
        study.market,
        study.availability,
        seed=study.seed,
        first_life=0,
        n_lives=study.n_lives,
        n_years=study.n_years,
    )
    days = life_days(dt.date(study.first_year, 1, 1), study.n_years, [365])
    outcomes: list[StrategyOutcome] = []
    for each in study.strategies:
        if said is not None:
            said(f"living {study.n_lives} times {study.n_years} years: {each.name}")
        outcomes.append(_outcome(study, each, inputs, laws, draws, days, years, compute))
    return LifeStudyResult(
        study=study,
        inputs=inputs,
        years=years,
        strategies=tuple(outcomes),
        cards={law.name: law.card for law in laws},
        study_hash=hashlib.sha256(f"{study!r}|{inputs.data_hash}".encode()).hexdigest()[:16],
        remarks=_remarks(study, inputs, laws),
    )


def _outcome(
    study: Study,
    strategy: Strategy,
    inputs: StudyInputs,
    laws: list[AgeingLaw],
    draws: LifeDraws,
    days: LifeDays,
    years: DrawnYears,
    compute: Compute,
) -> StrategyOutcome:
    given = inputs.duties[strategy.name]
    pack = study_pack(study.battery, strategy.duty, given.soc_start)
    duty = PackDuty(power_kw=given.power_kw, ambient_c=inputs.ambient_c, step_s=_STEP_S, is_schedule=given.is_schedule)
    summary, cycles = _new_year(pack, duty)
    tables = near_tables(pack, [duty], laws, draws, days, spread=compute)
    lives = live(tables, laws, draws, days, spread=compute)
    flows = study_flows(lives, years, sold_kw=given.sold_kw, served_share=served_share(tables, lives))
    usable_mwh = tables.usable_kwh_new / 1e3
    warranty = None
    if study.warranty is not None:
        warranty = judge(
            study.warranty,
            lives.soh_capacity,
            lives.full_cycles,
            lives.discharged_mwh,
            cycles,
            installed_mwh=usable_mwh,
            charged_mwh=lives.charged_mwh,
            availability=years.availability,
            loss_by_cause=lives.loss_by_cause,
        )
    return StrategyOutcome(
        strategy=strategy,
        duty=given,
        summary=summary,
        lives=lives,
        flows=flows,
        finance=project_finance(study.finance, flows),
        warranty=warranty,
        usable_mwh_new=usable_mwh,
        remarks=_remarks_on(given, summary, cycles, laws),
    )


def _new_year(pack: LifePack, duty: PackDuty) -> tuple[DutySummary, DutyDays]:
    walked = walk_pack(pack, duty)
    cycles = days_of(walked)
    asked_mwh = float(np.abs(duty.power_kw).sum()) * duty.step_s / 3.6e6
    return duty_summary(walked, cycles, asked_mwh), cycles


def _term_deviations(laws: list[AgeingLaw]) -> Mapping[str, FloatArray]:
    return {law.name: rate_prior(law).log_sd for law in laws}


def _remarks(study: Study, inputs: StudyInputs, laws: list[AgeingLaw]) -> tuple[str, ...]:
    said = [f"the {inputs.climate_source}"] if "SYNTHETIC" in inputs.climate_source else []
    if study.warranty is not None and study.warranty.is_assumed:
        said.append(f"warranty {study.warranty.name!r} is assumed: nobody signed it")
    said.append("prices and costs are the asker's own assumptions")
    said += [f"{law.name} may not be given to an optimiser: see its card" for law in laws if not law.is_for_optimiser]
    if len(laws) == 1:
        said.append(
            f"one ageing model speaks ({laws[0].name}): the spread between models, up to 21 points, is not seen"
        )
    return tuple(said)


def _remarks_on(given: StudyInput, summary: DutySummary, cycles: DutyDays, laws: list[AgeingLaw]) -> tuple[str, ...]:
    said = ["its duty is SYNTHETIC"] if given.is_synthetic else []
    if summary.shortfall_share > _UNMET_SHARE:
        said.append(f"a new battery does not meet {100.0 * summary.shortfall_share:.1f} % of what is asked")
    for law in laws:
        said += _outside(law, cycles)
    return tuple(said)


def _outside(law: AgeingLaw, cycles: DutyDays) -> list[str]:
    """Say of each side of a model's box how much of the duty lies outside."""
    moved = cycles.cycle_depth * cycles.cycle_count
    moved = moved / max(float(moved.sum()), 1e-12)
    still = np.full(cycles.soc.shape, 1.0 / cycles.soc.size)
    seen: dict[str, tuple[FloatArray, FloatArray, str]] = {
        "temperature_c": (cycles.temperature_c, still, "the time"),
        "soc": (cycles.soc, still, "the time"),
        "c_rate": (cycles.cycle_c_rate, moved, "the throughput"),
        "depth": (cycles.cycle_depth, moved, "the throughput"),
    }
    said: list[str] = []
    for side in law.card.validity:
        if side.name not in seen:
            continue
        values, weight, of_what = seen[side.name]
        share = float(weight[(values < side.low) | (values > side.high)].sum())
        if share > _FAR_OUTSIDE_SHARE:
            said.append(f"{law.name} extrapolates for {100.0 * share:.0f} % of {of_what}: it was fitted for {side}")
    return said
