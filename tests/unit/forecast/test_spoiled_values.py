"""Faults of a day's values: what is plausible in one column is a fault in another."""

import numpy as np

from battuta.domain.input_finding import InputFault, Severity
from battuta.forecast.spoiled_record import DayRecord
from battuta.forecast.spoiled_values import constant, jump, missing, repeated, zeros

ROWS = np.arange(40)


def record_of(days, *, is_price=False):
    record = DayRecord(24, is_price=is_price)
    for day in days:
        record.append(day)
    return record


def moving(low=50.0):
    return np.random.default_rng(1).uniform(low, 100.0, (40, 24))


def test_missing_hours_are_counted():
    assert missing(np.ones(24)) is None
    verdict = missing(np.where(np.arange(24) < 5, np.nan, 1.0))
    assert verdict is not None
    assert verdict.detail == "5 of 24 values are missing"


def test_a_day_of_zeros_is_a_fault_unless_the_column_comes_near_zero():
    assert zeros(record_of(moving()), np.zeros(24), ROWS).kind is InputFault.ZEROS
    calm = moving(0.0)
    calm[::8] *= 0.01
    assert zeros(record_of(calm), np.zeros(24), ROWS) is None


def test_nearly_all_zeros_are_a_day_of_zeros():
    day = np.where(np.arange(24) < 2, 30.0, 0.0)
    assert "22 of 24" in zeros(record_of(moving(), is_price=True), day, ROWS).detail


def test_zero_prices_are_no_fault_where_they_were_seen():
    days = moving()
    days[:, 3:6] = 0.0
    assert zeros(record_of(days, is_price=True), np.zeros(24), ROWS) is None


def test_a_single_zero_is_a_fault_in_a_load_and_not_in_a_price():
    day = np.where(np.arange(24) == 9, 0.0, 70.0)
    assert zeros(record_of(moving()), day, ROWS).detail.startswith("1 of 24 values are zero, where value 9")
    assert zeros(record_of(moving(), is_price=True), day, ROWS) is None


def test_one_value_all_day_is_a_fault_where_days_move():
    assert constant(record_of(moving()), np.full(24, 60.0), ROWS).kind is InputFault.CONSTANT
    daily = np.repeat(np.arange(40.0)[:, None] + 1.0, 24, axis=1)
    assert constant(record_of(daily), np.full(24, 60.0), ROWS) is None


def test_a_copy_of_last_week_is_told():
    days = moving()
    verdict = repeated(record_of(days), days[-7])
    assert (verdict.severity, verdict.detail) == (Severity.WARN, "all 24 values are those of 7 days before")
    assert repeated(record_of(days), days[-8]) is None


def test_a_jump_needs_a_history_to_be_one():
    days = np.tile(moving(), (3, 1))
    day = np.where(np.arange(24) == 2, 151.0, 70.0)
    assert jump(record_of(days), day, 50.0, 100.0).kind is InputFault.JUMP
    assert jump(record_of(days), np.minimum(day, 150.0), 50.0, 100.0) is None
    assert jump(record_of(days[:40]), day, 50.0, 100.0) is None


def test_a_first_negative_value_is_told_but_not_of_a_price():
    days, day = np.tile(moving(0.0), (3, 1)), np.where(np.arange(24) == 2, -1.0, 70.0)
    assert "value 2 of the day is -1" in jump(record_of(days), day, 0.0, 100.0).detail
    assert jump(record_of(days, is_price=True), day, 0.0, 100.0) is None
