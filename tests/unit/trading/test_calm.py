"""Among equally good plans the calmest one is taken, and nothing is lost by it."""

import numpy as np
import pytest

from battuta.trading import accounts
from battuta.trading.calm import calmest
from battuta.trading.dynamic import solve_dynamic


def test_equal_prices_are_shared_evenly(make_problem):
    problem = make_problem([10.0, 10.0, 50.0], efficiency_charge=1.0, efficiency_discharge=1.0)
    calm = calmest(problem, solve_dynamic(problem))
    assert calm.power_kw.tolist() == pytest.approx([-500.0, -500.0, 1000.0], abs=0.01)


def test_the_objective_stays_and_the_movement_does_not_grow(make_problem):
    prices = np.round(40.0 + 30.0 * np.sin(np.arange(48.0) / 3.0), 0)
    problem = make_problem(prices, energy_kwh=3000.0)
    plan = solve_dynamic(problem)
    calm = calmest(problem, plan)
    best = accounts.revenue(problem, plan.power_kw).sum()
    assert accounts.revenue(problem, calm.power_kw).sum() == pytest.approx(best, rel=3e-6)
    assert np.abs(np.diff(calm.power_kw)).sum() <= np.abs(np.diff(plan.power_kw)).sum() + 1e-3


def test_one_step_has_nothing_to_calm(make_problem):
    problem = make_problem([10.0])
    plan = solve_dynamic(problem)
    assert calmest(problem, plan) is plan


def test_equal_hours_share_the_work_on_both_sides(make_problem):
    prices = [10.0, 10.0, 10.0, 10.0, 50.0, 50.0, 50.0, 50.0]
    problem = make_problem(prices, energy_kwh=2000.0, efficiency_charge=1.0, efficiency_discharge=1.0, soc_end=0.0)
    calm = calmest(problem, solve_dynamic(problem))
    assert calm.power_kw == pytest.approx([-500.0] * 4 + [500.0] * 4, abs=0.01)
