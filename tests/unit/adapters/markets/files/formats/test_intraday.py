"""German quarter-hours are one clock all year, and an index is known only after trading."""

from datetime import UTC, datetime

import numpy as np

from battuta.adapters.markets.files.reader import read_prices
from battuta.domain.imports import FindingKind
from battuta.domain.prices import PRICE, History
from battuta.domain.publication import AFTER_INTERVAL
from battuta.domain.time import from_ns, to_ns

HEAD = "Date,Wind,Load,Intraday Auction 15 minute call,Intraday Continuous 15 minutes ID3-Price"


def quarters(start, n_rows):
    moments = np.datetime64(start, "m") + np.arange(n_rows) * 15
    return [f"{each.item():%d/%m/%Y %H:%M},22.672,40.5,{50 + k % 96},{60 + k % 96}" for k, each in enumerate(moments)]


def test_no_hour_is_lost_or_doubled(write):
    found = read_prices(write([HEAD, *quarters("2019-03-31T00:00", 96)]), source="german_intraday")
    series = found.series
    assert series.n_times == 96
    assert from_ns(int(series.time_ns[0])).isoformat() == "2019-03-30T23:00:00+00:00"
    assert np.diff(series.days().start_index).tolist() == [92, 4]
    assert found.count(FindingKind.DST_DAY) == 1


def test_power_is_in_megawatt_and_known_afterwards(write):
    series = read_prices(write([HEAD, *quarters("2019-07-01T00:00", 192)]), source="german_intraday").series
    assert series.values("wind_mw")[0] == 22_672.0
    assert {each.rule for each in series.columns.values()} == {AFTER_INTERVAL}
    view = History(series).view(to_ns(datetime(2019, 7, 1, 13, 10, tzinfo=UTC)))  # 15:10 in Berlin
    assert view.n_known(PRICE) == 188  # to the end of July 2 in Berlin
    assert view.n_known("id3_price_per_mwh") == 56  # 13:10 UTC: the quarter that ended at 13:00


def test_an_index_can_be_the_price(write):
    path = write([HEAD, *quarters("2019-07-01T00:00", 96)])
    series = read_prices(path, source="german_intraday", price_column="Intraday Continuous 15 minutes ID3-Price").series
    assert (series.price_per_mwh[0], series.rule) == (60.0, AFTER_INTERVAL)
    assert "auction_price_per_mwh" in series.columns


def test_a_row_of_the_next_year_is_told(write):
    found = read_prices(write([HEAD, *quarters("2020-12-31T00:00", 97)]), source="german_intraday")
    assert [(each.kind, each.row) for each in found.findings if each.kind is FindingKind.STRAY_YEAR] == [
        (FindingKind.STRAY_YEAR, 98)
    ]
    assert found.series.n_times == 97
