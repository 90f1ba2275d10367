"""The command behind the table of forecasts, on the last 28 days of each market: it prints what the long run prints.

28 days are too few for goals that are means of two years; those are kept in `proof/`. Here stands what must hold on
any month: our LEAR lies near the published one, the mix beats it, courses of a day beat independent hours.
"""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
HOLDS = {
    "mae_over_own_lear": (0.5, 1.0),
    "own_lear_over_published": (0.9, 1.1),
    "crps_over_baseline": (0.7, 1.05),
    "energy_score_over_independent": (0.5, 1.0),
    "variogram_score_over_independent": (0.3, 1.0),
    "coverage_90": (0.8, 0.97),
    "captured": (0.6, 1.0),
    "memory_max": (0.0, 2048.0),
}


@pytest.mark.slow
@pytest.mark.parametrize("market", ["NP", "FR", "DE"])
def test_the_benchmark_prints_what_it_should(data_dir, market):
    command = [sys.executable, "benchmarks/forecast.py", "--market", market, "--days", "28", "--warm-up-days", "28"]
    ran = subprocess.run(
        [*command, "--no-peers", "--json"],
        cwd=ROOT,
        env=os.environ | {"BATTUTA_DATA": str(data_dir)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.returncode in (0, 1), ran.stderr  # 1: a goal of the long run is not met on these days
    told = json.loads(ran.stdout)
    value = {figure["name"]: figure["value"] for figure in told["figures"]}
    outside = {name: value[name] for name, (low, high) in HOLDS.items() if not low <= value[name] <= high}
    assert outside == {}
    assert value["mae"] < value["mae_similar_day"]
    assert told["machine"]["market"] == market
