"""Small programs with known answers, and warm changes."""

import numpy as np

from battuta.numerics.linear_program import INFINITY, LinearProgram, Solver


def knapsack(*, is_integer=False):
    program = LinearProgram()
    x = program.variables(2, 0.0, 3.0, np.array([3.0, 2.0]), is_integer=is_integer)
    row = program.rows(1, -INFINITY, 4.5)
    program.add(row, x, 0.5)
    program.add(row, x, 0.5)  # duplicates add up
    return program, x, row


def test_a_program_is_maximised_with_its_dual():
    program, _, _ = knapsack()
    solution = Solver(program).solve()
    assert solution.is_optimal
    np.testing.assert_allclose(solution.x, [3.0, 1.5])
    assert solution.objective == 12.0
    np.testing.assert_allclose(solution.row_dual, [2.0])


def test_whole_numbers():
    program, _, _ = knapsack(is_integer=True)
    np.testing.assert_allclose(Solver(program).solve().x, [3.0, 1.0])


def test_changes_are_seen():
    program, x, row = knapsack()
    solver = Solver(program)
    solver.solve()
    solver.change_cost(np.array([1.0, 2.0]))
    np.testing.assert_allclose(solver.solve().x, [1.5, 3.0])
    solver.change_bounds(x, np.zeros(2), np.ones(2))
    np.testing.assert_allclose(solver.solve().x, [1.0, 1.0])
    solver.change_row_bounds(row, 3.0, 4.5)
    assert solver.solve().is_infeasible
