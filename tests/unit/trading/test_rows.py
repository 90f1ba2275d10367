"""The problem as rows: the program's optimum, its binaries, its lines."""

import numpy as np
import pytest

from battuta.domain.curves import Curve
from battuta.domain.wear import Wear
from battuta.numerics.linear_program import Solver
from battuta.trading.rows import lines, write_rows


def solved(problem, exclusive):
    layout = write_rows(problem, np.asarray(exclusive))
    return layout, Solver(layout.program).solve()


def test_the_program_has_the_optimum_known_by_hand(make_problem):
    layout, solution = solved(make_problem([10.0, 50.0]), [False, False])
    assert solution.objective == pytest.approx(30.5)
    assert solution.x[layout.charge].tolist() == [pytest.approx([1000.0, 0.0])]
    assert solution.x[layout.stored].tolist() == pytest.approx([900.0, 0.0])
    assert layout.binaries.size == layout.budget.size == 0


def test_binaries_stand_only_where_they_are_asked_for(make_problem):
    layout, solution = solved(make_problem([-50.0, 20.0], soc_start=1.0), [True, False])
    assert layout.binaries.size == 1
    assert solution.objective == pytest.approx(18.0)


def test_a_calendar_curve_is_replaced_by_its_hull_and_the_gap_is_kept(make_problem):
    curve = Curve(x=(0.0, 0.5, 1.0), y=(0.0, 2.0, 2.0))
    layout, _ = solved(make_problem([10.0], wear=Wear(calendar_per_hour=curve)), [False])
    assert layout.calendar_gap == pytest.approx(1.0)


def test_lines_of_a_curve():
    assert lines(Curve(x=(0.0, 1.0, 3.0), y=(1.0, 3.0, 4.0))) == [(2.0, 1.0), (0.5, 2.5)]
    assert lines(Curve(x=(5.0,), y=(7.0,))) == [(0.0, 7.0)]
