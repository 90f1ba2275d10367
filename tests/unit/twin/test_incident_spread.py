"""How far fire passes: the closed form of a row held against drawing, and a grid of one row against the closed form."""

import numpy as np
import pytest

from battuta.twin.incident_spread import hits_in_grid, hits_in_row


def test_three_in_a_row_by_hand():
    p, q = 0.3, 0.7
    one = (q + q * q + q) / 3.0
    three = (p * p + p * p + p * p) / 3.0
    assert hits_in_row(3, p) == pytest.approx(np.array([one, 1.0 - one - three, three]))


def test_the_ends_are_one_and_all():
    assert hits_in_row(5, 0.0) == pytest.approx(np.array([1.0, 0, 0, 0, 0]))
    assert hits_in_row(5, 1.0) == pytest.approx(np.array([0, 0, 0, 0, 1.0]))
    assert hits_in_row(1, 0.5) == pytest.approx(np.ones(1))


def test_a_row_is_as_when_drawn():
    rng, n, p = np.random.default_rng(2), 6, 0.45
    count = np.zeros(n)
    for _ in range(20_000):
        first = rng.integers(n)
        low = high = first
        while low > 0 and rng.random() < p:
            low -= 1
        while high < n - 1 and rng.random() < p:
            high += 1
        count[high - low] += 1
    assert hits_in_row(n, p) == pytest.approx(count / 20_000, abs=0.01)
    assert hits_in_grid(1, n, p, seed=1) == pytest.approx(hits_in_row(n, p), abs=0.012)
    assert hits_in_grid(n, 1, p, seed=1) == pytest.approx(hits_in_row(n, p), abs=0.012)


def test_a_square_by_hand_and_the_same_for_the_same_seed():
    p = 0.4
    q = 1.0 - p
    found = hits_in_grid(2, 2, p, seed=5)
    assert found[0] == pytest.approx(q * q, abs=0.012)
    assert found[3] == pytest.approx(p**4 + 4.0 * p**3 * q, abs=0.012)
    assert np.array_equal(found, hits_in_grid(2, 2, p, seed=5))
    assert not np.array_equal(found, hits_in_grid(2, 2, p, seed=6))
