"""Linear and mixed-integer programs: a sparse builder over HiGHS and a solver that keeps its basis."""

from __future__ import annotations

from dataclasses import dataclass, field

import highspy
import numpy as np
from numpy.typing import NDArray

from battuta.numerics.arrays import FloatArray, IntArray

INFINITY = highspy.kHighsInf


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Solution:
    """Answer of a solver.

    Attributes
    ----------
    is_optimal : bool
        False when the program is infeasible, unbounded or was stopped.
    is_infeasible : bool
        True when the solver proved that no point keeps all rows.
    status : str
        The solver's own word.
    objective : float
        Value of the objective in the sense the caller chose.
    x : ndarray, shape (n_variables,)
        Values of the variables.
    row_dual : ndarray, shape (n_rows,)
        Change of the objective per unit of each row's bound; zeros for a mixed-integer program.
    """

    is_optimal: bool
    is_infeasible: bool
    status: str
    objective: float
    x: FloatArray
    row_dual: FloatArray


@dataclass(slots=True)
class LinearProgram:
    """Maximise ``cost @ x`` over ``row_lower <= A x <= row_upper``, ``lower <= x <= upper``.

    Variables and rows are added in blocks; coefficients as triplets. Duplicated triplets are added up.
    """

    n_variables: int = 0
    n_rows: int = 0
    _lower: list[FloatArray] = field(default_factory=list)
    _upper: list[FloatArray] = field(default_factory=list)
    _cost: list[FloatArray] = field(default_factory=list)
    _row_lower: list[FloatArray] = field(default_factory=list)
    _row_upper: list[FloatArray] = field(default_factory=list)
    _triplets: list[tuple[IntArray, IntArray, FloatArray]] = field(default_factory=list)
    _integer: list[IntArray] = field(default_factory=list)

    def variables(
        self,
        n: int,
        lower: FloatArray | float,
        upper: FloatArray | float,
        cost: FloatArray | float = 0.0,
        *,
        is_integer: bool = False,
    ) -> IntArray:
        """Add a block of variables.

        Parameters
        ----------
        n : int
            How many.
        lower, upper, cost : ndarray, shape (n,), or float
            Bounds and objective coefficients.
        is_integer : bool
            True for whole numbers.

        Returns
        -------
        ndarray, shape (n,)
            Their indices.
        """
        index = np.arange(self.n_variables, self.n_variables + n, dtype=np.int64)
        for store, value in ((self._lower, lower), (self._upper, upper), (self._cost, cost)):
            store.append(np.broadcast_to(np.asarray(value, dtype=np.float64), (n,)))
        if is_integer:
            self._integer.append(index)
        self.n_variables += n
        return index

    def rows(self, n: int, lower: FloatArray | float, upper: FloatArray | float) -> IntArray:
        """Add a block of rows; returns their indices, shape (n,)."""
        index = np.arange(self.n_rows, self.n_rows + n, dtype=np.int64)
        self._row_lower.append(np.broadcast_to(np.asarray(lower, dtype=np.float64), (n,)))
        self._row_upper.append(np.broadcast_to(np.asarray(upper, dtype=np.float64), (n,)))
        self.n_rows += n
        return index

    def add(self, rows: IntArray, variables: IntArray, values: FloatArray | float) -> None:
        """Add coefficients; the three arguments are broadcast against each other."""
        row, column, value = np.broadcast_arrays(rows, variables, np.asarray(values, dtype=np.float64))
        self._triplets.append((row.ravel(), column.ravel(), value.ravel()))

    def cost(self) -> FloatArray:
        """Objective coefficients so far, shape (n_variables,)."""
        return np.concatenate(self._cost) if self._cost else np.empty(0)

    def model(self) -> highspy.HighsLp:
        """Build the solver's model: columns compressed, duplicates added."""
        lp = highspy.HighsLp()
        lp.num_col_ = self.n_variables
        lp.num_row_ = self.n_rows
        lp.sense_ = highspy.ObjSense.kMaximize
        lp.col_cost_ = self.cost()
        lp.col_lower_ = np.concatenate(self._lower)
        lp.col_upper_ = np.concatenate(self._upper)
        lp.row_lower_ = np.concatenate(self._row_lower) if self._row_lower else np.empty(0)
        lp.row_upper_ = np.concatenate(self._row_upper) if self._row_upper else np.empty(0)
        start, index, value = _compressed_columns(self._triplets, self.n_variables, self.n_rows)
        lp.a_matrix_.format_ = highspy.MatrixFormat.kColwise
        lp.a_matrix_.start_ = start
        lp.a_matrix_.index_ = index
        lp.a_matrix_.value_ = value
        if self._integer:
            kind = np.zeros(self.n_variables, dtype=bool)
            kind[np.concatenate(self._integer)] = True
            choices = (highspy.HighsVarType.kContinuous, highspy.HighsVarType.kInteger)
            lp.integrality_ = [choices[int(is_integer)] for is_integer in kind]
        return lp


