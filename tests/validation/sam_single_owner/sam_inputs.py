"""Which of SAM's inputs the translation reads; any other that is not as in the known case is refused by name."""

from battuta.domain.tax_terms import DepreciationKind

MACRS, HALF = DepreciationKind.MACRS, DepreciationKind.STRAIGHT_LINE_HALF_YEAR
PARTS = (
    (MACRS, 5, "macrs_5"),
    (MACRS, 15, "macrs_15"),
    (HALF, 5, "sl_5"),
    (HALF, 15, "sl_15"),
    (HALF, 20, "sl_20"),
    (HALF, 39, "sl_39"),
    (DepreciationKind.CUSTOM, 0, "custom"),
)
READ = frozenset(
    [
        "analysis_period",
        "batt_bank_replacement",
        "batt_computed_bank_capacity",
        "construction_financing_cost",
        "cost_debt_closing",
        "cost_debt_fee",
        "cost_other_financing",
        "cp_battery_nameplate",
        "cp_capacity_payment_esc",
        "debt_option",
        "debt_percent",
        "depr_bonus_fed",
        "depr_bonus_sta",
        "depr_custom_schedule",
        "dispatch_sched_weekday",
        "dispatch_sched_weekend",
        "dispatch_tod_factors",
        "dscr",
        "dscr_limit_debt_fraction",
        "dscr_maximum_debt_fraction",
        "dscr_reserve_months",
        "federal_tax_rate",
        "inflation_rate",
        "insurance_rate",
        "itc_fed_amount_deprbas_fed",
        "itc_fed_amount_deprbas_sta",
        "itc_fed_percent_deprbas_fed",
        "itc_fed_percent_deprbas_sta",
        "land_area",
        "loan_moratorium",
        "months_working_reserve",
        "om_batt_nameplate",
        "om_capacity_escal",
        "om_fixed_escal",
        "om_replacement_cost_escal",
        "payment_option",
        "ppa_escalation",
        "prop_tax_cost_assessed_percent",
        "property_tax_rate",
        "real_discount_rate",
        "reserves_interest",
        "salvage_percentage",
        "state_tax_rate",
        "system_capacity",
        "term_int_rate",
        "term_tenor",
        "total_installed_cost",
    ]
)
"""Inputs that a plan and its flows say, whatever their value; those of each class of depreciation besides."""
READ_FIRST = frozenset(
    [
        "cp_capacity_credit_percent",
        "cp_capacity_payment_amount",
        "itc_fed_amount",
        "itc_fed_percent",
        "itc_fed_percent_maxvalue",
        "om_batt_capacity_cost",
        "om_batt_fixed_cost",
        "om_batt_replacement_cost",
        "om_batt_variable_cost",
        "om_capacity",
        "om_fixed",
        "om_land_lease",
        "ppa_price_input",
    ]
)
"""The same of inputs of which one value holds for all years; SAM also takes one of each year, which is refused."""
OF_EACH_PART = (
    "depr_alloc_{}_percent",
    "depr_bonus_fed_{}",
    "depr_bonus_sta_{}",
    "depr_itc_fed_{}",
    "depr_itc_sta_{}",  # who earns a credit of the state, of which there is none
)
NEUTRAL = frozenset({"depr_fedbas_method", "depr_stabas_method", "om_production"})
"""Inputs that change no answer here: how incentives in cash lower the basis, none being paid; a cost of the energy sold
beyond what is bought, of which a battery has none."""


def refuse_what_is_not_modelled(given: dict, known: dict) -> None:
    """Raise NotImplementedError for each input that is neither read, nor neutral, nor as in the case that is known."""
    of_parts = {key.format(name) for key in OF_EACH_PART for _, _, name in PARTS}
    read = READ | READ_FIRST | NEUTRAL | of_parts
    used = [name for name, value in given.items() if name not in read and (name not in known or known[name] != value)]
    used += [name for name in sorted(READ_FIRST) if len(set(given[name])) > 1]
    if given["itc_fed_amount"][0] and given["itc_fed_percent"][0]:
        used += [
            f"itc_fed_amount_deprbas_{who}"
            for who in ("fed", "sta")
            if given[f"itc_fed_amount_deprbas_{who}"] != given[f"itc_fed_percent_deprbas_{who}"]
        ]
    if used:
        raise NotImplementedError(", ".join(used))
