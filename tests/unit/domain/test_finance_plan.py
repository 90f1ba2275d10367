"""A plan that cannot be is refused with the key that is wrong and how to mend it."""

from dataclasses import replace

import pytest

from battuta.domain.errors import InvalidQuantityError, UsageError
from battuta.domain.finance_plan import (
    DebtKind,
    DebtTerms,
    DepreciationClass,
    DepreciationKind,
    FinancePlan,
    MajorMaintenance,
    ReserveTerms,
    TaxTerms,
)

PLAN = FinancePlan(currency="EUR", n_years=20, installed_cost=1e6, inflation=0.02, real_discount_rate=0.05)


def test_the_nominal_rate_compounds_inflation() -> None:
    assert PLAN.nominal_discount_rate == pytest.approx(1.02 * 1.05 - 1.0)


def test_the_state_tax_lowers_the_federal_income() -> None:
    assert TaxTerms(federal_rate=0.21, state_rate=0.07).effective_rate == pytest.approx(0.2653)


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("n_years", 0),
        ("installed_cost", -1.0),
        ("installed_cost", float("nan")),
        ("inflation", 2.5),
        ("real_discount_rate", 6.4),
        ("salvage_share", -2.0),
        ("insurance_share", 1.2),
    ],
)
def test_a_number_outside_its_range_is_named(key: str, value: float) -> None:
    with pytest.raises(InvalidQuantityError, match=rf"\[finance\]: {key} = "):
        replace(PLAN, **{key: value})


@pytest.mark.parametrize("currency", ["eur", "EURO", "€", ""])
def test_a_currency_is_a_code(currency: str) -> None:
    with pytest.raises(UsageError, match="ISO 4217"):
        replace(PLAN, currency=currency)


def test_a_loan_longer_than_the_project_is_refused() -> None:
    with pytest.raises(UsageError, match="tenor_years = 21 is longer than n_years = 20"):
        replace(PLAN, debt=DebtTerms(interest_rate=0.05, tenor_years=21))


def test_a_sculpted_loan_needs_a_coverage() -> None:
    for short in (0.0, 5e-324, 0.99):
        with pytest.raises(UsageError, match="served by more than the project earns"):
            DebtTerms(interest_rate=0.05, tenor_years=10, dscr=short)
    with pytest.raises(UsageError, match="or 0 for one that share_max alone sizes"):
        DebtTerms(interest_rate=0.05, tenor_years=10, dscr=0.5, kind=DebtKind.ANNUITY)
    assert DebtTerms(interest_rate=0.05, tenor_years=10, dscr=0.0, kind=DebtKind.ANNUITY).dscr == 0.0


def test_percent_where_a_share_belongs_is_refused() -> None:
    with pytest.raises(InvalidQuantityError, match="interest_rate = 7"):
        DebtTerms(interest_rate=7.0, tenor_years=18)
    with pytest.raises(InvalidQuantityError, match="exceedance = 90"):
        DebtTerms(interest_rate=0.07, tenor_years=18, exceedance=90.0)
    with pytest.raises(InvalidQuantityError, match="federal_rate = 21"):
        TaxTerms(federal_rate=21.0)


def test_parts_cannot_be_more_than_the_cost() -> None:
    part = DepreciationClass(kind=DepreciationKind.MACRS, life_years=5, share=0.6)
    with pytest.raises(UsageError, match=r"add up to 1\.2"):
        TaxTerms(depreciation=(part, part))


def test_macrs_has_six_classes() -> None:
    with pytest.raises(UsageError, match="take 3, 5, 7, 10, 15 or 20"):
        DepreciationClass(kind=DepreciationKind.MACRS, life_years=6, share=1.0)


def test_reserves_and_maintenance_below_nothing_are_refused() -> None:
    with pytest.raises(InvalidQuantityError, match="debt_service_months"):
        ReserveTerms(debt_service_months=-1.0)
    with pytest.raises(InvalidQuantityError, match="every_years"):
        MajorMaintenance(name="inverter", cost=1.0, every_years=0)


def test_a_loan_in_default_before_it_is_locked_up_is_refused() -> None:
    with pytest.raises(UsageError, match=r"default_dscr = 1\.15 is above lock_up_dscr = 1\.1"):
        DebtTerms(interest_rate=0.05, tenor_years=10, default_dscr=1.15)


def test_maintenance_without_a_name_is_refused() -> None:
    with pytest.raises(UsageError, match=r"\[\[finance\.reserves\.maintenance\]\] has no name"):
        MajorMaintenance(name=" ", cost=1.0, every_years=5)


def test_a_sculpted_loan_has_no_years_of_interest_only() -> None:
    with pytest.raises(UsageError, match="interest_only_years = 2 does not go with a sculpted loan"):
        DebtTerms(interest_rate=0.05, tenor_years=10, interest_only_years=2)


def test_a_loan_must_be_repaid_in_some_year() -> None:
    with pytest.raises(UsageError, match="leaves no year of tenor_years = 10"):
        DebtTerms(interest_rate=0.05, tenor_years=10, interest_only_years=10, kind=DebtKind.ANNUITY)


def test_a_fixed_credit_needs_parts_that_earn_it() -> None:
    part = DepreciationClass(kind=DepreciationKind.MACRS, life_years=5, share=0.5, earns_credit=True)
    earned = TaxTerms(depreciation=(part,), credit_amount=4e5)
    assert replace(PLAN, tax=earned).tax.credit_amount == 4e5
    with pytest.raises(UsageError, match=r"credit_amount = 600000 EUR is more than what earns it costs, 500000"):
        replace(PLAN, tax=replace(earned, credit_amount=6e5))
    with pytest.raises(UsageError, match="earns_credit = true"):
        replace(PLAN, tax=TaxTerms(credit_amount=1.0))
