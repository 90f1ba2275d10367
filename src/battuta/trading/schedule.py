"""One call from a problem to an explained schedule, by whichever engine can express it."""

from __future__ import annotations

from datetime import timedelta
from enum import StrEnum

from battuta.domain.market import Schedule
from battuta.numerics.arrays import IntArray
from battuta.trading.dynamic import not_expressible, solve_dynamic
from battuta.trading.plan import Plan
from battuta.trading.problem import StorageProblem
from battuta.trading.reasons import explain


class Engine(StrEnum):
    """Which engine finds the schedule."""

    AUTO = "auto"
    """Dynamic programming where it can express the problem, else HiGHS."""
    DYNAMIC = "dynamic"
    MILP = "milp"


def best_plan(problem: StorageProblem, engine: Engine = Engine.AUTO, *, is_calm: bool = True) -> Plan:
    """Find the best plan.

    Parameters
    ----------
    problem : StorageProblem
        The problem.
    engine : Engine
        Which engine.
    is_calm : bool
        True takes, among plans within 1e-6 of the optimum, the one whose power changes least.

    Returns
    -------
    Plan
        The optimum.

    Raises
    ------
    InfeasibleError
        Naming the bounds that conflict and by how much.
    NotExpressibleError
        If dynamic programming was asked for what it cannot express.
    """
    use_dynamic = engine is Engine.DYNAMIC or (engine is Engine.AUTO and not not_expressible(problem))
    if use_dynamic:
        plan = solve_dynamic(problem)
    else:
        from battuta.trading.milp import solve_milp  # noqa: PLC0415  the solver loads only when it is needed

        plan = solve_milp(problem)
    if is_calm:
        from battuta.trading.calm import calmest  # noqa: PLC0415

        plan = calmest(problem, plan)
    return plan


def schedule(
    problem: StorageProblem,
    time_ns: IntArray,
    step: timedelta,
    engine: Engine = Engine.AUTO,
    *,
    is_calm: bool = True,
) -> Schedule:
    """Find the best schedule and explain it; arguments as `best_plan`, interval starts and length beside.

    Parameters
    ----------
    problem : StorageProblem
        The problem.
    time_ns : ndarray, shape (n_times,)
        Interval starts. [ns]
    step : timedelta
        Length of an interval.
    engine : Engine
        Which engine.
    is_calm : bool
        True takes the calmest of equally good plans.

    Returns
    -------
    Schedule
        With the reason of each step.
    """
    return explain(problem, best_plan(problem, engine, is_calm=is_calm), time_ns, step)
