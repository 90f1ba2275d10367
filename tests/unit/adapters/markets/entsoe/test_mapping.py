"""Documents of the Transparency Platform: curves, auctions, contracts, and everything that is not a price."""

from datetime import UTC, date, datetime, timedelta

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from battuta.adapters.markets.bidding_zones import bidding_zone
from battuta.adapters.markets.entsoe.fake import PUBLICATION, FakeEntsoe
from battuta.adapters.markets.entsoe.mapping import read_day_ahead, reason_of_refusal
from battuta.domain.errors import BattutaError, CurrencyError, DataError, SourceUnavailableError, StaleDataError
from battuta.domain.time import from_ns

ZONE = bidding_zone("DE-LU")
DAY = date(2026, 3, 28)


def query(first, last, **changes):
    start, end = (f"{from_ns(at):%Y%m%d%H%M}" for at in ZONE.range_ns(first, last))
    return {
        "securityToken": "a-token",
        "documentType": "A44",
        "in_Domain": ZONE.eic,
        "out_Domain": ZONE.eic,
        "periodStart": start,
        "periodEnd": end,
    } | changes


def body(first=DAY, last=DAY, **settings):
    return FakeEntsoe(**settings).reply("/api", query(first, last)).body


def read(raw, first=DAY, last=DAY, **settings):
    return read_day_ahead(raw, ZONE, *ZONE.range_ns(first, last), **settings)


def series(*periods, sequence="1", curve="A03", currency="EUR", unit="MWH", contract="A01"):
    number = (
        f"<classificationSequence_AttributeInstanceComponent.position>{sequence}"
        "</classificationSequence_AttributeInstanceComponent.position>"
        if sequence
        else ""
    )
    return (
        f"<TimeSeries><contract_MarketAgreement.type>{contract}</contract_MarketAgreement.type>"
        f"<currency_Unit.name>{currency}</currency_Unit.name><price_Measure_Unit.name>{unit}</price_Measure_Unit.name>"
        f"{number}<curveType>{curve}</curveType>{''.join(periods)}</TimeSeries>"
    )


def period(points, start="2026-03-27T23:00Z", end="2026-03-28T23:00Z", resolution="PT60M"):
    told = "".join(
        f"<Point><position>{position}</position><price.amount>{price}</price.amount></Point>"
        for position, price in points
    )
    interval = f"<timeInterval><start>{start}</start><end>{end}</end></timeInterval>"
    return f"<Period>{interval}<resolution>{resolution}</resolution>{told}</Period>"


def document(*parts):
    root = "Publication_MarketDocument"
    return f'<?xml version="1.0"?><{root} xmlns="{PUBLICATION}">{"".join(parts)}</{root}>'.encode()


EVERY_HOUR = [(hour, 10.0 * hour) for hour in range(1, 25)]


def test_a_plain_day_is_read():
    answer = read(document(series(period(EVERY_HOUR), curve="A01")))
    assert from_ns(int(answer.time_ns[0])) == datetime(2026, 3, 27, 23, tzinfo=UTC)
    np.testing.assert_allclose(answer.price_per_mwh, 10.0 * np.arange(1, 25))
    assert (answer.step, answer.currency) == (timedelta(hours=1), "EUR")


def test_an_omitted_block_repeats_the_one_before_also_at_the_end():
    answer = read(document(series(period([(1, -5.0), (4, 7.5), (20, 0.0)]))))
    assert answer.price_per_mwh.tolist() == [-5.0] * 3 + [7.5] * 16 + [0.0] * 5


@pytest.mark.parametrize(
    ("points", "curve", "position"),
    [
        (EVERY_HOUR[:5] + EVERY_HOUR[6:], "A01", 6),
        (EVERY_HOUR[:-1], "A01", 24),
        (EVERY_HOUR[1:], "A03", 1),
        ([], "A03", 1),
    ],
)
def test_what_the_curve_does_not_define_is_missing(points, curve, position):
    with pytest.raises(
        DataError, match=rf"position {position} of the period from 2026-03-27T23:00Z is missing \(curve type {curve}"
    ):
        read(document(series(period(points), curve=curve)))


@given(prices=st.lists(st.integers(-50, 50), min_size=24, max_size=24))
def test_both_curves_tell_the_same(prices):
    every = [(position, price) for position, price in enumerate(prices, start=1)]
    changed = [each for each in every if each[0] == 1 or prices[each[0] - 2] != each[1]]
    one, other = (
        read(document(series(period(points), curve=curve))) for points, curve in ((every, "A01"), (changed, "A03"))
    )
    np.testing.assert_array_equal(one.price_per_mwh, other.price_per_mwh)


