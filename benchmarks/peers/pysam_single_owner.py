"""Makes cases that nobody chose: drawn inputs of SAM's single owner model, and what SAM answers to each.

`benchmarks/peers/.envs/pysam/bin/python benchmarks/peers/pysam_single_owner.py INPUTS.json.gz --cases 60 --out FILE`
with the inputs of the standalone battery case of the data folder. The energy is that case's, cut to the years drawn or
its last year repeated; all else is drawn from a seed, without a look at the answers. `--every 2` keeps each other case,
as tests/validation/sam_drawn/cases.json does.
"""

from __future__ import annotations

import argparse
import gzip
import json
import random
from importlib.metadata import version
from math import isfinite
from pathlib import Path
from typing import Any

from PySAM import Singleowner

HOURS_PER_YEAR, YEARS_GIVEN = 8760, 25
SEED, DIGITS = 2026, 12
HOURLY = (
    "gen",
    "gen_purchases",
    "gen_without_battery",
    "system_pre_curtailment_kwac",
    "grid_to_batt",
    "batt_capacity_percent",
)
ROWS = (
    "cf_total_revenue",
    "cf_charging_cost_grid",
    "cf_battery_replacement_cost",
    "cf_annual_discharge_lcos",
    "cf_operating_expenses",
    "cf_debt_payment_total",
    "cf_feddepr_total",
    "cf_fedtax",
    "cf_statax",
    "cf_reserve_total",
    "cf_project_return_aftertax",
    "cf_annual_cost_lcos",
)
FIGURES = (
    "project_return_aftertax_irr",
    "project_return_aftertax_npv",
    "size_of_debt",
    "size_of_equity",
    "min_dscr",
    "lcos_nom",
    "lcos_real",
    "itc_total_fed",
    "cost_debt_upfront",
    "ppa",
)


