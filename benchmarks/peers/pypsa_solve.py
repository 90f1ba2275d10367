"""The problem in PyPSA's words: a storage unit at a bus with a generator that buys and sells at the price.

Both efficiencies, the AC power limits, the stored energy and the free end are PyPSA's own. PyPSA states a
linear program: nothing forbids charge and discharge in one step, so at negative prices it claims money that
no battery earns (`simultaneous_steps` counts such steps).
"""

from __future__ import annotations

from time import perf_counter

IMPORT_STARTED = perf_counter()

import highspy  # noqa: E402 - the import is timed
import numpy as np  # noqa: E402
import pandas as pd  # noqa: E402
import pypsa  # noqa: E402

IMPORT_SECONDS = perf_counter() - IMPORT_STARTED

from exchange import KW_PER_MW, Plan, Problem, SolverClock, answer, arguments  # noqa: E402


def network(problem: Problem) -> pypsa.Network:
    """State a problem as a network.

    Parameters
    ----------
    problem : Problem
        Battery and prices.

    Returns
    -------
    pypsa.Network
        One bus, one storage unit, one market; powers in MW.
    """
    power_mw = problem.power_kw / KW_PER_MW
    power_mw_market = 10.0 * power_mw  # never binds
    built = pypsa.Network()
    steps = pd.RangeIndex(len(problem.price_per_mwh))
    built.set_snapshots(steps, default_snapshot_weightings=problem.step_h)
    built.add("Bus", "site")
    built.add(
        "Generator",
        "market",
        bus="site",
        p_nom=power_mw_market,
        p_min_pu=-1.0,
        marginal_cost=np.asarray(problem.price_per_mwh),
    )
    built.add(
        "StorageUnit",
        "battery",
        bus="site",
        p_nom=power_mw,
        max_hours=problem.energy_kwh / problem.power_kw,
        efficiency_store=problem.efficiency_charge,
        efficiency_dispatch=problem.efficiency_discharge,
        state_of_charge_initial=problem.energy_kwh_start / KW_PER_MW,
        cyclic_state_of_charge=False,
    )
    return built


def solve(problem: Problem, io_api: str) -> Plan:
    """Solve a problem with PyPSA.

    Parameters
    ----------
    problem : Problem
        Battery and prices.
    io_api : str
        How linopy hands the model to HiGHS: "direct" in memory, "lp" through a file (linopy's default).

    Returns
    -------
    Plan
        Charge and discharge at the bus.
    """
    built = network(problem)
    status, condition = built.optimize(
        solver_name="highs",
        io_api=io_api,
        solver_options={"output_flag": False},
        include_objective_constant=False,
    )
    units = built.storage_units_t
    return Plan(
        charge_kw=(units["p_store"]["battery"].to_numpy() * KW_PER_MW).tolist(),
        discharge_kw=(units["p_dispatch"]["battery"].to_numpy() * KW_PER_MW).tolist(),
        objective_claimed=-float(built.objective),
        status=f"{status} {condition}",
    )


def main() -> None:
    """Read the problem named on the command line and print PyPSA's answer."""
    parser = arguments(__doc__ or "")
    parser.add_argument("--io-api", choices=("direct", "lp"), default="direct", help="way from linopy to HiGHS")
    options = parser.parse_args()
    answer(
        "pypsa",
        lambda problem: solve(problem, options.io_api),
        clock=SolverClock(highspy.Highs, "run"),
        seconds_import=IMPORT_SECONDS,
        problem_path=options.problem,
        solver=f"highs ({options.io_api})",
    )


if __name__ == "__main__":
    main()
