"""A small study made by hand: two strategies, two ageing models, ten years, a warranty with a clause that breaks."""

from dataclasses import replace

import numpy as np

from battuta.adapters.files.warranty_file import named_warranty
from battuta.domain.ageing_choice import AgeingChoice
from battuta.domain.augmentation import AugmentationPlan
from battuta.domain.finance_plan import DebtTerms, FinancePlan, ReserveTerms
from battuta.domain.outlook import MarketOutlook
from battuta.domain.revenue_contract import ContractKind, RevenueContract
from battuta.domain.studied_battery import SteadyClimate, StudiedBattery
from battuta.domain.study import FrequencyRegulation, Strategy, Study
from battuta.physics.ageing.card import ModelCard, ValidityRange
from battuta.studies.life_study_result import LifeStudyResult, StrategyOutcome, StudyInput, StudyInputs
from battuta.twin.augmentation import AugmentedLives
from battuta.twin.contract_revenue import contract_revenue
from battuta.twin.duty_summary import SHARES, DutySummary
from battuta.twin.lives import Lives
from battuta.twin.outlook import drawn_years
from battuta.twin.project_finance import project_finance
from battuta.twin.study_sensitivity import StudyRisk, strategy_risk
from battuta.twin.study_sensitivity_cases import Lived, StrategyModel
from battuta.twin.warranty_outcome import ClauseKind, WarrantyOutcome, clause_outcome
from battuta.twin.yearly_flows import YearlyFlows

N_LIVES, N_YEARS = 40, 10
HARD = 'a #strong[b] <i> "c" \\ $x$ & d'
"""A name that is markup in typst, in HTML and in JSON."""


def lives(pace):
    """Every second life follows the slower model; capacity falls with the root of time."""
    law = np.arange(N_LIVES) % 2
    year = np.arange(N_YEARS + 1.0)
    rate = pace * (1.0 + 0.01 * np.arange(N_LIVES)) * np.where(law == 0, 1.0, 0.5)
    lost = rate[:, None] * np.sqrt(year)
    shape = (N_LIVES, N_YEARS)
    return Lives(
        year=year,
        law=("naumann_lfp", "sony_lfp_3ah"),
        law_of_life=law,
        soh_capacity=1.0 - lost,
        soh_resistance=1.0 + 1.5 * lost,
        soh_energy=1.0 - 1.1 * lost,
        discharged_mwh=np.full(shape, 400.0),
        charged_mwh=np.full(shape, 470.0),
        full_cycles=np.full(shape, 90.0),
        loss_by_cause=np.stack([0.75 * lost, 0.25 * lost], axis=-1),
    )


def summary():
    return DutySummary(
        soc=0.45 + 0.1 * SHARES,
        c_rate=-0.2 + 0.4 * SHARES,
        temperature_c=15.0 + 9.0 * SHARES,
        cycle_count=np.array([9000.0, 500.0, 80.0] + [0.0] * 10),
        cycle_share=np.array([0.5, 0.3, 0.2] + [0.0] * 10),
        full_cycles=90.0,
        full_cycles_per_day_max=0.4,
        discharged_mwh=400.0,
        charged_mwh=470.0,
        auxiliary_mwh=22.0,
        shortfall_share=0.0,
        round_trip_efficiency=400.0 / 470.0,
    )


def warranty(lived):
    floor = clause_outcome(
        "soh_capacity",
        ClauseKind.PROMISE,
        "capacity of at least 0.7 to 50 degC",
        "-",
        np.array(0.7),
        lived.soh_capacity[:, 1:] - 0.7,
        {"calendar": 0.75 * (1.0 - lived.soh_capacity[:, 1:])},
    )
    cycles = clause_outcome(
        "full_cycles_per_year",
        ClauseKind.CONDITION,
        "at most 95 full cycles in each contract year",
        "1/year",
        np.array(95.0),
        95.0 - lived.full_cycles,
    )
    first = np.fmin(floor.first_breach_year, cycles.first_breach_year)
    return WarrantyOutcome(
        warranty=named_warranty("assumed_314ah"),
        clauses=(floor, cycles),
        breach_probability=float(np.mean(~np.isnan(first))),
        first_breach_year=first,
        void_year=np.full(N_LIVES, np.nan),
        damages=np.zeros((N_LIVES, N_YEARS)),
        not_judged=("missing_hours_per_year: a study has no telemetry",),
    )


def outcome(asked, strategy, years, pace, income, *, has_warranty=True):
    lived = lives(pace)
    zero = np.zeros((N_LIVES, N_YEARS))
    sold = lived.discharged_mwh * years.availability
    flows = YearlyFlows(
        revenue=income * years.capacity_price_per_mw_h * lived.soh_energy[:, :-1] + sold * years.energy_price_per_mwh,
        charging_cost=lived.charged_mwh * years.energy_price_per_mwh,
        variable_cost=zero,
        augmentation=zero,
        discharged_mwh=sold,
    )
    duty = StudyInput(
        power_kw=np.zeros(3), sold_kw=1500.0, soc_start=0.5, sample_s=1.0, source="made by hand", is_synthetic=True
    )
    return StrategyOutcome(
        strategy=strategy,
        duty=duty,
        summary=summary(),
        lives=lived,
        flows=flows,
        finance=project_finance(asked.finance, flows),
        warranty=warranty(lived) if has_warranty else None,
        usable_mwh_new=4.345,
        remarks=(
            "its duty is SYNTHETIC",
            "sony_lfp_3ah extrapolates for 83 % of the time: it was fitted for temperature_c in [20, 40] degC",
        ),
    )


