"""A number outside its range is refused with the place where it was given."""

from __future__ import annotations

from battuta.domain.errors import InvalidQuantityError


def refuse_outside(name: str, value: float, low: float, high: float, unit: str, where: str) -> None:
    """Raise InvalidQuantityError unless the value lies in [low, high]; NaN lies nowhere."""
    if not low <= value <= high:
        raise InvalidQuantityError(name, value, low, high, unit, where=where)
