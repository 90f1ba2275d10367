"""Drawn plants on a day of 45 degC: no minute over the limit, with a chiller that obeys and with one that does not."""

import sys
from importlib import import_module
from pathlib import Path

import pytest

BENCHMARKS = Path(__file__).parents[2] / "benchmarks"


@pytest.fixture(scope="module")
def bench():
    sys.path.insert(0, str(BENCHMARKS))
    yield import_module("site_cooling")
    sys.path.remove(str(BENCHMARKS))


@pytest.mark.parametrize("seed", [0, 3, 7, 11])
def test_no_minute_over_the_limit_and_the_plan_is_delivered(bench, seed) -> None:
    outcome = bench.run(seed, bench.Foresight(), days=2)
    assert outcome.minutes_over == 0, f"seed {seed}"
    assert outcome.undelivered_kwh < 0.001 * 38_000.0, f"seed {seed}"


def test_without_cooling_the_same_plan_goes_over_the_limit(bench) -> None:
    never = bench.run(0, bench.Thermostat(90.0, 20.0), days=2)
    assert never.minutes_over > 60


@pytest.mark.parametrize("seed", [1, 5])
def test_a_chiller_that_does_not_obey_costs_power_not_temperature(bench, seed) -> None:
    outcome = bench.run(seed, bench.Foresight(), is_stuck=True, days=1)
    assert outcome.minutes_over == 0, f"seed {seed}"


def test_less_auxiliary_energy_than_a_thermostat_at_25(bench) -> None:
    ours, usual = bench.run(2, bench.Foresight(), days=2), bench.run(2, bench.Thermostat(25.0, 17.0), days=2)
    assert ours.auxiliary_kwh < 0.85 * usual.auxiliary_kwh
