"""Which module on which visit: the cheapest of all assignments, visits paid once however many share them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from battuta.domain.errors import SolverError
from battuta.numerics.arrays import BoolArray, FloatArray, IntArray
from battuta.numerics.linear_program import LinearProgram, Solver


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class VisitChoice:
    """What can be chosen.

    Attributes
    ----------
    cost : ndarray, shape (n_modules, n_visits + 1)
        Of each module on each visit; the last column is never. [currency]
    fixed : ndarray, shape (n_visits,)
        Of each visit that takes place. [currency]
    n_modules_max : ndarray of int, shape (n_visits,)
        Most modules on each.
    needs_stock : ndarray of bool, shape (n_visits,)
        True where no module ordered today has arrived yet.
    n_stock : int
        Modules in stock that those visits share.
    """

    cost: FloatArray
    fixed: FloatArray
    n_modules_max: IntArray
    needs_stock: BoolArray
    n_stock: int

    def cost_of(self, chosen: IntArray) -> float:
        """Cost of an assignment, shape (n_modules,): place of the visit, n_visits for never. [currency]"""
        n_visits = self.fixed.shape[0]
        took_place = np.unique(chosen[chosen < n_visits])
        return float(self.cost[np.arange(chosen.shape[0]), chosen].sum() + self.fixed[took_place].sum())

    def is_possible(self, chosen: IntArray) -> bool:
        """Whether crews and stock suffice for an assignment, shape (n_modules,)."""
        n_visits = self.fixed.shape[0]
        n_each = np.bincount(chosen, minlength=n_visits + 1)[:n_visits]
        return bool(np.all(n_each <= self.n_modules_max) and n_each[self.needs_stock].sum() <= self.n_stock)


def cheapest(choice: VisitChoice) -> IntArray:
    """Find the assignment of least cost.

    A mixed-integer program in the form of facility location. Once it is settled which visits take place, what is left
    is a transport problem, whose corners are whole by themselves: little has to be branched on.

    Parameters
    ----------
    choice : VisitChoice
        What can be chosen.

    Returns
    -------
    ndarray of int, shape (n_modules,)
        Place of the visit of each module; n_visits for never.

    Raises
    ------
    SolverError
        If the solver stopped early.

    References
    ----------
    .. [1] M. L. Balinski, "Integer programming: methods, uses, computation", Management Science 12 (1965) 253.

    Examples
    --------
    >>> apart = np.array([[100.0, 102.0, 900.0], [300.0, 100.0, 900.0]])  # the second one wants the later visit
    >>> choice = VisitChoice(
    ...     cost=apart, fixed=np.full(2, 50.0), n_modules_max=np.array([9, 9]), needs_stock=np.zeros(2, bool), n_stock=0
    ... )
    >>> cheapest(choice), choice.cost_of(cheapest(choice))
    (array([1, 1]), 252.0)
    """
    n_modules, n_visits = choice.cost.shape[0], choice.fixed.shape[0]
    if n_modules == 0:
        return np.zeros(0, dtype=np.int64)
    program = LinearProgram()
    takes = program.variables(n_visits, 0.0, 1.0, -choice.fixed, is_integer=True)
    picks = program.variables(choice.cost.size, 0.0, 1.0, -choice.cost.ravel(), is_integer=True)
    picks = picks.reshape(choice.cost.shape)
    each = program.rows(n_modules, 1.0, 1.0)
    program.add(each[:, None], picks, 1.0)
    on_visit = picks[:, :-1]
    only_if = program.rows(on_visit.size, -np.inf, 0.0).reshape(on_visit.shape)
    program.add(only_if, on_visit, 1.0)
    program.add(only_if, np.broadcast_to(takes, on_visit.shape), -1.0)
    crews = program.rows(n_visits, -np.inf, np.minimum(choice.n_modules_max, n_modules).astype(np.float64))
    program.add(np.broadcast_to(crews, on_visit.shape), on_visit, 1.0)
    if choice.needs_stock.any():
        stock = program.rows(1, -np.inf, float(choice.n_stock))
        program.add(stock, on_visit[:, choice.needs_stock].ravel(), 1.0)
    solution = Solver(program).solve()
    if not solution.is_optimal:
        message = f"the solver stopped with status {solution.status!r}; plan fewer windows or modules"
        raise SolverError(message)
    return np.argmax(solution.x[picks], axis=1).astype(np.int64)
