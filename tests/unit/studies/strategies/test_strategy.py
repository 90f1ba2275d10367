"""A decision is a profile or limits, and a gate writes the problem of its day."""

from dataclasses import replace

import numpy as np
import pytest

from battuta.domain.errors import UsageError
from battuta.studies.strategies.strategy import Decision
from battuta.trading.rules import PriceLimits
from battuta.trading.schedule import best_plan


def test_a_profile_clears_whatever_the_price():
    request = np.array([5.0, -5.0])
    assert Decision(request_kw=request).power_kw(np.zeros(2), 100.0) is request


def test_limits_clear_at_the_realised_price():
    decision = Decision(limits=PriceLimits(buy_below_per_mwh=10.0, sell_above_per_mwh=50.0))
    assert decision.power_kw(np.array([5.0, 30.0, 60.0]), 100.0).tolist() == [-100.0, 0.0, 100.0]


def test_a_decision_without_either_is_refused():
    with pytest.raises(UsageError, match="power profile or price limits"):
        Decision().power_kw(np.zeros(2), 100.0)


def test_a_gate_writes_the_problem_of_its_day(make_context):
    problem = make_context(8).problem(np.arange(24.0))
    assert (problem.n_times, problem.energy_kwh_start) == (24, 0.0)


def test_the_lower_bound_can_be_held_whatever_the_ramp(make_context):
    context = make_context(8)
    leaky = replace(
        context.inputs.site.battery, soc_min=0.2, soc_start=0.2, soc_end=None,
        self_discharge_per_day=0.1, ramp_kw_per_minute=5.0,
    )  # fmt: skip
    inputs = replace(context.inputs, site=replace(context.inputs.site, battery=leaky))
    problem = replace(context, inputs=inputs, soc_start=0.2, previous_power_kw=300.0).problem(np.arange(24.0))
    assert best_plan(problem).energy_kwh.min() >= 400.0 - 1e-6


def test_a_profile_of_another_length_than_the_day_is_refused():
    with pytest.raises(UsageError, match="the day has"):
        Decision(request_kw=np.zeros(24)).power_kw(np.zeros(23), 1000.0)
