"""The canonical header says the currency and the unit of every column, or is refused with the fix."""

import pytest

from battuta.adapters.markets.files.formats.canonical import bind_canonical, note_rules
from battuta.adapters.markets.files.inspection import Inspection
from battuta.domain.errors import CurrencyError, DataError, UsageError
from battuta.domain.imports import FindingKind
from battuta.domain.publication import AFTER_INTERVAL, DAY_AHEAD_AUCTION
from battuta.domain.time import ClockKind


def bind(*header, price_column=None, currency=None):
    inspection = Inspection("f.csv")
    return bind_canonical(header, price_column, currency, inspection), inspection.findings


@pytest.mark.parametrize(
    ("label", "currency", "expected"),
    [("price_eur_per_mwh", None, "EUR"), ("price_per_mwh", "GBP", "GBP"), ("price_usd_per_mwh", "USD", "USD")],
)
def test_the_currency_comes_from_the_name_or_the_caller(label, currency, expected):
    layout, findings = bind("time", label, currency=currency)
    assert (layout.price.currency, layout.price.rule, layout.clock.kind) == (
        expected,
        DAY_AHEAD_AUCTION,
        ClockKind.OFFSET,
    )
    assert layout.zone == ""
    assert findings == ()


@pytest.mark.parametrize(
    ("label", "unit"),
    [
        ("load_forecast_mw", "MW"),
        ("ambient_c", "degC"),
        ("wind_m_per_s", "m/s"),
        ("co2_eur_per_t", "EUR/t"),
        ("id3_price_eur_per_mwh", "EUR/MWh"),
        ("low_per_mwh", "SEK/MWh"),
    ],
)
def test_a_unit_stands_last(label, unit):
    layout, _ = bind("time", "price_per_mwh", label, currency="SEK")
    assert [(each.name, each.unit, each.rule) for each in layout.fields] == [(label, unit, AFTER_INTERVAL)]


@pytest.mark.parametrize("label", ["remark", "price_eur_per_kwh", "mw", "zone"])
def test_a_column_without_a_known_unit_is_left_out(label):
    layout, _ = bind("time", "price_eur_per_mwh", label)
    assert (layout.fields, layout.ignored) == ((), (label,))


@pytest.mark.parametrize(
    ("header", "stated", "error", "said"),
    [
        (("Time", "price_eur_per_mwh"), {}, DataError, "no column 'time' of interval starts"),
        (("time", "load_mw"), {}, DataError, "Rename the column of prices"),
        (("time", "price_xyz_per_mwh"), {}, DataError, "Rename the column of prices"),
        (("time", "price_usd_per_kwh"), {}, DataError, "rename it to price_usd_per_mwh"),
        (("time", "price_per_mwh"), {}, CurrencyError, "--currency EUR"),
        (("time", "price_eur_per_mwh"), {"currency": "USD"}, CurrencyError, "it is in EUR, not in USD"),
        (("time", "price_per_mwh"), {"currency": "euro"}, UsageError, "no ISO 4217 code"),
        (("time", "price_eur_per_mwh"), {"price_column": "spot"}, UsageError, "has no price column 'spot'"),
        (("time", "load_mw"), {"price_column": "load_mw"}, UsageError, "has no price column 'load_mw'"),
    ],
)
def test_what_is_missing_is_named_with_its_mend(header, stated, error, said):
    with pytest.raises(error, match=said):
        bind(*header, **stated)


def test_two_prices_are_refused_until_one_is_chosen():
    _, findings = bind("time", "price_eur_per_mwh", "price_usd_per_mwh")
    assert [(each.kind, each.is_refused) for each in findings] == [(FindingKind.MIXED_CURRENCY, True)]
    layout, findings = bind("time", "price_eur_per_mwh", "price_usd_per_mwh", price_column="price_usd_per_mwh")
    assert (layout.price.currency, layout.fields[0].unit, findings) == ("USD", "EUR/MWh", ())


def test_assumed_rules_are_told():
    layout, _ = bind("time", "price_eur_per_mwh", "load_mw")
    inspection = Inspection("f.csv")
    note_rules(layout, {"load_mw": AFTER_INTERVAL}, inspection)
    assert [each.column for each in inspection.findings] == ["price_eur_per_mwh"]
