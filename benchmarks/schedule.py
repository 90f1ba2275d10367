"""How fast and how exact schedules are, on a year of real German prices, beside peers in the same process tree.

`python benchmarks/schedule.py --json` prints one object and ends with 1 where a goal is not met. Peers run where their
environment was built (`make bench-peers`), else they print `not run`.
"""

from __future__ import annotations

import argparse
import json
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from time import perf_counter
from typing import Any, TypeVar

import numpy as np
from figures import DATA, NOT_RUN, ROOT, Figure, answer, peak_memory_mb, questions, say

from battuta.domain.asset import Battery, Site
from battuta.domain.curves import Curve
from battuta.domain.wear import DepthWear, Wear
from battuta.trading.dynamic import solve_dynamic, values_of_paths
from battuta.trading.problem import StorageProblem, storage_problem
from peers.environments import environment_python

PRICES = (DATA / "trading" / "epf_DE.csv.gz", ROOT / "battuta-data" / "epf" / "DE.csv")
"""Where the German prices of the EPF benchmark may lie; `make data` puts them at the last place."""
HOURS = 8760
EXACT_EUR = 21_182.0
RELAXED_EUR = 21_309.2
REPEATS = 5
T = TypeVar("T")


def main() -> int:
    """Measure everything and print it."""
    parser = questions(__doc__)
    parser.add_argument("--no-peers", action="store_true", help="leave the peers out")
    parser.add_argument("--child", choices=("dynamic", "milp"), help=argparse.SUPPRESS)
    parser.add_argument("--prices", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.child:
        solve_in_child(options.child, options.prices)
        return 0
    from battuta.app.prices import PriceRequest, load_prices  # noqa: PLC0415  a child does not read the file

    path = next((each for each in PRICES if each.is_file()), None)
    if path is None:
        print(
            "the German prices of the EPF benchmark are missing; fetch them with: make data ARGS=epf", file=sys.stderr
        )
        return 2
    series = load_prices(PriceRequest(path=path, source="epf", currency="EUR")).series
    price = series.price_per_mwh[-HOURS:]
    figures = [*own(price), *start_up()]
    if not options.no_peers:
        figures += peers(price, next(each.value for each in figures if each.name == "year_hourly_dynamic_seconds"))
    return answer(figures, as_json=options.json)


def plain_site() -> Site:
    """1 MW / 2 MWh, round trip 0.9 split evenly: the case that peers solve too."""
    one_way = 0.9**0.5
    return Site(
        battery=Battery(power_kw=1000, energy_kwh=2000, efficiency_charge=one_way, efficiency_discharge=one_way)
    )


def own(price: np.ndarray) -> list[Figure]:
    """Figures of our two engines."""
    from battuta.trading.milp import relaxed_objective, solve_milp  # noqa: PLC0415

    year = storage_problem(plain_site(), price, 1.0)
    rng = np.random.default_rng([2017, 15])
    quarters = storage_problem(plain_site(), np.repeat(price, 4) + rng.normal(0.0, 8.0, 4 * HOURS), 0.25)
    say("year, hourly")
    dynamic_s, dynamic = timed(lambda: solve_dynamic(year), REPEATS)
    milp_s, milp = timed(lambda: solve_milp(year), 1)
    relaxed_s, relaxed = timed(lambda: relaxed_objective(year), 1)
    money, exact = earned(year, dynamic.power_kw), earned(year, milp.power_kw)
    say("year, quarter-hours")
    quarter_s, quarter = timed(lambda: solve_dynamic(quarters), 3)
    quarter_relaxed = relaxed_objective(quarters)
    quarter_money = earned(quarters, quarter.power_kw)
    return [
        Figure(name="year_hourly_dynamic_seconds", value=dynamic_s, unit="s", goal=0.2),
        Figure(name="year_hourly_dynamic_stretch_seconds", value=dynamic_s, unit="s", goal=0.05),
        Figure(name="year_hourly_dynamic_objective", value=money, unit="EUR"),
        Figure(name="year_hourly_gap_to_milp", value=abs(money - exact) / exact, unit="-", goal=1e-4),
        Figure(name="year_hourly_gap_to_published", value=abs(money - EXACT_EUR) / EXACT_EUR, unit="-", goal=1e-4),
        Figure(name="year_hourly_milp_gap_0_seconds", value=milp_s, unit="s"),
        Figure(name="year_hourly_relaxation_seconds", value=relaxed_s, unit="s"),
        Figure(name="year_hourly_relaxation_objective", value=relaxed, unit="EUR"),
        Figure(name="year_hourly_relaxation_gap", value=abs(relaxed - RELAXED_EUR) / RELAXED_EUR, unit="-", goal=1e-4),
        Figure(name="year_quarter_hours_dynamic_seconds", value=quarter_s, unit="s", goal=1.0),
        Figure(name="year_quarter_hours_below_relaxation", value=1.0 - quarter_money / quarter_relaxed, unit="-"),
        *daily_and_paths(price),
        *full_problem(price),
        *memory(price),
    ]


def memory(price: np.ndarray) -> list[Figure]:
    """Peak memory of a process that does nothing but solve a year, by each engine."""
    say("memory")
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "year.npy"
        np.save(path, price)
        peaks = {engine: peak_of_child(engine, path) for engine in ("dynamic", "milp")}
    return [
        Figure(name=f"year_hourly_{engine}_peak_memory_mb", value=peak, unit="MB", goal=300.0)
        for engine, peak in peaks.items()
    ]


def peak_of_child(engine: str, prices: Path) -> float:
    """Run this script once more to solve the year by one engine, and return its peak memory. [MB]"""
    command = [sys.executable, __file__, "--child", engine, "--prices", str(prices)]
    return float(subprocess.run(command, check=True, capture_output=True, text=True).stdout)


def solve_in_child(engine: str, prices: Path) -> None:
    """Solve the year and print the peak memory of this process. [MB]"""
    year = storage_problem(plain_site(), np.load(prices), 1.0)
    if engine == "dynamic":
        solve_dynamic(year)
    else:
        from battuta.trading.milp import solve_milp  # noqa: PLC0415  the solver counts where it is used

        solve_milp(year)
    print(peak_memory_mb())


def daily_and_paths(price: np.ndarray) -> list[Figure]:
    """Time a year of daily re-optimisations and a thousand price paths."""
    say("daily re-optimisations and price paths")
    site = plain_site()
    days = price.reshape(365, 24)
    daily_s, _ = timed(lambda: [solve_dynamic(storage_problem(site, day, 1.0)) for day in days], 3)
    problem = storage_problem(site, np.zeros(96), 0.25)
    rng = np.random.default_rng([2017, 96])
    paths = np.repeat(price[:24], 4) + rng.normal(0.0, 20.0, (1000, 96))
    grid = np.linspace(0.0, 2000.0, 21)
    paths_s, values = timed(lambda: values_of_paths(problem, paths, grid), 3)
    alone = solve_dynamic(replace(problem, buy_per_mwh=paths[0], sell_per_mwh=paths[0]))
    difference = abs(float(values[0, 0]) - float(alone.power_kw @ paths[0]) * 0.25 / 1000.0)
    return [
        Figure(name="daily_365_seconds", value=daily_s, unit="s", goal=0.5),
        Figure(name="paths_1000x96_warm_seconds", value=paths_s, unit="s", goal=0.1),
        Figure(name="paths_value_minus_schedule", value=difference, unit="EUR", goal=1e-3),
    ]


def full_problem(price: np.ndarray) -> list[Figure]:
    """Taper, ramp, budget, depth wear, calendar wear, auxiliaries and fees in one linear program, a month of hours."""
    from battuta.trading.milp import solve_milp  # noqa: PLC0415

    say("full problem")
    battery = replace(
        plain_site().battery,
        charge_taper=Curve(x=(0.0, 0.8, 1.0), y=(1.0, 1.0, 0.3)),
        ramp_kw_per_minute=10.0,
        throughput_mwh_per_year_max=600.0,
        auxiliary_power_kw=5.0,
        self_discharge_per_day=0.001,
        wear=Wear(
            depth=DepthWear(price_per_mwh=(4.0, 6.0, 8.0, 10.0)),
            calendar_per_hour=Curve(x=(0.0, 0.5, 1.0), y=(0.1, 0.15, 0.3)),
        ),
    )
    site = replace(plain_site(), battery=battery, export_fee_per_mwh=0.5, import_fee_per_mwh=1.0)
    seconds, plan = timed(lambda: solve_milp(storage_problem(site, price[:744], 1.0)), 1)
    return [
        Figure(name="full_problem_month_milp_seconds", value=seconds, unit="s"),
        Figure(name="full_problem_month_budget_price", value=plan.budget_price_per_mwh, unit="EUR/MWh"),
    ]


def start_up() -> list[Figure]:
    """Time the import of the package and the help of the command line, each in a process of its own."""
    say("start-up")
    bare = median_seconds([sys.executable, "-c", "pass"])
    imported = median_seconds([sys.executable, "-c", "import battuta"])
    helped = median_seconds([sys.executable, "-m", "battuta", "--help"])
    return [
        Figure(name="import_battuta_seconds", value=max(imported - bare, 0.0), unit="s", goal=0.08),
        Figure(name="battuta_help_seconds", value=helped, unit="s", goal=0.4),
    ]


def peers(price: np.ndarray, ours_s: float | str) -> list[Figure]:
    """Run each peer on the same year and print the ratio of its build and solve time to our solve time."""
    goals = {"pypsa": 15.0, "flexmeasures": 50.0, "energypylinear": 50.0}
    figures: list[Figure] = []
    problem = {
        "price_per_mwh": price.tolist(), "step_h": 1.0, "power_kw": 1000.0, "energy_kwh": 2000.0,
        "efficiency_charge": 0.9**0.5, "efficiency_discharge": 0.9**0.5, "energy_kwh_start": 0.0,
    }  # fmt: skip
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "problem.json"
        path.write_text(json.dumps(problem), encoding="utf-8")
        for name, goal in goals.items():
            say(f"peer {name}")
            told = run_peer(name, path)
            if told is None or isinstance(ours_s, str):
                figures.append(Figure(name=f"{name}_year_ratio", value=NOT_RUN, unit="x"))
                continue
            seconds = told["seconds_build"] + told["seconds_solve"]
            figures += [
                Figure(name=f"{name}_{told['version']}_year_seconds", value=seconds, unit="s"),
                Figure(name=f"{name}_year_objective", value=told["objective"], unit="EUR"),
                Figure(name=f"{name}_year_ratio", value=seconds / ours_s, unit="x", goal=goal, is_more_better=True),
            ]
    return figures


def run_peer(name: str, problem: Path) -> dict[str, Any] | None:
    """Answer of a peer, None where it is absent or fails."""
    python = environment_python(name)
    if python is None:
        return None
    script = Path(__file__).parent / "peers" / f"{name}_solve.py"
    done = subprocess.run([python, script, problem], capture_output=True, text=True, check=False, timeout=900)
    return json.loads(done.stdout) if done.returncode == 0 else None


def earned(problem: StorageProblem, power_kw: np.ndarray) -> float:
    """Money of a plan at its prices. [EUR]"""
    return float(power_kw @ problem.sell_per_mwh) * problem.step_h / 1000.0


def timed(action: Callable[[], T], repeats: int) -> tuple[float, T]:
    """Median seconds of an action after one warm-up where it is repeated, and its answer."""
    result = action() if repeats > 1 else None
    seconds: list[float] = []
    for _ in range(repeats):
        started = perf_counter()
        result = action()
        seconds.append(perf_counter() - started)
    assert result is not None, "an action answers"
    return statistics.median(seconds), result


def median_seconds(command: list[str]) -> float:
    """Median wall-clock seconds of five runs of a command."""
    seconds: list[float] = []
    for _ in range(REPEATS):
        started = perf_counter()
        subprocess.run(command, check=True, capture_output=True)
        seconds.append(perf_counter() - started)
    return statistics.median(seconds)


if __name__ == "__main__":
    sys.exit(main())
