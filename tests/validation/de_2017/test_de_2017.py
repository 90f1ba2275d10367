"""A year of German prices: 1 MW, 2 MWh, 0.9 round trip; optima that were computed apart from this code."""

import math

import polars as pl
import pytest

from battuta.domain.asset import Battery, Site
from battuta.trading import accounts
from battuta.trading.dynamic import solve_dynamic
from battuta.trading.milp import relaxed_objective, solve_milp
from battuta.trading.problem import storage_problem


@pytest.fixture(scope="module")
def problem(data_dir):
    frame = pl.read_csv(data_dir / "trading" / "epf_DE.csv.gz", infer_schema_length=None)
    prices = frame.to_series(1).to_numpy()[-8760:]
    one_way = math.sqrt(0.9)
    battery = Battery(power_kw=1000.0, energy_kwh=2000.0, efficiency_charge=one_way, efficiency_discharge=one_way)
    return storage_problem(Site(battery=battery), prices, 1.0)


def earned(problem, plan):
    return accounts.revenue(problem, plan.power_kw).sum()


def test_the_optimum_of_the_year(problem):
    assert earned(problem, solve_dynamic(problem)) == pytest.approx(21_182.0, rel=2e-4)


def test_the_relaxation_claims_more_at_negative_prices(problem):
    assert relaxed_objective(problem) == pytest.approx(21_309.2, rel=1e-4)


def test_both_engines_agree_on_the_year(problem):
    assert earned(problem, solve_milp(problem)) == pytest.approx(earned(problem, solve_dynamic(problem)), rel=1e-6)
