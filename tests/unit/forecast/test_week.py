"""Holidays count as Sundays."""

from datetime import date

import numpy as np

from battuta.forecast.week import weekdays

FRIDAY = np.array([20574])
"""2026-05-01."""


def test_a_free_day_is_a_sunday() -> None:
    days = FRIDAY + np.arange(4)
    assert weekdays(days, ()).tolist() == [4, 5, 6, 0]
    assert weekdays(days, {date(2026, 5, 1)}).tolist() == [6, 5, 6, 0]
