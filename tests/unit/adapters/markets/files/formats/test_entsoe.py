"""ENTSO-E: filled zeros are missing, each column has its hour of publication, exports read in both forms."""

import numpy as np
import pytest

from battuta.adapters.markets.files.reader import read_prices
from battuta.domain.errors import ImportRefusedError
from battuta.domain.imports import FindingKind
from battuta.domain.publication import AFTER_DAY_AHEAD_GATE, AFTER_INTERVAL, BEFORE_DAY_AHEAD_GATE
from battuta.domain.time import from_ns


def test_zeros_of_load_are_missing_zeros_of_sun_are_night(write):
    lines = [
        f"2018-10-01 {h:02d}:00,{50 + h},{0 if h < 2 else 42696.0},{h * 1000.0},48749.0,0.0,4288.0" for h in range(24)
    ]
    found = read_prices(write(["time,Price_DA,Load_DA,Load_AC,Gen_SC,Sol_DA,Won_DA", *lines]), source="entsoe")
    series = found.series
    assert np.flatnonzero(np.isnan(series.values("load_forecast_mw"))).tolist() == [0, 1]
    assert np.flatnonzero(np.isnan(series.values("load_mw"))).tolist() == [0]
    assert (series.values("solar_forecast_mw") == 0.0).all()
    assert found.count(FindingKind.ZERO_IS_MISSING) == 3
    assert [each.column for each in found.findings if each.kind is FindingKind.ZERO_DAY] == ["Sol_DA"]
    rules = {name: each.rule for name, each in series.columns.items()}
    assert rules == {
        "load_forecast_mw": BEFORE_DAY_AHEAD_GATE,
        "load_mw": AFTER_INTERVAL,
        "scheduled_generation_mw": AFTER_DAY_AHEAD_GATE,
        "solar_forecast_mw": AFTER_DAY_AHEAD_GATE,
        "wind_onshore_forecast_mw": AFTER_DAY_AHEAD_GATE,
    }
    assert series.is_benchmark


def export(pattern, start, n_hours):
    moments = np.datetime64(start, "h") + np.arange(n_hours + 1)
    text = [each.item().strftime(pattern) for each in moments]
    return [f"{text[k]} - {text[k + 1]}" for k in range(n_hours)]


def test_the_older_export(write):
    spans = export("%d.%m.%Y %H:%M", "2024-01-01", 24)
    lines = [f'"{span}","{60 + k}","EUR",""' for k, span in enumerate(spans)]
    series = read_prices(
        write(['"MTU (UTC)","Day-ahead Price [EUR/MWh]","Currency","BZN|DE-LU"', *lines]), source="entsoe_export"
    ).series
    assert (series.n_times, series.currency, series.zone) == (24, "EUR", "Europe/Brussels")
    assert from_ns(int(series.time_ns[0])).isoformat() == "2024-01-01T00:00:00+00:00"
    assert not series.is_benchmark


def test_the_newer_export_through_the_double_hour(write):
    marked = [(1, ""), (2, " (CEST)"), (2, " (CET)"), (3, "")]
    lines = [
        f'"27/10/2024 0{h}:00:00{mark} - 27/10/2024","BZN|FR","Without Sequence","{50 + h}","",""' for h, mark in marked
    ]
    head = "MTU (CET/CEST),Area,Sequence,Day-ahead Price (EUR/MWh),Intraday Period (CET/CEST),Intraday Price (EUR/MWh)"
    series = read_prices(write([head, *lines]), source="entsoe_export").series
    assert from_ns(int(series.time_ns[0])).isoformat() == "2024-10-26T23:00:00+00:00"
    assert series.price_per_mwh.tolist() == [51.0, 52.0, 52.0, 53.0]


def test_two_auctions_in_one_file_need_a_choice(write):
    spans = export("%d/%m/%Y %H:%M:%S", "2025-01-01", 24)
    lines = [f"{span},BZN|DE-LU,Sequence {which},{which}{k:02d}" for which in (1, 2) for k, span in enumerate(spans)]
    path = write(["MTU (UTC),Area,Sequence,Day-ahead Price (EUR/MWh)", *lines])
    with pytest.raises(ImportRefusedError, match=r"row 26, column Sequence: 'Sequence 2' stands beside 'Sequence 1'"):
        read_prices(path, source="entsoe_export")
    series = read_prices(path, source="entsoe_export", only={"Sequence": "Sequence 2"}).series
    assert (series.n_times, series.price_per_mwh[0]) == (24, 200.0)


def test_mixed_currencies_in_a_column(write):
    spans = export("%d.%m.%Y %H:%M", "2024-01-01", 24)
    lines = [f"{span},{60 + k},{'EUR' if k < 20 else 'GBP'}" for k, span in enumerate(spans)]
    path = write(["MTU (UTC),Day-ahead Price [EUR/MWh],Currency", *lines])
    with pytest.raises(ImportRefusedError, match=r"row 22, column Currency: 'GBP' stands beside 'EUR'.*mixed_currency"):
        read_prices(path, source="entsoe_export")


def test_its_words_for_missing(write):
    spans = export("%d.%m.%Y %H:%M", "2024-01-01", 24)
    lines = [f"{span},{'n/e' if k == 3 else '-' if k == 4 else 60 + k},EUR" for k, span in enumerate(spans)]
    path = write(["MTU (UTC),Day-ahead Price [EUR/MWh],Currency", *lines])
    with pytest.raises(ImportRefusedError, match=r"row 5.*no price in 2 rows"):
        read_prices(path, source="entsoe_export")
