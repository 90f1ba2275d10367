"""The compiled steps of dynamic programming, called as the engine calls them."""

import numpy as np
import pytest

from battuta.trading.dynamic_kernels import INFEASIBLE, OK, backward, forward, gain

PIECES = np.array([[1000.0, 0.9]])
NONE = np.empty(0)


def level(value, n=2):
    return np.full(n, float(value))


def run_backward(prices, high_kw):
    window = level(0.0), level(1000.0), 1.0, np.array([0.0, 1000.0]), np.zeros(2), NONE, NONE
    limits = level(0.0), 0.0, level(-1000.0), np.asarray(high_kw), PIECES, PIECES
    return backward(1.0, prices, prices, *limits, *window, 64, True)


def test_gain_of_one_step_by_change_of_stored_energy():
    x, y, kw = np.empty(8), np.empty(8), np.empty(8)
    n = gain(10.0, 10.0, 0.0, 2.0, 1.0, -1000.0, 1000.0, PIECES, PIECES, x, y, kw)
    assert kw[:n].tolist() == [1000.0, 0.0, -1000.0]
    assert x[:n].tolist() == pytest.approx([-1000.0 / 0.9, 0.0, 900.0])
    assert y[:n].tolist() == pytest.approx([8.0, 0.0, -10.0])


def test_discharge_up_to_the_auxiliary_load_saves_the_import_price():
    x, y, kw = np.empty(8), np.empty(8), np.empty(8)
    n = gain(30.0, 10.0, 100.0, 0.0, 1.0, 0.0, 1000.0, PIECES, PIECES, x, y, kw)
    assert kw[:n].tolist() == [1000.0, 100.0, 0.0]
    assert y[:n].tolist() == pytest.approx([3.0 + 9.0, 3.0, 0.0])


def test_backward_then_forward_is_the_optimum():
    prices = np.array([10.0, 50.0])
    status, offsets, x, y = run_backward(prices, level(1000.0))
    assert status == OK
    power, energy, _, _ = forward(
        1.0, prices, prices, level(0.0), 0.0, level(-1000.0), level(1000.0), PIECES, PIECES, 1.0, 0.0,
        offsets, x, y, 1e-9,
    )  # fmt: skip
    assert power.tolist() == pytest.approx([-1000.0, 810.0])
    assert energy.tolist() == pytest.approx([900.0, 0.0], abs=1e-9)


def test_crossed_power_bounds_give_the_step_back():
    status, *_ = run_backward(np.array([10.0, 50.0]), [1000.0, -2000.0])
    assert status == INFEASIBLE - 1
