"""HiGHS finds the same optima, with binaries where the relaxation cheats, and limits that only it can express."""

import numpy as np
import pytest

from battuta.domain.curves import Curve
from battuta.domain.errors import InfeasibleError
from battuta.domain.wear import DepthWear, Wear
from battuta.numerics.linear_program import Solver
from battuta.trading import accounts
from battuta.trading.dynamic import solve_dynamic
from battuta.trading.milp import cheating_steps, relaxed_objective, solve_milp
from battuta.trading.rows import write_rows


def test_buy_low_and_sell_high(make_problem):
    plan = solve_milp(make_problem([10.0, 50.0]))
    assert plan.power_kw.tolist() == pytest.approx([-1000.0, 810.0])
    assert plan.marginal_value_per_mwh[0] == pytest.approx(45.0)
    assert plan.engine == "milp"


def test_a_negative_price_makes_the_relaxation_cheat_and_the_plan_not(make_problem):
    problem = make_problem([-50.0, 20.0], soc_start=1.0)
    assert relaxed_objective(problem) == pytest.approx(27.5)
    layout = write_rows(problem, np.zeros(2, dtype=bool))
    assert cheating_steps(problem, layout, Solver(layout.program).solve().x).tolist() == [True, False]
    assert accounts.revenue(problem, solve_milp(problem).power_kw).sum() == pytest.approx(18.0)


def test_energy_without_value_does_not_move_the_cheating_from_step_to_step(make_problem):
    problem = make_problem([-1.0, 0.0, 0.0, 0.0, 0.0], power_kw=100.0, efficiency_charge=0.75, efficiency_discharge=1.0)
    assert accounts.revenue(problem, solve_milp(problem).power_kw).sum() == pytest.approx(0.1)


def test_part_load_agrees_with_dynamic_programming(make_problem):
    curve = Curve(x=(0.2, 0.5, 1.0), y=(0.85, 0.95, 0.9))
    problem = make_problem([10.0, 12.0, 50.0, -5.0, 40.0, 41.0], energy_kwh=2000.0, part_load_efficiency=curve)
    money = [accounts.revenue(problem, solve(problem).power_kw).sum() for solve in (solve_milp, solve_dynamic)]
    assert money[0] == pytest.approx(money[1], rel=1e-6)


def test_ramp_budget_and_depth_wear_are_kept(make_problem):
    prices = [10.0, 10.0, 60.0, 60.0]
    ramped = solve_milp(make_problem(prices, ramp_kw_per_minute=5.0))
    assert np.abs(np.diff(ramped.power_kw)).max() <= 300.0 + 1e-6
    budget_mwh = 0.2 * 8760.0 / 4.0
    bounded = solve_milp(make_problem(prices, throughput_mwh_per_year_max=budget_mwh))
    assert np.maximum(bounded.power_kw, 0.0).sum() == pytest.approx(200.0)
    assert bounded.budget_price_per_mwh > 0.0
    worn = make_problem(prices, wear=Wear(depth=DepthWear(price_per_mwh=(0.0, 1000.0))))
    assert solve_milp(worn).energy_kwh.max() == pytest.approx(500.0)


def test_an_infeasible_problem_names_its_bounds(make_problem):
    with pytest.raises(InfeasibleError, match="soc_end"):
        solve_milp(make_problem([10.0], power_kw=100.0, soc_end=1.0))
