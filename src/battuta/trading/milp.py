"""Schedules by HiGHS: a linear program first, binaries only where a price is negative or the relaxation cheats."""

from __future__ import annotations

import numpy as np

from battuta.domain.errors import InfeasibleError, SolverError
from battuta.numerics.arrays import BoolArray, FloatArray
from battuta.numerics.linear_program import Solution, Solver
from battuta.trading.conflicts import find_conflicts
from battuta.trading.plan import Plan
from battuta.trading.problem import StorageProblem
from battuta.trading.rows import Layout, write_rows

POWER_TOLERANCE_KW = 1e-6
_ROUNDS_MAX = 4


def solve_milp(problem: StorageProblem, *, time_limit_s: float = np.inf) -> Plan:
    """Find the best schedule by linear and, where needed, mixed-integer programming.

    The relaxation is exact where no step charges and discharges at once and part-load pieces are filled in order. Where
    it cheats, binaries are added at every step without a positive price and at every step that cheated, until none
    does; in the last round at all steps.

    Parameters
    ----------
    problem : StorageProblem
        The problem.
    time_limit_s : float
        Wall-clock limit of each solve. [s]

    Returns
    -------
    Plan
        The optimum.

    Raises
    ------
    InfeasibleError
        Naming the bounds that conflict and by how much.
    SolverError
        If the solver stopped early.
    """
    exclusive = cheats = np.zeros(problem.n_times, dtype=bool)
    for round_number in range(_ROUNDS_MAX):
        layout = write_rows(problem, exclusive)
        solver = Solver(layout.program, time_limit_s=time_limit_s)
        solution = _require_optimal(solver.solve(), problem)
        cheats = cheating_steps(problem, layout, solution.x)
        if not np.any(cheats & ~exclusive):  # what cheats within the solver's tolerance ends when binaries are fixed
            return _finished(problem, layout, solver, solution)
        exclusive = exclusive | cheats | (np.minimum(problem.buy_per_mwh, problem.sell_per_mwh) <= 0.0)
        if round_number == _ROUNDS_MAX - 2:
            exclusive = np.ones(problem.n_times, dtype=bool)
    message = f"{int(cheats.sum())} steps still charge and discharge at once after {_ROUNDS_MAX} rounds"
    raise SolverError(message)


def relaxed_objective(problem: StorageProblem) -> float:
    """Objective that the linear relaxation claims, simultaneous charge and discharge included. [currency]"""
    layout = write_rows(problem, np.zeros(problem.n_times, dtype=bool))
    return _require_optimal(Solver(layout.program).solve(), problem).objective


def cheating_steps(problem: StorageProblem, layout: Layout, x: FloatArray) -> BoolArray:
    """Steps that charge and discharge at once, or fill a later part-load piece before an earlier one.

    Parameters
    ----------
    problem : StorageProblem
        The problem.
    layout : Layout
        Where its variables stand.
    x : ndarray, shape (n_variables,)
        A solution.

    Returns
    -------
    ndarray, shape (n_times,)
        True where the solution is not physical.
    """
    charge, discharge = x[layout.charge], x[layout.discharge]
    cheats = np.minimum(charge.sum(axis=0), discharge.sum(axis=0)) > POWER_TOLERANCE_KW
    for power, pieces in ((charge, problem.charge_pieces), (discharge, problem.discharge_pieces)):
        room = pieces[:-1, :1] - power[:-1]
        cheats |= np.any((room > POWER_TOLERANCE_KW) & (power[1:] > POWER_TOLERANCE_KW), axis=0)
    return cheats


def _require_optimal(solution: Solution, problem: StorageProblem) -> Solution:
    if solution.is_optimal:
        return solution
    if solution.is_infeasible:
        raise InfeasibleError(find_conflicts(problem))
    message = f"the solver stopped with status {solution.status!r}; raise the time limit or shorten the horizon"
    raise SolverError(message)


def _finished(problem: StorageProblem, layout: Layout, solver: Solver, solution: Solution) -> Plan:
    """Fix the binaries, so that the duals mean what one more stored MWh is worth."""
    if layout.binaries.size:
        fixed = np.round(solution.x[layout.binaries])
        solver.change_bounds(layout.binaries, fixed, fixed)
        solver.relax_integers(layout.binaries)
        solution = _require_optimal(solver.solve(), problem)
    x = solution.x
    power_kw = x[layout.discharge].sum(axis=0) - x[layout.charge].sum(axis=0)
    marginal_per_kwh = solution.row_dual[layout.balance]
    return Plan(
        power_kw=np.where(np.abs(power_kw) < POWER_TOLERANCE_KW, 0.0, power_kw),
        energy_kwh=x[layout.stored],
        marginal_value_per_mwh=1000.0 * marginal_per_kwh,
        at_stake=_rent(problem, layout, x, solution.row_dual),
        budget_price_per_mwh=1000.0 * float(solution.row_dual[layout.budget].sum()),
        engine="milp",
    )


def _rent(problem: StorageProblem, layout: Layout, x: FloatArray, dual: FloatArray) -> FloatArray:
    """Money of each step at the price of all that it shares with other steps. [currency]

    Stored energy, budget, depth segments and ramp are paid at their duals, so that what is left is a lower bound of
    what idling would lose.
    """
    charge, discharge = x[layout.charge], x[layout.discharge]
    into = problem.step_h * (charge * problem.charge_pieces[:, 1:]).sum(axis=0)
    out_of = problem.step_h * (discharge / problem.discharge_pieces[:, 1:]).sum(axis=0)
    money = problem.step_h / 1000.0 * (
        (problem.sell_per_mwh - problem.wear_per_mwh) * discharge.sum(axis=0) - problem.buy_per_mwh * charge.sum(axis=0)
    )  # fmt: skip
    money += dual[layout.balance] * (into - out_of)
    money -= float(dual[layout.budget].sum()) * problem.step_h * discharge.sum(axis=0)
    if layout.inflow_rows.size:
        money += dual[layout.inflow_rows] * into + dual[layout.outflow_rows] * out_of
    if layout.movement.size:
        steepness = np.concatenate(([0.0], dual[layout.movement], [0.0]))
        money += np.diff(steepness) * (discharge.sum(axis=0) - charge.sum(axis=0))
    return np.maximum(money, 0.0)
