"""The desk plans with what a finding leaves: curves keep their kilowatts; where nothing is left nothing is traded."""

from dataclasses import replace

import numpy as np
import pytest

from battuta.domain.asset import Battery, Site
from battuta.domain.curves import Curve
from battuta.domain.health import Derating
from battuta.trading.derated_site import derated_site

BATTERY = Battery(
    power_kw=100.0, energy_kwh=200.0, soc_min=0.05, soc_max=0.95, soc_start=0.9, soc_end=0.1,
    charge_taper=Curve(x=(0.0, 0.8, 1.0), y=(1.0, 1.0, 0.2)),
    part_load_efficiency=Curve(x=(0.1, 0.4, 1.0), y=(0.90, 0.97, 0.95)),
)  # fmt: skip
SITE = Site(battery=BATTERY)
LEFT = Derating(string_id="a", power_share_max=0.5, soc_min=0.2, soc_max=0.8, temperature_c_max=45.0, reason="x")


def test_power_and_window_are_narrowed_and_start_and_end_lie_within() -> None:
    left = derated_site(SITE, LEFT).battery
    assert (left.power_kw, left.soc_min, left.soc_max, left.soc_start, left.soc_end) == (50.0, 0.2, 0.8, 0.8, 0.2)
    assert left.energy_kwh == 200.0, "the window is a share of the same energy"
    wider = derated_site(SITE, replace(LEFT, soc_min=0.0, soc_max=1.0)).battery
    assert (wider.soc_min, wider.soc_max) == (0.05, 0.95)


def test_curves_keep_their_kilowatts() -> None:
    left = derated_site(SITE, LEFT).battery
    soc = np.linspace(0.0, 1.0, 101)
    np.testing.assert_allclose(50.0 * left.charge_taper(soc), np.minimum(100.0 * BATTERY.charge_taper(soc), 50.0))
    kw = np.linspace(10.0, 50.0, 41)
    np.testing.assert_allclose(left.part_load_efficiency(kw / 50.0), BATTERY.part_load_efficiency(kw / 100.0))
    assert derated_site(SITE, replace(LEFT, power_share_max=1.0)).battery.charge_taper is BATTERY.charge_taper


@pytest.mark.parametrize(
    "nothing", [{"power_share_max": 0.0}, {"soc_min": 0.4, "soc_max": 0.4}, {"soc_min": 0.0, "soc_max": 0.05}]
)
def test_where_nothing_is_left_there_is_no_site_to_plan_for(nothing) -> None:
    assert derated_site(SITE, replace(LEFT, **nothing)) is None
