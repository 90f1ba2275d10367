"""Local time is unmistakable on days that change their clock; benchmark labels stay as they are."""

from datetime import UTC, datetime

import numpy as np

from battuta.domain.time import NS_PER_HOUR, to_ns
from battuta.interfaces.reports.wall_clock import WallClock

BERLIN = WallClock(zone="Europe/Berlin")


def hours(start, n):
    return to_ns(start) + np.arange(n) * NS_PER_HOUR


def test_an_ordinary_day_names_no_offset():
    assert BERLIN.texts(hours(datetime(2026, 1, 5, tzinfo=UTC), 1)) == ["Mon 2026-01-05 01:00"]
    assert BERLIN.axis_title(hours(datetime(2026, 1, 5, tzinfo=UTC), 24)) == "local time, Europe/Berlin"


def test_a_repeated_hour_is_told_apart():
    autumn = hours(datetime(2026, 10, 24, 22, tzinfo=UTC), 25)
    texts = BERLIN.texts(autumn)
    assert len(set(texts)) == 25
    assert "UTC+01:00 throughout" in BERLIN.axis_title(autumn)


def test_an_axis_is_even_though_clocks_change():
    autumn = hours(datetime(2026, 10, 24, 22, tzinfo=UTC), 25)
    axis_ms = BERLIN.axis_ms(autumn, int(autumn[0]))
    assert np.all(np.diff(axis_ms) == 3_600_000.0)
    assert axis_ms[0] == datetime(2026, 10, 25, tzinfo=UTC).timestamp() * 1000.0


def test_changes_are_seen_in_years_that_begin_and_end_alike():
    assert BERLIN.is_changed_within(hours(datetime(2025, 1, 1, tzinfo=UTC), 2 * 8760))
    assert not WallClock(zone="+01:00").is_changed_within(hours(datetime(2025, 1, 1, tzinfo=UTC), 8760))


def test_benchmark_labels_stay(benchmark_result):
    clock = WallClock.of(benchmark_result.prices)
    assert clock.texts(benchmark_result.prices.time_ns[:1]) == ["Sun 2026-01-04 23:00"]
    assert "local_24h" in clock.words
