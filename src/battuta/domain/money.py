"""Money is exact: floats become decimals by their shortest text, and a sum is rounded once to the minor unit."""

from __future__ import annotations

from decimal import ROUND_HALF_EVEN, Decimal

_MINOR_DIGITS = {"JPY": 0, "KRW": 0, "CLP": 0, "ISK": 0, "HUF": 2, "KWD": 3, "BHD": 3, "TND": 3}
_DEFAULT_MINOR_DIGITS = 2


def exact(value: float) -> Decimal:
    """Decimal of the shortest text that names the float.

    Examples
    --------
    >>> exact(0.1) + exact(0.2)
    Decimal('0.3')
    """
    return Decimal(repr(float(value)))


def rounded(amount: Decimal, currency: str) -> Decimal:
    """Round half to even to the currency's minor unit (ISO 4217).

    Examples
    --------
    >>> rounded(Decimal("1.005"), "EUR"), rounded(Decimal("1.5"), "JPY")
    (Decimal('1.00'), Decimal('2'))
    """
    digits = _MINOR_DIGITS.get(currency, _DEFAULT_MINOR_DIGITS)
    return amount.quantize(Decimal(1).scaleb(-digits), rounding=ROUND_HALF_EVEN)
