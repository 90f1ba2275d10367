"""Depreciation and taxes that cannot be are refused with the key that is wrong and how to mend it."""

import pytest

from battuta.domain.errors import InvalidQuantityError, UsageError
from battuta.domain.tax_terms import DepreciationClass, DepreciationKind, TaxTerms

CUSTOM, MACRS = DepreciationKind.CUSTOM, DepreciationKind.MACRS


def test_a_part_of_its_own_schedule_needs_no_life() -> None:
    part = DepreciationClass(kind=CUSTOM, yearly_shares=(0.6, 0.4), share=0.3)
    assert TaxTerms(depreciation=(part,)).credit_earning_share == 0.0


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({}, "they add up to 0, life_years = 0"),
        ({"yearly_shares": (0.6, 0.5)}, r"add up to 1\.1"),
        ({"yearly_shares": (0.6, 0.4), "life_years": 5}, "life_years = 5"),
    ],
)
def test_a_schedule_that_is_none_is_refused(given, said) -> None:
    with pytest.raises(UsageError, match=said):
        DepreciationClass(kind=CUSTOM, share=0.3, **given)


def test_a_schedule_beside_a_rule_is_refused() -> None:
    with pytest.raises(UsageError, match="yearly_shares belong to kind = 'custom', not to 'macrs'"):
        DepreciationClass(kind=MACRS, life_years=5, yearly_shares=(1.0,), share=0.3)


def test_a_rule_needs_its_life() -> None:
    with pytest.raises(InvalidQuantityError, match="life_years = 0"):
        DepreciationClass(kind=DepreciationKind.STRAIGHT_LINE, share=0.3)


@pytest.mark.parametrize("key", ["bonus_share", "state_bonus_share"])
def test_a_bonus_in_percent_is_refused(key) -> None:
    with pytest.raises(InvalidQuantityError, match=f"{key} = 40"):
        DepreciationClass(kind=MACRS, life_years=5, share=0.3, **{key: 40.0})


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"credit_amount": -1.0}, "credit_amount = -1"),
        ({"credit_max": -1.0}, "credit_max = -1"),
        ({"state_credit_basis_reduction": 2.0}, "state_credit_basis_reduction = 2"),
        ({"federal_rates": (0.2, 21.0)}, "federal_rates = 21"),
    ],
)
def test_a_number_outside_its_range_is_named(given, said) -> None:
    with pytest.raises(InvalidQuantityError, match=said):
        TaxTerms(**given)


def test_a_tax_is_said_once() -> None:
    with pytest.raises(UsageError, match=r"federal_rates and federal_rate = 0\.21 say the same tax twice"):
        TaxTerms(federal_rate=0.21, federal_rates=(0.21, 0.25))


def test_the_effective_rate_is_that_of_the_first_year() -> None:
    assert TaxTerms(federal_rates=(0.2, 0.3), state_rate=0.1).effective_rate == pytest.approx(0.1 + 0.2 * 0.9)