def main() -> None:
    """Draw, ask, write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("inputs", type=Path, help="the case's inputs, as the data folder keeps them")
    parser.add_argument("--cases", type=int, default=60)
    parser.add_argument("--every", type=int, default=1, help="keep each so many-th case")
    parser.add_argument("--seed", type=int, default=SEED)
    parser.add_argument("--out", type=Path, required=True)
    options = parser.parse_args()
    groups = json.loads(gzip.decompress(options.inputs.read_bytes()))
    base = {key: value for name, group in groups.items() if name != "Outputs" for key, value in group.items()}
    cases = [
        answered(base, drawn(random.Random(f"{options.seed}.{number}"), plain=number % 3 == 0), number)  # noqa: S311
        for number in range(0, options.cases, options.every)
    ]
    peer = f"PySAM {version('nrel-pysam')}, Singleowner, inputs drawn from seed {options.seed}"
    lines = ",\n  ".join(json.dumps(case) for case in cases)
    options.out.write_text(f'{{"peer": {json.dumps(peer)}, "cases": [\n  {lines}\n]}}\n', encoding="utf-8")


def drawn(draw: random.Random, *, plain: bool) -> dict[str, Any]:
    """Return the inputs that differ from the given case; a plain case has no rare option."""
    years = draw.randint(15, 30)
    changes: dict[str, Any] = {
        "analysis_period": years,
        "ppa_price_input": [round(draw.uniform(0.42, 0.6), 4)],
        "ppa_escalation": round(draw.uniform(-0.5, 3.0), 2),
        "inflation_rate": round(draw.uniform(0.0, 4.0), 2),
        "real_discount_rate": round(draw.uniform(3.0, 9.0), 2),
        "total_installed_cost": round(draw.uniform(50e6, 110e6), -2),
        "construction_financing_cost": draw.choice([0.0, 2.1e6, 5.5e6]),
        "salvage_percentage": draw.choice([0.0, 5.0, 20.0]),
    }
    for part in (debt, taxes, costs):
        changes |= part(draw, years)
    if not plain:
        changes |= rare(draw, years)
    return changes


def debt(draw: random.Random, years: int) -> dict[str, Any]:
    """Return a loan sized by coverage or by share, and the reserves."""
    return {
        "debt_option": draw.choice([0.0, 1.0, 1.0]),
        "debt_percent": round(draw.uniform(20.0, 75.0), 1),
        "payment_option": 0.0,
        "dscr": round(draw.uniform(1.1, 1.9), 2),
        "term_tenor": draw.randint(7, min(years, 20)),
        "term_int_rate": round(draw.uniform(3.0, 9.5), 2),
        "cost_debt_fee": draw.choice([0.0, 1.5, 2.75]),
        "cost_debt_closing": draw.choice([0.0, 450e3]),
        "cost_other_financing": draw.choice([0.0, 120e3]),
        "dscr_reserve_months": draw.choice([0.0, 3.0, 6.0, 12.0]),
        "months_working_reserve": draw.choice([0.0, 1.0, 6.0, 9.0]),
        "reserves_interest": draw.choice([0.0, 1.75, 4.0]),
    }


def taxes(draw: random.Random, _: int) -> dict[str, Any]:
    """Return rates, the credit, and a way to depreciate."""
    mixes = (
        {"macrs_5": 100.0},
        {"macrs_5": 90.0, "macrs_15": 1.5, "sl_15": 2.5, "sl_20": 3.0},
        {"macrs_15": 60.0, "sl_20": 30.0},
        {"sl_5": 50.0, "sl_15": 45.0},
        {"macrs_5": 40.0, "macrs_15": 30.0, "sl_5": 10.0, "sl_15": 10.0, "sl_20": 10.0},
        {"sl_20": 95.0},
    )
    mix = draw.choice(mixes)
    names = ("macrs_5", "macrs_15", "sl_5", "sl_15", "sl_20")
    earns = {name: float(draw.random() < (0.9 if name == "macrs_5" else 0.3)) for name in names}
    credit = draw.choice([0.0, 30.0, 40.0])
    lowers_basis = draw.choice([0.0, 1.0, 1.0])
    return {
        "federal_tax_rate": [round(draw.uniform(0.0, 35.0), 1)],
        "state_tax_rate": [draw.choice([0.0, 4.5, 7.0, 9.5])],
        "itc_fed_percent": [credit],
        "itc_fed_percent_deprbas_fed": lowers_basis,
        "itc_fed_percent_deprbas_sta": lowers_basis,
        **{f"depr_alloc_{name}_percent": mix.get(name, 0.0) for name in names},
        **{f"depr_itc_fed_{name}": earns[name] for name in names},
        **{f"depr_itc_sta_{name}": earns[name] for name in names},
        **{f"depr_bonus_{who}_{name}": 0.0 for who in ("fed", "sta") for name in names},
    }


def costs(draw: random.Random, years: int) -> dict[str, Any]:
    """Return operation, maintenance, insurance, property tax, replacement and the capacity payment."""
    replaced = [0.0] * years
    for _ in range(draw.choice([0, 1, 1, 2])):
        replaced[draw.randrange(5, years - 1)] = draw.choice([1.0, 0.5])
    return {
        "batt_bank_replacement": replaced,
        "om_batt_replacement_cost": [round(draw.uniform(60.0, 180.0), 1)],
        "om_replacement_cost_escal": draw.choice([0.0, -1.0, 1.5]),
        "om_batt_capacity_cost": [round(draw.uniform(3.0, 18.0), 2)],
        "om_batt_fixed_cost": [draw.choice([0.0, 200e3])],
        "om_batt_variable_cost": [draw.choice([0.0, 0.8])],
        "om_fixed": [draw.choice([0.0, 150e3])],
        "om_fixed_escal": draw.choice([0.0, 1.0]),
        "om_capacity": [draw.choice([0.0, 4.0])],
        "om_capacity_escal": draw.choice([0.0, 0.5, 2.0]),
        "insurance_rate": draw.choice([0.0, 0.4, 0.9]),
        "property_tax_rate": draw.choice([0.0, 0.6, 1.4]),
        "prop_tax_cost_assessed_percent": draw.choice([100.0, 80.0]),
        "cp_capacity_payment_amount": [round(draw.uniform(0.0, 120e3), -2)],
        "cp_capacity_payment_esc": draw.choice([0.0, 1.0, 2.5]),
        "cp_capacity_credit_percent": [draw.choice([100.0, 70.0])],
    }


def rare(draw: random.Random, years: int) -> dict[str, Any]:
    """Return options that few projects use, each with a chance of its own."""
    options: tuple[dict[str, Any], ...] = (
        {"payment_option": 1.0},
        {"loan_moratorium": float(draw.randint(1, 3))},
        {"dscr_limit_debt_fraction": 1.0, "dscr_maximum_debt_fraction": round(draw.uniform(15.0, 60.0), 1)},
        {"months_receivables_reserve": draw.choice([1.0, 2.0])},
        {"prop_tax_assessed_decline": draw.choice([2.0, 5.0]), "property_tax_rate": 1.2},
        {"depr_bonus_fed": draw.choice([40.0, 100.0]), "depr_bonus_fed_macrs_5": 1.0, "depr_bonus_fed_macrs_15": 1.0},
        {"depr_alloc_custom_percent": 4.0, "depr_custom_schedule": [25.0, 25.0, 20.0, 15.0, 10.0, 5.0]},
        {"depr_alloc_sl_39_percent": 4.0},
        {"equip1_reserve_cost": 0.02, "equip1_reserve_freq": 7.0},
        {"itc_fed_amount": [2.5e6]},
        {"itc_sta_percent": [5.0], "itc_sta_percent_deprbas_fed": 0.0, "itc_sta_percent_deprbas_sta": 1.0},
        {"ptc_fed_amount": [0.02]},
        {"om_land_lease": [900.0], "land_area": 40.0},
        {"om_production": [3.0]},
        {"itc_fed_percent_maxvalue": [9e6]},
        {"depr_itc_sta_macrs_5": 0.0},
        {"itc_fed_percent_deprbas_fed": 1.0, "itc_fed_percent_deprbas_sta": 0.0},
        {"federal_tax_rate": [round(draw.uniform(18.0, 30.0), 1) for _ in range(years)]},
        {"depr_fedbas_method": 0.0, "depr_stabas_method": 0.0},
        {"ppa_price_input": [0.25]},
    )
    chosen: dict[str, Any] = {}
    for option in options:
        if draw.random() < 1.6 / len(options):
            chosen |= option
    return chosen


def answered(base: dict[str, Any], changes: dict[str, Any], number: int) -> dict[str, Any]:
    """Ask SAM, and keep what it was asked beside what it answers."""
    years = int(changes["analysis_period"])
    model = Singleowner.new()
    whole_cost = {"battery_total_cost_lcos": changes["total_installed_cost"]}
    for name, value in {**base, **energies(base, years), **whole_cost, **changes}.items():
        model.value(name, value)
    model.execute(0)
    outputs = model.Outputs.export()
    figures = {name: short(outputs[name]) for name in FIGURES}
    rows = {name: [short(each) for each in outputs[name]] for name in ROWS}
    return {"number": number, "inputs": changes, "figures": figures, "rows": rows}


def energies(base: dict[str, Any], years: int) -> dict[str, Any]:
    """Return the case's energy for so many years, its last year repeated beyond those that it has."""
    kept = [min(year, YEARS_GIVEN - 1) for year in range(years)]
    hourly = {
        name: [value for year in kept for value in base[name][year * HOURS_PER_YEAR : (year + 1) * HOURS_PER_YEAR]]
        for name in HOURLY
    }
    yearly = {
        name: [base[name][1 + year] for year in kept]
        for name in ("batt_annual_discharge_energy", "batt_annual_charge_energy")
    }
    return hourly | yearly


def short(value: float) -> float | None:
    """Keep a millionth of a millionth; None where SAM has no answer."""
    return float(f"{value:.{DIGITS}g}") if isfinite(value) else None


if __name__ == "__main__":
    main()
