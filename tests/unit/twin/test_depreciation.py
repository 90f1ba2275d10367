"""The printed tables of IRS Publication 946 are made by their own rule."""

import numpy as np
import pytest

from battuta.domain.tax_terms import DepreciationClass, DepreciationKind, TaxTerms
from battuta.twin.depreciation import depreciation_schedule, depreciation_shares

MACRS, HALF = DepreciationKind.MACRS, DepreciationKind.STRAIGHT_LINE_HALF_YEAR
PRINTED = {  # percent, table A-1 (half-year convention) and table A-8
    (MACRS, 3): [33.33, 44.45, 14.81, 7.41],
    (MACRS, 5): [20.00, 32.00, 19.20, 11.52, 11.52, 5.76],
    (MACRS, 7): [14.29, 24.49, 17.49, 12.49, 8.93, 8.92, 8.93, 4.46],
    (MACRS, 10): [10.00, 18.00, 14.40, 11.52, 9.22, 7.37, 6.55, 6.55, 6.56, 6.55, 3.28],
    (MACRS, 15): [5.00, 9.50, 8.55, 7.70, 6.93, 6.23, *[5.90, 5.90, 5.91], *[5.90, 5.91] * 3, 2.95],
    (HALF, 15): [3.33, *[6.67] * 6, *[6.66, 6.67] * 4, 3.33],
    (HALF, 20): [2.50, *[5.00] * 19, 2.50],
}


@pytest.mark.parametrize(("kind", "life_years"), PRINTED)
def test_tables_are_those_that_are_printed(kind, life_years) -> None:
    shares = depreciation_shares(kind, life_years)
    np.testing.assert_allclose(100.0 * shares, PRINTED[kind, life_years], atol=1e-9)


@pytest.mark.parametrize("kind", [DepreciationKind.STRAIGHT_LINE, MACRS, HALF])
@pytest.mark.parametrize("life_years", [3, 5, 7, 10, 15, 20])
def test_all_of_a_cost_is_deducted(kind, life_years) -> None:
    assert depreciation_shares(kind, life_years).sum() == pytest.approx(1.0, abs=1e-12)


def test_the_credit_takes_half_of_itself_from_the_basis() -> None:
    classes = (
        DepreciationClass(kind=MACRS, life_years=5, share=0.9, earns_credit=True),
        DepreciationClass(kind=HALF, life_years=20, share=0.1),
    )
    built = depreciation_schedule(TaxTerms(depreciation=classes, credit_share=0.3), 1000.0, 25)
    assert built.credit == pytest.approx(270.0)
    assert built.federal.sum() == pytest.approx(900.0 - 135.0 + 100.0)
    assert built.federal[0] == 0.0
    np.testing.assert_array_equal(built.state, built.federal)


@pytest.mark.parametrize(("deducts", "last"), [(True, 800.0), (False, 50.0)])
def test_what_a_short_project_leaves_is_deducted_as_it_ends_or_lost(deducts, last) -> None:
    classes = (DepreciationClass(kind=DepreciationKind.STRAIGHT_LINE, life_years=20, share=1.0),)
    built = depreciation_schedule(TaxTerms(depreciation=classes, deducts_rest_at_end=deducts), 1000.0, 5)
    np.testing.assert_allclose(built.federal, [0.0, 50.0, 50.0, 50.0, 50.0, last])


def test_thirty_nine_years_are_halved_at_both_ends_and_not_rounded() -> None:
    shares = depreciation_shares(HALF, 39)
    assert shares.size == 40
    np.testing.assert_allclose(shares[[0, 1, 38, 39]], [0.5 / 39.0, 1.0 / 39.0, 1.0 / 39.0, 0.5 / 39.0])
    assert shares.sum() == pytest.approx(1.0, abs=1e-12)


def test_a_schedule_of_its_own_is_followed_year_by_year() -> None:
    part = DepreciationClass(kind=DepreciationKind.CUSTOM, yearly_shares=(0.5, 0.3, 0.2), share=0.4)
    built = depreciation_schedule(TaxTerms(depreciation=(part,)), 1000.0, 5)
    np.testing.assert_allclose(built.federal, [0.0, 200.0, 120.0, 80.0, 0.0, 0.0])


def test_a_bonus_comes_off_the_basis_that_the_credit_leaves() -> None:
    # 1000, credit 30 %: basis 850. Bonus 40 %: 340; the other 510 by MACRS 5: 102, 163.2, 97.92, ...
    part = DepreciationClass(kind=MACRS, life_years=5, share=1.0, earns_credit=True, bonus_share=0.4)
    built = depreciation_schedule(TaxTerms(depreciation=(part,), credit_share=0.3), 1000.0, 10)
    np.testing.assert_allclose(built.federal[:4], [0.0, 442.0, 163.2, 97.92])
    assert built.federal.sum() == pytest.approx(850.0)
    # the state follows no bonus: 170, 272, 163.2, ...
    np.testing.assert_allclose(built.state[:4], [0.0, 170.0, 272.0, 163.2])
    assert built.state.sum() == pytest.approx(850.0)


def test_a_state_may_follow_half_of_the_bonus_and_leave_the_basis_whole() -> None:
    part = DepreciationClass(
        kind=MACRS, life_years=5, share=1.0, earns_credit=True, bonus_share=1.0, state_bonus_share=0.2
    )
    terms = TaxTerms(depreciation=(part,), credit_share=0.3, state_credit_basis_reduction=0.0)
    built = depreciation_schedule(terms, 1000.0, 10)
    np.testing.assert_allclose(built.federal[:3], [0.0, 850.0, 0.0])
    np.testing.assert_allclose(built.state[:3], [0.0, 200.0 + 0.2 * 800.0, 0.32 * 800.0])


def test_a_limit_and_a_fixed_credit_are_shared_by_what_earns_them() -> None:
    classes = (
        DepreciationClass(kind=DepreciationKind.STRAIGHT_LINE, life_years=2, share=0.6, earns_credit=True),
        DepreciationClass(kind=DepreciationKind.STRAIGHT_LINE, life_years=4, share=0.2, earns_credit=True),
        DepreciationClass(kind=DepreciationKind.STRAIGHT_LINE, life_years=1, share=0.2),
    )
    # 30 % of 800 would be 240; limited to 160, and 40 besides: 200, of which 150 and 50. Bases 525, 175 and 200.
    terms = TaxTerms(depreciation=classes, credit_share=0.3, credit_max=160.0, credit_amount=40.0)
    built = depreciation_schedule(terms, 1000.0, 4)
    assert built.credit == pytest.approx(200.0)
    np.testing.assert_allclose(built.federal, [0.0, 262.5 + 43.75 + 200.0, 262.5 + 43.75, 43.75, 43.75])
    unlimited = depreciation_schedule(TaxTerms(depreciation=classes, credit_share=0.3, credit_max=900.0), 1000.0, 4)
    assert unlimited.credit == pytest.approx(240.0)
