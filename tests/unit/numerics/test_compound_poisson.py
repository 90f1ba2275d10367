"""Sums of random losses: equal to what can be counted by hand, and to drawing them."""

import math

import numpy as np
import pytest

from battuta.numerics.compound_poisson import compound_poisson


def test_one_amount_gives_the_poisson_distribution():
    found = compound_poisson(0.7, np.array([10.0]), np.array([1.0]))
    for n in range(4):
        exceeded = 1.0 - sum(math.exp(-0.7) * 0.7**k / math.factorial(k) for k in range(n + 1))
        assert found.exceedance(10.0 * n + 5.0) == pytest.approx(exceeded, abs=1e-9)
    assert found.mean == pytest.approx(7.0, rel=1e-9)
    assert [found.quantile(each) for each in (0.4, 0.6, 0.8)] == [0.0, 10.0, 10.0]


def test_a_mixture_is_as_when_drawn():
    amounts, shares = np.array([3.0, 20.0, 111.0]), np.array([0.7, 0.25, 0.05])
    found = compound_poisson(2.0, amounts, shares)
    rng = np.random.default_rng(4)
    counts = np.stack([rng.poisson(2.0 * each, 400_000) for each in shares], axis=1)
    drawn = counts @ amounts
    assert found.mean == pytest.approx(drawn.mean(), rel=0.01)
    for loss in (1.5, 10.5, 40.5, 115.5, 250.5):
        assert found.exceedance(loss) == pytest.approx(float((drawn > loss).mean()), abs=0.003)
    assert found.probability.sum() == pytest.approx(1.0, abs=1e-9)


def test_no_loss_is_no_loss():
    found = compound_poisson(0.0, np.array([5.0]), np.array([1.0]))
    assert (found.mean, found.quantile(0.999)) == (0.0, 0.0)
    nothing = compound_poisson(1.0, np.zeros(2), np.array([0.5, 0.5]))
    assert (nothing.mean, nothing.quantile(0.999)) == (0.0, 0.0)


def test_a_quantile_that_is_a_single_loss_is_that_to_the_cent():
    found = compound_poisson(0.02, np.array([99_500.0, 1_234_567.0]), np.array([0.75, 0.25]))
    assert found.quantile(0.99) == 99_500.0
    assert found.quantile(0.996) == 1_234_567.0
