"""Lock-up, covenant, missed payments and losses, on lives whose fate is known."""

from dataclasses import replace

import numpy as np
import pytest

from battuta.domain.finance_plan import DebtTerms
from battuta.twin.credit import credit_risk
from battuta.twin.debt import repaid

TERMS = DebtTerms(interest_rate=0.0, tenor_years=3, lock_up_dscr=1.2, default_dscr=1.05)
PROFILE = np.array([[0.0, 1 / 3, 1 / 3, 1 / 3, 0.0]])


def risk(cfads, reserve=0.0, terms=TERMS):
    flows = np.array(cfads)
    loan = repaid(np.full(flows.shape[0], 30.0), np.repeat(PROFILE, flows.shape[0], axis=0), terms.interest_rate)
    kept = np.tile([reserve, reserve, reserve, 0.0, 0.0], (flows.shape[0], 1))
    return credit_risk(terms, flows, loan, kept)


def test_a_life_with_room_is_in_no_trouble() -> None:
    calm = risk([[0.0, 13.0, 13.0, 13.0, 13.0]])
    assert (calm.lock_up, calm.default, calm.missed, calm.loss_max) == (0.0, 0.0, 0.0, 0.0)


def test_probabilities_count_whole_lives() -> None:
    lives = [
        [0.0, 13.0, 13.0, 13.0, 0.0],
        [0.0, 11.0, 13.0, 13.0, 0.0],
        [0.0, 10.2, 10.2, 13.0, 0.0],
        [0.0, 8.0, 9.0, 9.0, 0.0],
    ]
    known = risk(lives)
    assert (known.lock_up, known.default, known.missed) == (0.75, 0.5, 0.25)
    np.testing.assert_allclose(known.lock_up_by_year, [0.0, 0.75, 0.5, 0.25, 0.0])
    np.testing.assert_allclose(known.missed_by_year, [0.0, 0.25, 0.25, 0.25, 0.25])
    assert known.loss_max == pytest.approx(4.0)
    assert known.loss_mean == pytest.approx(1.0)


def test_a_reserve_carries_a_bad_year_and_is_filled_again() -> None:
    bad = [[0.0, 6.0, 14.0, 6.0, 0.0]]
    assert risk(bad).missed == 1.0
    assert risk(bad, reserve=5.0).missed == 0.0
    twice = [[0.0, 6.0, 6.0, 12.0, 0.0]]
    assert risk(twice, reserve=5.0).missed == 1.0


def test_arrears_are_caught_up_with_interest() -> None:
    late = risk([[0.0, 5.0, 10.0, 15.0, 0.0]])
    assert late.missed == 1.0
    assert late.loss_max == 0.0
    at_ten_percent = replace(TERMS, interest_rate=0.1)
    costly = risk([[0.0, 5.0, 10.0, 15.0, 0.0]], terms=at_ten_percent)
    assert costly.loss_max == pytest.approx((5.0 * 1.1**2 - 5.0) * 1.1 / 1.1**4)


def test_what_is_missed_may_be_owed_at_maturity_and_paid_afterwards() -> None:
    known = risk([[0.0, 5.0, 10.0, 15.0, 0.0], [0.0, 5.0, 10.0, 10.0, 5.0], [0.0, 4.0, 10.0, 10.0, 5.0]])
    assert known.missed == 1.0
    assert known.owed_at_maturity == pytest.approx(2.0 / 3.0)
    assert known.unpaid == pytest.approx(1.0 / 3.0)
    assert known.arrears_max == pytest.approx(6.0)
    assert known.loss_max == pytest.approx(1.0)


def test_operating_losses_are_not_the_lenders() -> None:
    sunk = risk([[0.0, -100.0, -100.0, -100.0, -100.0]])
    assert sunk.loss_max == pytest.approx(30.0)
