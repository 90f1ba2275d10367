"""Days are rows, clock changes are bridged, and what is not published at the gate is not there."""

from datetime import UTC, date, datetime, timedelta

import numpy as np

from battuta.domain.prices import Column, History, PriceSeries
from battuta.domain.publication import AFTER_DAY_AHEAD_GATE, AFTER_INTERVAL, BEFORE_DAY_AHEAD_GATE, CLOSE_OF_DAY
from battuta.domain.time import NS_PER_HOUR, to_ns
from battuta.forecast.day_table import DayTable


def series(start, n_hours, **columns):
    time_ns = to_ns(start) + np.arange(n_hours) * NS_PER_HOUR
    return PriceSeries(
        time_ns=time_ns,
        price_per_mwh=np.arange(float(n_hours)),
        step=timedelta(hours=1),
        currency="EUR",
        zone="Europe/Berlin",
        columns={
            name: Column(values=np.arange(float(n_hours)), unit="MW", rule=rule) for name, rule in columns.items()
        },
    )


def test_a_row_is_a_day():
    table = DayTable(History(series(datetime(2026, 1, 4, 23, tzinfo=UTC), 72)))
    assert table.dates[0] == date(2026, 1, 5)
    np.testing.assert_array_equal(table.prices_per_mwh(0, 3), np.arange(72.0).reshape(3, 24))


def test_spring_bridges_its_hour_and_autumn_averages_its_two():
    spring = DayTable(History(series(datetime(2026, 3, 27, 23, tzinfo=UTC), 71)))
    row = spring.prices_per_mwh(1, 2)[0]
    assert row[:4].tolist() == [24.0, 25.0, 25.5, 26.0]
    autumn = DayTable(History(series(datetime(2026, 10, 23, 22, tzinfo=UTC), 73)))
    row = autumn.prices_per_mwh(1, 2)[0]
    assert row[:4].tolist() == [24.0, 25.0, 26.5, 28.0]
    assert autumn.on_steps(1, row)[:5].tolist() == [24.0, 25.0, 26.5, 26.5, 28.0]
    assert spring.on_steps(1, np.arange(24.0)).tolist() == [0.0, 1.0, *np.arange(3.0, 24.0)]


def test_a_gap_in_the_middle_of_a_day_stays_missing():
    prices = series(datetime(2026, 1, 4, 23, tzinfo=UTC), 72)
    prices.price_per_mwh[30] = np.nan
    table = DayTable(History(prices))
    assert np.flatnonzero(np.isnan(table.prices_per_mwh(0, 3).ravel())).tolist() == [30]


def test_the_gate_knows_what_was_published():
    rules = {
        "load": BEFORE_DAY_AHEAD_GATE,
        "wind": AFTER_DAY_AHEAD_GATE,
        "gas": CLOSE_OF_DAY,
        "metered": AFTER_INTERVAL,
    }
    table = DayTable(History(series(datetime(2026, 1, 4, 23, tzinfo=UTC), 240, **rules)))
    known = table.at_gate(6)
    assert known.price_per_mwh.shape == (6, 24)
    assert {name: rows.shape[0] for name, rows in known.columns.items()} == {
        "load": 7,
        "wind": 6,
        "gas": 5,
        "metered": 5,
    }
    assert known.dates[-1] == date(2026, 1, 11)
