"""Dynamic programming finds optima known by hand and says what it cannot express."""

from dataclasses import replace

import numpy as np
import pytest

from battuta.domain.curves import Curve
from battuta.domain.errors import InfeasibleError, NotExpressibleError, UsageError
from battuta.trading.dynamic import not_expressible, solve_dynamic, value_functions, values_of_paths
from battuta.trading.problem import storage_problem


def test_buy_low_and_sell_high(make_problem):
    plan = solve_dynamic(make_problem([10.0, 50.0]))
    assert plan.power_kw.tolist() == pytest.approx([-1000.0, 810.0])
    assert plan.energy_kwh.tolist() == pytest.approx([900.0, 0.0], abs=1e-9)
    assert plan.marginal_value_per_mwh[0] == pytest.approx(45.0)
    assert plan.at_stake.tolist() == pytest.approx([30.5, 40.5])


def test_the_value_before_the_first_step_is_the_optimum(make_problem):
    x, y = value_functions(make_problem([10.0, 50.0])).first()
    assert np.interp([0.0, 1000.0], x, y).tolist() == pytest.approx([30.5, 45.0])


def test_energy_left_is_kept_for_its_terminal_value(make_site):
    value = Curve(x=(0.0, 1.0), y=(0.0, 60.0))
    problem = storage_problem(make_site(), np.array([10.0, 50.0]), 1.0, terminal_value=value)
    assert solve_dynamic(problem).energy_kwh.tolist() == pytest.approx([900.0, 1000.0])


def test_what_it_cannot_express_and_cannot_reach_is_named(make_problem):
    ramped = make_problem([10.0, 50.0], ramp_kw_per_minute=1.0)
    assert not_expressible(ramped) == ["ramp_kw_per_minute"]
    with pytest.raises(NotExpressibleError, match="ramp_kw_per_minute"):
        solve_dynamic(ramped)
    with pytest.raises(InfeasibleError, match="soc_end"):
        solve_dynamic(make_problem([10.0], power_kw=100.0, soc_end=1.0))


def test_a_conflict_is_named_at_whichever_step_it_stands(make_problem):
    for n_times in range(1, 6):
        problem = make_problem(np.zeros(n_times), soc_start=0.5)
        for step in range(n_times):
            limit = problem.charge_power_kw_max.copy()
            limit[step] = -2000.0
            with pytest.raises(InfeasibleError, match="power_kw"):
                solve_dynamic(replace(problem, charge_power_kw_max=limit))


def test_many_paths_have_the_values_of_each_alone(make_problem):
    problem = make_problem([0.0, 0.0, 0.0], fees=(1.0, 1.0))
    paths = np.array([[10.0, 50.0, -20.0], [-30.0, -40.0, 80.0], [5.0, 5.0, 5.0]])
    grid = np.array([0.0, 400.0, 1000.0])
    values = values_of_paths(problem, paths, grid)
    for path, row in zip(paths, values, strict=True):
        x, y = value_functions(make_problem(path, fees=(1.0, 1.0))).first()
        assert row.tolist() == pytest.approx(np.interp(grid, x, y).tolist())
    with pytest.raises(UsageError, match="3 steps"):
        values_of_paths(problem, paths[:, :2], grid)


def test_paths_pay_each_fee_in_its_own_direction(make_problem):
    values = values_of_paths(make_problem([0.0, 0.0], fees=(4.0, 0.0)), np.array([[10.0, 50.0]]), np.zeros(1))
    assert values.tolist() == [[pytest.approx(0.81 * 50.0 - 14.0)]]
