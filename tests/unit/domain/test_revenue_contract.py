"""Contracts that cannot be, and contracts that sell the same megawatt twice, are refused."""

from dataclasses import replace

import pytest

from battuta.domain.errors import InvalidQuantityError, UsageError
from battuta.domain.revenue_contract import ContractKind, RevenueContract, refuse_overlap

TOLL = RevenueContract(name="toller", kind=ContractKind.TOLLING, share=0.6, payment_per_mw_year=8e4, n_years=7)


def test_a_contract_runs_from_its_first_year() -> None:
    late = replace(TOLL, first_year=3, n_years=2)
    assert [late.runs_in(year) for year in range(1, 7)] == [False, False, True, True, False, False]


@pytest.mark.parametrize(("key", "value"), [("share", 1.2), ("payment_per_mw_year", -1.0), ("first_year", 0)])
def test_a_number_outside_its_range_is_named(key, value) -> None:
    with pytest.raises(InvalidQuantityError, match=f"contract 'toller': {key}"):
        replace(TOLL, **{key: value})


def test_a_megawatt_is_sold_once() -> None:
    floor = replace(TOLL, name="floor", kind=ContractKind.FLOOR, first_year=7)
    with pytest.raises(UsageError, match=r"in year 7 the contracts 'toller', 'floor' cover 1\.2"):
        refuse_overlap((TOLL, floor), 20)
    refuse_overlap((TOLL, replace(floor, first_year=8)), 20)
    refuse_overlap((TOLL, replace(floor, share=0.4)), 20)


def test_a_contract_without_a_name_is_refused() -> None:
    with pytest.raises(UsageError, match=r"\[\[contract\]\] has no name"):
        replace(TOLL, name=" ")
