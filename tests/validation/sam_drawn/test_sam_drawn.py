"""Drawn cases of SAM's single owner model, which nobody chose: `benchmarks/peers/pysam_single_owner.py` makes them.

Debt by coverage and by share, tenors, reserves, credit, depreciation, taxes, inflation, escalators, replacements,
salvage and 15 to 30 years. Where a case uses what a plan has no word for, the translation refuses it by name.
"""

import json
from pathlib import Path

import numpy as np
import pytest

from battuta.domain.errors import UsageError
from battuta.twin.lcos import levelised_cost_per_mwh
from battuta.twin.project_finance import project_finance
from battuta.twin.returns_as_sam import irr_as_sam
from validation.sam_single_owner import sam_case
from validation.sam_single_owner.sam_case import SamCase

CASES = json.loads((Path(__file__).parent / "cases.json").read_text(encoding="utf-8"))["cases"]
NOT_MODELLED = {10, 20, 40, 56}
"""Numbers of the cases that use what a plan has no word for."""
CANNOT_BE = {2: "credit_amount = 2.5e.06 USD is more than what earns it costs, 0", 32: r"add up to 1\.04"}
"""Drawn cases that no plan can mean: a credit that nothing earns, more depreciated than it cost."""
REFUSED = NOT_MODELLED | set(CANNOT_BE)
BEYOND_ALL_USES = {12, 26}
"""Cases in which SAM lends more than everything costs, so that its owner pays in less than nothing."""
COMPARED = [case for case in CASES if case["number"] not in REFUSED | BEYOND_ALL_USES]


@pytest.fixture(scope="module")
def standalone(data_dir):
    return sam_case.read(data_dir / "twin")


@pytest.fixture(scope="module")
def hourly_kwh(standalone):
    return sam_case.hourly_energy_kwh(standalone)


def asked(standalone, case, **changes) -> SamCase:
    """Put what was drawn in the place of what the standalone case was asked."""
    inputs = standalone.inputs | case["inputs"] | changes
    return SamCase(inputs=inputs, scalars=case["figures"], rows=case["rows"], known=standalone.inputs)


def as_lent(standalone, case) -> SamCase:
    """Ask for the share that SAM lent in the end, which with a fee is a little less than it was asked."""
    lent, paid_in = case["figures"]["size_of_debt"], case["figures"]["size_of_equity"]
    return asked(standalone, case, debt_percent=100.0 * lent / (lent + paid_in))


def named(case) -> str:
    return f"case {case['number']}"


def rows_of(outcome) -> dict:
    """Our rows under SAM's names and signs."""
    return {
        "cf_total_revenue": outcome.revenue[0],
        "cf_operating_expenses": outcome.operating_cost[0],
        "cf_debt_payment_total": outcome.debt_service[0],
        "cf_feddepr_total": outcome.depreciation[0],
        "cf_fedtax": -outcome.taxes.federal[0],
        "cf_statax": -outcome.taxes.state[0],
        "cf_reserve_total": outcome.reserves.total[0],
        "cf_project_return_aftertax": outcome.equity_flow[0],
    }


def figures_of(plan, outcome, flows, given) -> dict:
    """Our figures under SAM's names; its levelised cost knows what the battery costs, not the site around it."""
    beside = around_the_battery(plan, given)
    cost = outcome.operating_cost - beside
    cost[:, 0] = plan.installed_cost
    nominal, real = plan.nominal_discount_rate, plan.real_discount_rate
    return {
        "project_return_aftertax_npv": outcome.npv[0],
        "size_of_debt": outcome.debt[0],
        "size_of_equity": outcome.equity[0],
        "min_dscr": outcome.min_dscr[0],
        "itc_total_fed": outcome.tax_credit[0, 1],
        "cost_debt_upfront": plan.debt.fee_share * outcome.debt[0],
        "lcos_nom": 0.1 * levelised_cost_per_mwh(cost, flows.discharged_mwh, nominal, nominal)[0],
        "lcos_real": 0.1 * levelised_cost_per_mwh(cost, flows.discharged_mwh, nominal, real)[0],
    }


def around_the_battery(plan, given) -> np.ndarray:
    """Return what SAM's cost of storage leaves out: insurance, property tax, lease, costs of the site. [USD]"""
    year = np.arange(plan.n_years)
    inflation = plan.inflation
    row = np.zeros((1, plan.n_years + 1))
    row[0, 1:] = plan.installed_cost * plan.insurance_share * (1.0 + inflation) ** year
    row[0, 1:] += plan.installed_cost * plan.property_tax_share
    row[0, 1:] += given["om_fixed"][0] * (1.0 + inflation + given["om_fixed_escal"] / 100.0) ** year
    row[0, 1:] += given["om_land_lease"][0] * given["land_area"] * (1.0 + inflation) ** year
    of_system = given["om_capacity"][0] * given["system_capacity"]
    row[0, 1:] += of_system * (1.0 + inflation + plan.fixed_cost_growth) ** year
    return row


