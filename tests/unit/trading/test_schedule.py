"""One call from a problem to an explained schedule, by the engine that can express it."""

from datetime import timedelta

import numpy as np
import pytest

from battuta.domain.errors import NotExpressibleError
from battuta.trading.schedule import Engine, best_plan, schedule

PRICES = [10.0, 50.0, 20.0, 70.0]


@pytest.mark.parametrize("engine", list(Engine))
def test_every_engine_earns_the_same(make_problem, engine):
    hours = np.arange(4) * 3_600_000_000_000
    result = schedule(make_problem(PRICES), hours, timedelta(hours=1), engine)
    # Buy 1 MWh at 10 and at 20; 0.9 MWh sell at 70 from a full battery, the other 0.72 MWh at 50.
    assert result.objective == pytest.approx(69.0, rel=2e-6)
    assert len(result.binding) == 4


def test_auto_takes_the_engine_that_can_express_the_problem(make_problem):
    assert best_plan(make_problem(PRICES)).engine == "dynamic"
    ramped = make_problem(PRICES, ramp_kw_per_minute=5.0)
    assert best_plan(ramped).engine == "milp"
    with pytest.raises(NotExpressibleError, match="milp"):
        best_plan(ramped, Engine.DYNAMIC)


def test_calm_is_optional(make_problem):
    problem = make_problem([10.0, 10.0, 50.0], efficiency_charge=1.0, efficiency_discharge=1.0)
    assert best_plan(problem).power_kw.tolist() == pytest.approx([-500.0, -500.0, 1000.0], abs=0.01)
    assert sorted(best_plan(problem, is_calm=False).power_kw.tolist()) == pytest.approx([-1000.0, 0.0, 1000.0])
