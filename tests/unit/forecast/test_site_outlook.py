"""Forecasts from elsewhere: held between their times, missing beyond them, never from after the issue."""

import numpy as np
import pytest

from battuta.domain.errors import DataError, LookAheadError
from battuta.domain.time import NS_PER_HOUR
from battuta.forecast.site_outlook import SiteOutlook


def outlook(known_at_h=(0, 0, 0)) -> SiteOutlook:
    return SiteOutlook(
        name="temperature_c", time_ns=NS_PER_HOUR * np.array([10, 11, 12]), values=np.array([1.0, 2.0, 3.0]),
        known_at_ns=NS_PER_HOUR * np.array(known_at_h),
    )  # fmt: skip


def test_an_hour_holds_for_its_quarters_and_no_longer() -> None:
    quarters = NS_PER_HOUR // 4 * np.array([39, 40, 43, 44, 51, 52])
    np.testing.assert_array_equal(outlook().at(quarters), [np.nan, 1.0, 1.0, 2.0, 3.0, np.nan])


def test_a_later_publication_is_refused_only_where_it_is_used() -> None:
    late = outlook((0, 0, 6))
    assert late.at(NS_PER_HOUR * np.array([10, 11]), 5 * NS_PER_HOUR).tolist() == [1.0, 2.0]
    with pytest.raises(LookAheadError, match="1970-01-01T12:00"):
        late.at(NS_PER_HOUR * np.array([12]), 5 * NS_PER_HOUR)


def test_times_ascend_and_shapes_agree() -> None:
    hours = NS_PER_HOUR * np.array([1, 1])
    with pytest.raises(DataError, match="do not ascend"):
        SiteOutlook(name="cloud_cover", time_ns=hours, values=np.zeros(2), known_at_ns=hours)
    with pytest.raises(DataError, match="one of each"):
        SiteOutlook(name="cloud_cover", time_ns=hours, values=np.zeros(3), known_at_ns=hours)
