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

CALM_SHARE = 1e-6


def calmest(problem: StorageProblem, plan: Plan) -> Plan:
    """Replace an optimal plan by the calmest one within 1e-6 of its objective.

    The direction of every step is kept (an idle step may join the run before it), so the program stays linear. Where
    the linear program cannot keep the order of part-load pieces, the plan is returned as it is.

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
        net_change(layout, rows)
        layout.program.add(rows, movement, -sign)
    keep = layout.program.rows(1, -INFINITY, INFINITY)
    layout.program.add(keep, np.arange(cost.shape[0], dtype=np.int64), cost)
    solver = Solver(layout.program)
    _keep_directions(layout, solver, plan.power_kw)
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


def _keep_directions(layout: Layout, solver: Solver, power_kw: FloatArray) -> None:
    direction = np.asarray(np.sign(power_kw), dtype=np.float64)
    for t in range(1, power_kw.shape[0]):
        direction[t] = direction[t] or direction[t - 1]
    for variables, is_closed in ((layout.charge, direction > 0.0), (layout.discharge, direction < 0.0)):
        closed = variables[:, is_closed].ravel()
        solver.change_bounds(closed, np.zeros(len(closed)), np.zeros(len(closed)))
