"""The promise of a price source, kept by the synthetic market behind it."""

import inspect
from datetime import date

from battuta.adapters.markets.simulated import simulated_prices
from battuta.domain.imports import PriceImport
from battuta.ports.price_source import PriceSource


class SyntheticSource:
    def read(self) -> PriceImport:
        return PriceImport(series=simulated_prices(1, date(2026, 1, 1), 2), findings=())


def test_a_source_gives_the_same_series_again():
    source: PriceSource = SyntheticSource()
    first, second = source.read().series, source.read().series
    assert first.price_per_mwh.tobytes() == second.price_per_mwh.tobytes()
    assert first.known_at_ns().shape == first.time_ns.shape


def test_reading_takes_no_argument():
    assert list(inspect.signature(PriceSource.read).parameters) == ["self"]
