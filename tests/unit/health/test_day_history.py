"""Days are kept, lines are drawn through them, and what all cells share is taken off."""

import numpy as np

from battuta.health.day_history import HISTORY_DAYS, DayHistory, beside_others, without_common

RNG = np.random.default_rng(2)


def history(n_days, values):
    kept = DayHistory.empty(values.shape[1])
    for day in range(n_days):
        kept.append(100 + day, values[day], 1.0)
    return kept


def test_a_line_through_days_with_gaps_is_the_line():
    days = np.array([0, 1, 4, 5, 9])
    kept = DayHistory.empty(2)
    for day in days:
        kept.append(int(day), np.array([0.5 * day, 3.0 - 0.1 * day]), 1.0 + day)
    slope = kept.slope_per_day(0, 5)
    assert slope is not None
    np.testing.assert_allclose(slope, [0.5, -0.1])
    assert kept.slope_per_day(0, 2) is None
    assert kept.rows_since(5) == 3
    assert kept.rows_since(6) == 2


def test_a_better_day_counts_more():
    kept = DayHistory.empty(1)
    kept.append(0, np.array([1.0]), 1.0)
    kept.append(1, np.array([4.0]), 0.5)
    level = kept.level(0, 2)
    assert level is not None
    np.testing.assert_allclose(level, [3.0])
    assert kept.level(1, 1) is None


def test_old_days_are_forgotten():
    kept = history(HISTORY_DAYS + 7, RNG.normal(size=(HISTORY_DAYS + 7, 3)))
    assert kept.days.size == HISTORY_DAYS
    assert kept.days[0] == 107


def test_a_cell_stands_out_by_what_others_usually_do():
    values = RNG.normal(size=101)
    values[7] += 20.0
    score = beside_others(values, 0.1)
    assert score[7] > 15.0
    assert np.abs(np.delete(score, 7)).max() < 5.0
    assert beside_others(np.array([0.0, 0.0, 1.0]), 0.5).tolist() == [0.0, 0.0, 2.0]


def test_what_all_cells_share_is_taken_off_and_what_one_does_is_left():
    what_they_are = RNG.normal(size=(3, 240))
    change = 0.5 + 2.0 * what_they_are[0] - 1.0 * what_they_are[2] + 0.01 * RNG.normal(size=240)
    change[9] += 1.0
    left = without_common(change, what_they_are)
    assert abs(left[9] - 1.0) < 0.1
    assert np.std(np.delete(left, 9)) < 0.2
