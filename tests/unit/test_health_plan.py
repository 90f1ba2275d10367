"""Lives that maintenance plans are held against, by hand: what a failure costs, and what the plan counts with."""

import sys
from dataclasses import replace
from importlib import import_module
from pathlib import Path

import numpy as np
import pytest

from battuta.domain.health import FaultClass

BENCHMARKS = Path(__file__).parents[2] / "benchmarks"


@pytest.fixture(scope="module")
def bench():
    sys.path.insert(0, str(BENCHMARKS))
    yield import_module("health_plan")
    sys.path.remove(str(BENCHMARKS))


@pytest.fixture(scope="module")
def fleet(bench):
    return bench.planned(bench.FIRST_SEED)


def test_a_failed_short_spoils_what_its_price_says(bench, fleet) -> None:
    """A call-out 2500, a module 4000, two days of 19.20, and 20,000 or 2000; a year later, 6 % less."""
    desk, findings, plans = fleet
    days = np.full(len(findings), np.inf)
    days[4] = 365.25
    for fault, damage in ((FaultClass.MICRO_SHORT, 20_000.0), (FaultClass.RESISTANCE_RISE, 2000.0)):
        life = bench.Life(failure_days=days, faults=(fault,) * len(findings))
        spent = bench.lived(life, plans["do_nothing"], desk)
        assert spent == pytest.approx((6500.0 + damage + 2 * 19.2) / 1.06)


def test_the_plan_counts_with_the_damage_that_lives_pay(bench, fleet) -> None:
    """Who does nothing pays a failure for each module that fails: over many lives, what the plan expects of it."""
    desk, findings, plans = fleet
    spent = [
        bench.lived(life, plans["do_nothing"], desk)
        for life in bench.lives_of(bench.FIRST_SEED, "as_told", findings, 3000)
    ]
    error = np.std(spent) / np.sqrt(len(spent))
    assert np.mean(spent) == pytest.approx(plans["do_nothing"].cost, abs=4.0 * error)
    cheap = replace(desk, damage_cost=None).rules()["do_nothing"].cost
    assert abs(np.mean(spent) - cheap) > 40.0 * error
