"""Whatever the prices and the battery: both engines agree, and their plans are physical and deliverable."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from battuta.domain.asset import Battery, Site
from battuta.domain.curves import Curve
from battuta.domain.errors import InfeasibleError
from battuta.domain.wear import Wear
from battuta.trading import accounts
from battuta.trading.dynamic import solve_dynamic
from battuta.trading.execution import follow
from battuta.trading.milp import solve_milp
from battuta.trading.problem import storage_problem

BATTERY = Battery(power_kw=1000.0, energy_kwh=1000.0, efficiency_charge=0.9, efficiency_discharge=0.9)


def between(low, high, digits=4):
    return st.floats(low, high).map(lambda value: round(value, digits))


@st.composite
def problems(draw):
    """Random site and prices that dynamic programming can express."""
    soc_min, soc_max = draw(between(0.0, 0.4)), draw(between(0.6, 1.0))
    inside = between(soc_min, soc_max).map(lambda soc: min(max(soc, soc_min), soc_max))
    battery = Battery(
        power_kw=draw(between(100.0, 2000.0)),
        energy_kwh=draw(between(200.0, 8000.0)),
        efficiency_charge=draw(between(0.7, 1.0)),
        efficiency_discharge=draw(between(0.7, 1.0)),
        soc_min=soc_min,
        soc_max=soc_max,
        soc_start=draw(inside),
        soc_end=draw(st.none() | inside),
        self_discharge_per_day=draw(st.just(0.0) | between(0.0, 0.1)),
        auxiliary_power_kw=draw(st.just(0.0) | between(0.0, 50.0)),
        wear=Wear(price_per_mwh=draw(st.just(0.0) | between(0.0, 30.0))),
    )
    limit = st.just(np.inf) | between(60.0, 2000.0)
    site = Site(
        battery=battery,
        import_power_kw_max=draw(limit),
        export_power_kw_max=draw(limit),
        import_fee_per_mwh=draw(st.just(0.0) | between(0.0, 10.0)),
        export_fee_per_mwh=draw(st.just(0.0) | between(0.0, 10.0)),
    )
    # Whole cents, as exchanges quote: 1e-4 EUR/MWh is 1e-7 EUR/kWh, which HiGHS's tolerance does not tell from nothing.
    prices = draw(st.lists(between(-150.0, 300.0, digits=2), min_size=2, max_size=30))
    return storage_problem(site, np.array(prices), draw(st.sampled_from([0.25, 0.5, 1.0])))


def solve_or_refuse(solve, problem):
    try:
        return solve(problem)
    except InfeasibleError as error:
        assert error.conflicts  # noqa: PT017  a refusal must name its bounds
        return None


def objective(problem, plan):
    return float(
        accounts.revenue(problem, plan.power_kw).sum() - accounts.wear(problem, plan.power_kw, plan.energy_kwh).sum()
    )


@given(problems())
def test_both_engines_agree(problem):
    dynamic, milp = solve_or_refuse(solve_dynamic, problem), solve_or_refuse(solve_milp, problem)
    assert (dynamic is None) == (milp is None)
    if dynamic is not None:
        turnover = float(np.abs(accounts.revenue(problem, dynamic.power_kw)).sum())
        expected = objective(problem, dynamic)
        assert objective(problem, milp) == pytest.approx(expected, rel=1e-6, abs=1e-6 * max(turnover, 1.0))


@given(problems(), st.sampled_from([solve_dynamic, solve_milp]))
def test_plans_are_physical_and_delivered_as_planned(problem, solve):
    plan = solve_or_refuse(solve, problem)
    if plan is None:
        return
    slack = 1e-6 * max(problem.capacity_kwh, 1.0)
    charge, discharge = np.maximum(-plan.power_kw, 0.0), np.maximum(plan.power_kw, 0.0)
    assert np.all(np.minimum(charge, discharge) == 0.0)
    assert np.all(plan.power_kw >= problem.power_kw_low - 1e-6)
    assert np.all(plan.power_kw <= problem.power_kw_high + 1e-6)
    assert np.all(plan.energy_kwh >= problem.energy_kwh_low - slack)
    assert np.all(plan.energy_kwh <= problem.energy_kwh_high + slack)
    if problem.energy_kwh_end is not None:
        assert plan.energy_kwh[-1] == pytest.approx(problem.energy_kwh_end, abs=slack)
    path = accounts.energy_path_kwh(problem, plan.power_kw)
    np.testing.assert_allclose(path, plan.energy_kwh, rtol=1e-6, atol=slack)
    power, energy = follow(problem, plan.power_kw)
    np.testing.assert_allclose(power, plan.power_kw, rtol=1e-6, atol=slack)
    np.testing.assert_allclose(energy, plan.energy_kwh, rtol=1e-6, atol=slack)


@st.composite
def partial_curves(draw, slopes):
    """A two-point curve that ends before soc 0 and 1 are reached; level beyond."""
    x = draw(st.lists(st.integers(1, 9), min_size=2, max_size=2, unique=True).map(sorted))
    return Curve(x=(x[0] / 10, x[1] / 10), y=draw(slopes))


@given(
    partial_curves(st.just((3.0, 0.5)) | st.just((0.5, 3.0))),
    st.floats(0.05, 0.95).map(lambda soc: round(soc, 3)),
    st.lists(between(-20.0, 120.0), min_size=1, max_size=8),
)
def test_a_curve_is_level_beyond_its_points_for_both_engines(curve, soc_start, prices):
    hull = curve.spanning(0.0, 1.0).convexified()[0]
    battery = replace(BATTERY, soc_start=soc_start, wear=Wear(calendar_per_hour=hull))
    value = Curve(x=(0.0, curve.x[1]), y=(0.0, 30.0))
    problem = storage_problem(Site(battery=battery), np.array(prices), 1.0, terminal_value=value)
    money = [
        objective(problem, plan) + float(problem.terminal_value(float(plan.energy_kwh[-1])))
        for plan in (solve_dynamic(problem), solve_milp(problem))
    ]
    assert money[0] == pytest.approx(money[1], rel=1e-6, abs=1e-4)


@given(
    st.sampled_from(["charge_taper", "discharge_taper"]),
    st.integers(1, 9),
    between(0.1, 1.0),
    between(0.0, 1.0),
    st.lists(between(-20.0, 120.0), min_size=1, max_size=8),
    st.just(0.0) | between(0.0, 0.5),
)
def test_a_tapered_plan_is_delivered_as_planned(name, edge, level, share, prices, self_discharge):
    is_charge = name == "charge_taper"
    x = (edge / 10, 1.0) if is_charge else (0.0, edge / 10)
    y = (level, level * share) if is_charge else (level * share, level)
    battery = replace(BATTERY, soc_start=0.5, self_discharge_per_day=self_discharge, **{name: Curve(x=x, y=y)})
    problem = storage_problem(Site(battery=battery), np.array(prices), 1.0)
    plan = solve_milp(problem)
    power, energy = follow(problem, plan.power_kw)
    np.testing.assert_allclose(power, plan.power_kw, atol=1e-3)
    np.testing.assert_allclose(energy, plan.energy_kwh, atol=1e-3)
