"""The daily step of a life against a plain walk; cut time gives the same life, and nothing grows back."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from battuta.physics.ageing.life_kernels import advance_day, losses, sigmoid_loss, term_loss

KINDS = np.array([0, 1, 0], dtype=np.int64)
QUANTITIES = np.array([0, 0, 1], dtype=np.int64)
POWERS = np.array([0.5, 1.0, 1.0])
SLOT_OF = np.array([0, 1, 4], dtype=np.int64)


def curve(x, end, power):
    return 2.0 * end * (0.5 - 1.0 / (1.0 + np.exp(x**power)))


def test_a_day_by_hand():
    state = np.zeros(3)
    slots, rate = np.array([4e-4, 0.3, 0.5, 0.6, 1e-3]), np.array([2.0, 1.5, 0.5])
    for _ in range(3):
        advance_day(state, slots, rate, KINDS, QUANTITIES, POWERS, SLOT_OF)
    capacity, resistance = losses(state, KINDS, QUANTITIES, POWERS)
    assert capacity == pytest.approx(2.0 * np.sqrt(3 * 4e-4) + curve(1.5, 0.45, 0.6))
    assert resistance == pytest.approx(0.5 * 3e-3)
    assert term_loss(9e-4, 0, 0.5) == pytest.approx(0.03)
    assert term_loss(0.2, 1, 1.0) == 0.2


@given(st.floats(0.01, 5.0), st.integers(1, 40), st.floats(0.3, 1.6))
def test_a_sigmoid_may_be_cut_as_one_likes(moved, parts, power):
    loss = 0.0
    for _ in range(parts):
        loss = sigmoid_loss(loss, 0.3, moved / parts, power)
    assert loss == pytest.approx(curve(moved, 0.3, power), rel=1e-8)


@given(st.lists(st.tuples(st.floats(1e-4, 1.0), st.floats(0.0, 2.0), st.floats(0.2, 2.0)), max_size=20))
def test_nothing_grows_back(days):
    loss = 0.0
    for end, moved, power in days:
        later = sigmoid_loss(loss, end, moved, power)
        assert loss <= later <= max(end, loss)
        loss = later
