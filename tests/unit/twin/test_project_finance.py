"""Each row of the cash flow adds up, debt and reserves do what they say, and bad flows are refused."""

from dataclasses import replace

import numpy as np
import pytest

from battuta.domain.errors import DataError
from battuta.domain.finance_plan import (
    DebtCoverage,
    DebtKind,
    DebtTerms,
    DepreciationClass,
    DepreciationKind,
    FinancePlan,
    LossRule,
    MajorMaintenance,
    ReserveTerms,
    TaxTerms,
)
from battuta.numerics.sampling import generator
from battuta.twin.project_finance import YearlyFlows, project_finance
from battuta.twin.returns import npv

PLAN = FinancePlan(
    currency="EUR",
    n_years=20,
    installed_cost=1000.0,
    construction_financing_cost=30.0,
    fixed_cost_per_year=12.0,
    insurance_share=0.004,
    property_tax_share=0.002,
    salvage_share=0.03,
    inflation=0.02,
    real_discount_rate=0.05,
    debt=DebtTerms(interest_rate=0.05, tenor_years=12, fee_share=0.02, closing_cost=5.0),
    tax=TaxTerms(
        federal_rate=0.2,
        state_rate=0.05,
        credit_share=0.1,
        depreciation=(
            DepreciationClass(kind=DepreciationKind.MACRS, life_years=5, share=0.8, earns_credit=True),
            DepreciationClass(kind=DepreciationKind.STRAIGHT_LINE, life_years=10, share=0.15),
        ),
    ),
    reserves=ReserveTerms(debt_service_months=6.0, operating_cost_months=3.0, interest_rate=0.01),
)


def flows(n_lives=30, n_years=20, augmentation=0.0):
    draw = generator(2, "test.flows")
    outlay = np.zeros((n_lives, n_years))
    outlay[:, 9] = augmentation
    return YearlyFlows(
        revenue=draw.normal(180.0, 15.0, (n_lives, n_years)),
        charging_cost=draw.normal(25.0, 3.0, (n_lives, n_years)),
        variable_cost=np.full((n_lives, n_years), 3.0),
        augmentation=outlay,
        discharged_mwh=np.full((n_lives, n_years), 2.0),
    )


def test_a_year_adds_up() -> None:
    given = flows(augmentation=150.0)
    out = project_finance(PLAN, given)
    year = 10
    fixed = 12.0 * 1.02**9 + 1000.0 * (0.004 * 1.02**9 + 0.002)
    cost = given.charging_cost[:, 9] + 3.0 + fixed + 150.0
    np.testing.assert_allclose(out.operating_cost[:, year], cost)
    np.testing.assert_allclose(out.cfads[:, year], given.revenue[:, 9] - cost)
    released = out.reserves.total[:, year - 1] - out.reserves.total[:, year]
    expected = (
        out.cfads[:, year] + out.reserves.interest[:, year] - out.debt_service[:, year] + released - out.tax[:, year]
    )
    np.testing.assert_allclose(out.equity_flow[:, year], expected)


def test_sources_are_uses() -> None:
    out = project_finance(PLAN, flows())
    uses = 1000.0 + 30.0 + 5.0 + 0.02 * out.debt + out.reserves.total[:, 0]
    np.testing.assert_allclose(out.debt + out.equity, uses)
    np.testing.assert_array_equal(out.equity_flow[:, 0], -out.equity)


def test_all_money_that_goes_in_comes_out_somewhere() -> None:
    out = project_finance(PLAN, flows(augmentation=100.0))
    earned = out.revenue.sum(axis=1) + out.reserves.interest.sum(axis=1) + out.tax_credit.sum(axis=1) + out.debt
    spent = (
        1035.0 + 0.02 * out.debt + out.operating_cost.sum(axis=1) + out.debt_service.sum(axis=1) + out.tax.sum(axis=1)
    )
    np.testing.assert_allclose(out.equity_flow.sum(axis=1), earned - spent, rtol=1e-9)


def test_figures_follow_from_the_rows() -> None:
    out = project_finance(PLAN, flows())
    np.testing.assert_allclose(npv(out.equity_flow, out.irr), 0.0, atol=1e-8)
    np.testing.assert_allclose(out.npv, npv(out.equity_flow, 1.02 * 1.05 - 1.0))
    np.testing.assert_allclose(out.min_dscr, 1.3)
    np.testing.assert_allclose(out.llcr, 1.3)  # sculpted: the whole tenor has one coverage
    assert (out.plcr > out.llcr).all()
    assert (out.lcos_real < out.lcos_nominal).all()


def test_each_life_stands_alone() -> None:
    given = flows()
    whole = project_finance(PLAN, given)
    third = YearlyFlows(**{name: getattr(given, name)[3:4] for name in YearlyFlows.__dataclass_fields__})
    np.testing.assert_allclose(project_finance(PLAN, third).equity_flow, whole.equity_flow[3:4])


def test_debt_is_capped_by_its_share_of_all_uses() -> None:
    capped = replace(PLAN, debt=replace(PLAN.debt, share_max=0.4))
    out = project_finance(capped, flows())
    np.testing.assert_allclose(out.debt / (out.debt + out.equity), 0.4)
    assert (out.min_dscr > 1.3).all()


