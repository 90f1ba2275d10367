"""Cases of a study: each changes what it says and nothing else."""

from dataclasses import replace

import numpy as np
import pytest

from battuta.domain.revenue_contract import ContractKind, RevenueContract
from battuta.twin.study_flows import HOURS_PER_YEAR
from battuta.twin.study_sensitivity_cases import StudyCase, case_of, factors_of, stress_cases
from tests.unit.twin.study_model_case import N_YEARS, PLAN, lived, model


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
        "interest 2 points higher",
    ]  # fmt: skip
    free = replace(PLAN, debt=None)
    assert len(stress_cases(free)) == 4
    assert "debt.interest_rate" not in {each.name for each in factors_of(free)}
    own = model()
    assert own.plan_of(stress_cases(PLAN)[-1]).debt.interest_rate == pytest.approx(0.07)


def test_the_base_of_all_factors_is_the_study():
    own, base = model(), {each.name: each.base for each in factors_of(PLAN)}
    assert own.plan_of(case_of(base)) == PLAN
    assert np.array_equal(own.flows_of(case_of(base)).revenue, own.flows_of(StudyCase()).revenue)
    assert base["installed_cost"] == 400_000.0
    assert len(base) == N_YEARS
