import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from battuta.physics.curve_kernels import decay, integral, interpolate, mean_between, surface

TABLE = np.array([2.5, 3.2, 3.25, 3.3, 3.6])
INTEGRAL = np.concatenate(([0.0], np.cumsum(0.5 * (TABLE[1:] + TABLE[:-1])))) / 4.0


def test_a_decay_of_one_time_constant() -> None:
    end, mean = decay(1.0)
    assert end == pytest.approx(math.exp(-1.0))
    assert mean == pytest.approx(1.0 - math.exp(-1.0))


@given(st.floats(0.0, 50.0))
def test_a_decay_is_exact_across_its_branches(x) -> None:
    end, mean = decay(x)
    assert end == pytest.approx(math.exp(-x), rel=1e-11)
    assert mean == pytest.approx(-math.expm1(-x) / x if x > 0.0 else 1.0, rel=1e-11)


@given(st.floats(0.0, 4.0))
def test_interpolation_is_that_of_numpy(position) -> None:
    assert interpolate(TABLE, position) == pytest.approx(np.interp(position, np.arange(5), TABLE), rel=1e-14)


def test_beyond_the_ends_the_last_piece_goes_on() -> None:
    assert interpolate(TABLE, -1.0) == pytest.approx(1.8)
    assert interpolate(TABLE, 5.0) == pytest.approx(3.9)


@given(st.floats(0.0, 4.0), st.floats(0.0, 4.0))
def test_a_mean_is_that_of_a_fine_sum(start, end) -> None:
    low, high = sorted((start, end))
    knots = np.unique(np.concatenate(([low, high], np.arange(math.ceil(low), high))))
    values = np.interp(knots, np.arange(5), TABLE)
    expected = np.trapezoid(values, knots) / (high - low) if high > low else values[0]
    if high - low > 1e-9:
        assert mean_between(TABLE, INTEGRAL, start, end) == pytest.approx(expected, rel=1e-7)
    assert TABLE.min() - 1e-12 <= mean_between(TABLE, INTEGRAL, start, end) <= TABLE.max() + 1e-12


def test_a_mean_over_a_hair_across_a_node_is_stable() -> None:
    assert mean_between(TABLE, INTEGRAL, 2.0 - 1e-13, 2.0 + 1e-13) == pytest.approx(3.25, rel=1e-14)


def test_the_integral_ends_at_the_running_one() -> None:
    assert integral(TABLE, INTEGRAL, 4.0) == pytest.approx(INTEGRAL[-1])
    assert integral(TABLE, INTEGRAL, 0.5) == pytest.approx(0.5 * 0.5 * (2.5 + 2.85) / 4.0)


def test_a_surface_is_bilinear_and_held_beyond_its_edges() -> None:
    table = np.array([[0.0, 1.0, 2.0], [10.0, 11.0, 14.0]])
    assert surface(table, 0.5, 1.5) == pytest.approx(7.0)
    assert surface(table, -3.0, 9.0) == 2.0
    assert surface(table, 9.0, -3.0) == 10.0
