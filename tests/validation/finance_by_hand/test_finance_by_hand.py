"""Cases small enough for pencil and paper, as a project-finance engineer checks a model before trusting it."""

from dataclasses import replace

import numpy as np
import pytest

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
from battuta.domain.revenue_contract import ContractKind, RevenueContract
from battuta.twin.contract_revenue import contract_revenue
from battuta.twin.project_finance import YearlyFlows, project_finance

BARE = FinancePlan(currency="EUR", n_years=5, installed_cost=1000.0, inflation=0.1, real_discount_rate=0.0)
MACRS_5 = DepreciationClass(kind=DepreciationKind.MACRS, life_years=5, share=1.0, earns_credit=True)


def flows(revenue, *, charging=0.0, augmentation=None, energy_mwh=1.0) -> YearlyFlows:
    revenue = np.atleast_2d(np.asarray(revenue, dtype=float))
    none = np.zeros(revenue.shape)
    return YearlyFlows(
        revenue=revenue,
        charging_cost=none + charging,
        variable_cost=none,
        augmentation=none if augmentation is None else np.atleast_2d(np.asarray(augmentation, dtype=float)),
        discharged_mwh=none + energy_mwh,
    )


def test_half_year_macrs_on_a_basis_less_half_the_credit_and_the_rest_at_the_end() -> None:
    tax = TaxTerms(federal_rate=0.25, depreciation=(MACRS_5,), credit_share=0.3)
    out = project_finance(replace(BARE, tax=tax, salvage_share=0.05), flows([400.0] * 5))
    # credit 300, basis 1000 - 150; 5.76 % of it are left when the fifth year ends, and so does the project
    deducted = [0.0, 170.0, 272.0, 163.2, 97.92, 97.92 + 48.96]
    np.testing.assert_allclose(out.depreciation[0], deducted)
    income = np.array([0.0, 400.0, 400.0, 400.0, 400.0, 450.0]) - deducted
    np.testing.assert_allclose(out.tax[0], 0.25 * income)
    np.testing.assert_allclose(out.equity_flow[0], [-1000.0, 642.5, 368.0, 340.8, 324.48, 374.22])


@pytest.mark.parametrize(
    ("paid_in", "deducted"),
    [
        (2, [0.0, 0.0, 0.0, 20.0, 20.0, 60.0]),  # two fifths of a straight line, and the rest as it is retired
        (4, [0.0, 0.0, 0.0, 0.0, 0.0, 100.0]),
        (5, [0.0, 0.0, 0.0, 0.0, 0.0, 100.0]),
    ],
)
def test_augmentation_is_deducted_before_the_project_ends(paid_in, deducted) -> None:
    outlay = np.zeros(5)
    outlay[paid_in - 1] = 100.0
    tax = TaxTerms(federal_rate=0.25, augmentation_life_years=5, loss_rule=LossRule.REFUNDED)
    out = project_finance(replace(BARE, tax=tax), flows([400.0] * 5, augmentation=outlay))
    np.testing.assert_allclose(out.depreciation[0], deducted)
    np.testing.assert_allclose(out.tax[0, 1:], 0.25 * (400.0 - np.array(deducted[1:])))


def test_what_is_left_is_lost_where_a_plan_says_so() -> None:
    tax = TaxTerms(depreciation=(MACRS_5,), credit_share=0.3, augmentation_life_years=5, deducts_rest_at_end=False)
    out = project_finance(replace(BARE, tax=tax), flows([400.0] * 5, augmentation=[0.0, 0.0, 0.0, 0.0, 100.0]))
    assert out.depreciation[0].sum() == pytest.approx(850.0 * 0.9424)


def test_losses_wait_until_they_are_used_and_the_last_is_lost() -> None:
    straight = DepreciationClass(kind=DepreciationKind.STRAIGHT_LINE, life_years=2, share=1.0)
    tax = TaxTerms(federal_rate=0.25, depreciation=(straight,))
    out = project_finance(replace(BARE, tax=tax), flows([400.0, 400.0, 150.0, 200.0, 200.0]))
    # losses of 100 and 100; 150 of them in year 3, 50 in year 4
    np.testing.assert_allclose(out.tax[0], [0.0, 0.0, 0.0, 0.0, 0.25 * 150.0, 50.0])
    taken_down = replace(BARE, tax=tax, salvage_share=-0.5)
    last = project_finance(taken_down, flows([400.0, 400.0, 150.0, 200.0, 200.0])).tax[0, -1]
    assert last == 0.0  # 200 less 500 to take it down: a loss that no later income bears


