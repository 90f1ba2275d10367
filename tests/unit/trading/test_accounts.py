"""Money, stored energy and wear of a power profile, against sums done by hand."""

import numpy as np
import pytest

from battuta.domain.curves import Curve
from battuta.domain.wear import DepthWear, Wear
from battuta.trading import accounts


def test_revenue_pays_fees_both_ways_and_auxiliaries_at_the_import_price(make_problem):
    problem = make_problem([10.0, 50.0, 20.0], fees=(2.0, 1.0), auxiliary_power_kw=100.0)
    paid = accounts.revenue(problem, np.array([-900.0, 600.0, 0.0]))
    assert paid.tolist() == pytest.approx([-12.0, 24.5, -2.2])


def test_stored_energy_loses_by_efficiency_and_by_self_discharge(make_problem):
    problem = make_problem([10.0, 50.0], self_discharge_per_day=0.5)
    kept = 0.5 ** (1.0 / 24.0)
    path = accounts.energy_path_kwh(problem, np.array([-1000.0, 450.0]))
    assert path.tolist() == pytest.approx([900.0, 900.0 * kept - 500.0])


def test_part_load_pieces_fill_from_no_load_upwards(make_problem):
    problem = make_problem([10.0], part_load_efficiency=Curve(x=(0.5, 1.0), y=(0.8, 0.9)))
    assert accounts.stored_change_kwh(problem, np.array([-500.0])).tolist() == pytest.approx([400.0])
    assert accounts.stored_change_kwh(problem, np.array([-1000.0])).tolist() == pytest.approx([900.0])
    assert accounts.stored_change_kwh(problem, np.array([1000.0])).tolist() == pytest.approx([-1000.0 / 0.9])


def test_flat_and_calendar_wear_add_up(make_problem):
    wear = Wear(price_per_mwh=8.0, calendar_per_hour=Curve(x=(0.0, 1.0), y=(1.0, 3.0)))
    problem = make_problem([10.0, 50.0], wear=wear)
    paid = accounts.wear(problem, np.array([-1000.0, 450.0]), np.array([900.0, 400.0]))
    assert paid.tolist() == pytest.approx([2.8, 8.0 * 0.45 + 1.8])


def test_deep_discharge_pays_the_deep_segments(make_problem):
    problem = make_problem(
        [50.0, 50.0],
        efficiency_charge=1.0,
        efficiency_discharge=1.0,
        soc_start=1.0,
        wear=Wear(depth=DepthWear(price_per_mwh=(100.0, 300.0))),
    )
    power = np.array([500.0, 500.0])
    assert accounts.wear(problem, power, np.array([500.0, 0.0])).tolist() == pytest.approx([50.0, 150.0])
