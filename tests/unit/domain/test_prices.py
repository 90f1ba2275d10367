"""A price series is regular and labelled; a view of it ends where knowledge ends."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import numpy as np
import pytest

from battuta.domain.errors import DataError, LookAheadError, UsageError
from battuta.domain.prices import History, PriceSeries
from battuta.domain.time import NS_PER_HOUR, ClockKind, to_ns

START_NS = to_ns(datetime(2026, 1, 1, tzinfo=UTC))
SERIES = PriceSeries(
    time_ns=START_NS + np.arange(72) * NS_PER_HOUR,
    price_per_mwh=np.arange(72.0),
    step=timedelta(hours=1),
    currency="EUR",
    zone="UTC",
)


def test_a_view_knows_the_next_day_after_the_auction():
    at_ns = to_ns(datetime(2026, 1, 1, 13, tzinfo=UTC))
    view = History(SERIES).view(at_ns)
    assert (view.n_known(), view.n_known_days()) == (48, 2)
    assert view.values(46, 48).tolist() == [46.0, 47.0]
    with pytest.raises(LookAheadError, match="2026-01-03T00:00"):
        view.values(47, 49)


def test_a_day_with_a_missing_price_is_not_complete():
    prices = SERIES.price_per_mwh.copy()
    prices[30] = np.nan
    history = History(replace(SERIES, price_per_mwh=prices))
    assert [history.is_complete(day) for day in range(3)] == [True, False, True]


def test_an_irregular_grid_and_a_strange_currency_are_refused():
    with pytest.raises(DataError, match="regular grid"):
        replace(SERIES, time_ns=SERIES.time_ns * 2)
    with pytest.raises(UsageError, match="euro"):
        replace(SERIES, currency="euro")
    with pytest.raises(UsageError, match="wind"):
        SERIES.values("wind")


def test_the_benchmark_clock_labels_its_money():
    assert SERIES.money_label == ""
    assert "local_24h" in replace(SERIES, clock=ClockKind.LOCAL_24H).money_label
