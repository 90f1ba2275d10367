"""A week of planted loads, second by second, with a market that wants the battery."""

import sys
from dataclasses import replace
from importlib import import_module
from pathlib import Path

import numpy as np
import pytest

BENCHMARKS = Path(__file__).parents[2] / "benchmarks"
DAYS, SITES = 4, 2


@pytest.fixture(scope="module")
def bench():
    sys.path.insert(0, str(BENCHMARKS))
    yield import_module("site_peak")
    sys.path.remove(str(BENCHMARKS))


@pytest.fixture(scope="module")
def planted(bench):
    return bench.plant(SITES, DAYS)


def test_a_limit_with_some_room_is_held_and_would_be_broken_without(bench, planted) -> None:
    limit_kw = 1.05 * np.array([bench.least_by_minute(planted, site) for site in range(SITES)])
    demand = replace(bench.new_period(limit_kw), is_raised=np.ones(SITES, dtype=bool))
    mean_kw, _, _ = bench.simulate(planted, demand, DAYS)
    assert (mean_kw.max(axis=0) <= limit_kw).all()
    assert (planted.quarter_kw.max(axis=0) > limit_kw).all()


def test_a_hopeless_limit_is_raised_once_and_the_peak_still_falls(bench, planted) -> None:
    mean_kw, _, demand = bench.simulate(planted, bench.new_period(np.full(SITES, 250.0)), DAYS)
    assert demand.is_raised.all()
    assert (demand.limit_kw > 250.0).all()
    assert (mean_kw.max(axis=0) < planted.quarter_kw.max(axis=0)).any()
