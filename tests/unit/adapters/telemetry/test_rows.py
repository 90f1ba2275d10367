"""Rows: taken, joined and compared as they are."""

import numpy as np

from battuta.adapters.telemetry.rows import commonest_step_ns, joined


def test_what_is_taken_and_joined_is_what_was_there(rows):
    again = joined([rows.take(slice(0, 20)), rows.take(slice(20, None))])
    np.testing.assert_array_equal(again.voltage_v, rows.voltage_v)
    np.testing.assert_array_equal(again.bleed_ah, rows.bleed_ah)
    assert again.number.tolist() == rows.number.tolist()
    assert joined([rows]) is rows
    assert rows.shape == (4, 2, 4)


def test_missing_values_are_equal_to_missing_values(rows):
    rows.voltage_v[0] = rows.voltage_v[1]
    rows.current_a[:2] = np.nan
    rows.temperature_c[0] = rows.temperature_c[1]
    rows.bleed_ah[0] = rows.bleed_ah[1]
    one, other = np.array([0, 1]), np.array([1, 2])
    assert rows.is_same(one, other).tolist() == [True, False]
    rows.bleed_ah[0, 3] += 1e-6
    assert rows.is_same(one, other).tolist() == [False, False]


def test_the_commonest_step_of_a_single_row_is_none():
    assert commonest_step_ns(np.array([5])) == 0
    assert commonest_step_ns(np.array([0, 10, 20, 35])) == 10
