"""The steps of rainflow counting."""

import numpy as np

from battuta.numerics.rainflow_kernels import close_residue, count_closed, turning_points

NONE, NOWHERE = np.empty(0), np.empty(0, dtype=np.int64)


def test_reversals_are_kept_with_their_place():
    points, places = turning_points(NONE, NOWHERE, np.array([0.0, 1.0, 1.0, 2.0, 2.0, 0.5, 0.7]), 10)
    assert points.tolist() == [0.0, 2.0, 0.5, 0.7]
    assert places.tolist() == [10, 14, 15, 16]


def test_a_signal_goes_on_from_what_is_open():
    points, places = turning_points(np.array([0.0, 2.0]), np.array([0, 3]), np.array([2.0, 3.0, 1.0]), 4)
    assert (points.tolist(), places.tolist()) == ([0.0, 3.0, 1.0], [0, 5, 6])
    assert turning_points(NONE, NOWHERE, np.array([1.0, 1.0]), 0)[1].tolist() == [0]
    assert turning_points(NONE, NOWHERE, NONE, 0)[0].size == 0


def test_an_inner_cycle_closes():
    closed, spans, residue, left = count_closed(np.array([0.0, 5.0, 2.0, 4.0, 1.0]), np.array([0, 3, 5, 6, 9]))
    assert closed.tolist() == [[2.0, 3.0, 1.0]]
    assert spans.tolist() == [[5, 6, 9]]
    assert residue.tolist() == [0.0, 5.0, 1.0]
    assert left.tolist() == [0, 3, 9]


def test_what_is_open_counts_half():
    half, spans = close_residue(np.array([0.0, 4.0, 1.0]), np.array([0, 2, 7]))
    assert half.tolist() == [[4.0, 2.0, 0.5], [3.0, 2.5, 0.5]]
    assert spans.tolist() == [[0, 2, 7], [2, 7, 7]]
    assert close_residue(np.empty(0), np.empty(0, dtype=np.int64))[0].shape == (0, 3)
