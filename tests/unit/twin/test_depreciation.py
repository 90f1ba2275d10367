"""The printed tables of IRS Publication 946 are made by their own rule."""

import numpy as np
import pytest

from battuta.domain.finance_plan import DepreciationClass, DepreciationKind
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


@pytest.mark.parametrize("kind", DepreciationKind)
@pytest.mark.parametrize("life_years", [3, 5, 7, 10, 15, 20])
def test_all_of_a_cost_is_deducted(kind, life_years) -> None:
    assert depreciation_shares(kind, life_years).sum() == pytest.approx(1.0, abs=1e-12)


def test_the_credit_takes_half_of_itself_from_the_basis() -> None:
    classes = (
        DepreciationClass(kind=MACRS, life_years=5, share=0.9, earns_credit=True),
        DepreciationClass(kind=HALF, life_years=20, share=0.1),
    )
    schedule, credit = depreciation_schedule(classes, 1000.0, 25, 0.3, 0.5)
    assert credit == pytest.approx(270.0)
    assert schedule.sum() == pytest.approx(900.0 - 135.0 + 100.0)
    assert schedule[0] == 0.0


def test_what_a_short_project_does_not_deduct_is_lost() -> None:
    classes = (DepreciationClass(kind=DepreciationKind.STRAIGHT_LINE, life_years=20, share=1.0),)
    schedule, _ = depreciation_schedule(classes, 1000.0, 5, 0.0, 0.5)
    np.testing.assert_allclose(schedule, [0.0, 50.0, 50.0, 50.0, 50.0, 50.0])
