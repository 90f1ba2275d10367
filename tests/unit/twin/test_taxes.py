"""Taxes by hand: the state first, losses refunded or carried forward."""

import numpy as np

from battuta.domain.finance_plan import LossRule, TaxTerms
from battuta.twin.taxes import taxes

INCOME = np.array([[0.0, -100.0, 40.0, 100.0]])


def test_the_state_is_deducted_from_the_federal_income() -> None:
    levied = taxes(np.array([[0.0, 100.0]]), TaxTerms(federal_rate=0.21, state_rate=0.07))
    np.testing.assert_allclose(levied.state, [[0.0, 7.0]])
    np.testing.assert_allclose(levied.federal, [[0.0, 0.21 * 93.0]])
    np.testing.assert_allclose(levied.total, [[0.0, 26.53]])


def test_a_loss_is_refunded_to_an_owner_with_other_income() -> None:
    levied = taxes(INCOME, TaxTerms(federal_rate=0.2, loss_rule=LossRule.REFUNDED))
    np.testing.assert_allclose(levied.total, 0.2 * INCOME)


def test_a_loss_is_carried_until_it_is_used_up() -> None:
    levied = taxes(INCOME, TaxTerms(federal_rate=0.2, loss_rule=LossRule.CARRIED_FORWARD))
    np.testing.assert_allclose(levied.total, [[0.0, 0.0, 0.0, 8.0]])


def test_carrying_never_pays_less_in_all_than_a_refund() -> None:
    rows = np.vstack([INCOME, -INCOME, INCOME[:, ::-1]])
    carried = taxes(rows, TaxTerms(federal_rate=0.2)).total.sum(axis=1)
    refunded = taxes(rows, TaxTerms(federal_rate=0.2, loss_rule=LossRule.REFUNDED)).total.sum(axis=1)
    assert (carried >= refunded - 1e-12).all()


def test_a_rate_of_each_year_holds_on_after_the_last_one_given() -> None:
    terms = TaxTerms(federal_rates=(0.3, 0.2), state_rates=(0.0, 0.0, 0.1))
    levied = taxes(np.full((1, 5), 100.0), terms)
    np.testing.assert_allclose(levied.state[0, 1:], [0.0, 0.0, 10.0, 10.0])
    np.testing.assert_allclose(levied.federal[0, 1:], [30.0, 20.0, 18.0, 18.0])
    assert terms.effective_rate == 0.3


def test_a_loss_that_is_carried_meets_the_rate_of_the_year_that_uses_it() -> None:
    levied = taxes(INCOME, TaxTerms(federal_rates=(0.5, 0.5, 0.2)))
    np.testing.assert_allclose(levied.total, [[0.0, 0.0, 0.0, 0.2 * 40.0]])


def test_a_state_that_depreciates_otherwise_has_an_income_of_its_own() -> None:
    levied = taxes(np.array([[0.0, 100.0]]), TaxTerms(federal_rate=0.21, state_rate=0.07), np.array([[0.0, 200.0]]))
    np.testing.assert_allclose(levied.state, [[0.0, 14.0]])
    np.testing.assert_allclose(levied.federal, [[0.0, 0.21 * 86.0]])
