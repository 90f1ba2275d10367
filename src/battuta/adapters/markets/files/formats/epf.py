"""The open day-ahead benchmark sets: EPF (Lago 2021) and DDNN (Marcjasz 2023), prices and published forecasts.

All keep 24 hours every day. Their exogenous columns are taken as known before the gate by the benchmark's convention.
"""

from __future__ import annotations

from types import MappingProxyType

from battuta.adapters.markets.files.formats.layout import Field, FileFormat
from battuta.adapters.markets.files.labels import ISO_8601, LabelStyle
from battuta.domain.publication import BEFORE_DAY_AHEAD_GATE, CLOSE_OF_DAY, DAY_AHEAD_AUCTION
from battuta.domain.time import Clock

_TIMES = MappingProxyType({label: Clock.parse("local_24h") for label in ("Date", "", "time")})
_ZONE = "local_24h"
_CALENDAR = "Europe/Berlin"
_STYLE = LabelStyle(formats=(*ISO_8601.formats, "%Y/%m/%d %H:%M"), example="2013-01-01 00:00:00")


def _price(label: str, currency: str = "EUR", calendar: str = "") -> Field:
    unit = f"{currency}/MWh"
    return Field(label=label, name="price_per_mwh", unit=unit, rule=DAY_AHEAD_AUCTION, calendar=calendar)


def _forecast_mw(label: str, name: str) -> Field:
    return Field(label=label, name=name, unit="MW", rule=BEFORE_DAY_AHEAD_GATE)


def _forecast_price(label: str) -> Field:
    name = f"{label.lower().replace(' ', '_')}_price_per_mwh"
    return Field(label=label, name=name, unit="EUR/MWh", rule=BEFORE_DAY_AHEAD_GATE)


def _close(label: str, name: str, unit: str) -> Field:
    return Field(label=label, name=name, unit=unit, rule=CLOSE_OF_DAY)


EPF = FileFormat(
    name="epf",
    title="EPF benchmark",
    times=_TIMES,
    zone=_ZONE,
    calendar=_CALENDAR,
    style=_STYLE,
    prices=("Price", "Prices", "Zonal COMED price"),
    fields=(
        _price("Price"),
        _price("Prices"),
        _price("Zonal COMED price", "USD", "America/Chicago"),
        _forecast_mw("Grid load forecast", "load_forecast_mw"),
        _forecast_mw("Wind power forecast", "wind_forecast_mw"),
        _forecast_mw("Generation forecast", "generation_forecast_mw"),
        _forecast_mw("System load forecast", "load_forecast_mw"),
        _forecast_mw("Zonal COMED load foecast", "zonal_load_forecast_mw"),
        _forecast_mw("Ampirion Load Forecast", "load_forecast_mw"),
        _forecast_mw("PV+Wind Forecast", "renewables_forecast_mw"),
    ),
)
"""Day-ahead prices of NP, FR, BE, DE and PJM with two forecasts each (doi 10.1016/j.apenergy.2021.116983)."""

EPF_FORECAST = FileFormat(
    name="epf_forecast",
    title="EPF forecast",
    times=_TIMES,
    zone=_ZONE,
    calendar=_CALENDAR,
    prices=(),
    fields=(
        _price("Real price"),
        *(_forecast_price(f"DNN {which}") for which in ("1", "2", "3", "4", "Ensemble")),
        *(_forecast_price(f"LEAR {which}") for which in ("56", "84", "1092", "1456", "Ensemble")),
    ),
)
"""Forecasts published with the EPF benchmark; the user names the one to read."""

DDNN = FileFormat(
    name="ddnn",
    title="DDNN benchmark",
    times=_TIMES,
    zone=_ZONE,
    calendar=_CALENDAR,
    prices=("Price",),
    fields=(
        _price("Price"),
        _forecast_mw("Load_DA_Forecast", "load_forecast_mw"),
        _forecast_mw("Renewables_DA_Forecast", "renewables_forecast_mw"),
        _close("EUA", "co2_price_eur_per_t", "EUR/t"),
        _close("API2_Coal", "coal_price_eur_per_t", "EUR/t"),
        _close("TTF_Gas", "gas_price_eur_per_mwh_thermal", "EUR/MWh thermal"),
        _close("Brent_oil", "oil_price_eur_per_bbl", "EUR/bbl"),
    ),
)
"""German set of the distributional-network paper; fuels and CO2 are the close of the day itself."""

DDNN_FORECAST = FileFormat(
    name="ddnn_forecast",
    title="DDNN forecast",
    times=_TIMES,
    zone=_ZONE,
    calendar=_CALENDAR,
    prices=(),
    fields=(
        _price("real"),
        *(_forecast_price(f"forecast{which}") for which in ("56", "84", "1092", "1456", "_averaged")),
    ),
)
"""LEAR forecasts published with the DDNN set."""

EPEX_LEAR = FileFormat(
    name="epex_lear",
    title="EPEX DE with LEAR vintages",
    times=_TIMES,
    zone=_ZONE,
    calendar=_CALENDAR,
    prices=("price",),
    fields=(_price("price"), *(_forecast_price(f"lear{which}") for which in ("56", "84", "1092", "1456"))),
)
"""German day-ahead prices with four LEAR forecasts of different calibration windows."""
