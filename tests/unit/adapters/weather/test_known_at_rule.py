"""Rules that say when weather became known."""

from datetime import UTC, datetime

import numpy as np
import pytest

from battuta.adapters.weather.known_at_rule import KnownAtRule
from battuta.domain.errors import UsageError
from battuta.domain.time import to_ns


def ns(*parts):
    return to_ns(datetime(*parts, tzinfo=UTC))


def test_the_day_before_is_that_of_the_zone():
    rule = KnownAtRule.parse("D-1 06:00 Europe/Berlin")
    times = np.array([ns(2026, 7, 1, 22), ns(2026, 7, 1, 21), ns(2026, 1, 2, 12)])  # 00:00 of the 2nd, 23:00 of the 1st
    np.testing.assert_array_equal(rule.known_at_ns(times), [ns(2026, 7, 1, 4), ns(2026, 6, 30, 4), ns(2026, 1, 1, 5)])


@pytest.mark.parametrize("text", ["D-1 06:00 Europe/Berlin", "D 18:30 UTC", "D+1 00:00 +01:00", "D-2 23:59 UTC"])
def test_a_rule_is_written_as_it_is_read(text):
    assert str(KnownAtRule.parse(text)) == text


@pytest.mark.parametrize(
    "text", ["", "06:00", "D-1 06:00", "D-1 6:00 UTC", "D-1 24:00 UTC", "D-1 06:60 UTC", "D-1 06:00 Mars/Olympus"]
)
def test_what_is_no_rule_is_refused(text):
    with pytest.raises(UsageError, match=r"is no rule; write days, time and zone|is not known"):
        KnownAtRule.parse(text)
