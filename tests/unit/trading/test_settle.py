"""Delivery is settled in exact decimals, and only at real prices in the site's currency."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import numpy as np
import pytest

from battuta.domain.errors import ClockError, CurrencyError, DataError
from battuta.domain.prices import PriceSeries
from battuta.domain.time import ClockKind
from battuta.trading.settle import settle

SERIES = PriceSeries(
    time_ns=np.arange(2) * 900_000_000_000,
    price_per_mwh=np.array([10.1, 50.3]),
    step=timedelta(minutes=15),
    currency="EUR",
    zone="UTC",
)
POWER_KW = np.array([-900.0, 500.0])


def test_a_delivery_is_settled_to_the_cent(make_site):
    settled = settle(SERIES, make_site(fees=(2.0, 1.0), auxiliary_power_kw=100.0), POWER_KW)
    assert [line.energy_mwh for line in settled.lines] == [Decimal("-0.25"), Decimal("0.1")]
    assert [line.price_per_mwh for line in settled.lines] == [Decimal("12.1"), Decimal("49.3")]
    assert settled.exact == Decimal("1.905")
    assert settled.exact == sum(line.amount for line in settled.lines)
    assert abs(settled.total - settled.exact) <= Decimal("0.005")
    assert settled.total.as_tuple().exponent == -2


def test_the_benchmark_clock_is_never_settled(make_site):
    with pytest.raises(ClockError, match="local_24h"):
        settle(replace(SERIES, clock=ClockKind.LOCAL_24H), make_site(), POWER_KW)


def test_another_currency_is_refused(make_site):
    with pytest.raises(CurrencyError, match="USD"):
        settle(replace(SERIES, currency="USD"), make_site(), POWER_KW)


def test_a_missing_price_and_a_missing_step_are_refused(make_site):
    with pytest.raises(DataError, match="has no price"):
        settle(replace(SERIES, price_per_mwh=np.array([10.0, np.nan])), make_site(), POWER_KW)
    with pytest.raises(DataError, match="power_kw has shape"):
        settle(SERIES, make_site(), POWER_KW[:1])