def test_an_annuity_by_its_share() -> None:
    terms = DebtTerms(interest_rate=0.05, tenor_years=12, kind=DebtKind.ANNUITY, dscr=0.0, share_max=0.6)
    out = project_finance(replace(PLAN, debt=terms), flows())
    np.testing.assert_allclose(out.debt / (out.debt + out.equity), 0.6)
    np.testing.assert_allclose(np.ptp(out.debt_service[:, 1:13], axis=1), 0.0, atol=1e-9)


def test_one_debt_for_all_lives_at_ninety_percent() -> None:
    out = project_finance(replace(PLAN, debt=replace(PLAN.debt, exceedance=0.9)), flows(400))
    assert np.ptp(out.debt) == 0.0
    assert np.sum(out.min_dscr >= 1.3) == 361  # nine of ten cover every year, and the life on the edge
    assert (out.llcr > out.min_dscr).all()


def test_a_loan_that_is_covered_as_a_whole_is_larger_and_short_in_single_years() -> None:
    terms = replace(PLAN.debt, exceedance=0.9, coverage=DebtCoverage.LOAN_LIFE)
    out = project_finance(replace(PLAN, debt=terms), flows(400))
    assert np.ptp(out.debt) == 0.0
    assert 0.05 < np.mean(out.llcr < 1.3) < 0.15  # about one life in ten carries less
    assert np.mean(out.min_dscr >= 1.3) < 0.5


def test_what_tollers_pay_for_charging_is_in_the_levelised_cost_alone() -> None:
    whole = flows()
    rented = replace(whole, charging_cost=0.6 * whole.charging_cost, rented_charging_cost=0.4 * whole.charging_cost)
    own, all_own = project_finance(PLAN, rented), project_finance(PLAN, whole)
    np.testing.assert_allclose(own.lcos_nominal, all_own.lcos_nominal)
    np.testing.assert_allclose(own.lcos_real, all_own.lcos_real)
    np.testing.assert_allclose(own.cfads[:, 1:] - all_own.cfads[:, 1:], 0.4 * whole.charging_cost)


def test_without_debt_and_tax_the_owner_gets_the_cash_flow() -> None:
    bare = replace(PLAN, debt=None, tax=TaxTerms(), reserves=ReserveTerms())
    out = project_finance(bare, flows())
    np.testing.assert_allclose(out.equity_flow[:, 1:], out.cfads[:, 1:])
    assert np.isnan(out.min_dscr).all()
    assert np.isnan(out.llcr).all()
    assert not out.debt.any()


def test_saving_ahead_keeps_the_coverage_of_the_year_of_augmentation() -> None:
    given = flows(augmentation=400.0)
    at_once = project_finance(PLAN, given)
    saved = replace(PLAN, reserves=replace(PLAN.reserves, maintenance_years=8))
    out = project_finance(saved, given)
    assert (at_once.cfads[:, 10] < 0.0).all()
    assert (out.cfads[:, 1:] > 0.0).all()
    np.testing.assert_allclose(out.operating_cost.sum(axis=1), at_once.operating_cost.sum(axis=1))


def test_augmentation_is_expensed_or_depreciated() -> None:
    given = flows(augmentation=100.0)
    later = replace(PLAN, tax=replace(PLAN.tax, augmentation_life_years=5, loss_rule=LossRule.REFUNDED))
    expensed = replace(PLAN, tax=replace(PLAN.tax, loss_rule=LossRule.REFUNDED))
    difference = project_finance(later, given).tax - project_finance(expensed, given).tax
    np.testing.assert_allclose(difference[:, 10], 100.0 * PLAN.tax.effective_rate)
    np.testing.assert_allclose(difference[:, 11:16], -20.0 * PLAN.tax.effective_rate)
    np.testing.assert_allclose(difference.sum(axis=1), 0.0, atol=1e-9)


def test_maintenance_returns_but_not_in_the_last_year() -> None:
    inverter = MajorMaintenance(name="inverter", cost=50.0, every_years=10)
    served = replace(PLAN, reserves=replace(PLAN.reserves, maintenance=(inverter,)))
    added = project_finance(served, flows()).operating_cost - project_finance(PLAN, flows()).operating_cost
    np.testing.assert_allclose(added[:, 10], 50.0 * 1.02**9)
    np.testing.assert_allclose(np.delete(added, 10, axis=1), 0.0, atol=1e-12)


def test_flows_that_do_not_fit_are_refused() -> None:
    with pytest.raises(DataError, match="the flows have 10 years, the plan n_years = 20"):
        project_finance(PLAN, flows(n_years=10))
    good = flows()
    gap = good.revenue.copy()
    gap[4, 2] = np.nan
    with pytest.raises(DataError, match="revenue is nan in life 4, year 3"):
        replace(good, revenue=gap)
    with pytest.raises(DataError, match=r"discharged_mwh is -2\.0 in life 0, year 1"):
        replace(good, discharged_mwh=-good.discharged_mwh)
    with pytest.raises(DataError, match="variable_cost has shape"):
        replace(good, variable_cost=np.zeros((3, 20)))
