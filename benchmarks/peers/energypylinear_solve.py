"""The problem in energypylinear's words: a battery alone behind a site that imports and exports at the price.

energypylinear states an exact program (binaries keep charge and discharge apart) but differs from the problem
in two places, both bridged here so that its money is comparable:

- It loses energy on the charging side only. Measured where it leaves the battery, the stored energy of the
  problem obeys `stored' = stored + charge * efficiency_charge * efficiency_discharge - discharge`, which is
  energypylinear's own balance, with a capacity of `energy * efficiency_discharge`. The translation is exact.
- It ties the final energy to a number. A subclass leaves that one constraint out.

CBC hands its answer over as text with few digits, so the plan strays from the battery's limits by some 1e-3
kWh in a year. Steps must be whole minutes. The switch bounds the energy of a step by the capacity, which
never binds while a step at full power moves less energy than a full battery gives.
"""

from __future__ import annotations

from time import perf_counter

IMPORT_STARTED = perf_counter()

import energypylinear as epl  # noqa: E402 - the import is timed
import numpy as np  # noqa: E402
import pulp  # noqa: E402
from energypylinear.assets.battery import BatteryOneInterval  # noqa: E402

IMPORT_SECONDS = perf_counter() - IMPORT_STARTED

from exchange import KW_PER_MW, Plan, Problem, SolverClock, answer, arguments  # noqa: E402

MINUTES_PER_HOUR = 60.0
DEFAULT_TIME_LIMIT_S = 180  # energypylinear's own


class FreeEndBattery(epl.Battery):
    """A battery whose energy after the last step is free."""

    def constrain_after_intervals(self, optimizer: epl.Optimizer, ivars: epl.IntervalVars) -> None:
        """Fix the energy before the first step and nothing else."""
        first = ivars.filter_objective_variables(instance_type=BatteryOneInterval, i=0, asset_name=self.cfg.name)[0]
        optimizer.constrain(first.electric_initial_charge_mwh == self.cfg.initial_charge_mwh)


def site(problem: Problem) -> epl.Site:
    """State a problem as a site.

    Parameters
    ----------
    problem : Problem
        Battery and prices.

    Returns
    -------
    epl.Site
        The battery alone, import and export limits at its power.
    """
    freq_mins = round(problem.step_h * MINUTES_PER_HOUR)
    power_mw = problem.power_kw / KW_PER_MW
    battery = FreeEndBattery(
        power_mw=power_mw,
        capacity_mwh=problem.energy_kwh / KW_PER_MW * problem.efficiency_discharge,
        # A fraction, despite its name.
        efficiency_pct=problem.efficiency_charge * problem.efficiency_discharge,
        initial_charge_mwh=problem.energy_kwh_start / KW_PER_MW * problem.efficiency_discharge,
        freq_mins=freq_mins,
    )
    return epl.Site(
        assets=[battery],
        electricity_prices=np.asarray(problem.price_per_mwh),
        freq_mins=freq_mins,
        # Its default of 10 000 MW would be a needlessly loose switch for CBC.
        import_limit_mw=power_mw,
        export_limit_mw=power_mw,
    )


def solve(problem: Problem, time_limit_s: int) -> Plan:
    """Solve a problem with energypylinear.

    Parameters
    ----------
    problem : Problem
        Battery and prices.
    time_limit_s : int
        When CBC gives up. [s]

    Returns
    -------
    Plan
        Charge and discharge; `status` tells an optimum from the best plan found in time.
    """
    built = site(problem)
    simulation = built.optimize(
        verbose=False,  # 0 would be its most talkative level
        optimizer_config={"timeout": time_limit_s, "relative_tolerance": 0.0, "verbose": False},
    )
    results = simulation.results
    kw_per_mwh = KW_PER_MW / problem.step_h
    return Plan(
        charge_kw=(results["battery-electric_charge_mwh"].to_numpy(dtype=float) * kw_per_mwh).tolist(),
        discharge_kw=(results["battery-electric_discharge_mwh"].to_numpy(dtype=float) * kw_per_mwh).tolist(),
        objective_claimed=-float(simulation.status.objective),
        status=pulp.LpSolution[built.optimizer.prob.sol_status],
    )


def main() -> None:
    """Read the problem named on the command line and print energypylinear's answer."""
    parser = arguments(__doc__ or "")
    parser.add_argument("--time-limit-s", type=int, default=DEFAULT_TIME_LIMIT_S, help="when CBC gives up")
    options = parser.parse_args()
    answer(
        "energypylinear",
        lambda problem: solve(problem, options.time_limit_s),
        clock=SolverClock(pulp.PULP_CBC_CMD, "actualSolve"),  # writes a file, starts CBC, reads a file
        seconds_import=IMPORT_SECONDS,
        problem_path=options.problem,
        solver="cbc",
    )


if __name__ == "__main__":
    main()
