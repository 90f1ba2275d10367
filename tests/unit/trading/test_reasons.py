"""Each step says what holds it."""

from datetime import timedelta

import numpy as np
import pytest

from battuta.domain.curves import Curve
from battuta.domain.market import Binding
from battuta.trading.dynamic import solve_dynamic
from battuta.trading.milp import solve_milp
from battuta.trading.problem import storage_problem
from battuta.trading.reasons import bindings, explain, sentence

HOUR = timedelta(hours=1)


def hours(n):
    return np.arange(n) * 3_600_000_000_000


def test_rated_power_then_empty_and_a_sentence(make_problem):
    problem = make_problem([10.0, 50.0])
    schedule = explain(problem, solve_dynamic(problem), hours(2), HOUR)
    assert schedule.binding == (Binding.RATED_POWER, Binding.EMPTY)
    assert schedule.objective == pytest.approx(30.5)
    assert schedule.soc.tolist() == pytest.approx([0.9, 0.0], abs=1e-9)
    text = sentence(schedule, 0)
    assert text.startswith("buy 1,000 kW at 10.00 EUR/MWh; stored energy is worth 45.00")
    assert text.endswith("held by: rated power")


def test_a_spread_that_does_not_pay_is_named(make_problem):
    problem = make_problem([48.0, 50.0])
    assert bindings(problem, solve_dynamic(problem)) == [Binding.MARGIN, Binding.EMPTY]


def test_ramp_taper_and_required_end_are_named(make_problem):
    ramped = make_problem([10.0, 50.0], ramp_kw_per_minute=10.0)
    assert Binding.RAMP in bindings(ramped, solve_milp(ramped))
    tapered = make_problem([10.0, 50.0], charge_taper=Curve(x=(0.0, 1.0), y=(0.5, 0.5)))
    assert bindings(tapered, solve_milp(tapered))[0] is Binding.TAPER
    ended = make_problem([10.0, 50.0], soc_end=0.5)
    assert bindings(ended, solve_dynamic(ended))[-1] is Binding.END


def test_the_objective_counts_energy_left_and_a_quiet_step_waits(make_site):
    value = Curve(x=(0.0, 1.0), y=(0.0, 30.0))
    problem = storage_problem(make_site(soc_start=1.0), np.array([20.0]), 1.0, terminal_value=value)
    schedule = explain(problem, solve_dynamic(problem), hours(1), HOUR)
    assert schedule.objective == pytest.approx(30.0)
    assert sentence(schedule, 0).startswith("wait at 20.00")


def test_the_price_of_a_schedule_is_the_market_s(make_problem):
    problem = make_problem([10.0, 50.0], fees=(4.0, 1.0))
    assert explain(problem, solve_dynamic(problem), hours(2), HOUR).price_per_mwh.tolist() == [10.0, 50.0]
