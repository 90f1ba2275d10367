"""Stand-ins come from the past only."""

import numpy as np

from battuta.forecast.gaps import bridged

ROWS = np.arange(20.0).reshape(10, 2)


def test_nothing_missing_nothing_changed():
    filled, is_stand_in = bridged(ROWS)
    assert filled is ROWS
    assert not is_stand_in.any()


def test_a_week_before_stands_in():
    rows = ROWS.copy()
    rows[8, 1] = np.nan
    filled, is_stand_in = bridged(rows)
    assert filled[8].tolist() == [16.0, 3.0]
    assert np.argwhere(is_stand_in).tolist() == [[8, 1]]


def test_in_the_first_week_the_day_before_and_at_the_start_the_median():
    rows = ROWS.copy()
    rows[0, 0] = rows[3, 1] = np.nan
    filled, _ = bridged(rows)
    assert filled[3].tolist() == [6.0, 5.0]
    assert filled[0].tolist() == [10.0, 1.0]


def test_a_slot_that_no_day_has_is_zero():
    rows = ROWS.copy()
    rows[:, 1] = np.nan
    assert not bridged(rows)[0][:, 1].any()
