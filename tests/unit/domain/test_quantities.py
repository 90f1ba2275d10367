"""The registry of quantities."""

import math
from dataclasses import fields

import pytest

from battuta.domain.asset import Battery
from battuta.domain.errors import InvalidQuantityError, UsageError
from battuta.domain.image import Signal
from battuta.domain.quantities import QUANTITIES, quantity
from battuta.site.limits import SiteLimits


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


def test_every_limit_of_a_site_that_a_file_may_state_lies_in_its_range():
    site = SiteLimits(power_kw=100.0, apparent_power_kva=110.0, energy_kwh=205.0, soc_min=0.05, soc_max=0.95)
    known = [each.name for each in fields(site) if each.name in QUANTITIES]
    assert {"power_kw", "apparent_power_kva", "energy_kwh", "soc_min", "soc_max"} <= set(known)
    for name in known:
        assert QUANTITIES[name].low <= getattr(site, name) <= QUANTITIES[name].high


@pytest.mark.parametrize("signal", [Signal.FREQUENCY_HZ, Signal.SOC, Signal.LOAD_KW, Signal.PV_KW])
def test_the_words_of_the_image_are_known(signal):
    assert signal.name.lower() in QUANTITIES


@pytest.mark.parametrize(
    ("name", "sensible", "senseless"),
    [
        ("frequency_hz", 49.98, -50.0),
        ("current_a", -280.0, math.inf),
        ("resistance_ohm", 2e-4, -2e-4),
        ("load_kw", 40.0, -40.0),
        ("reactive_kvar", -30.0, math.nan),
        ("power_pu", -1.0, 100.0),
    ],
)
def test_a_physical_word_holds_what_makes_sense(name, sensible, senseless):
    assert quantity(name).holds(sensible)
    assert not quantity(name).holds(senseless)


@pytest.mark.parametrize("name", ["efficiency_charge", "efficiency_discharge", "soc_min", "soc_max", "soc_start"])
def test_an_asset_refuses_what_lies_outside(name):
    with pytest.raises(InvalidQuantityError, match=name):
        Battery(**{"power_kw": 1000.0, "energy_kwh": 2000.0, name: quantity(name).high + 0.01})
