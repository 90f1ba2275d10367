"""The steps of rainflow counting."""

import numpy as np

from battuta.numerics.rainflow_kernels import close_residue, count_closed, turning_points


def test_reversals_are_kept():
    assert turning_points(np.array([0.0, 1.0, 1.0, 2.0, 0.5, 0.7])).tolist() == [0.0, 2.0, 0.5, 0.7]


def test_an_inner_cycle_closes():
    closed, residue = count_closed(np.array([0.0, 5.0, 2.0, 4.0, 1.0]))
    assert closed.tolist() == [[2.0, 3.0, 1.0]]
    assert residue.tolist() == [0.0, 5.0, 1.0]


def test_what_is_open_counts_half():
    assert close_residue(np.array([0.0, 4.0, 1.0])).tolist() == [[4.0, 2.0, 0.5], [3.0, 2.5, 0.5]]
    assert close_residue(np.empty(0)).shape == (0, 3)
