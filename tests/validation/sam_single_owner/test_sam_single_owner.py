"""NREL's System Advisor Model, single owner, 60 MW / 240 MWh standalone battery: its 181 rows, one by one.

The files hold SAM's inputs and answers (BSD-3). The equations are those of its open source, `cmod_singleowner`.
"""

import numpy as np
import pytest

from battuta.twin.returns import irr
from battuta.twin.returns_as_sam import irr_as_sam
from validation.sam_single_owner import sam_case

MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
NOT_MODELLED = {
    # prices and energy by period, month and hour: what the case is given, or what its flows are made of
    "cf_energy_net",
    "cf_energy_purchases",
    "cf_energy_sales_dispatch2",
    "cf_energy_value",
    "cf_revenue_dispatch2",
    "cf_ppa_price",
    "cf_capacity_payment",
    "cf_om_capacity1_expense",
    "cf_utility_bill",
    "cf_util_escal_rate",
    "cf_property_tax_assessed_value",
    "cf_battery_replacement_cost_schedule",
    # rates that the case is given, and factors of the loan
    "cf_federal_tax_frac",
    "cf_state_tax_frac",
    "cf_effective_tax_frac",
    "cf_pv_interest_factor",
    # parts of rows that agree as a whole
    "cf_feddepr_macrs_5",
    "cf_feddepr_macrs_15",
    "cf_feddepr_sl_15",
    "cf_feddepr_sl_20",
    "cf_stadepr_macrs_5",
    "cf_stadepr_macrs_15",
    "cf_stadepr_sl_15",
    "cf_stadepr_sl_20",
    "cf_funding_debtservice",
    "cf_funding_om",
    "cf_disbursement_debtservice",
    "cf_disbursement_om",
    "cf_project_financing_activities",
    "cf_project_investing_activities",
    # the rate of return of the flows until each year
    "cf_project_return_pretax_irr",
    "cf_project_return_aftertax_irr",
    "cf_project_return_aftertax_max_irr",
}


@pytest.fixture(scope="module")
def case(data_dir):
    return sam_case.read(data_dir / "twin")


@pytest.fixture(scope="module")
def given(case):
    flows = sam_case.given_flows(case)
    return (*sam_case.answered(case, flows), flows)


@pytest.fixture(scope="module")
def rebuilt(case):
    flows = sam_case.rebuilt_flows(case, sam_case.hourly_energy_kwh(case))
    return (*sam_case.answered(case, flows), flows)


def test_every_figure_from_sams_operating_rows(case, given) -> None:
    ours = sam_case.our_figures(*given)
    theirs = {name: case.scalars[name] for name in ours}
    assert ours == pytest.approx(theirs, rel=1e-9)


def test_every_row_from_sams_operating_rows(case, given) -> None:
    far = {name: sam_case.distance(row, case.row(name)) for name, row in sam_case.our_rows(*given).items()}
    assert max(far.values()) < 1e-9, far
    assert len(far) == 42


def test_every_figure_from_sams_inputs(case, rebuilt) -> None:
    ours = sam_case.our_figures(*rebuilt)
    assert ours == pytest.approx({name: case.scalars[name] for name in ours}, rel=1e-3)


@pytest.mark.parametrize("name", sam_case.KEY_ROWS)
def test_key_rows_from_sams_inputs(case, rebuilt, name) -> None:
    assert sam_case.distance(sam_case.our_rows(*rebuilt)[name], case.row(name)) < 1e-3


def test_the_rate_of_return_is_the_root_that_sam_stops_short_of(case, given) -> None:
    theirs = case.scalars["project_return_aftertax_irr"] / 100.0
    outcome = given[1]
    assert irr_as_sam(outcome.equity_flow[0]) == pytest.approx(theirs, rel=1e-12)
    ours = outcome.irr[0]
    assert ours == pytest.approx(irr(case.row("cf_project_return_aftertax")).rate[0], rel=1e-12)
    assert ours == pytest.approx(theirs, abs=1e-7)
    year = np.arange(26.0)
    left_by_sam = (case.row("cf_project_return_aftertax") * (1.0 + theirs) ** -year).sum()
    left_by_us = (outcome.equity_flow[0] * (1.0 + ours) ** -year).sum()
    assert left_by_sam == pytest.approx(42.56, abs=0.01)  # USD of 57.9 million: its tolerance, not its answer
    assert abs(left_by_us) < 1e-6


def test_what_is_not_modelled_is_named_and_what_is_left_is_zero(case, given) -> None:
    ours = set(sam_case.our_rows(*given))
    monthly = {name for name in case.rows if name.endswith(MONTHS)}
    assert not ours & NOT_MODELLED
    for name in set(case.rows) - ours - NOT_MODELLED - monthly:
        assert not case.row(name).any(), f"{name} is neither modelled nor named"
    assert len(case.rows) == 181
