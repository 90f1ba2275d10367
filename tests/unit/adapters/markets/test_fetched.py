"""Fetched prices say whom to thank."""

from datetime import UTC, datetime, timedelta

import numpy as np

from battuta.adapters.markets.fetched import FetchedPrices
from battuta.domain.prices import PriceSeries


def test_the_notice_names_source_terms_and_time():
    series = PriceSeries(
        time_ns=np.array([0]), price_per_mwh=np.array([1.0]), step=timedelta(hours=1), currency="EUR", zone="UTC"
    )
    fetched = FetchedPrices(
        series=series,
        attribution="Institute",
        licence="CC BY 4.0",
        addresses=("https://x.example",),
        sha256=("00",),
        fetched_at=datetime(2026, 1, 2, 3, 4, tzinfo=UTC),
        from_cache=False,
    )
    assert fetched.notice == "Institute; CC BY 4.0; fetched 2026-01-02T03:04Z"