def study(name="A study", *, has_debt=True):
    """What is asked."""
    debt = DebtTerms(interest_rate=0.05, tenor_years=8, dscr=1.3, exceedance=0.9)
    return Study(
        name=name,
        battery=StudiedBattery(
            cell="lfp_314ah", converter="bonfiglioli_field", cells_in_series=416, strings=12, power_kw=2500.0
        ),
        climate=SteadyClimate(mean_c=11.0, yearly_swing_k=9.0),
        strategies=(
            Strategy(name="base", duty=FrequencyRegulation(power_share=0.6)),
            Strategy(name="hard", duty=FrequencyRegulation(power_share=1.0, full_cycles_per_day_max=0.5)),
        ),
        ageing=AgeingChoice(weights={"naumann_lfp": 1.0, "sony_lfp_3ah": 1.0}),
        market=MarketOutlook(capacity_price_per_mw_h=10.0, energy_price_per_mwh=60.0),
        finance=FinancePlan(
            currency="EUR",
            n_years=N_YEARS,
            installed_cost=1_000_000.0,
            inflation=0.02,
            real_discount_rate=0.05,
            debt=debt if has_debt else None,
            reserves=ReserveTerms(debt_service_months=6.0, interest_rate=0.01),
        ),
        warranty=named_warranty("assumed_314ah"),
        n_lives=N_LIVES,
    )


def result(name="A study", *, has_debt=True, has_warranty=True, strategy_names=None):
    """What it came to."""
    asked = study(name, has_debt=has_debt)
    if strategy_names is not None:
        pairs = zip(asked.strategies, strategy_names, strict=True)
        asked = replace(asked, strategies=tuple(replace(each, name=called) for each, called in pairs))
    if not has_warranty:
        asked = replace(asked, warranty=None)
    years = drawn_years(asked.market, asked.availability, seed=1, first_life=0, n_lives=N_LIVES, n_years=N_YEARS)
    base, hard = asked.strategies
    outcomes = (
        outcome(asked, base, years, 0.04, 14_000.0, has_warranty=has_warranty),
        outcome(asked, hard, years, 0.07, 24_000.0, has_warranty=has_warranty),
    )
    card = ModelCard(
        name="Naumann",
        fitted_on="one cell at 25 degC",
        validity=(ValidityRange(name="temperature_c", low=0.0, high=60.0, unit="degC"),),
        accuracy=("RMSE 1.43 points",),
        limits=("no knee",),
        citations=("M. Naumann et al., 2018",),
    )
    return LifeStudyResult(
        study=asked,
        inputs=StudyInputs(
            ambient_c=np.zeros(3),
            climate_source="SYNTHETIC climate of three figures",
            duties={each.strategy.name: each.duty for each in outcomes},
            data_hash="d1a2",
        ),
        years=years,
        strategies=outcomes,
        cards={"naumann_lfp": card, "sony_lfp_3ah": replace(card, name="Sony")},
        study_hash="51bbc0",
        remarks=("prices and costs are the asker's own assumptions",),
    )


def with_risk(made):
    """The same, asked again: ageing does not matter to these lives, prices and costs do."""
    risks = {}
    for each in made.strategies:
        one = Lived(lives=each.lives, served_share=np.ones((N_LIVES, N_YEARS)))
        model = StrategyModel(
            plan=made.study.finance,
            years=made.years,
            sold_kw=each.duty.sold_kw,
            power_kw=made.study.battery.power_kw,
            contracts=made.study.contracts,
            lived=lambda _, one=one: one,
        )
        risks[each.strategy.name] = strategy_risk(model, made.study.market.capacity_price_per_mw_h)
    return replace(made, risk=StudyRisk(strategies=risks))


def augmented(made):
    """The same sites; in the even lives half as many strings again come at the end of year 4, in each fourth at 7."""
    plan = AugmentationPlan(cost_per_kwh=100.0, soh_energy_floor=0.8, fixed_cost=5.0, removal_cost_per_kwh=1.0)
    outcomes = []
    for each in made.strategies:
        shape = (N_LIVES, N_YEARS)
        added, strings = np.zeros(shape), np.zeros((*shape, 3))
        added[::2, 3], added[::4, 6] = 0.5, 0.25
        strings[:, :, 0], strings[::2, 4:, 1], strings[::4, 7:, 2] = 1.0, 0.5, 0.25
        soh = np.ones((N_LIVES, N_YEARS + 1, 3))
        soh[:, -1] = (0.7, 0.8, 0.9)
        came = AugmentedLives(
            site=each.lives,
            first_strings=each.lives,
            strings_share=strings,
            cohort_soh_capacity=soh,
            cohort_soh_resistance=np.ones_like(soh),
            added_share=added,
            removed_share=np.zeros(shape),
            installed_mwh=4.0 * strings.sum(axis=2),
            cost=1e5 * added,
            served_share=np.ones(shape),
        )
        outcomes.append(replace(each, augmented=came, flows=replace(each.flows, augmentation=came.cost)))
    return replace(made, study=replace(made.study, augmentation=plan), strategies=tuple(outcomes))


def contracted(made):
    """The same, half of it rented out for four years."""
    rent = RevenueContract(name="toll", kind=ContractKind.TOLLING, share=0.5, payment_per_mw_year=60_000.0, n_years=4)
    outcomes = []
    for each in made.strategies:
        flows = each.flows
        paid = contract_revenue((rent,), 2.5, flows.revenue, flows.charging_cost, made.years.availability)
        changed = replace(flows, revenue=paid.revenue, charging_cost=paid.charging_cost)
        outcomes.append(replace(each, tranches=paid, flows=changed, followed_share=0.9))
    return replace(made, study=replace(made.study, contracts=(rent,)), strategies=tuple(outcomes))
