"""The standalone battery case of SAM's single owner model, turned into a plan and flows, and its rows named."""

import gzip
import json
from dataclasses import dataclass

import numpy as np

from battuta.domain.finance_plan import (
    DebtKind,
    DebtTerms,
    DepreciationClass,
    DepreciationKind,
    FinancePlan,
    LossRule,
    ReserveTerms,
    TaxTerms,
)
from battuta.twin.project_finance import FinanceOutcome, YearlyFlows, project_finance
from battuta.twin.returns import discount_factors, npv
from validation.sam_single_owner.sam_inputs import PARTS, refuse_what_is_not_modelled

KWH_PER_MWH = 1000.0
NO_LIMIT = 1e37
HOURS_PER_YEAR, DAYS_OF_MONTH = 8760, [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
KEY_ROWS = (
    "cf_total_revenue",
    "cf_operating_expenses",
    "cf_ebitda",
    "cf_debt_payment_total",
    "cf_debt_balance",
    "cf_feddepr_total",
    "cf_fedtax",
    "cf_statax",
    "cf_reserve_total",
    "cf_project_return_aftertax",
    "cf_annual_cost_lcos",
)
"""What a reader of the cash flow looks at first."""


@dataclass(frozen=True, kw_only=True)
class SamCase:
    """What SAM was asked, and what it answered."""

    inputs: dict
    scalars: dict
    rows: dict
    known: dict
    """Inputs of the case that was held row by row; what is not read must be as there."""

    def row(self, name):
        """A row of 26 years, year 0 first; what is missing before a rate exists is NaN."""
        return np.array(self.rows[name], dtype=float)


def read(folder) -> SamCase:
    stem = "sam_standalone_battery_singleowner_"
    groups = json.loads(gzip.decompress((folder / f"{stem}inputs.json.gz").read_bytes()))
    answers = json.loads((folder / f"{stem}outputs.json").read_text(encoding="utf-8"))
    inputs = {key: value for name, group in groups.items() if name != "Outputs" for key, value in group.items()}
    return SamCase(inputs=inputs, scalars=answers["scalars"], rows=answers["cashflows"], known=inputs)


def plan_of(case: SamCase) -> FinancePlan:
    """Say SAM's inputs in our words; percent become shares."""
    given = case.inputs
    refuse_what_is_not_modelled(given, case.known)
    by_coverage = bool(given["debt_option"])
    return FinancePlan(
        currency="USD",
        n_years=int(given["analysis_period"]),
        installed_cost=given["total_installed_cost"],
        construction_financing_cost=given["construction_financing_cost"] + given["cost_other_financing"],
        fixed_cost_per_year=yearly_for_capacity(given),
        fixed_cost_growth=given["om_capacity_escal"] / 100.0,
        insurance_share=given["insurance_rate"] / 100.0,
        property_tax_share=given["property_tax_rate"] * given["prop_tax_cost_assessed_percent"] / 1e4,
        salvage_share=given["salvage_percentage"] / 100.0,
        inflation=given["inflation_rate"] / 100.0,
        real_discount_rate=given["real_discount_rate"] / 100.0,
        debt=DebtTerms(
            interest_rate=given["term_int_rate"] / 100.0,
            tenor_years=int(given["term_tenor"]),
            kind=repayment_of(given),
            interest_only_years=0 if by_coverage else int(given["loan_moratorium"]),  # SAM reads it with a share only
            dscr=given["dscr"] if by_coverage else 0.0,
            share_max=share_max_of(given),
            fee_share=given["cost_debt_fee"] / 100.0,
            closing_cost=given["cost_debt_closing"],
            allows_negative_service=True,
        ),
        tax=tax_of(given),
        reserves=ReserveTerms(
            debt_service_months=given["dscr_reserve_months"],
            operating_cost_months=given["months_working_reserve"],
            interest_rate=given["reserves_interest"] / 100.0,
        ),
    )


def share_max_of(given: dict) -> float:
    """Return the share of the uses that is lent, or lent at most."""
    if not given["debt_option"]:
        return given["debt_percent"] / 100.0
    return given["dscr_maximum_debt_fraction"] / 100.0 if given["dscr_limit_debt_fraction"] else 1.0


def repayment_of(given: dict) -> DebtKind:
    """Return how the loan is repaid; SAM asks for equal parts only where the loan is a share of the uses."""
    if given["debt_option"]:
        return DebtKind.SCULPTED
    return DebtKind.EQUAL_PRINCIPAL if given["payment_option"] else DebtKind.ANNUITY


def tax_of(given: dict) -> TaxTerms:
    """Say SAM's rates, credit and depreciation in our words."""
    amount, limit = given["itc_fed_amount"][0], given["itc_fed_percent_maxvalue"][0]
    by = "amount" if amount else "percent"
    federal, state = (tuple(rate / 100.0 for rate in given[f"{who}_tax_rate"]) for who in ("federal", "state"))
    return TaxTerms(
        federal_rate=federal[0] if len(federal) == 1 else 0.0,
        state_rate=state[0] if len(state) == 1 else 0.0,
        federal_rates=federal if len(federal) > 1 else (),
        state_rates=state if len(state) > 1 else (),
        credit_share=given["itc_fed_percent"][0] / 100.0,
        credit_max=limit if limit < NO_LIMIT else None,
        credit_amount=amount,
        credit_basis_reduction=0.5 * given[f"itc_fed_{by}_deprbas_fed"],
        state_credit_basis_reduction=0.5 * given[f"itc_fed_{by}_deprbas_sta"],
        loss_rule=LossRule.REFUNDED,
        deducts_rest_at_end=False,
        depreciation=tuple(part_of(given, *part) for part in PARTS if given[f"depr_alloc_{part[2]}_percent"]),
    )


def part_of(given: dict, kind: DepreciationKind, life_years: int, name: str) -> DepreciationClass:
    """Say one class of SAM's depreciation in our words."""
    own = kind is DepreciationKind.CUSTOM
    return DepreciationClass(
        kind=kind,
        life_years=life_years,
        share=given[f"depr_alloc_{name}_percent"] / 100.0,
        yearly_shares=tuple(each / 100.0 for each in given["depr_custom_schedule"]) if own else (),
        earns_credit=bool(given[f"depr_itc_fed_{name}"]),
        bonus_share=given["depr_bonus_fed"] / 100.0 * given[f"depr_bonus_fed_{name}"],
        state_bonus_share=given["depr_bonus_sta"] / 100.0 * given[f"depr_bonus_sta_{name}"],
    )


def yearly_for_capacity(given: dict) -> float:
    """Return what is paid a year by the size of the battery and of the system. [USD]"""
    of_battery = given["om_batt_capacity_cost"][0] * given["om_batt_nameplate"]
    return of_battery + given["om_capacity"][0] * given["system_capacity"]


def given_flows(case: SamCase) -> YearlyFlows:
    """Take SAM's own operating rows."""
    n_years = int(case.inputs["analysis_period"])

    def years(name):
        return case.row(name)[None, 1:]

    return YearlyFlows(
        revenue=years("cf_total_revenue") - salvage(case.inputs),
        charging_cost=years("cf_charging_cost_grid"),
        variable_cost=other_costs(case.inputs, years("cf_annual_discharge_lcos")[0] / KWH_PER_MWH)[None],
        augmentation=years("cf_battery_replacement_cost"),
        discharged_mwh=years("cf_annual_discharge_lcos")[:, :n_years] / KWH_PER_MWH,
    )


def salvage(given: dict) -> np.ndarray:
    """What is left in the last year, which a plan adds by itself. [USD]"""
    row = np.zeros(int(given["analysis_period"]))
    row[-1] = given["salvage_percentage"] / 100.0 * given["total_installed_cost"]
    return row


def other_costs(given: dict, discharged_mwh: np.ndarray) -> np.ndarray:
    """Costs that grow otherwise than a plan's fixed cost: fixed ones, by the energy discharged, the lease. [USD]"""
    year, inflation = np.arange(int(given["analysis_period"])), given["inflation_rate"] / 100.0
    fixed = (given["om_fixed"][0] + given["om_batt_fixed_cost"][0]) * grown(
        inflation + given["om_fixed_escal"] / 100.0, year
    )
    by_use = given["om_batt_variable_cost"][0] * discharged_mwh * grown(inflation, year)
    lease = given["om_land_lease"][0] * given["land_area"] * grown(inflation, year)
    return fixed + by_use + lease


def grown(rate: float, year: np.ndarray) -> np.ndarray:
    return (1.0 + rate) ** year


def rebuilt_flows(case: SamCase, gen_kwh: np.ndarray) -> YearlyFlows:
    """Make the operating rows from the inputs: the energy of each year and hour, its price, the calendar."""
    given = case.inputs
    n_years = int(given["analysis_period"])
    year = np.arange(n_years)
    energy_kwh = gen_kwh[np.minimum(year, len(gen_kwh) - 1)]
    by_month = np.array(given["dispatch_sched_weekday"], dtype=int)
    assert given["dispatch_sched_weekday"] == given["dispatch_sched_weekend"]  # so that no weekday has to be known
    period = np.concatenate([np.tile(by_month[month], days) for month, days in enumerate(DAYS_OF_MONTH)])
    factor = np.array(given["dispatch_tod_factors"])[period - 1]
    price_per_kwh = given["ppa_price_input"][0] * grown(given["ppa_escalation"] / 100.0, year)
    sold = (np.maximum(energy_kwh, 0.0) * factor).sum(axis=1) * price_per_kwh
    bought = -(np.minimum(energy_kwh, 0.0) * factor).sum(axis=1) * price_per_kwh
    for_capacity = given["cp_capacity_payment_amount"][0] * given["cp_battery_nameplate"]
    for_capacity *= (
        given["cp_capacity_credit_percent"][0] / 100.0 * grown(given["cp_capacity_payment_esc"] / 100.0, year)
    )
    dearer = (given["inflation_rate"] + given["om_replacement_cost_escal"]) / 100.0
    per_kwh = given["om_batt_replacement_cost"][0] * grown(dearer, year)
    replaced = np.array(given["batt_bank_replacement"][-n_years:]) * per_kwh * given["batt_computed_bank_capacity"]
    discharged_mwh = np.maximum(energy_kwh, 0.0).sum(axis=1) / KWH_PER_MWH
    return YearlyFlows(
        revenue=(sold + for_capacity)[None],
        charging_cost=bought[None],
        variable_cost=other_costs(given, discharged_mwh)[None],
        augmentation=replaced[None],
        discharged_mwh=discharged_mwh[None],
    )


def hourly_energy_kwh(case: SamCase) -> np.ndarray:
    """Energy of each year and hour of the given case, discharge positive, shape (25, 8760). [kWh]"""
    return np.array(case.inputs["gen"]).reshape(25, HOURS_PER_YEAR)


def our_rows(plan: FinancePlan, out: FinanceOutcome, flows: YearlyFlows) -> dict:
    """Our rows under SAM's names and signs, for the years that SAM fills."""
    tenor = plan.debt.tenor_years
    lent = np.arange(26) <= tenor
    nominal = plan.nominal_discount_rate
    released_debt = -np.diff(out.reserves.debt_service, axis=1, prepend=0.0)
    released_cost = -np.diff(out.reserves.operating_cost, axis=1, prepend=0.0)
    with_interest = out.cfads + out.reserves.interest - out.schedule.interest
    pretax = out.equity_flow + out.tax - out.tax_credit
    energy_kwh = np.concatenate([[0.0], KWH_PER_MWH * flows.discharged_mwh[0]])
    cost = out.operating_cost.copy()
    cost[:, 0] = plan.installed_cost
    worth = np.where(lent, discount_factors(plan.debt.interest_rate, 26), 0.0) * out.cfads
    after_tax, before_tax = npv_so_far(out.equity_flow, nominal), npv_so_far(pretax, nominal)
    state_income, federal_income = out.taxes.state_income, out.taxes.federal_income
    rows = {
        "cf_total_revenue": out.revenue,
        "cf_operating_expenses": out.operating_cost,
        "cf_ebitda": out.cfads,
        "cf_cash_for_ds": np.where(lent, out.cfads, 0.0),
        "cf_pv_cash_for_ds": worth,
        "cf_debt_size": worth / plan.debt.dscr,
        "cf_debt_balance": out.schedule.balance,
        "cf_debt_payment_interest": out.schedule.interest,
        "cf_debt_payment_principal": out.schedule.principal,
        "cf_debt_payment_total": out.debt_service,
        "cf_pretax_dscr": np.divide(out.cfads, out.debt_service, out=np.zeros((1, 26)), where=out.debt_service != 0.0),
        "cf_reserve_debtservice": out.reserves.debt_service,
        "cf_reserve_om": out.reserves.operating_cost,
        "cf_reserve_total": out.reserves.total,
        "cf_reserve_interest": out.reserves.interest,
        "cf_project_dsra": released_debt,
        "cf_project_wcra": released_cost,
        "cf_project_ra": out.reserves.released,
        "cf_feddepr_total": out.depreciation,
        "cf_stadepr_total": out.depreciation,
        "cf_statax_income_prior_incentives": state_income,
        "cf_statax_income_with_incentives": state_income,
        "cf_fedtax_income_prior_incentives": federal_income,
        "cf_fedtax_income_with_incentives": federal_income,
        "cf_statax": -out.taxes.state,
        "cf_fedtax": -out.taxes.federal,
        "cf_itc_fed": out.tax_credit,
        "cf_itc_fed_percent_amount": out.tax_credit,
        "cf_itc_total": out.tax_credit,
        "cf_project_operating_activities": with_interest,
        "cf_pretax_cashflow": np.where(np.arange(26) > 0, pretax, 0.0),
        "cf_project_return_pretax": pretax,
        "cf_project_return_pretax_npv": before_tax,
        "cf_project_return_aftertax": out.equity_flow,
        "cf_project_return_aftertax_cash": pretax,
        "cf_project_return_aftertax_npv": after_tax,
        "cf_annual_costs": out.equity_flow - out.revenue,
        "cf_annual_cost_lcos": -cost,
        "cf_annual_discharge_lcos": energy_kwh[None],
        "cf_energy_sales": energy_kwh[None],
        "cf_battery_replacement_cost": np.concatenate([[0.0], flows.augmentation[0]])[None],
        "cf_charging_cost_grid": np.concatenate([[0.0], flows.charging_cost[0]])[None],
    }
    return {name: row[0] for name, row in rows.items()}


def npv_so_far(flow, rate):
    return np.cumsum(flow * discount_factors(rate, 26), axis=1)


def our_figures(plan: FinancePlan, out: FinanceOutcome, flows: YearlyFlows) -> dict:
    """Our figures under SAM's names and units: percent, and US cents a kWh."""
    cents_per_kwh = 100.0 / KWH_PER_MWH
    nominal = plan.nominal_discount_rate
    energy_mwh = np.concatenate([np.zeros((1, 1)), flows.discharged_mwh], axis=1)
    levelised = -npv(out.equity_flow - out.revenue, nominal)
    return {
        "project_return_aftertax_npv": out.npv[0],
        "size_of_debt": out.debt[0],
        "size_of_equity": out.equity[0],
        "debt_fraction": 100.0 * out.debt[0] / (out.debt + out.equity)[0],
        "adjusted_installed_cost": (out.debt + out.equity)[0],
        "cost_debt_upfront": plan.debt.fee_share * out.debt[0],
        "min_dscr": out.min_dscr[0],
        "lcos_nom": cents_per_kwh * out.lcos_nominal[0],
        "lcos_real": cents_per_kwh * out.lcos_real[0],
        "lcoe_nom": cents_per_kwh * (levelised / npv(energy_mwh, nominal))[0],
        "lcoe_real": cents_per_kwh * (levelised / npv(energy_mwh, plan.real_discount_rate))[0],
        "nominal_discount_rate": nominal,
        "effective_tax_rate": 100.0 * plan.tax.effective_rate,
        "itc_total_fed": out.tax_credit[0, 1],
        "depr_fedbas_total": out.depreciation[0].sum(),
        "pv_cafds": (out.llcr * out.debt)[0],
    }


def answered(case: SamCase, flows: YearlyFlows) -> tuple:
    """Finance the case with the given flows: plan, outcome."""
    plan = plan_of(case)
    return plan, project_finance(plan, flows)


def distance(ours, theirs) -> float:
    """Largest difference of a row, as a share of its largest value."""
    return float(np.abs(ours - theirs).max() / np.abs(theirs).max())
