"""Time is aware, days have as many hours as their zone says."""

from datetime import UTC, datetime, timedelta

import numpy as np
import pytest

from battuta.domain.errors import ClockError, UsageError
from battuta.domain.time import NS_PER_HOUR, Clock, Interval, delivery_days, from_ns, local_minutes, to_ns

AUTUMN_NS = to_ns(datetime(2026, 10, 24, 22, tzinfo=UTC)) + np.arange(25) * NS_PER_HOUR


def test_nanoseconds_and_back():
    moment = datetime(2026, 1, 1, 12, 30, tzinfo=UTC)
    assert from_ns(to_ns(moment)) == moment


def test_autumn_has_a_day_of_25_hours_with_one_hour_twice():
    assert delivery_days(AUTUMN_NS, "Europe/Berlin").steps(0) == slice(0, 25)
    assert (local_minutes(AUTUMN_NS, "Europe/Berlin")[1:5] // 60).tolist() == [1, 2, 2, 3]


@pytest.mark.parametrize("text", ["utc", "local_24h", "fixed:+01:00,hour_ending", "local:Europe/Berlin"])
def test_a_clock_is_written_as_it_is_read(text):
    assert str(Clock.parse(text)) == text


@pytest.mark.parametrize("text", ["sundial", "local", "utc:+01:00", "local:Mars/Base", "utc,late"])
def test_an_unknown_clock_is_refused(text):
    with pytest.raises(UsageError):
        Clock.parse(text)


def test_naive_times_and_empty_intervals_are_refused():
    with pytest.raises(ClockError, match="no offset"):
        to_ns(datetime(2026, 1, 1))  # noqa: DTZ001  the point of the test
    with pytest.raises(ClockError, match="positive"):
        Interval(start=datetime(2026, 1, 1, tzinfo=UTC), duration=timedelta(0))


def test_what_64_bits_do_not_hold_is_refused():
    for year in (1, 1677, 2263, 9999):
        with pytest.raises(ClockError, match="is out of reach; name one from 1678 to 2261"):
            to_ns(datetime(year, 1, 1, tzinfo=UTC))
