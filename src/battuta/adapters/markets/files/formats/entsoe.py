"""ENTSO-E: research sets regularised to 24 CET hours a day, and exports of the Transparency Platform itself."""

from __future__ import annotations

from types import MappingProxyType

from battuta.adapters.markets.files.formats.layout import Field, FileFormat
from battuta.adapters.markets.files.labels import LabelStyle
from battuta.domain.publication import (
    AFTER_DAY_AHEAD_GATE,
    AFTER_INTERVAL,
    BEFORE_DAY_AHEAD_GATE,
    DAY_AHEAD_AUCTION,
    PublicationRule,
)
from battuta.domain.time import Clock


def _power_mw(label: str, name: str, rule: PublicationRule, *, zero_is_missing: bool = False) -> Field:
    return Field(label=label, name=name, unit="MW", rule=rule, zero_is_missing=zero_is_missing)


ENTSOE = FileFormat(
    name="entsoe",
    title="ENTSO-E 24 h research set",
    times=MappingProxyType({"time": Clock.parse("local_24h")}),
    zone="local_24h",
    calendar="Europe/Berlin",
    prices=("Price_DA",),
    fields=(
        Field(label="Price_DA", name="price_per_mwh", unit="EUR/MWh", rule=DAY_AHEAD_AUCTION),
        _power_mw("Load_DA", "load_forecast_mw", BEFORE_DAY_AHEAD_GATE, zero_is_missing=True),
        _power_mw("Load_AC", "load_mw", AFTER_INTERVAL, zero_is_missing=True),
        _power_mw("Gen_SC", "scheduled_generation_mw", AFTER_DAY_AHEAD_GATE, zero_is_missing=True),
        _power_mw("Sol_DA", "solar_forecast_mw", AFTER_DAY_AHEAD_GATE),
        _power_mw("Won_DA", "wind_onshore_forecast_mw", AFTER_DAY_AHEAD_GATE),
    ),
)
"""Zones with day-ahead forecasts on CET labels; load and generation of 0 were never measured."""

_CURRENCIES = ("EUR", "GBP", "PLN", "CZK", "HUF", "RON", "BGN", "NOK", "SEK", "DKK", "CHF")
_LABELS = tuple(
    (f"Day-ahead Price {before}{currency}/MWh{after}", currency)
    for currency in _CURRENCIES
    for before, after in ("()", "[]")
)

ENTSOE_EXPORT = FileFormat(
    name="entsoe_export",
    title="ENTSO-E Transparency Platform export",
    times=MappingProxyType(
        {
            "MTU (UTC)": Clock.parse("utc"),
            "MTU (CET/CEST)": Clock.parse("local:Europe/Brussels"),
            "MTU": Clock.parse("offset"),
        }
    ),
    zone="Europe/Brussels",
    prices=tuple(label for label, _ in _LABELS),
    fields=tuple(
        Field(label=label, name="price_per_mwh", unit=f"{currency}/MWh", rule=DAY_AHEAD_AUCTION)
        for label, currency in _LABELS
    ),
    style=LabelStyle(
        formats=("%d.%m.%Y %H:%M", "%d/%m/%Y %H:%M:%S", "%d/%m/%Y %H:%M"),
        until=" - ",
        example="01.01.2024 00:00 - 01.01.2024 01:00",
    ),
    constant=("Area", "Sequence"),
    currency_label="Currency",
    missing_marks=frozenset({"n/e", "N/A", "-"}),
)
"""Day-ahead prices as the platform's tables export them, in the older and the newer form."""
