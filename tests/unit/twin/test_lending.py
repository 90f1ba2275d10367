"""The loan's size against all uses, with the fee and the reserve that the loan itself needs."""

from dataclasses import replace

import numpy as np
import pytest

from battuta.domain.finance_plan import DebtCoverage, DebtKind, DebtTerms, FinancePlan, ReserveTerms
from battuta.twin.lending import coverage, lent
from battuta.twin.operation import operation_of
from battuta.twin.yearly_flows import YearlyFlows

TERMS = DebtTerms(interest_rate=0.0, tenor_years=2, dscr=1.0, fee_share=0.1, share_max=0.5)
PLAN = FinancePlan(
    currency="EUR",
    n_years=4,
    installed_cost=100.0,
    inflation=0.0,
    real_discount_rate=0.0,
    debt=TERMS,
    reserves=ReserveTerms(debt_service_months=6.0),
)


def operation(revenue):
    zero = np.zeros((np.atleast_2d(revenue).shape[0], 4))
    return operation_of(
        PLAN,
        YearlyFlows(
            revenue=zero + revenue, charging_cost=zero, variable_cost=zero, augmentation=zero, discharged_mwh=zero
        ),
    )


def test_a_capped_loan_by_hand() -> None:
    # half of all uses: d = 0.5 (100 + 0.1 d + 0.5 * d / 2), so d = 50 / (1 - 0.05 - 0.125)
    loan = lent(PLAN, operation(80.0))
    np.testing.assert_allclose(loan.debt, 50.0 / 0.825)
    np.testing.assert_allclose(loan.balance[:, -1], 0.0, atol=1e-12)


def test_a_loan_that_the_cash_flow_limits() -> None:
    loan = lent(PLAN, operation(20.0))
    np.testing.assert_allclose(loan.debt, 40.0)
    dscr, llcr, plcr = coverage(TERMS, operation(20.0).cfads, loan)
    np.testing.assert_allclose([dscr[0], llcr[0], plcr[0]], [1.0, 1.0, 2.0])


def test_nothing_is_lent_on_losses() -> None:
    loan = lent(PLAN, operation(-20.0))
    assert loan.debt[0] == 0.0
    assert np.isnan(coverage(TERMS, operation(-20.0).cfads, loan)).all()
    assert np.isnan(coverage(None, operation(20.0).cfads, loan)).all()


@pytest.mark.parametrize(
    ("kind", "asked", "debt"),
    [
        (DebtKind.SCULPTED, "every_year", 40.0),
        (DebtKind.SCULPTED, "loan_life", 52.0),
        (DebtKind.ANNUITY, "every_year", 36.0),
    ],
)
def test_one_loan_of_four_lives_by_hand(kind, asked, debt) -> None:
    # three of four lives must carry it; over two years they earn 10 + 50, 30 + 18, 22 + 30 and 20 + 40;
    # as wholes 60, 48, 52 and 60, of which three carry 52
    terms = replace(TERMS, kind=kind, coverage=DebtCoverage(asked), exceedance=2.0 / 3.0, share_max=1.0)
    revenue = np.array([[10.0, 50.0, 50.0, 50.0], [30.0, 18.0, 50.0, 50.0], [22.0, 30.0, 50.0, 50.0], [20.0, 40.0] * 2])
    given = operation(revenue)
    loan = lent(replace(PLAN, debt=terms), given)
    np.testing.assert_allclose(loan.debt, debt)
    covered = coverage(terms, given.cfads, loan)[0] >= 1.0
    assert covered.sum() == (1 if asked == "loan_life" else 3)