def test_salvage_and_taking_down_are_money_of_the_last_year() -> None:
    sold, taken_down = (project_finance(replace(BARE, salvage_share=s), flows([300.0] * 5)) for s in (0.05, -0.05))
    assert sold.equity_flow[0, -1] == pytest.approx(350.0)  # not 50 at the price level of year 5, 1.1**4 times as much
    assert taken_down.equity_flow[0, -1] == pytest.approx(250.0)
    assert taken_down.lcos_nominal[0] > sold.lcos_nominal[0]


def test_levelised_cost_with_charging_nominal_and_real() -> None:
    plan = replace(BARE, n_years=2, fixed_cost_per_year=10.0)
    out = project_finance(plan, flows([500.0, 500.0], charging=20.0, energy_mwh=10.0))
    cost = 1000.0 + (20.0 + 10.0) / 1.1 + (20.0 + 11.0) / 1.21  # year 1 is the price level of the plan
    assert out.lcos_nominal[0] == pytest.approx(cost / (10.0 / 1.1 + 10.0 / 1.21))
    assert out.lcos_real[0] == pytest.approx(cost / 20.0)


def test_a_debt_service_reserve_is_a_use_of_funds_and_comes_back() -> None:
    debt = DebtTerms(interest_rate=0.0, tenor_years=2, kind=DebtKind.ANNUITY, dscr=0.0, share_max=0.5)
    plan = replace(BARE, n_years=3, debt=debt, reserves=ReserveTerms(debt_service_months=6.0))
    out = project_finance(plan, flows([400.0] * 3))
    lent = 500.0 / (1.0 - 0.125)  # half of 1000 and of a reserve that is a quarter of the debt
    assert out.debt[0] == pytest.approx(lent)
    assert out.equity[0] == pytest.approx(lent)
    np.testing.assert_allclose(out.equity_flow[0], [-lent, 400.0 - 0.5 * lent, 400.0 - 0.25 * lent, 400.0])


def test_sculpting_at_p90_follows_the_merchant_tail_after_the_rent_ends() -> None:
    rent = RevenueContract(
        name="rent", kind=ContractKind.TOLLING, share=0.5, payment_per_mw_year=20.0, n_years=2, growth_per_year=0.0
    )
    merchant = np.repeat(40.0 + 8.0 * np.arange(11.0)[:, None], 3, axis=1)  # the whole battery: 40, 48, ... 120
    paid = contract_revenue((rent,), 10.0, merchant, np.zeros((11, 3)), np.ones((11, 3)))
    debt = DebtTerms(interest_rate=0.1, tenor_years=3, dscr=1.25, exceedance=0.9)
    out = project_finance(replace(BARE, n_years=3, debt=debt), flows(paid.revenue))
    # ten of eleven lives: the second worst earns 100 + 24, 100 + 24, and 48 without the rent
    service = np.array([124.0, 124.0, 48.0]) / 1.25
    np.testing.assert_allclose(out.debt_service[0, 1:], service)
    assert out.debt[0] == pytest.approx(service @ (1.1 ** -np.arange(1.0, 4.0)))
    assert np.sum(out.min_dscr >= 1.25) == 10
    assert out.min_dscr[0] == pytest.approx(40.0 / service[2])  # the life given up misses it in the merchant year


@pytest.mark.parametrize("interest_rate", [0.05, 0.25])
def test_debt_lifts_the_owners_return_only_below_the_projects(interest_rate) -> None:
    project = project_finance(BARE, flows([300.0] * 5)).irr[0]
    assert project == pytest.approx(0.152382, abs=5e-7)  # 1000 = 300 (1 - (1 + r)^-5) / r
    debt = DebtTerms(interest_rate=interest_rate, tenor_years=5, kind=DebtKind.ANNUITY, dscr=0.0, share_max=0.5)
    owner = project_finance(replace(BARE, debt=debt), flows([300.0] * 5)).irr[0]
    assert (owner > project) == (interest_rate < project)
    same = replace(debt, interest_rate=float(project))
    assert project_finance(replace(BARE, debt=same), flows([300.0] * 5)).irr[0] == pytest.approx(project)
