"""A site and prices become bounds per step; what no engine can take is refused by name."""

import numpy as np
import pytest

from battuta.domain.asset import Site
from battuta.domain.curves import Curve
from battuta.domain.errors import DataError, InvalidQuantityError, UsageError
from battuta.domain.market import Binding
from battuta.trading.problem import Headroom, pieces, storage_problem


def test_a_site_becomes_bounds_per_step(make_problem):
    problem = make_problem([10.0, 50.0], fees=(2.0, 1.0), soc_min=0.1, soc_max=0.9, soc_start=0.5, soc_end=0.4)
    assert problem.buy_per_mwh.tolist() == [12.0, 52.0]
    assert problem.sell_per_mwh.tolist() == [9.0, 49.0]
    assert (problem.energy_kwh_low[0], problem.energy_kwh_high[0]) == (100.0, 900.0)
    assert (problem.energy_kwh_start, problem.energy_kwh_end) == (500.0, 400.0)
    assert (problem.power_kw_low[0], problem.power_kw_high[0]) == (-1000.0, 1000.0)


def test_interconnection_and_reserves_narrow_the_power_and_are_named(make_site):
    site = Site(
        battery=make_site(auxiliary_power_kw=50.0).battery, export_power_kw_max=400.0, import_power_kw_max=700.0
    )
    problem = storage_problem(site, np.array([10.0]), 1.0)
    assert (problem.power_kw_low[0], problem.power_kw_high[0]) == (-650.0, 450.0)
    assert (problem.low_binding(), problem.high_binding()) == ([Binding.IMPORT_LIMIT], [Binding.EXPORT_LIMIT])
    up = np.array([200.0])
    headroom = Headroom(up_kw=up, down_kw=0.0 * up, up_energy_kwh=0.45 * up, down_energy_kwh=0.0 * up)
    reserved = storage_problem(site, np.array([10.0]), 1.0, headroom=headroom)
    assert (reserved.power_kw_high[0], reserved.energy_kwh_low[0]) == (250.0, pytest.approx(100.0))
    assert reserved.high_binding() == [Binding.RESERVE]


def test_part_load_pieces_carry_marginal_efficiencies(make_site):
    battery = make_site(part_load_efficiency=Curve(x=(0.5, 1.0), y=(0.8, 0.9))).battery
    assert pieces(battery, is_charge=True).ravel().tolist() == pytest.approx([500.0, 0.8, 500.0, 1.0])
    assert pieces(battery, is_charge=False)[0].tolist() == pytest.approx([500.0, 0.8])


def test_the_temperature_taper_needs_a_temperature(make_site):
    site = make_site(charge_temperature_taper=Curve(x=(0.0, 10.0), y=(0.0, 1.0)))
    assert storage_problem(site, np.zeros(2), 1.0, temperature_c=5.0).power_kw_low.tolist() == [-500.0, -500.0]
    with pytest.raises(UsageError, match="temperature_c"):
        storage_problem(site, np.zeros(2), 1.0)


def test_missing_prices_and_a_convex_terminal_value_are_refused(make_problem, make_site):
    with pytest.raises(DataError, match="first at step 1"):
        make_problem([10.0, np.nan])
    with pytest.raises(UsageError, match="concave"):
        storage_problem(make_site(), np.zeros(1), 1.0, terminal_value=Curve(x=(0.0, 0.5, 1.0), y=(0.0, 1.0, 9.0)))


def test_a_price_beyond_any_limit_is_refused(make_problem):
    with pytest.raises(InvalidQuantityError, match="price_per_mwh"):
        make_problem([10.0, 1e308])
