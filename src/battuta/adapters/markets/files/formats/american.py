"""American markets: NYISO zonal prices in UTC, CAISO day-ahead energy and regulation in fixed UTC-8."""

from __future__ import annotations

from datetime import time
from types import MappingProxyType

from battuta.adapters.markets.files.formats.layout import Field, FileFormat
from battuta.adapters.markets.files.labels import LabelStyle
from battuta.domain.publication import AFTER_INTERVAL, LocalTimeRule
from battuta.domain.time import Clock

NYISO_DAY_AHEAD = LocalTimeRule(day_offset=-1, at=time(11, 0))
"""NYISO posts the day-ahead market by 11:00."""
CAISO_DAY_AHEAD = LocalTimeRule(day_offset=-1, at=time(13, 0))
"""CAISO closes the day-ahead market at 10:00 and posts it by 13:00."""

_PER_KILO = 1_000.0

NYISO = FileFormat(
    name="nyiso",
    title="NYISO zonal price",
    times=MappingProxyType({"time": Clock.parse("offset")}),
    zone="America/New_York",
    prices=("rt", "da"),
    fields=(
        Field(label="rt", name="real_time_price_per_mwh", unit="USD/MWh", rule=AFTER_INTERVAL),
        Field(label="da", name="day_ahead_price_per_mwh", unit="USD/MWh", rule=NYISO_DAY_AHEAD),
    ),
)
"""Five-minute real-time prices with the day-ahead price of the hour."""

CAISO = FileFormat(
    name="caiso",
    title="CAISO day-ahead",
    times=MappingProxyType({"Datetime (he)": Clock.parse("fixed:-08:00,hour_ending")}),
    zone="America/Los_Angeles",
    prices=("DA Price ($/kWh)",),
    fields=(
        Field(
            label="DA Price ($/kWh)",
            name="price_per_mwh",
            unit="USD/MWh",
            rule=CAISO_DAY_AHEAD,
            factor=_PER_KILO,
        ),
        Field(
            label="Reg Up Price ($/kW)",
            name="regulation_up_price_per_mw",
            unit="USD/MW",
            rule=CAISO_DAY_AHEAD,
            factor=_PER_KILO,
        ),
        Field(
            label="Reg Down Price ($/kW)",
            name="regulation_down_price_per_mw",
            unit="USD/MW",
            rule=CAISO_DAY_AHEAD,
            factor=_PER_KILO,
        ),
    ),
    style=LabelStyle(formats=("%m/%d/%Y %H:%M",), example="1/31/2020 13:00"),
)
"""Energy and regulation per kWh and kW with labels at the end of the hour; clocks do not change in March."""
