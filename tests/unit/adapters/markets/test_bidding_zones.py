"""Bidding zones: codes that check, clocks that exist, and the day of the coupled market."""

from datetime import UTC, date, datetime

import pytest

from battuta.adapters.markets.bidding_zones import bidding_zone, bidding_zones
from battuta.domain.errors import UsageError
from battuta.domain.time import from_ns, zone_of

ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ-"


def check_character(eic):
    """Last character of an Energy Identification Code, computed from the others (ENTSO-E EIC manual)."""
    total = sum(ALPHABET.index(each) * weight for each, weight in zip(eic[:15], range(16, 1, -1), strict=True))
    return ALPHABET[36 - (total - 1) % 37]


def test_codes_carry_their_check_character():
    for zone in bidding_zones().values():
        assert len(zone.eic) == 16
        assert check_character(zone.eic) == zone.eic[15], zone.name


def test_codes_are_all_different():
    assert len({zone.eic for zone in bidding_zones().values()}) == len(bidding_zones())


def test_all_zones_share_the_central_european_day():
    for zone in bidding_zones().values():
        assert zone_of(zone.local) is not None
        for day in (date(2026, 1, 15), date(2026, 3, 29), date(2026, 7, 15)):
            assert zone.range_ns(day, day) == bidding_zone("DE-LU").range_ns(day, day), zone.name


def test_a_day_of_spring_has_23_hours():
    start_ns, end_ns = bidding_zone("DE-LU").range_ns(date(2026, 3, 29), date(2026, 3, 29))
    assert from_ns(start_ns) == datetime(2026, 3, 28, 23, tzinfo=UTC)
    assert from_ns(end_ns) == datetime(2026, 3, 29, 22, tzinfo=UTC)


def test_a_zone_is_found_however_it_is_spelt():
    assert bidding_zone("de_lu") is bidding_zone(" DE-LU ") is bidding_zones()["DE-LU"]
    assert bidding_zone("it-north").name == "IT-North"


def test_the_wall_clock_of_finland_is_an_hour_ahead():
    zone = bidding_zone("FI")
    start_ns, end_ns = zone.range_ns(date(2026, 1, 15), date(2026, 1, 15))
    assert (zone.local_day(start_ns), zone.local_day(end_ns - 1)) == (date(2026, 1, 15), date(2026, 1, 16))


def test_what_does_not_exist_is_refused():
    with pytest.raises(UsageError, match="'XX' is not known; choose one of DE-LU"):
        bidding_zone("XX")
    with pytest.raises(UsageError, match="2026-01-02 to 2026-01-01 is empty"):
        bidding_zone("FR").range_ns(date(2026, 1, 2), date(2026, 1, 1))
