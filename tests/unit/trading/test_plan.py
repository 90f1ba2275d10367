"""A plan is what its engine answered: frozen, and the same from both engines where the optimum is unique."""

from dataclasses import FrozenInstanceError

import pytest

from battuta.trading.dynamic import solve_dynamic
from battuta.trading.milp import solve_milp


def test_both_engines_fill_the_same_plan(make_problem):
    problem = make_problem([10.0, 50.0, 20.0, 70.0])
    dynamic, milp = solve_dynamic(problem), solve_milp(problem)
    assert (dynamic.engine, milp.engine) == ("dynamic", "milp")
    for name in ("power_kw", "energy_kwh"):
        assert getattr(dynamic, name).tolist() == pytest.approx(getattr(milp, name).tolist(), abs=1e-6)
    assert dynamic.marginal_value_per_mwh.shape == milp.at_stake.shape == (4,)


def test_a_plan_is_frozen(make_problem):
    plan = solve_dynamic(make_problem([10.0, 50.0]))
    with pytest.raises(FrozenInstanceError):
        plan.engine = "other"
