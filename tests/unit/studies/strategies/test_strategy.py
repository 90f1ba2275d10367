"""A decision is a profile or limits, and a gate writes the problem of its day."""

import numpy as np
import pytest

from battuta.domain.errors import UsageError
from battuta.studies.strategies.strategy import Decision
from battuta.trading.rules import PriceLimits


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
