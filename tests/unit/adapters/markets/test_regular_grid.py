"""Is an answer whole? If not, the message says where."""

from datetime import UTC, datetime, timedelta

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from battuta.adapters.markets.regular_grid import MARKET_TIME_UNITS, regular_step, require_whole
from battuta.domain.errors import DataError, StaleDataError
from battuta.domain.time import NS_PER_HOUR, duration_ns, to_ns

START_NS = to_ns(datetime(2025, 9, 30, 0, tzinfo=UTC))
HOUR = timedelta(hours=1)


def grid(n, step=HOUR, start_ns=START_NS):
    return start_ns + np.arange(n, dtype=np.int64) * duration_ns(step)


@given(step=st.sampled_from(MARKET_TIME_UNITS), n=st.integers(2, 200))
def test_a_regular_grid_tells_its_step(step, n):
    assert regular_step(grid(n, step), "UTC", "source") == step


@given(step=st.sampled_from(MARKET_TIME_UNITS), n=st.integers(4, 60), data=st.data())
def test_a_gap_is_found_wherever_it_is(step, n, data):
    gap = data.draw(st.integers(1, n - 2))
    width = data.draw(st.integers(1, n - 1 - gap))
    times = np.delete(grid(n, step), slice(gap, gap + width))
    if times.size < 3:
        return
    with pytest.raises(DataError, match=r"intervals are missing after|min apart|market time unit changes"):
        regular_step(times, "UTC", "source")


def test_a_gap_is_named_with_place_and_size():
    times = np.delete(grid(24), [5, 6])
    with pytest.raises(DataError, match=r"source: 2 intervals are missing after 2025-09-30T04:00Z"):
        regular_step(times, "UTC", "source")


def test_three_missing_quarters_are_a_gap_and_no_hour():
    times = np.delete(grid(96, timedelta(minutes=15)), [40, 41, 42])
    with pytest.raises(DataError, match="3 intervals are missing"):
        regular_step(times, "UTC", "source")


def test_a_missing_second_quarter_is_a_gap_and_no_half_hour():
    times = np.delete(grid(96, timedelta(minutes=15)), 1)
    with pytest.raises(DataError, match="1 intervals are missing after 2025-09-30T00:00Z"):
        regular_step(times, "UTC", "source")


def test_a_change_of_resolution_is_named_by_its_delivery_day():
    quarters = grid(96, timedelta(minutes=15), START_NS + 22 * NS_PER_HOUR)
    times = np.concatenate([grid(22), quarters])
    with pytest.raises(DataError, match=r"from 60 to 15 min on 2025-10-01; ask for days before 2025-10-01 or from"):
        regular_step(times, "Europe/Berlin", "source")


@pytest.mark.parametrize(
    ("times", "words"),
    [
        (grid(1), "single interval"),
        (np.concatenate([grid(5), grid(5)]), "2025-09-30T00:00Z comes twice or out of order"),
        (np.repeat(grid(5), 2), "comes twice"),
        (grid(5, timedelta(minutes=5)), "intervals are 5 min apart, not 15, 30 or 60"),
        (grid(2, timedelta(hours=3)), "180 min apart"),
    ],
)
def test_other_faults_are_named(times, words):
    with pytest.raises(DataError, match=words):
        regular_step(times, "UTC", "source")


def test_the_whole_range_must_be_there():
    end_ns = START_NS + 24 * NS_PER_HOUR
    require_whole(grid(24), HOUR, START_NS, end_ns, "source")
    with pytest.raises(StaleDataError, match=r"ends at 2025-09-30T23:00Z, not at 2025-10-01T00:00Z.*not published yet"):
        require_whole(grid(23), HOUR, START_NS, end_ns, "source")
    with pytest.raises(DataError, match=r"begins at 2025-09-30T01:00Z, not at 2025-09-30T00:00Z"):
        require_whole(grid(24)[1:], HOUR, START_NS, end_ns, "source")
