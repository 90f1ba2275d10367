"""A day in ten-minute means: one cell, the middle of all, and their band."""

import numpy as np
import pytest

from battuta.domain.telemetry import Block
from battuta.domain.time import NS_PER_DAY
from battuta.health.scan_record_day import STEP_S, StringVoltages

MINUTE_NS = 60_000_000_000


def block(first_minute: int, n_minutes: int, voltage_v: np.ndarray) -> Block:
    time_ns = NS_PER_DAY * 20_000 + MINUTE_NS * np.arange(first_minute, first_minute + n_minutes)
    return Block(
        string_id="a",
        time_ns=time_ns,
        current_a=np.arange(n_minutes, dtype=np.float64),
        voltage_v=voltage_v,
        temperature_c=np.full((n_minutes, 1), 25.0),
    )


def test_rows_of_ten_minutes_become_one_and_gaps_stay_gaps() -> None:
    cells_v = np.tile([3.2, 3.3, 3.4], (20, 1))
    cells_v[:10, 0] = 3.1
    day = StringVoltages.of([block(0, 10, cells_v[:10]), block(60, 10, cells_v[10:])])
    assert (day.time_ns - NS_PER_DAY * 20_000).tolist() == [STEP_S * 500_000_000, STEP_S * 6_500_000_000]
    np.testing.assert_allclose(day.voltage_v, [[3.1, 3.3, 3.4], [3.2, 3.3, 3.4]])
    np.testing.assert_allclose(day.band_v[1], 3.3)
    np.testing.assert_allclose(day.current_a, [4.5, 4.5])


def test_a_cell_is_as_far_apart_as_it_lies_from_the_middle_on_average() -> None:
    cells_v = np.tile([3.2, 3.3, 3.4], (20, 1))
    cells_v[:10, 0] = 3.1
    day = StringVoltages.of([block(0, 20, cells_v)])
    assert day.apart_v(0) == pytest.approx(0.15)
    assert day.day_of(0).apart_v == pytest.approx(0.15)
    assert day.day_of(-1).apart_v == 0.0
    assert np.isnan(day.day_of(-1).voltage_v).all()


def test_missing_voltages_count_for_nothing_and_a_silent_channel_is_nowhere() -> None:
    cells_v = np.tile([3.2, 3.3, np.nan], (30, 1))
    cells_v[3, 0] = np.nan
    cells_v[20:] = np.nan
    day = StringVoltages.of([block(0, 30, cells_v)])
    assert day.time_ns.size == 2
    np.testing.assert_allclose(day.voltage_v[:, 0], 3.2)
    assert day.apart_v(2) == 0.0


def test_a_day_without_any_voltage_is_empty() -> None:
    day = StringVoltages.of([block(0, 30, np.full((30, 2), np.nan))])
    assert day.time_ns.size == 0
    assert day.day_of(1).low_v.size == 0
