"""An asset is checked against its ranges when it is made."""

import pytest

from battuta.domain.asset import Battery, Site
from battuta.domain.curves import Curve
from battuta.domain.errors import InvalidQuantityError, UsageError


def test_a_plain_site():
    site = Site(battery=Battery(power_kw=1000.0, energy_kwh=2000.0))
    assert (site.currency, site.timezone, site.battery.soc_end) == ("EUR", "UTC", None)


@pytest.mark.parametrize(
    "change",
    [
        {"power_kw": 0.0},
        {"efficiency_charge": 1.1},
        {"soc_start": float("nan")},
        {"self_discharge_per_day": 1.0},
    ],
)
def test_a_quantity_outside_its_range_is_named(change):
    with pytest.raises(InvalidQuantityError, match=next(iter(change))):
        Battery(**{"power_kw": 1.0, "energy_kwh": 1.0} | change)


def test_a_taper_must_be_concave():
    with pytest.raises(UsageError, match="charge_taper must be concave"):
        Battery(power_kw=1.0, energy_kwh=1.0, charge_taper=Curve(x=(0.0, 0.5, 1.0), y=(1.0, 0.1, 0.1)))
    with pytest.raises(UsageError, match="beyond its points it is level"):
        Battery(power_kw=1.0, energy_kwh=1.0, charge_taper=Curve(x=(0.5, 0.9), y=(1.0, 0.1)))


def test_an_unknown_zone_is_refused():
    with pytest.raises(UsageError, match="Mars/Base"):
        Site(battery=Battery(power_kw=1.0, energy_kwh=1.0), timezone="Mars/Base")
