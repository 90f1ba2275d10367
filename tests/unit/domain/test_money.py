"""Money is exact and rounded once, half to even."""

from decimal import Decimal

import pytest

from battuta.domain.money import exact, rounded


def test_a_float_is_its_shortest_text():
    assert exact(0.1) * 3 == Decimal("0.3")


@pytest.mark.parametrize(
    ("amount", "currency", "expected"),
    [("1.015", "EUR", "1.02"), ("1.025", "EUR", "1.02"), ("2.5", "JPY", "2"), ("1.0005", "KWD", "1.000")],
)
def test_rounding_to_the_minor_unit(amount, currency, expected):
    assert str(rounded(Decimal(amount), currency)) == expected
