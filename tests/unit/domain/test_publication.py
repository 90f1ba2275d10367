"""Each value becomes known by its rule, in the market's own time."""

from datetime import UTC, datetime, timedelta

import numpy as np

from battuta.domain.publication import AFTER_INTERVAL, DAY_AHEAD_AUCTION, known_at_ns
from battuta.domain.time import NS_PER_HOUR, from_ns, to_ns

HOUR = timedelta(hours=1)
TIME_NS = to_ns(datetime(2026, 3, 28, 23, tzinfo=UTC)) + np.arange(24) * NS_PER_HOUR  # 23 h of the 29th, 1 of the 30th


def test_auction_results_follow_local_time_across_a_change_of_clocks():
    known = known_at_ns(DAY_AHEAD_AUCTION, TIME_NS, HOUR, "Europe/Berlin")
    assert from_ns(known[22]) == datetime(2026, 3, 28, 11, 57, tzinfo=UTC)
    assert from_ns(known[23]) == datetime(2026, 3, 29, 10, 57, tzinfo=UTC)


def test_a_measured_value_is_known_when_its_interval_has_ended():
    np.testing.assert_array_equal(known_at_ns(AFTER_INTERVAL, TIME_NS, HOUR, "UTC"), TIME_NS + NS_PER_HOUR)


def test_a_rule_says_itself():
    assert str(DAY_AHEAD_AUCTION) == "D-1 12:57 local"
