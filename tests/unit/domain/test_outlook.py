"""Outlooks that nobody can draw from are refused by name."""

import pytest

from battuta.domain.errors import InvalidQuantityError
from battuta.domain.outlook import Availability, MarketOutlook


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda: MarketOutlook(capacity_price_per_mw_h=1.0, energy_price_per_mwh=1.0, persistence=1.0), "persistence"),
        (lambda: MarketOutlook(capacity_price_per_mw_h=-1.0, energy_price_per_mwh=1.0), "capacity_price_per_mw_h"),
        (lambda: Availability(mean=0.0), "mean"),
        (lambda: Availability(mean=1e-300), "mean"),
        (lambda: Availability(deviation=-1.0), "deviation"),
    ],
)
def test_what_cannot_be_is_refused_by_name(make, words):
    with pytest.raises(InvalidQuantityError, match=words):
        make()
