"""What a meter said: grids, gaps, silent meters, units that change, and days of 23 and 25 hours."""

from datetime import UTC, datetime, timedelta

import numpy as np
import pytest

from battuta.domain.errors import ClockError, DataError, InvalidQuantityError
from battuta.domain.time import NS_PER_HOUR, to_ns
from battuta.forecast.site_series import (
    SiteSeries,
    far_readings,
    require_one_unit,
    silent_zeros,
    steps_per_day,
    wall_clock,
)

HOUR = timedelta(hours=1)
START_NS = to_ns(datetime(2026, 1, 5, tzinfo=UTC))


def hourly(values_kw, zone: str = "UTC", start_ns: int = START_NS) -> SiteSeries:
    values = np.asarray(values_kw, dtype=float)
    return SiteSeries(time_ns=start_ns + NS_PER_HOUR * np.arange(values.size), values_kw=values, step=HOUR, zone=zone)


def days_of_work(n_days: int) -> np.ndarray:
    hour = np.arange(24 * n_days)
    return 20.0 + 30.0 * (np.abs(hour % 24 - 12) < 5)


def test_a_gap_between_updates_stays_a_gap() -> None:
    series = hourly([1.0, 2.0])
    longer = series.joined(START_NS + NS_PER_HOUR * np.array([4, 5]), np.array([5.0, 6.0]))
    np.testing.assert_array_equal(longer.values_kw, [1.0, 2.0, np.nan, np.nan, 5.0, 6.0])
    assert series.n_known == 2


def test_the_past_is_not_written_twice() -> None:
    with pytest.raises(DataError, match="is not after the last interval known"):
        hourly([1.0, 2.0]).joined(START_NS + NS_PER_HOUR * np.array([1]), np.array([5.0]))


@pytest.mark.parametrize("value", [-1.0, np.inf])
def test_what_is_no_magnitude_is_refused_with_its_place(value) -> None:
    with pytest.raises(InvalidQuantityError, match="2026-01-05T01:00"):
        hourly([1.0, value])


def test_a_grid_with_a_hole_is_refused() -> None:
    with pytest.raises(DataError, match="look after 2026-01-05T01:00"):
        SiteSeries(
            time_ns=START_NS + NS_PER_HOUR * np.array([0, 1, 3]), values_kw=np.ones(3), step=HOUR, zone="UTC"
        )  # fmt: skip
    with pytest.raises(ClockError, match="whole part of an hour"):
        steps_per_day(timedelta(minutes=25))


def test_the_wall_clock_skips_an_hour_in_spring_and_shows_one_twice_in_autumn() -> None:
    for month, day, n_hours, twice in ((3, 29, 23, 0), (10, 25, 25, 1)):
        start = to_ns(datetime(2026, month, day, tzinfo=UTC)) - NS_PER_HOUR * (1 if month == 3 else 2)
        date, slot = wall_clock(start + NS_PER_HOUR * np.arange(n_hours), "Europe/Berlin", HOUR)
        assert np.unique(date).size == 1
        assert int((slot == 2).sum()) == 2 * twice


def test_a_zone_with_a_quarter_of_an_hour_keeps_its_wall_clock() -> None:
    quarter = timedelta(minutes=15)
    _, slot = wall_clock(np.array([0]), "Asia/Kathmandu", quarter)
    assert slot.tolist() == [22]  # in 1970 Nepal was 5 h 30 min ahead


def test_zeros_of_a_silent_meter_are_found_and_zeros_of_the_site_are_not() -> None:
    load_kw = days_of_work(20)
    load_kw[24 * 10 + 8 : 24 * 10 + 14] = 0.0
    assert np.flatnonzero(silent_zeros(hourly(load_kw))).tolist() == list(range(248, 254))
    closed_kw = days_of_work(20) - 20.0
    assert not silent_zeros(hourly(closed_kw)).any()


@pytest.mark.parametrize(("factor", "advice"), [(1000.0, "divide by 1000"), (0.001, "multiply by 1000")])
def test_a_change_from_kw_to_w_is_refused_with_its_day(factor, advice) -> None:
    load_kw = days_of_work(20)
    load_kw[24 * 15 :] *= factor
    with pytest.raises(DataError, match=f"from 2026-01-20 on .*{advice}"):
        require_one_unit(hourly(load_kw))


def test_the_first_watts_of_a_day_are_seen_at_once() -> None:
    load_kw = np.concatenate([days_of_work(10), [20_000.0]])
    with pytest.raises(DataError, match="from 2026-01-15 on"):
        require_one_unit(hourly(load_kw))


@pytest.mark.parametrize("factor", [0.02, 30.0])
def test_a_site_may_close_or_grow(factor) -> None:
    load_kw = days_of_work(20)
    load_kw[24 * 15 :] *= factor
    require_one_unit(hourly(load_kw))


@pytest.mark.parametrize("ratio", [6.0, 100.0, 1e4])
def test_a_reading_far_beyond_all_before_is_marked_and_no_measure_of_the_next(ratio) -> None:
    load_kw = days_of_work(20)
    load_kw[[15 * 24 + 3, -1]] = ratio * 50.0
    assert np.flatnonzero(far_readings(hourly(load_kw))).tolist() == [15 * 24 + 3, 20 * 24 - 1]


def test_a_young_record_and_one_of_nothing_say_nothing_of_what_is_far() -> None:
    load_kw = days_of_work(14)
    load_kw[-1] = 1e4
    assert not far_readings(hourly(load_kw)).any()
    assert far_readings(hourly(np.append(days_of_work(14), 1e4))).any()
    assert not far_readings(hourly(np.append(np.zeros(20 * 24), 1e4))).any()
    assert not far_readings(hourly(np.append(np.full(20 * 24, np.nan), 1e4))).any()


def test_a_site_that_has_grown_is_believed_on_the_third_day() -> None:
    grown = np.concatenate([days_of_work(20), 20.0 * days_of_work(4)])
    assert np.unique(np.flatnonzero(far_readings(hourly(grown))) // 24).tolist() == [20, 21]
    rare = np.concatenate([days_of_work(20), *[np.append(days_of_work(6), 20.0 * days_of_work(1))] * 3])
    assert np.unique(np.flatnonzero(far_readings(hourly(rare))) // 24).tolist() == [26, 33, 40]
