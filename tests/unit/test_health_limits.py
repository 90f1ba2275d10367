"""How early a fault could be told at all: the same string with and without it, and what adds up."""

import math
import sys
from importlib import import_module
from pathlib import Path

import numpy as np
import pytest

from battuta.world.foreign.faults import ForeignFault, ForeignFaultKind
from battuta.world.foreign.foreign_fleet import FleetPlan, StringLife

BENCHMARKS = Path(__file__).parents[2] / "benchmarks"
K = ForeignFaultKind


@pytest.fixture(scope="module")
def limits():
    sys.path.insert(0, str(BENCHMARKS))
    yield import_module("health_limits")
    sys.path.remove(str(BENCHMARKS))


@pytest.fixture(scope="module")
def rules(limits):
    return import_module("health_rules")


def distances(limits, rules, kind: ForeignFaultKind, size: float, n_days: int) -> list[float]:
    """Distance after each day since a fault began, to the day on which it can be told, healthy days before it."""
    fault = ForeignFault(kind=kind, string=0, cell=11, start_day=2, size=size)
    life = StringLife(FleetPlan(seed=77, n_strings=1, n_cells=32, faults=(fault,)), 0)
    life.block(2)
    limit = limits.FaultLimit(life, fault)
    found = []
    for _ in range(n_days):
        block = life.block(1)
        is_enough = limit.take(rules.DayView(block) if block.n_times else None)
        found.append(math.sqrt(limit.distance_squared))
        assert is_enough == (found[-1] >= limits.distance_needed())
    return found


def test_needed_distance_is_the_quantile_of_the_budget(limits) -> None:
    # 3.2855e-7 a day: tables of the normal distribution give 4.97
    assert limits.distance_needed() == pytest.approx(4.9727, abs=0.002)


def test_variance_of_a_reading_has_noise_and_step(limits) -> None:
    character = StringLife(FleetPlan(seed=1, n_strings=1, n_cells=8), 0).character
    law = character.law
    expected = law.noise_v**2 + law.noise_v_slow**2 + law.noise_v_module**2 + 0.001**2 / 12.0
    assert limits.reading_variance(character) == pytest.approx(expected)
    assert 5e-4 < math.sqrt(expected) < 1e-3


def test_an_offset_adds_up_as_a_known_signal_does(limits, rules) -> None:
    """A millivolt for 48 half hours a day, noise of 0.66 mV: the square of the distance grows by 48 (1 / 0.66)²."""
    found = distances(limits, rules, K.VOLTAGE_OFFSET, 0.001, 1)
    character = StringLife(FleetPlan(seed=77, n_strings=1, n_cells=32), 0).character
    expected = math.sqrt(48.0 * 1e-6 / limits.reading_variance(character))
    assert found[0] == pytest.approx(expected, rel=0.05)


def test_no_fault_is_no_distance(limits, rules) -> None:
    assert distances(limits, rules, K.RESISTANCE_RISE, 0.0, 3) == [0.0, 0.0, 0.0]


def test_what_the_string_does_as_a_whole_is_not_of_the_fault(limits, rules) -> None:
    fault = ForeignFault(kind=K.RESISTANCE_RISE, string=0, cell=11, start_day=0, size=0.0)
    life = StringLife(FleetPlan(seed=77, n_strings=1, n_cells=32, faults=(fault,)), 0)
    limit = limits.FaultLimit(life, fault)
    view = rules.DayView(life.block(1))
    view.apart_v += 0.01
    assert limit.take(view) is False
    assert limit.distance_squared == 0.0


def test_a_life_knows_its_limit_and_what_rules_scored(limits) -> None:
    lives = import_module("health_lives")
    fault = ForeignFault(kind=K.LEAK, string=0, cell=11, start_day=1, size=5.0)
    plan = FleetPlan(seed=77, n_strings=1, n_cells=32, faults=(fault,))
    life = lives.live(lives.Piece(plan=plan, string=0, n_days=4, planted=lives.SUDDEN[0]))
    assert life.limit_days == 1.0
    assert set(life.scores) == {"bms", "z_score", "cusum", "isolation_forest", "resistance_band"}
    assert {each.shape for each in life.scores.values()} == {(4, 32)}
    assert life.n_samples > 4 * 1300 * 32
    unasked = lives.live(lives.Piece(plan=plan, string=0, n_days=2, with_rules=False, with_limit=False))
    assert unasked.scores == {}
    assert math.isnan(unasked.limit_days)


def test_a_small_leak_takes_longer_than_a_large_one(limits, rules) -> None:
    large, small = (np.array(distances(limits, rules, K.LEAK, ohm, 4)) for ohm in (100.0, 3000.0))
    assert (np.diff(small) >= 0.0).all()
    assert (large > 3.0 * small).all()


def test_half_hours_are_means_over_rows_that_are_there(limits) -> None:
    minutes = np.array([0, 10, 29, 30, 95], dtype=np.int64)
    rows = np.array([[1.0], [2.0], [6.0], [4.0], [5.0]])
    assert limits.half_hours(minutes * 60_000_000_000, rows).ravel().tolist() == [3.0, 4.0, 5.0]
