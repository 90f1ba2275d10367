"""Widths of site forecasts: learned, widened where they did not hold, narrowed where they held too well."""

import numpy as np

from battuta.forecast.site_error_bands import LEVELS, ErrorBands

NODES = np.array([1, 4, 8])


def bands(n: int = 4000, n_classes: int = 1) -> tuple[ErrorBands, np.ndarray]:
    error = np.random.default_rng(11).normal(size=(3, n)) * np.array([[1.0], [2.0], [4.0]])
    number = np.tile(np.arange(n) % n_classes, (3, 1))
    return ErrorBands.of(NODES, error, np.ones(n), number, n_classes), error


def test_quantiles_are_those_of_the_errors_and_grow_with_the_lead() -> None:
    learned, _ = bands()
    at = learned.at(NODES, np.zeros(3, dtype=np.int64), np.ones(3))
    np.testing.assert_allclose(at[:, 94], 1.645 * np.array([1.0, 2.0, 4.0]), rtol=0.1)
    assert np.all(np.diff(at, axis=1) >= 0.0)
    between = learned.at(np.array([2]), np.zeros(1, dtype=np.int64), np.ones(1))
    assert at[0, 94] < between[0, 94] < at[1, 94]


def test_widening_leaves_the_median() -> None:
    learned, _ = bands()
    zero = np.zeros(3, dtype=np.int64)
    plain, wide = (learned.at(NODES, zero, np.full(3, factor)) for factor in (1.0, 2.0))
    np.testing.assert_allclose(plain[:, 49], wide[:, 49])
    np.testing.assert_allclose(wide[:, 94] - wide[:, 49], 2.0 * (plain[:, 94] - plain[:, 49]))


def test_scales_follow_misses_both_ways_and_nothing_known_changes_nothing() -> None:
    learned, error = bands()
    zero = np.zeros(error.shape, dtype=np.int64)
    assert np.all(learned.scaled_after(3.0 * error, zero, 96) > 1.0)
    assert np.all(learned.scaled_after(0.1 * error, zero, 96) < 1.0)
    np.testing.assert_array_equal(learned.scaled_after(np.full(error.shape, np.nan), zero, 96), np.ones(3))


def test_errors_of_far_leads_are_held_against_the_width_that_was_told_then() -> None:
    learned, error = bands()
    zero = np.zeros(error.shape, dtype=np.int64)
    wide = learned.with_scale(np.full(3, 2.9), learned)
    np.testing.assert_array_equal(wide.scales, [[2.9] * 3, [1.0] * 3, [1.0] * 3])
    now, yesterday, before = wide.scaled_after(2.5 * error, zero, 4) / 2.9
    assert now < 1.0 < yesterday
    assert before > 1.0
    np.testing.assert_array_equal(learned.with_scale(np.full(3, 2.0)).scales, np.full((3, 3), 2.0))


def test_errors_that_are_heard_of_late_change_the_width_by_less() -> None:
    learned, error = bands()
    grown = np.log(learned.scaled_after(1e6 * error[:, :4], np.zeros((3, 4), dtype=np.int64), 4))
    np.testing.assert_allclose(grown, [0.9, 0.9 / 2.0, 0.9 / 3.0])


def test_errors_twice_as_large_ask_for_twice_the_width() -> None:
    learned, error = bands()
    zero = np.zeros(error.shape, dtype=np.int64)
    np.testing.assert_allclose(learned.scaled_to(2.0 * error, zero), 2.0, rtol=0.1)
    np.testing.assert_array_equal(learned.scaled_to(np.full(error.shape, np.nan), zero), np.ones(3))


def test_each_class_has_its_own_width_where_it_was_seen_often() -> None:
    error = np.random.default_rng(5).normal(size=(3, 8000))
    number = np.tile(np.arange(8000) % 2, (3, 1))
    learned = ErrorBands.of(NODES, error * np.where(number == 1, 5.0, 1.0), np.ones(8000), number, 2)
    assert np.all(learned.quantiles[:, 1, 94] > 3.0 * learned.quantiles[:, 0, 94])
    assert learned.quantiles.shape == (3, 2, LEVELS.size)
