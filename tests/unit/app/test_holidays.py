"""Prices carry the holidays of their zone, of a place that was named, or none."""

from dataclasses import replace
from datetime import date

import pytest

from battuta.app.holidays import with_holidays
from battuta.app.prices import synthetic_prices
from battuta.domain.errors import UsageError

PRICES = synthetic_prices(1, 30)


def test_the_synthetic_market_knows_its_own() -> None:
    assert PRICES.holidays is not None
    assert date(2026, 5, 1) in PRICES.holidays.days
    assert date(2026, 4, 3) not in PRICES.holidays.days


def test_a_market_keeps_the_days_of_the_country_of_its_zone_into_the_next_year() -> None:
    holidays = with_holidays(PRICES, "zone").holidays
    assert holidays is not None
    assert (holidays.place, holidays.first_year, holidays.last_year) == ("DE", 2026, 2027)
    assert date(2026, 4, 3) in holidays.days


def test_a_named_place_is_taken_and_a_slice_keeps_it() -> None:
    named = with_holidays(PRICES, "AT").slice(slice(0, 24))
    assert named.holidays is not None
    assert date(2026, 10, 26) in named.holidays.days


def test_none_are_known_where_none_are_wanted_or_the_zone_is_of_no_country() -> None:
    assert with_holidays(PRICES, "none").holidays is None
    assert with_holidays(replace(PRICES, zone="UTC"), "zone").holidays is None


def test_a_place_that_nothing_is_known_of_is_refused() -> None:
    with pytest.raises(UsageError, match="Atlantis"):
        with_holidays(PRICES, "Atlantis")
