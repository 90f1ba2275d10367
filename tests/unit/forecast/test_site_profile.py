"""Days by the wall clock, means that fade, and kinds of days that are seen rather than told."""

from datetime import UTC, datetime, timedelta

import numpy as np
import pytest

from battuta.domain.time import NS_PER_HOUR, to_ns
from battuta.forecast.site_profile import DayGrid, FadingMeans, learned_kinds, smoothed
from battuta.forecast.site_series import SiteSeries


def test_days_of_23_and_25_hours_fill_24_slots() -> None:
    start_ns = to_ns(datetime(2026, 10, 24, 22, tzinfo=UTC))
    series = SiteSeries(
        time_ns=start_ns + NS_PER_HOUR * np.arange(25), values_kw=np.arange(25.0), step=timedelta(hours=1),
        zone="Europe/Berlin",
    )  # fmt: skip
    laid = DayGrid.of(series).laid(series.values_kw)
    assert laid.shape == (1, 24)
    assert laid[0, 1:5].tolist() == [1.0, 2.5, 4.0, 5.0]
    spring = SiteSeries(
        time_ns=to_ns(datetime(2026, 3, 28, 23, tzinfo=UTC)) + NS_PER_HOUR * np.arange(23), values_kw=np.arange(23.0),
        step=timedelta(hours=1), zone="Europe/Berlin",
    )  # fmt: skip
    grid = DayGrid.of(spring)
    np.testing.assert_array_equal(grid.laid(spring.values_kw)[0, 1:4], [1.0, np.nan, 2.0])
    assert grid.last_index[0, 1:4].tolist() == [1, 1, 2]


def test_a_missing_day_changes_no_mean_and_a_half_life_halves() -> None:
    means = FadingMeans((1.0,), 1, 1)
    walked = means.walk(np.array([[4.0], [np.nan], [1.0]]), np.zeros(3, dtype=np.int64))
    np.testing.assert_allclose(walked.ravel(), [4.0, 4.0, (0.5 * 4.0 + 1.0) / 1.5])


def test_a_copy_moves_on_alone() -> None:
    means = FadingMeans((0.0,), 1, 1)
    means.advance(np.array([1.0]), 0)
    twin = means.copy()
    twin.advance(np.array([9.0]), 0)
    assert (means.means().item(), twin.means().item()) == (1.0, 9.0)


@pytest.mark.parametrize(
    ("low_days", "name"),
    [
        ((), "all days alike"),
        ((6,), "Monday to Saturday, Sunday"),
        ((5, 6), "Monday to Friday, weekend"),
        ((4, 5, 6), "Monday to Thursday, Friday, Saturday, Sunday"),
    ],
)
def test_kinds_of_days_are_seen(low_days, name) -> None:
    weekday = np.arange(70) % 7
    level = np.where(np.isin(weekday, low_days), 10.0, 100.0)
    noise = np.random.default_rng(7).normal(0.0, 1.0, (70, 24))
    found, kinds = learned_kinds(level[:, None] + noise, weekday)
    assert found == name
    assert kinds.shape == (7,)


def test_smoothing_goes_round_the_clock_and_over_gaps() -> None:
    np.testing.assert_allclose(smoothed(np.array([[4.0, np.nan, 2.0, 0.0]]), 1), [[2.0, 3.0, 1.0, 2.0]])