@pytest.mark.parametrize(
    ("day", "step_min", "n_times"),
    [
        (date(2025, 3, 30), 60, 23),
        (date(2025, 10, 1), 15, 96),
        (date(2025, 10, 26), 15, 100),
        (date(2026, 3, 29), 15, 92),
    ],
)
@pytest.mark.parametrize("curve", ["A01", "A03"])
def test_days_and_resolutions_are_those_of_the_source(day, step_min, n_times, curve):
    answer = read(body(day, day, curve=curve), day, day)
    assert (answer.step, answer.time_ns.size) == (timedelta(minutes=step_min), n_times)


def test_half_hours_are_read():
    points = [(position, 1.0) for position in range(1, 49)]
    assert read(document(series(period(points, resolution="PT30M")))).step == timedelta(minutes=30)


def test_several_days_and_periods_are_joined_in_order():
    noon = "2026-03-28T11:00Z"
    late = period([(position, 2.0) for position in range(1, 13)], start=noon)
    early = period([(position, 1.0) for position in range(1, 13)], end=noon)
    assert read(document(series(late, early))).price_per_mwh.tolist() == [1.0] * 12 + [2.0] * 12
    assert read(body(DAY, date(2026, 3, 30)), DAY, date(2026, 3, 30)).time_ns.size == 96 + 92 + 96


def test_a_range_over_the_change_to_quarter_hours_is_refused_with_the_date():
    first, last = date(2025, 9, 30), date(2025, 10, 1)
    with pytest.raises(DataError, match="from 60 to 15 min on 2025-10-01"):
        read(body(first, last), first, last)


def test_the_coupled_auction_is_taken_whatever_its_place():
    both = [series(period([(1, 999.0)]), sequence="2"), series(period([(1, 50.0)]), sequence="1")]
    for parts in (both, both[::-1]):
        assert set(read(document(*parts)).price_per_mwh) == {50.0}
        assert set(read(document(*parts), sequence=2).price_per_mwh) == {999.0}


def test_a_series_without_number_is_the_only_auction():
    assert set(read(document(series(period([(1, 50.0)]), sequence=""))).price_per_mwh) == {50.0}


def test_another_auction_is_never_taken_for_the_coupled_one():
    with pytest.raises(DataError, match="has no auction 1 of DE-LU for this range, only 2; 1 is the single day-ahead"):
        read(document(series(period([(1, 50.0)]), sequence="2")))


def test_an_auction_of_quarter_hours_beside_one_of_hours_is_told_apart():
    quarters = series(period([(1, 9.0)], resolution="PT15M"), sequence="2")
    assert read(document(quarters, series(period(EVERY_HOUR)))).step == timedelta(hours=1)


def test_hours_and_quarter_hours_of_one_auction_must_agree():
    hours = series(period([(1, 50.0)]))
    quarters = [(4 * hour + 1, 50.0) for hour in range(24)] + [(4 * hour + 2, 40.0) for hour in range(24)]
    assert read(document(hours, series(period(quarters, resolution="PT15M")))).step == timedelta(minutes=15)
    with pytest.raises(DataError, match="tells two prices"):
        read(document(hours, series(period([(1, 9.0)], resolution="PT15M"))))


def test_intraday_contracts_are_not_taken():
    intraday = series(period([(1, 777.0)]), contract="A07")
    assert set(read(document(intraday, series(period([(1, 50.0)])))).price_per_mwh) == {50.0}
    with pytest.raises(DataError, match="has no prices of DE-LU between"):
        read(document(intraday))


def test_two_prices_of_one_interval_are_refused_unless_they_agree():
    one, other = series(period([(1, 50.0)])), series(period([(1, 50.0), (3, 60.0)]))
    assert read(document(one, one)).time_ns.size == 24
    with pytest.raises(DataError, match=r"tells two prices of 2026-03-28T01:00Z: 50 and 60"):
        read(document(one, other))


