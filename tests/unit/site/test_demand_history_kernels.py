"""The compiled loops against the same in plain NumPy."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from battuta.numerics.sampling import generator
from battuta.site.demand_history_kernels import (
    courses_ahead,
    filled_error_kw,
    largest_excess_kw,
    leave_one_out,
    recent_levels_kw,
)


def left_out(value_kw, is_kind):
    n_days, n_per_day = value_kw.shape
    median, count = np.full(n_per_day, -1.0), np.zeros(n_per_day, dtype=np.int64)
    without = np.full((n_days, n_per_day), -1.0)
    leave_one_out(value_kw, is_kind, median, count, without)
    return median, count, without


def plain_median(values):
    values = values[np.isfinite(values)]
    return np.median(values) if values.size else np.nan


def test_three_days() -> None:
    median, count, without = left_out(np.array([[1.0], [5.0], [2.0]]), np.ones(3, dtype=bool))
    assert median.tolist() == [2.0]
    assert count.tolist() == [3]
    assert without[:, 0].tolist() == [3.5, 1.5, 3.0]


@given(st.integers(1, 9), st.integers(0, 1000))
def test_medians_are_those_of_numpy(n_days: int, seed: int) -> None:
    rng = generator(seed, "values")
    value_kw = np.where(rng.random((n_days, 4)) < 0.2, np.nan, np.round(5.0 * rng.random((n_days, 4))))
    is_kind = rng.random(n_days) < 0.7
    median, count, without = left_out(value_kw, is_kind)
    for time in range(4):
        own = np.where(is_kind, value_kw[:, time], np.nan)
        np.testing.assert_equal(median[time], plain_median(own))
        assert count[time] == np.isfinite(own).sum()
        for day in np.flatnonzero(is_kind):
            np.testing.assert_equal(without[day, time], plain_median(np.delete(own, day)))
    assert (without[~is_kind] == -1.0).all()


def test_a_missing_error_is_that_of_the_next_day_that_has_one() -> None:
    error_kw, nothing = np.array([[1.0], [np.nan], [3.0]]), np.zeros(3)
    days = np.array([2, 1, 0])
    assert [filled_error_kw(error_kw, nothing, 1.0, days, 3, path, 0) for path in range(4)] == [3.0, 1.0, 1.0, 3.0]
    assert np.isnan(filled_error_kw(error_kw, nothing, 1.0, days[1:2], 1, 0, 0))
    level_kw = np.array([10.0, 20.0, 40.0])
    assert filled_error_kw(error_kw, level_kw, 0.5, days, 3, 1, 0) == 1.0 - 5.0


def test_levels_are_medians_of_the_hours_before_across_midnight() -> None:
    error_kw = np.array([[1.0, 2.0, 9.0], [4.0, np.nan, 6.0], [7.0, 8.0, np.nan]])
    level_kw = np.empty(3)
    recent_levels_kw(error_kw, np.array([5, 6, 7]), 1, 3, level_kw)
    assert level_kw.tolist() == [0.0, 4.0, 6.5]  # of [1], which is too few, [4, 9, 2], [7, 6]
    recent_levels_kw(error_kw, np.array([8, 6, 7]), 0, 1, level_kw)
    assert level_kw.tolist() == [0.0, 0.0, 6.0]  # missing, another day before, 6


def courses(count, level_kw: float = 0.0):
    course, path = np.empty(2), np.empty((2, 2))
    median_kw, error_kw = np.array([[10.0, 11.0], [20.0, 21.0]]), np.array([[3.0, 3.0], [4.0, 4.0]])
    days, n_days = np.array([[0, 0], [1, 0]]), np.array([1, 1])
    known = courses_ahead(
        median_kw, np.array(count), error_kw, np.array([0.0, level_kw]), 1, days, n_days, np.array([0, 1]),
        np.array([1, 0]), np.array([1.0, 0.5]), 50.0, 80.0, course, path,
    )  # fmt: skip
    return course.tolist(), path.tolist(), known


def test_own_kind_then_the_other_then_the_mean() -> None:
    assert courses([[2, 2], [2, 2]]) == ([20.0, 11.0], [[4.0, 3.0]] * 2, True)
    assert courses([[2, 2], [0, 2]]) == ([10.0, 11.0], [[3.0, 3.0]] * 2, True)
    assert courses([[0, 0], [0, 0]]) == ([50.0, 50.0], [[30.0, 30.0]] * 2, False)
    assert courses([[2, 2], [1, 2]]) == ([20.0, 11.0], [[3.0, 3.0]] * 2, True)  # one day cannot judge itself
    assert courses([[2, 2], [2, 2]], 10.0) == ([30.0, 16.0], [[-6.0, 3.0]] * 2, True)
    assert courses([[0, 0], [0, 0]], 10.0)[0] == [50.0, 50.0]
    assert courses([[1, 1], [1, 1]]) == ([20.0, 11.0], [[30.0, 30.0]] * 2, True)


def test_largest_excess_looks_at_days_of_the_kind_alone() -> None:
    excess = np.array([[1.0, 9.0], [np.nan, 4.0], [7.0, 2.0]])
    days, n_days = np.array([[0, 0, 0], [1, 2, 0]]), np.array([1, 2])
    both = np.array([0, 1])
    assert largest_excess_kw(excess, days, n_days, both, np.array([1, 1])) == 7.0
    assert largest_excess_kw(excess, days, n_days, both, np.array([0, 0])) == 9.0
    assert np.isnan(largest_excess_kw(excess, days, np.array([0, 0]), both, both))
