"""HiGHS finds the same optima, with binaries where the relaxation cheats, and limits that only it can express."""

from dataclasses import replace

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


@pytest.mark.parametrize(
    "change",
    [
        {"throughput_mwh_per_year_max": 1.2 * 8760.0 / 6.0},
        {"wear": Wear(depth=DepthWear(price_per_mwh=(5.0, 20.0)))},
        {"ramp_kw_per_minute": 10.0},
        {"charge_taper": Curve(x=(0.0, 0.5, 1.0), y=(1.0, 1.0, 0.2))},
        {"auxiliary_power_kw": 50.0, "fees": (5.0, 2.0)},
    ],
)
def test_what_is_at_stake_never_exceeds_what_idling_loses(make_problem, change):
    problem = make_problem([10.0, 50.0, 12.0, 40.0, 41.0, 5.0], soc_start=0.3, **change)
    plan = solve_milp(problem)
    assert plan.at_stake.max() > 0.0
    for t in range(problem.n_times):
        charge, discharge = problem.charge_power_kw_max.copy(), problem.discharge_power_kw_max.copy()
        charge[t] = discharge[t] = 0.0
        idle = solve_milp(replace(problem, charge_power_kw_max=charge, discharge_power_kw_max=discharge))
        assert plan.at_stake[t] <= net(problem, plan) - net(problem, idle) + 1e-6


def net(problem, plan):
    paid = accounts.wear(problem, plan.power_kw, plan.energy_kwh)
    return accounts.revenue(problem, plan.power_kw).sum() - paid.sum()


def test_standing_loss_does_not_take_depth_segments_away(make_problem):
    prices = np.tile([10.0, 100.0], 36)
    site = {"soc_min": 0.3, "soc_start": 0.3, "self_discharge_per_day": 0.5}
    worn = make_problem(prices, wear=Wear(depth=DepthWear(price_per_mwh=(0.1, 0.2))), **site)
    plan, free = solve_milp(worn), solve_milp(make_problem(prices, **site))
    assert plan.energy_kwh.tolist() == pytest.approx(free.energy_kwh.tolist(), abs=1e-3)
    claimed = Solver(write_rows(worn, np.zeros(72, dtype=bool)).program).solve().objective
    assert net(worn, plan) == pytest.approx(claimed, rel=1e-6)
