"""The words for what was decided and earned."""

from dataclasses import FrozenInstanceError
from decimal import Decimal

import pytest

from battuta.domain.market import Binding, Settlement


def test_a_binding_reads_as_words():
    assert str(Binding.FULL) == "upper SoC bound"
    assert Binding("ramp limit") is Binding.RAMP


def test_a_settlement_does_not_change():
    settlement = Settlement(lines=(), exact=Decimal(0), total=Decimal("0.00"), currency="EUR")
    with pytest.raises(FrozenInstanceError):
        settlement.currency = "USD"
