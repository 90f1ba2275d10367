"""P50, P90, P99 of whole lives, the debt they carry, and the revenue that breaks even."""

from dataclasses import replace

import numpy as np
import pytest

from battuta.domain.errors import UsageError
from battuta.domain.finance_plan import DebtTerms, FinancePlan, TaxTerms
from battuta.numerics.sampling import generator
from battuta.twin.exceedance import break_even, debt_at, exceeded
from battuta.twin.project_finance import YearlyFlows, project_finance

PLAN = FinancePlan(
    currency="EUR",
    n_years=15,
    installed_cost=1000.0,
    fixed_cost_per_year=15.0,
    inflation=0.02,
    real_discount_rate=0.05,
    debt=DebtTerms(interest_rate=0.05, tenor_years=10, fee_share=0.01),
    tax=TaxTerms(federal_rate=0.25),
)


def flows(n_lives=300):
    level = generator(4, "test.level").lognormal(0.0, 0.15, (n_lives, 1))
    zero = np.zeros((n_lives, 15))
    return YearlyFlows(
        revenue=170.0 * level + zero,
        charging_cost=zero + 20.0,
        variable_cost=zero,
        augmentation=zero,
        discharged_mwh=zero + 3.0,
    )


def test_quantiles_are_numpys() -> None:
    values = generator(1, "test.values").normal(size=997)
    np.testing.assert_allclose(exceeded(values, (0.5, 0.75, 0.9, 0.99)), np.quantile(values, [0.5, 0.25, 0.1, 0.01]))


def test_a_life_without_a_rate_counts_as_worst() -> None:
    values = np.array([np.nan, np.nan, 0.02, 0.05, 0.08, 0.1])
    p50, p90 = exceeded(values, (0.5, 0.9))
    assert p50 == pytest.approx(0.035)
    assert np.isnan(p90)


def test_debt_falls_as_more_lives_must_carry_it() -> None:
    p50, p90, p99 = debt_at(PLAN, flows(), (0.5, 0.9, 0.99))
    assert p50 > p90 > p99 > 0.0
    at_p90 = project_finance(replace(PLAN, debt=replace(PLAN.debt, exceedance=0.9)), flows())
    assert at_p90.debt[0] == pytest.approx(p90)


def test_debt_at_needs_a_loan() -> None:
    with pytest.raises(UsageError, match="has no debt to size"):
        debt_at(replace(PLAN, debt=None), flows(), (0.5,))


@pytest.mark.parametrize("probability", [0.5, 0.9])
def test_at_the_break_even_revenue_the_owner_gets_what_he_asks(probability) -> None:
    given = flows()
    found = break_even(PLAN, given, probability)
    there = project_finance(PLAN, replace(given, revenue=found.revenue_factor * given.revenue))
    assert exceeded(there.npv, (probability,))[0] == pytest.approx(0.0, abs=1e-6)
    assert found.price_per_mwh == pytest.approx(found.revenue_factor * given.revenue.mean() / 3.0, rel=1e-9)


def test_more_certainty_needs_more_revenue() -> None:
    assert break_even(PLAN, flows(), 0.9).revenue_factor > break_even(PLAN, flows(), 0.5).revenue_factor


def test_a_plan_that_nothing_saves_is_said() -> None:
    given = flows()
    with pytest.raises(UsageError, match="no revenue makes this plan break even"):
        break_even(PLAN, replace(given, revenue=0.0 * given.revenue))