def test_other_units_and_currencies():
    with pytest.raises(DataError, match="prices are per KWH, not per MWH"):
        read(document(series(period(EVERY_HOUR), unit="KWH")))
    with pytest.raises(DataError, match="per an unstated unit"):
        read(document(series(period(EVERY_HOUR), unit="")))
    assert read(document(series(period(EVERY_HOUR), currency="PLN"))).currency == "PLN"
    mixed = document(series(period(EVERY_HOUR)), series(period(EVERY_HOUR), currency="PLN"))
    with pytest.raises(CurrencyError, match="come in EUR and PLN"):
        read(mixed)
    with pytest.raises(SourceUnavailableError, match="currency 'euro'"):
        read(document(series(period(EVERY_HOUR), currency="euro")))


def test_no_data_is_told_with_the_reason():
    with pytest.raises(
        DataError, match=r"has no prices of DE-LU for this range: No matching data found .*\(reason 999\)"
    ):
        read(body(last_day=DAY - timedelta(days=1)))


def test_days_that_are_not_published_yet_are_named():
    with pytest.raises(StaleDataError, match="not published yet"):
        read(body(DAY, date(2026, 3, 29), last_day=DAY), DAY, date(2026, 3, 29))
    with pytest.raises(DataError, match="begins at"):
        read(body(DAY, DAY), DAY - timedelta(days=1), DAY)


def test_a_day_between_that_is_missing_is_a_gap():
    parts = [series(period(EVERY_HOUR)), series(period(EVERY_HOUR, "2026-03-29T22:00Z", "2026-03-30T22:00Z"))]
    with pytest.raises(DataError, match="23 intervals are missing after 2026-03-28T22:00Z"):
        read(document(*parts), DAY, date(2026, 3, 30))


@pytest.mark.parametrize(
    ("raw", "words"),
    [
        (b"", "cut off or damaged"),
        (body()[:2000], "cut off or damaged"),
        (b"\xff\xfe<\x00a\x00", "not in UTF-8"),
        (b"<!DOCTYPE html><html><body>Maintenance", "a web page instead of XML"),
        (b'<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>', "XML with a document type; nothing of it was read"),
        (b'<?xml version="1.0"?>\n<!doctype a SYSTEM "file:///etc/passwd"><a/>', "XML with a document type"),
        (b"<a>&b;</a>", "cut off or damaged"),
        (b"<Unexpected/>", "the document is a Unexpected"),
        (document(series(period(EVERY_HOUR, resolution="P1D"))), "resolution 'P1D' is not one of PT15M"),
        (document(series(period(EVERY_HOUR), curve="A02")), "curve type 'A02'"),
        (document(series(period(EVERY_HOUR, end="2026-03-28T22:30Z"))), "is not a number of PT60M"),
        (document(series(period(EVERY_HOUR, end="2026-03-27T23:00Z"))), "is not a number of"),
        (document(series(period(EVERY_HOUR, end="9999-03-27T23:00Z"))), "is out of reach"),
        (document(series(period(EVERY_HOUR, start="2026-03-27T23:00"))), "has no offset"),
        (document(series(period(EVERY_HOUR, start="soon"))), "'soon' is no time"),
        (document(series(period([(1, 1.0), (1, 2.0)]))), "position 1 .* comes twice or lies outside"),
        (document(series(period([(0, 1.0)]))), "position 0 "),
        (document(series(period([(25, 1.0)]))), "position 25 "),
        (document(series(period([("x", 1.0)]))), "'x' is no position"),
        (document(series(period([(1, "1,5")]))), "'1,5' is no price"),
        (document(series(period([(1, "NaN")]))), "'NaN' is no price"),
        (document(series(period([(1, "1e99")]))), "'1e99' is no price"),
        (document(series(period([(1, "")]))), "'' is no price"),
        (document(series(period(EVERY_HOUR), sequence="one")), "'one' is no position"),
    ],
)
def test_what_is_not_documented_is_refused(raw, words):
    with pytest.raises(SourceUnavailableError, match=words):
        read(raw)


@given(at=st.integers(0, len(body()) - 1), garbage=st.binary(min_size=1, max_size=3))
def test_a_damaged_answer_is_read_or_refused_but_never_a_traceback(at, garbage):
    raw = body()
    try:
        read(raw[:at] + garbage + raw[at + len(garbage) :])
    except BattutaError:
        return


def test_the_reason_of_a_refusal_is_found():
    refusal = FakeEntsoe().reply("/api", query(DAY, DAY, securityToken="wrong"))
    assert (refusal.status, reason_of_refusal(refusal.body)) == (401, "Authentication failed. (reason 999)")
    assert reason_of_refusal(b"<html>") == reason_of_refusal(body()) == ""
