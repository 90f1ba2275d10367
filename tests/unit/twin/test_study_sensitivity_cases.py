"""Cases of a study: each changes what it says and nothing else."""

from dataclasses import replace

import numpy as np
import pytest

from battuta.domain.revenue_contract import ContractKind, RevenueContract
from battuta.twin.study_flows import HOURS_PER_YEAR
from battuta.twin.study_sensitivity_cases import StudyCase, case_of, factors_of, stress_cases
from tests.unit.twin.study_model_case import N_LIVES, N_YEARS, PLAN, lived, model, trader


def test_prices_availability_and_ageing_change_the_flows():
    own = model()
    base = own.flows_of(StudyCase())
    lower = own.flows_of(StudyCase(capacity_price_factor=0.7, energy_price_factor=0.7))
    np.testing.assert_allclose(lower.revenue, 0.7 * base.revenue, rtol=1e-12)
    np.testing.assert_allclose(lower.charging_cost, 0.7 * base.charging_cost, rtol=1e-12)
    away = own.flows_of(StudyCase(first_year_availability=0.8))
    np.testing.assert_allclose(away.revenue[:, 0], 0.8 / 0.97 * base.revenue[:, 0], rtol=1e-12)
    assert np.array_equal(away.revenue[:, 1:], base.revenue[:, 1:])
    aged = own.flows_of(StudyCase(ageing_factor=1.5))
    assert np.array_equal(aged.revenue[:, 0], base.revenue[:, 0])
    assert np.all(aged.revenue[:, 1:] < base.revenue[:, 1:])
    assert own.years_of(StudyCase(availability_shift=0.1)).availability.max() == 1.0


def test_revenue_of_response_stands_apart_and_the_rest_adds_up():
    rent = RevenueContract(name="rent", kind=ContractKind.TOLLING, share=0.25, payment_per_mw_year=5e4, n_years=3)
    own = model(contracts=(rent,))
    base, apart = own.flows_of(StudyCase()), own.capacity_apart()
    np.testing.assert_allclose(apart.revenue - apart.charging_cost, base.revenue - base.charging_cost, rtol=1e-9)
    market = HOURS_PER_YEAR * own.years.capacity_price_per_mw_h * 0.97 * lived(1.0).served_share
    np.testing.assert_allclose(apart.revenue[:, :3], 0.75 * market[:, :3], rtol=1e-12)
    np.testing.assert_allclose(apart.revenue[:, 3:], market[:, 3:], rtol=1e-12)


def test_cases_and_factors_are_those_of_a_lender_and_interest_needs_a_loan():
    assert [each.name for each in stress_cases(PLAN)][1:] == [
        "prices 30 % lower", "ageing 1.5 times as fast", "first year available 80 % of the time",
        "3 points less availability", "interest 2 points higher",
    ]  # fmt: skip
    free = replace(PLAN, debt=None)
    assert len(stress_cases(free)) == 5
    assert "debt.interest_rate" not in {each.name for each in factors_of(free)}
    own = model()
    assert own.plan_of(stress_cases(PLAN)[-1]).debt.interest_rate == pytest.approx(0.07)


def test_the_base_of_all_factors_is_the_study():
    own, base = model(), {each.name: each.base for each in factors_of(PLAN)}
    assert own.plan_of(case_of(base)) == PLAN
    assert np.array_equal(own.flows_of(case_of(base)).revenue, own.flows_of(StudyCase()).revenue)
    assert base["installed_cost"] == 400_000.0
    assert len(base) == N_YEARS


def test_losses_are_doubled_where_there_are_any():
    case = stress_cases(PLAN, has_losses=True)[4]
    assert case.name == "3 points less availability, losses twice as dear"
    own = replace(model(), other_cost=np.full((N_LIVES, N_YEARS), 700.0))
    base, worse = own.flows_of(StudyCase()), own.flows_of(case)
    np.testing.assert_allclose(worse.variable_cost, 1400.0)
    np.testing.assert_allclose(worse.revenue, 0.94 / 0.97 * base.revenue, rtol=1e-12)
    assert not model().flows_of(case).variable_cost.any()


def test_a_spread_moves_what_trades_and_nothing_else():
    own = trader()
    base, narrow = own.flows_of(StudyCase()), own.flows_of(StudyCase(spread_factor=0.5))
    # 100 MWh sold at 90 and 120 MWh bought at 20 around a mean of 60
    np.testing.assert_allclose(base.revenue, 0.97 * 100.0 * 90.0)
    np.testing.assert_allclose(narrow.revenue, 0.97 * 100.0 * 75.0)
    np.testing.assert_allclose(narrow.charging_cost, 0.97 * 120.0 * 40.0)
    assert [each.name for each in factors_of(PLAN, trades=True)][-2:] == ["spread of prices", "debt.interest_rate"]
    assert case_of({each.name: each.high for each in factors_of(PLAN, trades=True)}).spread_factor == pytest.approx(1.2)
    assert any(each.spread_factor == 0.7 for each in stress_cases(PLAN, trades=True))