def _compressed_columns(
    triplets: list[tuple[IntArray, IntArray, FloatArray]], n_variables: int, n_rows: int
) -> tuple[NDArray[np.int32], NDArray[np.int32], FloatArray]:
    if not triplets:
        return np.zeros(n_variables + 1, dtype=np.int32), np.empty(0, dtype=np.int32), np.empty(0)
    row = np.concatenate([t[0] for t in triplets])
    column = np.concatenate([t[1] for t in triplets])
    value = np.concatenate([t[2] for t in triplets])
    key = column * max(n_rows, 1) + row
    order = np.argsort(key, kind="stable")
    key, value = key[order], value[order]
    first = np.flatnonzero(np.concatenate(([True], key[1:] != key[:-1])))
    value = np.asarray(np.add.reduceat(value, first), dtype=np.float64)
    column, row = np.divmod(key[first], max(n_rows, 1))
    start = np.searchsorted(column, np.arange(n_variables + 1))
    return start.astype(np.int32), row.astype(np.int32), value


class _QuietHighs(highspy.Highs):
    """HiGHS without the callbacks of its Python wrapper: setting them up prints a banner on stdout."""

    def __init__(self) -> None:
        super(highspy.Highs, self).__init__()


class Solver:
    """A solver that keeps its basis, so that a changed objective or bound starts warm.

    Parameters
    ----------
    program : LinearProgram
        The program; later changes of it are not seen.
    time_limit_s : float
        Wall-clock limit; a stop there is reported as not optimal. [s]
    """

    def __init__(self, program: LinearProgram, *, time_limit_s: float = np.inf) -> None:
        self._highs = _QuietHighs()
        self._highs.setOptionValue("output_flag", False)  # noqa: FBT003
        self._highs.setOptionValue("mip_rel_gap", 0.0)
        self._highs.setOptionValue("mip_abs_gap", 1e-7)
        self._highs.setOptionValue("random_seed", 0)
        self._highs.setOptionValue("threads", 1)
        if np.isfinite(time_limit_s):
            self._highs.setOptionValue("time_limit", float(time_limit_s))
        self._highs.passModel(program.model())

    def change_cost(self, cost: FloatArray) -> None:
        """Replace the whole objective, shape (n_variables,)."""
        index = np.arange(cost.shape[0], dtype=np.int32)
        self._highs.changeColsCost(cost.shape[0], index, np.ascontiguousarray(cost, dtype=np.float64))

    def change_bounds(self, variables: IntArray, lower: FloatArray, upper: FloatArray) -> None:
        """Replace bounds of some variables."""
        self._highs.changeColsBounds(
            variables.shape[0], variables.astype(np.int32), np.ascontiguousarray(lower), np.ascontiguousarray(upper)
        )

    def change_row_bounds(self, rows: IntArray, lower: float, upper: float) -> None:
        """Replace the bounds of some rows by one pair."""
        for row in rows:
            self._highs.changeRowBounds(int(row), lower, upper)

    def relax_integers(self, variables: IntArray) -> None:
        """Make integer variables continuous, after they were fixed."""
        continuous = np.full(variables.shape[0], int(highspy.HighsVarType.kContinuous), dtype=np.uint8)
        self._highs.changeColsIntegrality(variables.shape[0], variables.astype(np.int32), continuous)

    def solve(self) -> Solution:
        """Solve, from the last basis where there is one."""
        self._highs.run()
        status = self._highs.getModelStatus()
        solution = self._highs.getSolution()
        infeasible = {highspy.HighsModelStatus.kInfeasible, highspy.HighsModelStatus.kUnboundedOrInfeasible}
        return Solution(
            is_optimal=status == highspy.HighsModelStatus.kOptimal,
            is_infeasible=status in infeasible,
            status=self._highs.modelStatusToString(status),
            objective=float(self._highs.getInfo().objective_function_value),
            x=np.asarray(solution.col_value, dtype=np.float64),
            row_dual=np.asarray(solution.row_dual, dtype=np.float64),
        )
