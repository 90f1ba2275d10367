"""Holidays are those that the law names, of the country that the zones' own table names."""

from datetime import date

import pytest

from battuta.adapters.calendar.public_holidays import country_of_zone, public_holidays
from battuta.domain.errors import UsageError


def test_a_country_keeps_its_own_days() -> None:
    """By the German unity treaty and Bank Holidays: Good Friday 2019 in both, Unity Day in one, Boxing Day 26."""
    german, british = public_holidays("DE", 2019, 2020), public_holidays("gb", 2019, 2020)
    assert {date(2019, 4, 19), date(2019, 10, 3), date(2020, 6, 1)} <= german.days
    assert date(2019, 4, 19) in british.days
    assert date(2019, 10, 3) not in british.days
    assert (german.first_year, german.last_year, british.place) == (2019, 2020, "GB")


def test_a_part_of_a_country_has_more() -> None:
    bavarian = public_holidays("DE-BY", 2026, 2026).days - public_holidays("DE", 2026, 2026).days
    assert bavarian == {date(2026, 1, 6), date(2026, 6, 4), date(2026, 11, 1)}


@pytest.mark.parametrize(
    ("zone", "country"),
    [
        ("Europe/Berlin", "DE"),
        ("Europe/Oslo", "NO"),
        ("America/New_York", "US"),
        ("America/Argentina/Salta", "AR"),
        ("Australia/Brisbane", "AU"),
        ("UTC", None),
        ("CET", None),
        ("+01:00", None),
        ("Nowhere/Nowhere", None),
    ],
)
def test_a_zone_belongs_to_a_country_or_to_none(zone: str, country: str | None) -> None:
    assert country_of_zone(zone) == country


@pytest.mark.parametrize(
    ("place", "said"),
    [
        ("XX", "of 'XX'; name a country by its ISO 3166 code"),
        ("DE-ZZ", "of 'DE-ZZ'; DE is known, and of its parts BB, BE"),
        ("MC-AA", "MC is known without parts"),
        ("", "of ''; name a country"),
        ("Germany", "of 'Germany'; name a country"),
    ],
)
def test_an_unknown_place_is_refused_with_what_there_is(place: str, said: str) -> None:
    with pytest.raises(UsageError, match=said):
        public_holidays(place, 2026, 2026)
