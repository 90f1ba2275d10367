"""An infeasible problem names each bound that could give way, and by how much."""

import numpy as np
import pytest

from battuta.domain.asset import Site
from battuta.domain.curves import Curve
from battuta.trading.conflicts import find_conflicts
from battuta.trading.problem import Headroom, storage_problem


def test_an_end_out_of_reach_names_the_power_and_the_end(make_problem):
    problem = make_problem([10.0, 20.0], power_kw=100.0, efficiency_charge=1.0, soc_end=1.0)
    conflicts = {each.bound: each for each in find_conflicts(problem)}
    assert set(conflicts) == {"power_kw", "soc_end"}
    assert conflicts["soc_end"].amount == pytest.approx(800.0)
    assert (conflicts["soc_end"].step, conflicts["soc_end"].unit) == (1, "kWh")
    assert conflicts["power_kw"].unit == "kW"


def test_an_import_limit_below_the_auxiliaries_is_named(make_site):
    site = make_site(auxiliary_power_kw=50.0)
    problem = storage_problem(Site(battery=site.battery, import_power_kw_max=20.0), np.array([10.0]), 1.0)
    conflicts = find_conflicts(problem)
    assert "import_power_kw_max" in [each.bound for each in conflicts]
    assert "import_power_kw_max" in str(conflicts[[each.bound for each in conflicts].index("import_power_kw_max")])


def test_reserved_energy_that_is_not_there_is_named(make_site):
    headroom = Headroom(
        up_kw=np.array([500.0]),
        down_kw=np.zeros(1),
        up_energy_kwh=np.array([900.0]),
        down_energy_kwh=np.zeros(1),
    )
    problem = storage_problem(make_site(power_kw=600.0), np.array([10.0]), 1.0, headroom=headroom)
    assert "reserve energy up" in [each.bound for each in find_conflicts(problem)]


def test_losing_energy_both_ways_at_once_is_no_way_out(make_problem):
    changes = {"power_kw": 100.0, "efficiency_charge": 1.0, "efficiency_discharge": 0.75}
    problem = make_problem([0.0, 0.0], soc_start=1.0, soc_end=0.72, **changes)
    conflicts = {each.bound: each for each in find_conflicts(problem)}
    assert set(conflicts) == {"power_kw", "soc_end"}
    assert conflicts["soc_end"].amount == pytest.approx(1000.0 - 200.0 / 0.75 - 720.0)


def test_part_load_pieces_out_of_order_are_no_way_out(make_problem):
    curve = Curve(x=(0.5, 1.0), y=(0.8, 0.9))
    conflicts = find_conflicts(make_problem([0.0], soc_end=0.95, part_load_efficiency=curve))
    assert {each.bound for each in conflicts} == {"power_kw", "soc_end"}


def test_a_feasible_problem_has_no_conflict(make_problem):
    assert find_conflicts(make_problem([10.0, 20.0])) == []
