"""A request is followed as far as the battery can, no further."""

import numpy as np
import pytest

from battuta.domain.curves import Curve
from battuta.trading.dynamic import solve_dynamic
from battuta.trading.execution import follow


def test_a_request_is_clipped_at_power_and_energy(make_problem):
    power, energy = follow(make_problem([0.0] * 4), np.array([-2000.0, -1000.0, 400.0, 2000.0]))
    assert power.tolist() == pytest.approx([-1000.0, -100.0 / 0.9, 400.0, (1000.0 - 400.0 / 0.9) * 0.9])
    assert energy.tolist() == pytest.approx([900.0, 1000.0, 1000.0 - 400.0 / 0.9, 0.0], abs=1e-9)


def test_a_taper_caps_charging_by_the_energy_at_the_start_of_the_step(make_problem):
    taper = Curve(x=(0.0, 0.5, 1.0), y=(1.0, 1.0, 0.0))
    problem = make_problem([0.0, 0.0], charge_taper=taper, efficiency_charge=1.0, soc_start=0.75)
    power, _ = follow(problem, np.array([-1000.0, 0.0]))
    assert power.tolist() == pytest.approx([-250.0, 0.0])


def test_the_ramp_counts_from_the_power_before(make_problem):
    problem = make_problem([0.0, 0.0], ramp_kw_per_minute=5.0, soc_start=1.0)
    power, _ = follow(problem, np.array([1000.0, 1000.0]), previous_power_kw=-100.0)
    assert power.tolist() == pytest.approx([200.0, 500.0])


def test_an_optimal_plan_is_delivered_as_planned(make_problem):
    problem = make_problem([10.0, 50.0, -20.0, 5.0, 90.0], self_discharge_per_day=0.1)
    plan = solve_dynamic(problem)
    power, energy = follow(problem, plan.power_kw)
    assert power.tolist() == pytest.approx(plan.power_kw.tolist(), abs=1e-6)
    assert energy.tolist() == pytest.approx(plan.energy_kwh.tolist(), abs=1e-6)


def test_standing_loss_at_the_lower_bound_is_recharged_as_the_engines_plan_it(make_problem):
    problem = make_problem([10.0, 10.0], soc_min=0.2, soc_start=0.2, self_discharge_per_day=0.1)
    power, energy = follow(problem, np.zeros(2))
    assert energy.tolist() == pytest.approx([200.0, 200.0])
    assert power.tolist() == pytest.approx([-200.0 * (1.0 - problem.retention) / 0.9] * 2)
    assert solve_dynamic(problem).power_kw.tolist() == pytest.approx(power.tolist())


def test_a_taper_looks_at_the_energy_before_the_loss_of_the_step(make_problem):
    taper = Curve(x=(0.0, 1.0), y=(0.0, 1.0))
    problem = make_problem([50.0], discharge_taper=taper, soc_start=0.4, self_discharge_per_day=0.5)
    assert follow(problem, np.array([1000.0]))[0].tolist() == pytest.approx([400.0 * problem.retention * 0.9])
    problem = make_problem([50.0], discharge_taper=taper, soc_start=0.4, self_discharge_per_day=0.5, power_kw=100.0)
    assert follow(problem, np.array([1000.0]))[0].tolist() == pytest.approx([40.0])
