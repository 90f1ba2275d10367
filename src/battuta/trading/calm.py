"""Of all plans that are as good as the best, the calmest: the one whose power changes least."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from battuta.numerics.arrays import FloatArray
from battuta.numerics.linear_program import INFINITY, Solver
from battuta.trading.milp import cheating_steps
from battuta.trading.plan import Plan
from battuta.trading.problem import StorageProblem
from battuta.trading.rows import Layout, net_change, write_rows

CALM_SHARE = 0.98e-6
"""What calm may cost of the objective, a little below 1e-6 for the solver's own tolerance. [-]"""


def calmest(problem: StorageProblem, plan: Plan) -> Plan:
    """Replace an optimal plan by the calmest one within 1e-6 of its objective.

    Every step keeps one direction (see `directions`), so the program stays linear. Where the linear program
    cannot keep the order of part-load pieces, the plan is returned as it is.

    Parameters
    ----------
    problem : StorageProblem
        The problem.
    plan : Plan
        An optimum of it.

    Returns
    -------
    Plan
        Same objective within 1e-6, least total change of net power. Marginal values and stakes are the optimum's.
    """
    n = problem.n_times
    if n < 2:
        return plan
    layout = write_rows(problem, np.zeros(n, dtype=bool))
    cost = layout.program.cost()
    movement = layout.program.variables(n - 1, 0.0, INFINITY)
    for sign in (1.0, -1.0):
        bounds = (-INFINITY, 0.0) if sign > 0 else (0.0, INFINITY)
        rows = layout.program.rows(n - 1, *bounds)
        net_change(layout.program, layout.charge, layout.discharge, rows)
        layout.program.add(rows, movement, -sign)
    keep = layout.program.rows(1, -INFINITY, INFINITY)
    layout.program.add(keep, np.arange(cost.shape[0], dtype=np.int64), cost)
    solver = Solver(layout.program)
    _keep_directions(layout, solver, directions(problem, plan))
    best = solver.solve()
    if not best.is_optimal:
        return plan
    solver.change_row_bounds(keep, best.objective - CALM_SHARE * abs(best.objective), INFINITY)
    calm_cost = np.zeros(layout.program.n_variables)
    calm_cost[movement] = -1.0
    solver.change_cost(calm_cost)
    calm = solver.solve()
    if not calm.is_optimal or np.any(cheating_steps(problem, layout, calm.x)):
        return plan
    power_kw = calm.x[layout.discharge].sum(axis=0) - calm.x[layout.charge].sum(axis=0)
    power_kw = np.where(np.abs(power_kw) < 1e-6, 0.0, power_kw)
    return replace(plan, power_kw=power_kw, energy_kwh=calm.x[layout.stored])


def directions(problem: StorageProblem, plan: Plan) -> FloatArray:
    """Give every step one direction: its own, and to an idle one that in which moving would lose least.

    Parameters
    ----------
    problem : StorageProblem
        Prices and efficiencies.
    plan : Plan
        An optimum.

    Returns
    -------
    ndarray, shape (n_times,)
        1 for discharge, -1 for charge; where an idle step would lose the same either way, that of the next active step,
        or of the last one at the end of the horizon.
    """
    direction = np.asarray(np.sign(plan.power_kw), dtype=np.float64)
    value = plan.marginal_value_per_mwh
    loss_out = value - (problem.sell_per_mwh - problem.wear_per_mwh) * float(problem.discharge_pieces[0, 1])
    loss_in = problem.buy_per_mwh / float(problem.charge_pieces[0, 1]) - value
    margin = 1e-6 * (1.0 + np.abs(value))
    idle = direction == 0.0
    direction[idle & (loss_out < loss_in - margin)] = 1.0
    direction[idle & (loss_in < loss_out - margin)] = -1.0
    active = direction != 0.0
    for t in range(problem.n_times - 2, -1, -1):
        direction[t] = direction[t] if active[t] else direction[t + 1]
    for t in range(1, problem.n_times):
        direction[t] = direction[t] or direction[t - 1]
    return direction


def _keep_directions(layout: Layout, solver: Solver, direction: FloatArray) -> None:
    for variables, is_closed in ((layout.charge, direction > 0.0), (layout.discharge, direction < 0.0)):
        closed = variables[:, is_closed].ravel()
        solver.change_bounds(closed, np.zeros(len(closed)), np.zeros(len(closed)))
