"""Every root of a flow is found: held against the eigenvalues of its companion matrix."""

import numpy as np
import pytest

from battuta.numerics.sampling import generator
from battuta.twin.returns_kernels import (
    bernstein_weights,
    rates_of_return,
    root_between,
    roots_in_unit,
    sign_changes,
    touches,
)


def rates_by_eigenvalues(flow):
    """The plain truth: real positive roots of the polynomial in the discount factor."""
    roots = np.roots(np.trim_zeros(flow)[::-1])
    factors = roots[(np.abs(roots.imag) < 1e-9) & (roots.real > 0.0)].real
    return np.sort(1.0 / factors - 1.0)


def all_rates(flows):
    rates = np.empty(flows.shape)
    counts = np.empty(flows.shape[0], dtype=np.int64)
    rates_of_return(flows, rates, counts)
    return [np.sort(row[:count]) for row, count in zip(rates, counts, strict=True)]


@pytest.mark.parametrize("n_years", [3, 8, 26])
def test_all_roots_are_those_of_the_companion_matrix(n_years) -> None:
    flows = generator(11, "test.flows", cell=n_years).normal(0.0, 10.0, (300, n_years))
    several = 0
    for flow, found in zip(flows, all_rates(flows), strict=True):
        expected = rates_by_eigenvalues(flow)
        assert found.size == expected.size
        np.testing.assert_allclose(found, expected, rtol=1e-7, atol=1e-9)
        several += found.size > 1
    assert several > 20


def test_roots_near_each_other_are_told_apart() -> None:
    one = np.convolve([1.0, -1.10], [1.0, -1.1001])  # in 1 + rate, the highest power first, as years go by
    found = all_rates(one[None, :])[0]
    np.testing.assert_allclose(found, [0.10, 0.1001], rtol=0, atol=1e-9)


@pytest.mark.parametrize("apart", [0.0, 1e-9, 1e-8])
def test_roots_that_rounding_alone_decides_are_left_to_another(apart) -> None:
    flows = np.array([np.convolve([1.0, -1.1], [1.0, -1.1 - apart]), [-100.0, 230.0, -132.0]])
    rates, counts = np.empty(flows.shape), np.empty(2, dtype=np.int64)
    rates_of_return(flows, rates, counts)
    np.testing.assert_array_equal(counts, [-1, 2])
    assert np.isnan(rates[0]).all()
    assert touches(np.array([1.0, 1e-15, -1e-15]), 1e-13)
    assert not touches(np.array([1e-15, 1.0, 0.0]), 1e-13)


def test_zeros_at_both_ends_change_nothing() -> None:
    bare = all_rates(np.array([[-100.0, 60.0, 60.0]]))[0]
    padded = all_rates(np.array([[0.0, 0.0, -100.0, 60.0, 60.0, 0.0]]))[0]
    np.testing.assert_array_equal(padded, bare)


def test_a_flow_without_change_of_sign_has_no_rate() -> None:
    assert [found.size for found in all_rates(np.array([[1.0, 2.0, 3.0], [-1.0, 0.0, -3.0], [0.0, 0.0, 0.0]]))] == [
        0,
        0,
        0,
    ]


def test_a_rate_of_exactly_nothing_and_a_middle_that_is_a_root() -> None:
    np.testing.assert_allclose(all_rates(np.array([[-2.0, 1.0, 1.0]]))[0], [0.0], atol=0)
    # (1 - 2 v)(1 - 4 v): roots 1/2 and 1/4 of the discount factor, the first is the middle of the interval
    np.testing.assert_allclose(all_rates(np.array([[1.0, -6.0, 8.0]]))[0], [1.0, 3.0], rtol=1e-14)


def test_the_rate_nearest_to_zero_comes_first() -> None:
    rates = np.empty((1, 3))
    counts = np.empty(1, dtype=np.int64)
    rates_of_return(np.array([[-100.0, 180.0, -76.0]]), rates, counts)  # 1 + rate: 0.6764 and 1.1236
    assert counts[0] == 2
    assert abs(rates[0, 0]) < abs(rates[0, 1])


def test_bernstein_weights_are_ratios_of_binomials() -> None:
    weights = bernstein_weights(5)
    grid = np.linspace(0.0, 1.0, 7)
    coefficients = np.array([1.0, -2.0, 0.5, 3.0, -1.0])
    basis = np.array([[1, 4, 6, 4, 1][j] * grid**j * (1 - grid) ** (4 - j) for j in range(5)])
    np.testing.assert_allclose((weights @ coefficients) @ basis, np.polyval(coefficients[::-1], grid), atol=1e-14)


def test_signs_and_brackets() -> None:
    assert sign_changes(np.array([1e-300, 0.0, -1e-300, 2.0])) == 2
    assert root_between(np.array([-0.25, 0.0, 1.0]), 0.0, 1.0, -1.0) == 0.5
    out = np.empty(3)
    flow = np.array([0.02, -0.3, 1.0])  # roots 0.1 and 0.2
    assert roots_in_unit(flow, bernstein_weights(3), out) == (2, True)
    np.testing.assert_allclose(out[:2], [0.1, 0.2], rtol=1e-13)