def apart(ours, theirs) -> float:
    """Largest difference as a share of the largest value."""
    difference = float(np.abs(np.asarray(ours) - np.asarray(theirs, dtype=float)).max())
    return difference / max(float(np.abs(np.asarray(theirs, dtype=float)).max()), 1e-9) if difference else 0.0


@pytest.mark.parametrize("case", COMPARED, ids=named)
@pytest.mark.parametrize("way", ["given", "rebuilt"])
def test_a_drawn_case_is_answered_as_sam_answers_it(standalone, hourly_kwh, case, way):
    sam = as_lent(standalone, case)
    plan = sam_case.plan_of(sam)
    given = sam_case.given_flows(sam)
    flows = given if way == "given" else sam_case.rebuilt_flows(sam, hourly_kwh)
    outcome = project_finance(plan, flows)
    far = {name: apart(row, sam.rows[name]) for name, row in rows_of(outcome).items()}
    figures = figures_of(plan, outcome, flows, sam.inputs)
    far |= {name: apart(value, sam.scalars[name]) for name, value in figures.items()}
    assert max(far.values()) < 1e-9, far


@pytest.mark.parametrize("case", COMPARED, ids=named)
def test_the_rate_of_return_is_sams_where_it_finds_one(standalone, case):
    sam = as_lent(standalone, case)
    outcome = project_finance(sam_case.plan_of(sam), sam_case.given_flows(sam))
    printed = sam.scalars["project_return_aftertax_irr"]
    if printed is None:  # its steps end before they arrive; the root is there
        assert np.isnan(irr_as_sam(outcome.equity_flow[0]))
        assert outcome.irr_count[0] == 1
        return
    assert irr_as_sam(outcome.equity_flow[0]) == pytest.approx(printed / 100.0, rel=1e-9)
    assert outcome.irr[0] == pytest.approx(printed / 100.0, abs=1e-5)


def test_a_share_is_lent_to_the_dollar_where_sam_stops_a_little_short(standalone):
    by_share = [case for case in COMPARED if not case["inputs"]["debt_option"]]
    short = 0
    for case in by_share:
        sam = asked(standalone, case)
        outcome = project_finance(sam_case.plan_of(sam), sam_case.given_flows(sam))
        uses = outcome.debt[0] + outcome.equity[0]
        assert outcome.debt[0] / uses == pytest.approx(case["inputs"]["debt_percent"] / 100.0, rel=1e-12)
        theirs = case["figures"]["size_of_debt"] / outcome.debt[0]
        assert 1.0 - 5e-4 < theirs < 1.0 + 1e-9
        short += theirs < 1.0 - 1e-9
    assert by_share
    assert short


def test_no_more_is_lent_than_all_uses(standalone):
    for case in CASES:
        if case["number"] in BEYOND_ALL_USES:
            sam = asked(standalone, case)
            outcome = project_finance(sam_case.plan_of(sam), sam_case.given_flows(sam))
            assert case["figures"]["size_of_equity"] < 0.0
            assert outcome.equity[0] == pytest.approx(0.0, abs=1e-6)


def test_what_a_plan_has_no_word_for_is_refused_by_name(standalone):
    for case in CASES:
        sam = asked(standalone, case)
        if case["number"] in NOT_MODELLED:
            with pytest.raises(NotImplementedError) as refusal:
                sam_case.plan_of(sam)
            assert str(refusal.value).split(", ")[0] in standalone.inputs
        elif case["number"] not in CANNOT_BE:
            sam_case.plan_of(sam)


@pytest.mark.parametrize(("number", "said"), CANNOT_BE.items())
def test_what_cannot_be_is_refused_with_its_key(standalone, number, said):
    case = next(each for each in CASES if each["number"] == number)
    with pytest.raises(UsageError, match=said):
        sam_case.plan_of(asked(standalone, case))


@pytest.mark.parametrize(
    "changes",
    [
        {"ibi_fed_amount": 1e6},
        {"ibi_uti_percent": 3.0},
        {"cbi_sta_amount": 0.01},
        {"pbi_fed_amount": [0.02], "pbi_fed_term": 10.0},
        {"ptc_fed_amount": [0.02]},
        {"cp_capacity_payment_type": 1.0},
        {"om_land_lease_escal": 1.0},
        {"om_batt_capacity_cost": [10.0, 12.0]},
        {"an_input_of_tomorrow": 1.0},
    ],
    ids=lambda changes: next(iter(changes)),
)
def test_an_input_that_is_not_known_is_refused_whatever_it_is(standalone, changes):
    with pytest.raises(NotImplementedError) as refusal:
        sam_case.plan_of(asked(standalone, CASES[0], **changes))
    assert set(str(refusal.value).split(", ")) == set(changes)
