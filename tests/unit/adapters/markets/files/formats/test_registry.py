"""A source is named by the user; a header only ever makes a suggestion."""

import pytest

from battuta.adapters.markets.files.formats.registry import FORMATS, format_of, hint, looks_like, source_names
from battuta.domain.errors import DataError, UsageError
from battuta.domain.prices import PRICE
from battuta.domain.time import ClockKind

HEADERS = {
    "epf": ("Date", "Prices", "Generation forecast", "System load forecast"),
    "epf_forecast": ("", "Real price", "DNN 1", "LEAR 56", "LEAR Ensemble"),
    "ddnn": ("", "Price", "Load_DA_Forecast", "EUA"),
    "ddnn_forecast": ("", "real", "forecast56", "forecast_averaged"),
    "epex_lear": ("time", "price", "lear56", "lear84"),
    "entsoe": ("time", "Price_DA", "Load_DA", "Load_AC"),
    "entsoe_export": ("MTU (UTC)", "Area", "Sequence", "Day-ahead Price (EUR/MWh)"),
    "german_intraday": ("Date", "Wind", "Intraday Auction 15 minute call"),
    "nyiso": ("time", "rt", "da"),
    "caiso": ("Datetime (he)", "DA Price ($/kWh)", "Reg Up Price ($/kW)"),
}


def test_every_source_is_here():
    assert set(HEADERS) == set(FORMATS)
    assert source_names() == ("canonical", *FORMATS)


@pytest.mark.parametrize("name", HEADERS)
def test_a_header_is_recognised(name):
    assert format_of(name, HEADERS[name], "f.csv") is FORMATS[name]
    likely = looks_like(HEADERS[name])
    assert likely is not None
    assert likely.name == name


@pytest.mark.parametrize("name", HEADERS)
def test_the_header_of_another_source_is_refused_with_its_name(name):
    wrong = "nyiso" if name != "nyiso" else "epf"
    with pytest.raises(DataError, match=f"pass --source {name}$"):
        format_of(wrong, HEADERS[name], "f.csv")


def test_a_source_with_more_columns_wins():
    with pytest.raises(DataError, match=r"pass --source ddnn$"):
        format_of("epf", HEADERS["ddnn"], "f.csv")


def test_a_strange_header_suggests_nothing():
    assert looks_like(("a", "b")) is None
    assert hint(("a", "b")) == ""
    with pytest.raises(UsageError, match="choose one of canonical, epf"):
        format_of("epex", ("a", "b"), "f.csv")


@pytest.mark.parametrize("name", FORMATS)
def test_descriptions_are_sound(name):
    described = FORMATS[name]
    assert all(label in {each.label for each in described.fields} for label in described.prices)
    assert any(each.currency for each in described.fields)
    for clock in described.times.values():
        assert (clock.kind is ClockKind.LOCAL_24H) == (described.zone == "local_24h")
    names = [each.name for each in described.fields if each.name != PRICE and "load_forecast" not in each.name]
    assert len(names) == len(set(names))
