"""German quarter-hour products: the 15-minute auction, and what continuous trading showed afterwards.

Fixed UTC+1 all year: joined naively with day-ahead files it would be one hour off all summer.
"""

from __future__ import annotations

from datetime import time, timedelta
from types import MappingProxyType

from battuta.adapters.markets.files.formats.layout import Field, FileFormat
from battuta.adapters.markets.files.labels import LabelStyle
from battuta.domain.publication import AFTER_INTERVAL, LocalTimeRule
from battuta.domain.time import Clock

INTRADAY_AUCTION = LocalTimeRule(day_offset=-1, at=time(15, 10))
"""German quarter-hour auction of those years: gate 15:00, results within ten minutes."""

_AUCTION = "Intraday Auction 15 minute call"
_CONTINUOUS = "Intraday Continuous 15 minutes"
_GW = 1_000.0


def _traded(label: str, name: str) -> Field:
    return Field(label=f"{_CONTINUOUS} {label}", name=name, unit="EUR/MWh", rule=AFTER_INTERVAL)


def _actual_mw(label: str, name: str) -> Field:
    return Field(label=label, name=name, unit="MW", rule=AFTER_INTERVAL, factor=_GW)


GERMAN_INTRADAY = FileFormat(
    name="german_intraday",
    title="German intraday",
    times=MappingProxyType({"Date": Clock.parse("fixed:+01:00")}),
    zone="Europe/Berlin",
    prices=(_AUCTION,),
    fields=(
        Field(label=_AUCTION, name="auction_price_per_mwh", unit="EUR/MWh", rule=INTRADAY_AUCTION),
        _traded("Index Price", "index_price_per_mwh"),
        _traded("Average Price", "average_price_per_mwh"),
        _traded("Low Price", "low_price_per_mwh"),
        _traded("High Price", "high_price_per_mwh"),
        _traded("ID3-Price", "id3_price_per_mwh"),
        _traded("ID1-Price", "id1_price_per_mwh"),
        _actual_mw("Import Balance", "import_mw"),
        _actual_mw("Conventional > 100 MW", "conventional_generation_mw"),
        _actual_mw("Non-Renewable", "non_renewable_generation_mw"),
        _actual_mw("Renewable", "renewable_generation_mw"),
        _actual_mw("Wind", "wind_mw"),
        _actual_mw("Solar", "solar_mw"),
        _actual_mw("Load", "load_mw"),
    ),
    style=LabelStyle(formats=("%d/%m/%Y %H:%M",), example="31/01/2019 00:15"),
    step=timedelta(minutes=15),
)
"""Quarter-hours of 2019 and 2020; power columns are actuals in GW, columns differ between the years."""
