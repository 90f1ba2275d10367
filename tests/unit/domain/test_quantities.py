"""The registry of quantities."""

import math

import pytest

from battuta.domain.asset import Battery
from battuta.domain.errors import InvalidQuantityError, UsageError
from battuta.domain.quantities import QUANTITIES, quantity


def test_a_quantity_says_unit_meaning_sign_and_range():
    power = quantity("power_kw")
    assert (power.unit, power.sign) == ("kW", "discharge")
    assert power.holds(-500.0)
    assert not power.holds(math.nan)


def test_an_unknown_name_lists_those_alike():
    with pytest.raises(UsageError, match=r"'power_mw' is not known; there is power_kw, auxiliary_power_kw"):
        quantity("power_mw")


def test_every_range_is_one_and_every_word_is_there():
    for name, each in QUANTITIES.items():
        assert each.name == name
        assert each.low < each.high
        assert each.unit
        assert each.meaning
        assert (each.low >= 0.0) == (each.sign == "magnitude")


@pytest.mark.parametrize("name", ["efficiency_charge", "efficiency_discharge", "soc_min", "soc_max", "soc_start"])
def test_an_asset_refuses_what_lies_outside(name):
    with pytest.raises(InvalidQuantityError, match=name):
        Battery(**{"power_kw": 1000.0, "energy_kwh": 2000.0, name: quantity(name).high + 0.01})
