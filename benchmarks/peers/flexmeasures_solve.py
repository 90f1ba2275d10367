"""The problem in FlexMeasures' words: one device with stock bounds and one energy commitment at the price.

`device_scheduler`, the function behind FlexMeasures' storage schedules, is called directly: no database, no
server. Both efficiencies, the power limits, the stock bounds and the free end are its own, and binaries keep
charge and discharge apart in every step, so its optimum is exact. `--solver highspy` is the default of
FlexMeasures 1.0 (HiGHS without a modelling layer); `--solver appsi_highs` is the same model through Pyomo.
"""

from __future__ import annotations

from time import perf_counter

IMPORT_STARTED = perf_counter()

import highspy  # noqa: E402 - the import is timed
import numpy as np  # noqa: E402
import pandas as pd  # noqa: E402
from flask import Flask  # noqa: E402
from flexmeasures.data.models.planning.linear_optimization import device_scheduler  # noqa: E402

IMPORT_SECONDS = perf_counter() - IMPORT_STARTED

from exchange import KW_PER_MW, Plan, Problem, SolverClock, answer, arguments  # noqa: E402


def device(problem: Problem, index: pd.DatetimeIndex) -> pd.DataFrame:
    """State the battery as device constraints.

    Parameters
    ----------
    problem : Problem
        The battery.
    index : DatetimeIndex, length n_times
        Start of each step.

    Returns
    -------
    DataFrame
        One row a step; flows in MW, stock in MW times steps, both relative to the start.
    """
    mw_steps_per_kwh = 1.0 / KW_PER_MW / problem.step_h
    return pd.DataFrame(
        {
            "min": -problem.energy_kwh_start * mw_steps_per_kwh,
            "max": (problem.energy_kwh - problem.energy_kwh_start) * mw_steps_per_kwh,
            "equals": np.nan,
            "derivative min": -problem.power_kw / KW_PER_MW,
            "derivative max": problem.power_kw / KW_PER_MW,
            "derivative equals": np.nan,
            "derivative down efficiency": problem.efficiency_discharge,
            "derivative up efficiency": problem.efficiency_charge,
            "stock delta": 0.0,
        },
        index=index,
    )


def market(problem: Problem, index: pd.DatetimeIndex) -> pd.DataFrame:
    """State the prices as a commitment of zero whose every deviation is bought or sold.

    Parameters
    ----------
    problem : Problem
        The prices.
    index : DatetimeIndex, length n_times
        Start of each step.

    Returns
    -------
    DataFrame
        One row and one group a step; price per MW held for one step.
    """
    price_per_mw_step = np.asarray(problem.price_per_mwh) * problem.step_h
    return pd.DataFrame(
        {
            "quantity": 0.0,
            "downwards deviation price": price_per_mw_step,
            "upwards deviation price": price_per_mw_step,
            "group": range(len(index)),
        },
        index=index,
    )


def solve(problem: Problem) -> Plan:
    """Solve a problem with FlexMeasures, inside an application context that names the solver.

    Parameters
    ----------
    problem : Problem
        Battery and prices.

    Returns
    -------
    Plan
        Charge and discharge.
    """
    index = pd.date_range(
        "2017-01-01", periods=len(problem.price_per_mwh), freq=pd.Timedelta(hours=problem.step_h), tz="UTC"
    )
    site = pd.DataFrame({"derivative min": np.nan, "derivative max": np.nan}, index=index)
    _, cost, results, model = device_scheduler(
        device_constraints=[device(problem, index)],
        ems_constraints=site,
        commitments=[market(problem, index)],
        initial_stock=problem.energy_kwh_start / KW_PER_MW / problem.step_h,
    )
    up, down = model.device_power_up.extract_values(), model.device_power_down.extract_values()
    steps = range(len(index))
    return Plan(
        charge_kw=[up[0, step] * KW_PER_MW for step in steps],
        discharge_kw=[-down[0, step] * KW_PER_MW for step in steps],
        objective_claimed=-float(cost),
        status=str(results.solver.termination_condition),
    )


def main() -> None:
    """Read the problem named on the command line and print FlexMeasures' answer."""
    parser = arguments(__doc__ or "")
    parser.add_argument("--solver", choices=("highspy", "appsi_highs"), default="highspy", help="FlexMeasures' backend")
    options = parser.parse_args()
    application = Flask("peer")
    application.config.update(FLEXMEASURES_LP_SOLVER=options.solver, LOGGING_LEVEL="INFO")
    with application.app_context():
        answer(
            "flexmeasures",
            solve,
            clock=SolverClock(highspy.Highs, "run"),  # both backends end there
            seconds_import=IMPORT_SECONDS,
            problem_path=options.problem,
            solver=options.solver,
        )


if __name__ == "__main__":
    main()
