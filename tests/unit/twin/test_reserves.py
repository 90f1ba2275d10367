"""What lies apart comes back: accounts end empty, and savings meet each outlay."""

import numpy as np
import pytest

from battuta.domain.finance_plan import FinancePlan, ReserveTerms
from battuta.numerics.sampling import generator
from battuta.twin.reserves import reserve_accounts, saved_ahead


def plan(**terms):
    return FinancePlan(
        currency="EUR",
        n_years=4,
        installed_cost=1.0,
        inflation=0.0,
        real_discount_rate=0.0,
        reserves=ReserveTerms(**terms),
    )


@pytest.mark.parametrize("years_ahead", [0, 1, 3, 50])
def test_savings_meet_every_outlay_and_no_more(years_ahead) -> None:
    outlay = np.zeros((20, 26))
    outlay[:, 1:] = generator(1, "test.outlay").exponential(10.0, (20, 25))
    funding, balance = saved_ahead(outlay, years_ahead)
    assert (balance >= -1e-9).all()
    np.testing.assert_allclose(balance[:, -1], 0.0, atol=1e-9)
    np.testing.assert_allclose(funding.sum(axis=1), outlay.sum(axis=1))
    if years_ahead <= 1:
        np.testing.assert_array_equal(funding, outlay)
        assert not balance.any()


def test_an_early_outlay_is_saved_for_in_the_years_there_are() -> None:
    funding, balance = saved_ahead(np.array([[0.0, 0.0, 90.0, 0.0]]), 10)
    np.testing.assert_allclose(funding, [[0.0, 45.0, 45.0, 0.0]])
    np.testing.assert_allclose(balance, [[0.0, 45.0, 0.0, 0.0]])


def test_half_a_years_service_lies_ready_and_comes_back() -> None:
    service = np.array([[0.0, 100.0, 80.0, 60.0, 0.0]])
    zero = np.zeros(service.shape)
    kept = reserve_accounts(plan(debt_service_months=6.0, interest_rate=0.02), service, zero, zero)
    np.testing.assert_allclose(kept.debt_service, [[50.0, 40.0, 30.0, 0.0, 0.0]])
    np.testing.assert_allclose(kept.released, [[-50.0, 10.0, 10.0, 30.0, 0.0]])
    np.testing.assert_allclose(kept.interest, [[0.0, 1.0, 0.8, 0.6, 0.0]])
    assert kept.released.sum() == pytest.approx(0.0)


def test_savings_earn_interest_but_are_not_released() -> None:
    zero = np.zeros((1, 5))
    lying = np.array([[0.0, 30.0, 60.0, 0.0, 0.0]])
    kept = reserve_accounts(plan(interest_rate=0.1), zero, zero, lying)
    np.testing.assert_allclose(kept.interest, [[0.0, 0.0, 3.0, 6.0, 0.0]])
    assert not kept.released.any()
    np.testing.assert_array_equal(kept.total, lying)
