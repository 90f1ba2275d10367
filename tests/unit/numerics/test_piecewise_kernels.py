"""Piecewise-linear algebra against plain evaluation on a grid."""

import numpy as np

from battuta.numerics.piecewise_kernels import OVERFLOW, best_reach, clip, interpolate, push, subtract, upper_envelope

ROOF = np.array([0.0, 1.0, 2.0]), np.array([0.0, 1.0, 0.0])


def room(n=64):
    return np.empty(n), np.empty(n)


def test_a_node_on_a_line_is_dropped_and_a_full_array_is_said():
    x, y = room(2)
    n = push(x, y, push(x, y, push(x, y, 0, 0.0, 0.0), 0.5, 0.5), 0.7, 0.9)
    assert n == OVERFLOW
    x, y = room()
    n = push(x, y, push(x, y, push(x, y, 0, 0.0, 0.0), 0.5, 0.5), 1.0, 1.0)
    assert (n, x[:n].tolist()) == (2, [0.0, 1.0])


def test_clip():
    x, y = room()
    n = clip(*ROOF, 3, 0.5, 1.5, x, y)
    assert (x[:n].tolist(), y[:n].tolist()) == ([0.5, 1.0, 1.5], [0.5, 1.0, 0.5])
    assert clip(*ROOF, 3, 3.0, 4.0, x, y) == 0


def test_envelope_and_difference():
    flat = np.array([0.0, 2.0]), np.array([0.5, 0.5])
    x, y = room()
    n = upper_envelope(*ROOF, 3, *flat, 2, x, y)
    for at in np.linspace(0.0, 2.0, 21):
        assert abs(interpolate(x, y, n, at) - max(0.5, 1.0 - abs(at - 1.0))) < 1e-12
    n = subtract(*ROOF, 3, *flat, 2, x, y)
    assert y[:n].tolist() == [-0.5, 0.5, -0.5]


def test_best_reach_is_the_best_over_a_grid():
    value = np.array([0.0, 1.0, 2.0, 3.0]), np.array([0.0, 3.0, 1.0, 4.0])
    gain = np.array([-1.0, 0.0, 1.0]), np.array([2.0, 0.0, -1.5])
    x, y = room()
    n = best_reach(*value, 4, *gain, 3, np.empty((4, 64)), np.empty((2, 64), dtype=np.int64), x, y)
    change = np.linspace(-1.0, 1.0, 201)
    for at in np.linspace(0.0, 3.0, 31):
        inside = change[(at + change >= -1e-9) & (at + change <= 3.0 + 1e-9)]
        best = np.max(np.interp(at + inside, *value) + np.interp(inside, *gain))
        assert abs(interpolate(x, y, n, at) - best) < 1e-9
