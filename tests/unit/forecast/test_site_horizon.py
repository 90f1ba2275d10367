"""Which intervals are forecast, and how far ahead of the meter they lie."""

from datetime import timedelta

import numpy as np
import pytest

from battuta.domain.errors import LookAheadError, StaleDataError
from battuta.domain.time import NS_PER_HOUR
from battuta.forecast.site_horizon import intervals_ahead
from battuta.forecast.site_series import SiteSeries

START_NS = 20_000 * 24 * NS_PER_HOUR


def hourly(values_kw) -> SiteSeries:
    time_ns = START_NS + NS_PER_HOUR * np.arange(len(values_kw))
    return SiteSeries(
        time_ns=time_ns, values_kw=np.asarray(values_kw, dtype=float), step=timedelta(hours=1), zone="UTC"
    )  # fmt: skip


def test_the_next_interval_is_one_step_ahead_and_two_days_are_forecast() -> None:
    series = hourly([1.0, 2.0])
    time_ns, lead, notes = intervals_ahead(series, series.end_ns, None)
    assert time_ns[0] == series.end_ns
    assert (lead[0], lead[-1], lead.size, notes) == (1, 48, 48, ())


def test_within_an_interval_the_next_whole_one_is_first() -> None:
    series = hourly([1.0, 2.0])
    time_ns, lead, notes = intervals_ahead(series, series.end_ns + NS_PER_HOUR // 2, 3)
    assert time_ns[0] == series.end_ns + NS_PER_HOUR
    assert lead.tolist() == [2, 3, 4]
    assert notes == ()


def test_a_silent_meter_counts_as_further_ahead_and_is_told() -> None:
    series = hourly([1.0, 2.0, np.nan, np.nan])
    _, lead, notes = intervals_ahead(series, series.end_ns, 1)
    assert lead.tolist() == [3]
    assert "stale: last measured 2024-10-04T01:00" in notes[0]


def test_the_future_and_a_week_of_silence_are_refused() -> None:
    series = hourly([1.0, 2.0])
    with pytest.raises(LookAheadError, match="later than the issue"):
        intervals_ahead(series, series.end_ns - 1, None)
    with pytest.raises(StaleDataError, match="mend the meter"):
        intervals_ahead(series, series.end_ns + 8 * 24 * NS_PER_HOUR, None)
